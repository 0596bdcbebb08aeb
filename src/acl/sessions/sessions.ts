import type pg from "pg";
import { newToken, tokenHash } from "../../chain/sign-in/token.ts";
import type { Hex } from "../../core/hex.ts";

/** Sessions, begun and ended through the sign-in's own role. */
export class Sessions {
  private readonly pool: pg.Pool;
  private readonly lifetimeSeconds: number;

  constructor(options: { readonly pool: pg.Pool; readonly lifetimeSeconds: number }) {
    this.pool = options.pool;
    this.lifetimeSeconds = options.lifetimeSeconds;
  }

  async open(account: Hex): Promise<{ readonly token: string; readonly expiresAt: Date }> {
    const token = newToken();
    const { rows } = await this.pool.query<{ expires_at: Date }>("SELECT acl.open_session($1, $2, $3) AS expires_at", [
      tokenHash(token),
      account.toLowerCase(),
      this.lifetimeSeconds,
    ]);
    return { token, expiresAt: rows[0]?.expires_at ?? new Date(0) };
  }

  async close(token: string): Promise<void> {
    await this.pool.query("SELECT acl.close_session($1)", [tokenHash(token)]);
  }
}
