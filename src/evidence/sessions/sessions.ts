import { newToken, tokenHash } from "../../chain/sign-in/token.ts";
import type { Clock } from "../../core/clock.ts";
import type { Hex } from "../../core/hex.ts";

/** Most sessions at a time: a flood of sign-ins costs bounded memory, and then the oldest sessions. */
const MAXIMUM_OPEN = 10_000;

/** Sessions of this process, kept by the hash of their token. After a restart everybody signs in again. */
export class Sessions {
  readonly #clock: Clock;
  readonly #lifetimeSeconds: number;
  readonly #open = new Map<string, { readonly signer: Hex; readonly expiresAtMs: number }>();

  constructor(options: { readonly clock: Clock; readonly lifetimeSeconds: number }) {
    this.#clock = options.clock;
    this.#lifetimeSeconds = options.lifetimeSeconds;
  }

  open(signer: Hex): { readonly token: string; readonly expiresAtMs: number } {
    const token = newToken();
    const expiresAtMs = this.#clock.nowMs() + this.#lifetimeSeconds * 1_000;
    const oldest = this.#open.keys().next();
    if (this.#open.size >= MAXIMUM_OPEN && oldest.done !== true) this.#open.delete(oldest.value);
    this.#open.set(keyOf(token), { signer, expiresAtMs });
    return { token, expiresAtMs };
  }

  /** Whose session it is; undefined where there is none, or none any more. */
  signerOf(token: string): Hex | undefined {
    const session = this.#open.get(keyOf(token));
    return session !== undefined && this.#clock.nowMs() < session.expiresAtMs ? session.signer : undefined;
  }

  close(token: string): void {
    this.#open.delete(keyOf(token));
  }
}

function keyOf(token: string): string {
  return tokenHash(token).toString("hex");
}
