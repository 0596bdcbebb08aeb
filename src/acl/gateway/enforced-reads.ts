import type pg from "pg";
import { getAddress } from "viem";
import type { DataGrantsAnswer, DataVerdict, DataWhyAnswer, QueryAnswer } from "../../core/api/data-access.ts";
import type { BlockRefAnswer } from "../../core/api/primitives.ts";
import { dataReadSelector, dataTarget } from "../../core/data-action.ts";
import type { Hex } from "../../core/hex.ts";
import type { Resource } from "../resources/resource-uri.ts";

interface MirrorRow {
  readonly number: string | null;
  readonly hash: Hex | null;
  readonly timestamp: string | null;
  readonly lag_seconds: number | null;
  readonly trouble: string | null;
}

interface DecisionRow extends MirrorRow {
  readonly verdict: DataVerdict;
  readonly known: boolean;
  readonly account: Hex | null;
}

interface GrantRow {
  readonly target: Hex;
  readonly uri: string | null;
  readonly task: string;
  readonly not_before: string;
  readonly not_after: string;
  readonly verdict: DataVerdict;
}

/** Where the mirror stands. */
export interface MirrorState {
  readonly at: BlockRefAnswer | null;
  readonly lagSeconds: number | null;
  readonly trouble: string | null;
}

interface Decision {
  readonly at: BlockRefAnswer | null;
  readonly verdict: DataVerdict;
  /** Who was asked about: the account named, or the session's. */
  readonly account: Hex | null;
}

/** Statements are named, so that each connection parses them once. */
const statements = {
  session: { name: "session", text: "SELECT set_config('mandate.session', $1, false)" },
  records: { name: "records", text: "SELECT id, title, body FROM data.records WHERE id = $1" },
  decision: {
    name: "decision",
    text: `SELECT acl.why($1, $2) AS verdict, acl.is_registered($3) AS known, coalesce($2, acl.session_account()) AS account, m.*
           FROM (SELECT) AS once LEFT JOIN acl.mirror() m ON true`,
  },
  grants: { name: "grants", text: "SELECT g.*, acl.why(g.target, $1) AS verdict FROM acl.grants_of($1) g" },
  mirror: { name: "mirror", text: "SELECT * FROM acl.mirror()" },
} as const;

export function isAllowed(verdict: DataVerdict): boolean {
  return verdict === "allowed" || verdict === "allowed-by-role";
}

function blockOf({ number, hash, timestamp }: MirrorRow): BlockRefAnswer | null {
  if (number === null || hash === null || timestamp === null) return null;
  return { number: Number(number), hash, timestamp: Number(timestamp) };
}

/** Reads as the gateway's role: whatever is asked here, row-level security answers. */
export class EnforcedReads {
  private readonly pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.pool = pool;
  }

  /** The rows of a resource that the session may see, and why. */
  query(resource: Resource, token: string): Promise<QueryAnswer> {
    return this.inSession(token, async (client) => {
      const { rows } = await client.query<QueryAnswer["rows"][number]>({
        ...statements.records,
        values: [resource.id],
      });
      const { at, verdict } = await this.decide(client, resource.uri, null);
      // A statement sees what is committed when it runs: where a permission ended between the two, the later one counts.
      return { at, verdict, rows: isAllowed(verdict) ? rows : [] };
    });
  }

  /** Why `account`, or the session's account where it is null, may or may not read the resource. */
  why(uri: string, account: Hex | null, token: string | undefined): Promise<DataWhyAnswer> {
    return this.inSession(token, async (client) => {
      const decision = await this.decide(client, uri, account);
      const target = dataTarget(uri);
      const who = decision.account;
      const grant =
        who === null ? undefined : (await this.grantRows(client, who)).find((each) => each.target === target);
      return {
        at: decision.at,
        allowed: isAllowed(decision.verdict),
        verdict: decision.verdict,
        account: who === null ? null : getAddress(who),
        resource: uri,
        target: getAddress(target),
        selector: dataReadSelector,
        grant:
          grant === undefined
            ? null
            : { task: Number(grant.task), notBefore: Number(grant.not_before), notAfter: Number(grant.not_after) },
      };
    });
  }

  /** Grants to read data of the session's account; undefined where the token is nobody's. */
  grants(token: string): Promise<DataGrantsAnswer | undefined> {
    return this.inSession(token, async (client) => {
      const { rows } = await client.query<{ account: Hex | null }>("SELECT acl.session_account() AS account");
      const account = rows[0]?.account ?? null;
      if (account === null) return undefined;
      const grants = await this.grantRows(client, account);
      return {
        at: (await this.mirrorState(client)).at,
        account: getAddress(account),
        grants: grants.map((grant) => ({
          resource: grant.uri,
          target: getAddress(grant.target),
          selector: dataReadSelector,
          task: Number(grant.task),
          notBefore: Number(grant.not_before),
          notAfter: Number(grant.not_after),
          verdict: grant.verdict,
        })),
      };
    });
  }

  mirror(): Promise<MirrorState> {
    return this.inSession(undefined, (client) => this.mirrorState(client));
  }

  private async decide(client: pg.PoolClient, uri: string, account: Hex | null): Promise<Decision> {
    const values = [dataTarget(uri), account?.toLowerCase() ?? null, uri];
    const { rows } = await client.query<DecisionRow>({ ...statements.decision, values });
    const row = rows[0];
    if (row === undefined) return { at: null, verdict: "mirror-empty", account };
    // Last, so that whoever may not read learns nothing about what exists.
    const verdict = isAllowed(row.verdict) && !row.known ? "resource-unregistered" : row.verdict;
    return { at: blockOf(row), verdict, account: row.account };
  }

  private async grantRows(client: pg.PoolClient, account: Hex): Promise<GrantRow[]> {
    return (await client.query<GrantRow>({ ...statements.grants, values: [account.toLowerCase()] })).rows;
  }

  private async mirrorState(client: pg.PoolClient): Promise<MirrorState> {
    const { rows } = await client.query<MirrorRow>(statements.mirror);
    const mirror = rows[0];
    if (mirror === undefined) return { at: null, lagSeconds: null, trouble: null };
    return { at: blockOf(mirror), lagSeconds: mirror.lag_seconds, trouble: mirror.trouble };
  }

  /**
   * Runs `read` on a connection whose session is `token`, and nobody's where there is none. Every use of a connection begins by
   * setting it, so that none inherits another's; a bound parameter, so that the token shows up in no list of statements.
   */
  private async inSession<T>(token: string | undefined, read: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let broken = true;
    try {
      await client.query({ ...statements.session, values: [token ?? ""] });
      const result = await read(client);
      broken = false;
      return result;
    } finally {
      client.release(broken); // after any error the connection is closed rather than trusted
    }
  }
}
