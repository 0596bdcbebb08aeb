import { randomBytes } from "node:crypto";
import type { Clock } from "../../core/clock.ts";

const LIFETIME_MS = 300_000;

/** Most nonces that wait to be used: a flood of requests costs bounded memory, and then the oldest. */
const MAXIMUM_OPEN = 10_000;

/** Nonces for sign-in messages: each is good once, for five minutes. */
export class Nonces {
  private readonly clock: Clock;
  private readonly open = new Map<string, number>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  issue(): { readonly nonce: string; readonly expiresAtMs: number } {
    const nonce = randomBytes(16).toString("hex");
    const expiresAtMs = this.clock.nowMs() + LIFETIME_MS;
    const oldest = this.open.keys().next();
    if (this.open.size >= MAXIMUM_OPEN && oldest.done !== true) this.open.delete(oldest.value);
    this.open.set(nonce, expiresAtMs);
    return { nonce, expiresAtMs };
  }

  /** Whether `nonce` was issued here, is not too old, and was not used before. It is used now. */
  use(nonce: string): boolean {
    const expiresAtMs = this.open.get(nonce);
    this.open.delete(nonce);
    return expiresAtMs !== undefined && this.clock.nowMs() < expiresAtMs;
  }
}
