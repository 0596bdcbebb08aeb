import type pg from "pg";
import type { DataGrantsAnswer, DataVerdict, DataWhyAnswer, QueryAnswer } from "../../core/api/data-access.ts";
import type { BlockRefAnswer } from "../../core/api/primitives.ts";
import { dataReadSelector, dataTarget } from "../../core/data-action.ts";
import type { Hex } from "../../core/hex.ts";
import { getAddress } from "viem";
import type { Resource } from "../resources/resource-uri.ts";

interface MirrorRow {
  readonly number: string;
  readonly hash: Hex;
  readonly timestamp: string;
  readonly lag_seconds: number;
  readonly trouble: string | null;
}

interface GrantRow {
  readonly target: Hex;
  readonly uri: string | null;
  readonly task: string;
  readonly not_before: string;
  readonly not_after: string;
}

/** Where the mirror stands. */
export interface MirrorState {
  readonly at: BlockRefAnswer | null;
  readonly lagSeconds: number | null;
  readonly trouble: string | null;
}

/** Reads as the gateway's role: whatever is asked here, row-level security answers. */
export class EnforcedReads {
  private readonly pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.pool = pool;
  }

  /** The rows of a resource that the session may see, and why. */
  query(resource: Resource, token: string | undefined): Promise<QueryAnswer> {
    return this.inSession(token, async (client) => {
      const { rows } = await client.query<QueryAnswer["rows"][number]>(
        "SELECT id, title, body FROM data.records WHERE id = $1",
        [resource.id],
      );
      const verdict = await this.verdict(client, resource.uri, null);
      const { at } = await this.mirrorState(client);
      // A statement sees what is committed when it runs: where a permission ended between the two, the later one counts.
      return { at, verdict, rows: isAllowed(verdict) ? rows : [] };
    });
  }

  /** Why `account`, or the session's account where it is null, may or may not read the resource. */
  why(uri: string, account: Hex | null, token: string | undefined): Promise<DataWhyAnswer> {
    return this.inSession(token, async (client) => {
      const verdict = await this.verdict(client, uri, account);
      const who = account ?? (await this.sessionAccount(client));
      const target = dataTarget(uri);
      const { at } = await this.mirrorState(client);
      const decided =
        who === null ? undefined : (await this.grantRows(client, who)).find((grant) => grant.target === target);
      return {
        at,
        allowed: isAllowed(verdict),
        verdict,
        account: who === null ? null : getAddress(who),
        resource: uri,
        target: getAddress(target),
        selector: dataReadSelector,
        grant:
          decided === undefined
            ? null
            : {
                task: Number(decided.task),
                notBefore: Number(decided.not_before),
                notAfter: Number(decided.not_after),
              },
      };
    });
  }

  /** Grants to read data of the session's account; undefined where the token is nobody's. */
  grants(token: string): Promise<DataGrantsAnswer | undefined> {
    return this.inSession(token, async (client) => {
      const account = await this.sessionAccount(client);
      if (account === null) return undefined;
      const { at } = await this.mirrorState(client);
      const grants = await Promise.all(
        (await this.grantRows(client, account)).map(async (grant) => ({
          resource: grant.uri,
          target: getAddress(grant.target),
          selector: dataReadSelector,
          task: Number(grant.task),
          notBefore: Number(grant.not_before),
          notAfter: Number(grant.not_after),
          verdict: await this.targetVerdict(client, grant.target, account),
        })),
      );
      return { at, account: getAddress(account), grants };
    });
  }

  mirror(): Promise<MirrorState> {
    return this.inSession(undefined, (client) => this.mirrorState(client));
  }

  private async verdict(client: pg.PoolClient, uri: string, account: Hex | null): Promise<DataVerdict> {
    const verdict = await this.targetVerdict(client, dataTarget(uri), account);
    if (!isAllowed(verdict)) return verdict;
    // Last, so that whoever may not read learns nothing about what exists.
    const { rows } = await client.query<{ known: boolean }>("SELECT acl.is_registered($1) AS known", [uri]);
    return rows[0]?.known === true ? verdict : "resource-unregistered";
  }

  private async targetVerdict(client: pg.PoolClient, target: Hex, account: Hex | null): Promise<DataVerdict> {
    const { rows } = await client.query<{ verdict: DataVerdict }>("SELECT acl.why($1, $2) AS verdict", [
      target,
      account?.toLowerCase() ?? null,
    ]);
    return rows[0]?.verdict ?? "mirror-empty";
  }

  private async sessionAccount(client: pg.PoolClient): Promise<Hex | null> {
    const { rows } = await client.query<{ account: Hex | null }>("SELECT acl.session_account() AS account");
    return rows[0]?.account ?? null;
  }

  private async grantRows(client: pg.PoolClient, account: Hex): Promise<GrantRow[]> {
    return (await client.query<GrantRow>("SELECT * FROM acl.grants_of($1)", [account.toLowerCase()])).rows;
  }

  private async mirrorState(client: pg.PoolClient): Promise<MirrorState> {
    const { rows } = await client.query<MirrorRow>("SELECT * FROM acl.mirror()");
    const mirror = rows[0];
    if (mirror === undefined) return { at: null, lagSeconds: null, trouble: null };
    return {
      at: { number: Number(mirror.number), hash: mirror.hash, timestamp: Number(mirror.timestamp) },
      lagSeconds: mirror.lag_seconds,
      trouble: mirror.trouble,
    };
  }

  /** Runs `read` with the session's token set for one transaction: the connection that goes back to the pool knows nothing of it. */
  private async inSession<T>(token: string | undefined, read: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      await client.query("BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY");
      await client.query("SELECT set_config('mandate.session', $1, true)", [token ?? ""]);
      const result = await read(client);
      await client.query("COMMIT");
      return result;
    } catch (thrown) {
      await client.query("ROLLBACK").catch((error: unknown) => {
        broken = error instanceof Error ? error : new Error(String(error)); // a dead connection is not handed on
      });
      throw thrown;
    } finally {
      client.release(broken);
    }
  }
}

export function isAllowed(verdict: DataVerdict): boolean {
  return verdict === "allowed" || verdict === "allowed-by-role";
}
