import { roles } from "../../chain/roles.ts";
import type { Hex } from "../../core/hex.ts";
import type { PlacedLog } from "../reader/verified-block.ts";
import type { EventArgs } from "./audited-event.ts";
import type { RoleReplay } from "./role-replay.ts";
import type { RuleContext } from "./rule-context.ts";
import type { TaskReplay } from "./task-replay.ts";

interface ReplayedGrant {
  readonly task: number;
  readonly notBefore: bigint;
  readonly notAfter: bigint;
  /** How many uses it allows; undefined where they are not counted. */
  readonly uses: number | undefined;
  /** Uses that were seen at the target. */
  readonly seen: number;
  /** Transaction of its last use; undefined while there are uses left. */
  readonly usedUpIn: Hex | undefined;
  readonly ended: boolean;
}

/** The history of just-in-time grants. */
export interface GrantReplay {
  given(log: PlacedLog, args: EventArgs<"Authority", "GrantGiven">): void;
  usedUp(log: PlacedLog, args: EventArgs<"Authority", "GrantUsedUp">): void;
  ended(log: PlacedLog, args: EventArgs<"Authority", "GrantEnded">): void;
  /** `by` called `selector` of the log's contract, which only a grant allows. */
  calledBy(log: PlacedLog, by: Hex, selector: Hex): void;
}

export function replayGrants(context: RuleContext, tasks: TaskReplay, standing: RoleReplay): GrantReplay {
  const grants = new Map<string, ReplayedGrant>();
  const keyOf = (parts: { grantee: Hex; target: Hex; selector: Hex }): string =>
    `${parts.grantee} ${parts.target} ${parts.selector}`;

  /** Why the grant can have no effect at `now`, nor later; undefined where it may. */
  function over(grant: ReplayedGrant | undefined, now: bigint): string | undefined {
    if (grant === undefined) return "there is no grant";
    if (grant.ended) return "the grant was ended";
    if (now >= grant.notAfter) return `the grant expired at ${grant.notAfter}`;
    if (grant.usedUpIn !== undefined) return "the grant is used up";
    const task = tasks.task(grant.task);
    if (task === undefined || task.ended || now >= task.deadline) return `task ${grant.task} ended`;
    return undefined;
  }

  return {
    given(log, args) {
      const now = log.blockTimestamp;
      const task = tasks.task(args.task);
      const [notBefore, notAfter] = [BigInt(args.notBefore), BigInt(args.notAfter)];
      const rule = "authority-grant";
      const open = task !== undefined && !task.ended && now < task.deadline;
      context.require(open, rule, log, `task ${args.task} open`, task === undefined ? "unknown" : "ended or expired");
      const latest = task?.deadline ?? 0n;
      context.require(notAfter <= latest, rule, log, `an end no later than its task's, ${latest}`, notAfter);
      context.require(notAfter > now && notAfter > notBefore, rule, log, "an end after its start", notAfter);
      const until = tasks.liveUntil(args.anchor);
      context.require(notAfter <= until, rule, log, `an end while its anchor is live, until ${until}`, notAfter);
      context.requireEqual(rule, log, "the accountable anchor", task?.anchor, args.anchor);
      const functionRole = standing.functionRole(args.target, args.selector);
      context.requireEqual(rule, log, "the function's role", roles.GRANT_ROLE, functionRole);

      const granterRole = standing.granterRole(args.target, args.selector);
      const mayGrant = granterRole !== undefined && standing.actsAtOnce(granterRole, args.granter, now);
      context.require(mayGrant, "authority-granter", log, `a holder of role ${granterRole}`, args.granter);

      const current = grants.get(keyOf(args));
      const free = current === undefined || current.task === args.task || over(current, now) !== undefined;
      context.require(free, "authority-grant-overlap", log, "no live grant of another task", `task ${current?.task}`);
      const uses = args.uses === 0 ? undefined : args.uses;
      grants.set(keyOf(args), {
        task: args.task,
        notBefore,
        notAfter,
        uses,
        seen: 0,
        usedUpIn: undefined,
        ended: false,
      });
    },
    usedUp(log, args) {
      const rule = "authority-grant-use";
      const grant = grants.get(keyOf(args));
      const why = over(grant, log.blockTimestamp);
      context.require(why === undefined, rule, log, "a grant with effect", why);
      if (grant === undefined) return;
      context.require(grant.uses !== undefined, rule, log, "a grant with counted uses", "an uncounted one");
      const started = log.blockTimestamp >= grant.notBefore;
      context.require(started, rule, log, `a use from ${grant.notBefore} on`, log.blockTimestamp);
      context.requireEqual(rule, log, "task", grant.task, args.task);
      grants.set(keyOf(args), { ...grant, usedUpIn: log.transaction });
    },
    calledBy(log, by, selector) {
      const rule = "authority-grant-use";
      const key = keyOf({ grantee: by, target: log.address, selector });
      const grant = grants.get(key);
      // The last use is recorded before what it does at the target.
      const current = grant?.usedUpIn === log.transaction ? { ...grant, usedUpIn: undefined } : grant;
      const why = over(current, log.blockTimestamp);
      context.require(why === undefined, rule, log, "a grant with effect", why);
      if (grant === undefined) return;
      const started = log.blockTimestamp >= grant.notBefore;
      context.require(started, rule, log, `a use from ${grant.notBefore} on`, log.blockTimestamp);
      const seen = grant.seen + 1;
      context.require(seen <= (grant.uses ?? seen), rule, log, `at most ${grant.uses} uses`, seen);
      grants.set(key, { ...grant, seen });
    },
    ended(log, args) {
      const rule = "authority-grant";
      const grant = grants.get(keyOf(args));
      const why = over(grant, log.blockTimestamp);
      context.require(why === undefined, rule, log, "a grant to end", why);
      const anchor = tasks.task(args.task)?.anchor;
      const granterRole = standing.granterRole(args.target, args.selector);
      const may =
        args.by === args.grantee ||
        args.by === anchor ||
        (granterRole !== undefined && standing.actsAtOnce(granterRole, args.by, log.blockTimestamp));
      context.require(may, "authority-granter", log, "grantee, anchor or granter", args.by);
      if (grant !== undefined) grants.set(keyOf(args), { ...grant, ended: true });
    },
  };
}
