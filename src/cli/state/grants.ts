import { iAuthorityAbi } from "../../chain/abi.ts";
import type { Hex } from "../../core/hex.ts";
import { eventsOf } from "../../sdk/events.ts";
import { read } from "../../sdk/read.ts";
import { addressOf, type Session } from "../../sdk/session.ts";
import { verdictNames } from "../values/verdict.ts";

/** What a grant carries, as `IAuthority.Grant.flags` tells. */
const COUNTED = 1;
const CAPPED = 4;

export interface GrantState {
  readonly grantee: Hex;
  readonly target: Hex;
  readonly selector: Hex;
  readonly task: number;
  readonly granter: Hex;
  readonly notBefore: number;
  readonly notAfter: number;
  /** Calls left; undefined where they are not counted. */
  readonly usesLeft: number | undefined;
  /** Impact left, in parts of the unit of account; undefined where the grant has no cap of its own. */
  readonly capLeft: number | undefined;
  /** Whether it has effect now, and why not. */
  readonly verdict: (typeof verdictNames)[number];
  readonly effective: boolean;
}

/** The last grant of every holder and action, oldest first: a later one replaces the one before. */
export async function allGrants(session: Session): Promise<GrantState[]> {
  const given = await eventsOf(session, addressOf(session, "Authority"), iAuthorityAbi, "GrantGiven");
  const last = new Map(given.map(({ args }) => [`${args.grantee} ${args.target} ${args.selector}`, args]));
  return Promise.all(
    [...last.values()].map(async ({ grantee, target, selector, granter }) => {
      const [grant, verdict] = await Promise.all([
        read(session, "Authority", iAuthorityAbi, "getGrant", [grantee, target, selector]),
        read(session, "Authority", iAuthorityAbi, "verdict", [grantee, target, selector]),
      ]);
      const name = verdictNames[verdict] ?? "grant-missing";
      return {
        grantee,
        target,
        selector,
        task: grant.task,
        granter,
        notBefore: grant.notBefore,
        notAfter: grant.notAfter,
        usesLeft: (grant.flags & COUNTED) === 0 ? undefined : grant.uses,
        capLeft: (grant.flags & CAPPED) === 0 ? undefined : grant.cap,
        verdict: name,
        effective: name === "allowed",
      };
    }),
  );
}

/** What can still be ended: in effect now, or from a later time on. */
export function isRunning({ verdict }: GrantState): boolean {
  return verdict === "allowed" || verdict === "grant-not-started";
}
