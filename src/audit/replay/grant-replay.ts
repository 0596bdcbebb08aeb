import { encodeAbiParameters, keccak256, parseAbiParameters } from "viem";
import { roles } from "../../chain/roles.ts";
import type { Hex } from "../../core/hex.ts";
import type { PlacedLog } from "../reader/verified-block.ts";
import type { EventArgs } from "./audited-event.ts";
import { boundary, impactKind, type LimitMet } from "./limit-check.ts";
import type { LimitReplay } from "./limit-replay.ts";
import type { RoleReplay } from "./role-replay.ts";
import type { RuleContext } from "./rule-context.ts";
import type { TaskReplay } from "./task-replay.ts";

interface ReplayedGrant {
  readonly task: number;
  readonly notBefore: bigint;
  readonly notAfter: bigint;
  /** How many uses it allows; undefined where they are not counted. */
  readonly uses: number | undefined;
  /** Impact that it has left; undefined where it has no cap of its own. */
  readonly cap: bigint | undefined;
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
  capabilityGranted(log: PlacedLog, args: EventArgs<"Authority", "CapabilityGranted">): void;
  /** `by` called the log's contract with `data`, which only a grant allows. */
  calledBy(log: PlacedLog, by: Hex, data: Hex): void;
  /** What permits `caller` to call `target`, and what such a call meets; undefined where no grant has effect. */
  meets(call: GrantedCall): { readonly task: number; readonly met: LimitMet; readonly exact: boolean } | undefined;
}

interface GrantedCall {
  readonly caller: Hex;
  readonly target: Hex;
  readonly data: Hex;
  readonly now: bigint;
}

/** What grants are held against. */
export interface GrantWorld {
  readonly tasks: TaskReplay;
  readonly standing: RoleReplay;
  readonly limits: LimitReplay;
  /** Whether what is called there leaves events that are audited. */
  readonly isAudited: (target: Hex) => boolean;
  /** Whether an approval of this operation in the team's name was spent in the transaction, and not yet for another call. */
  readonly spendApproval: (log: PlacedLog, operation: Hex, team: number) => boolean;
}

const actionList = parseAbiParameters("(address target, bytes4 selector)[]");

/** OpenZeppelin's operation id. */
export function operationOf(caller: Hex, target: Hex, data: Hex): Hex {
  return keccak256(encodeAbiParameters(parseAbiParameters("address, address, bytes"), [caller, target, data]));
}

export function replayGrants(context: RuleContext, world: GrantWorld): GrantReplay {
  const { tasks, standing, limits } = world;
  /** Grants of the running transaction, in order: a capability's stand before its event. */
  let latest: { transaction: Hex; given: { task: number; grantee: Hex; target: Hex; selector: Hex }[] } | undefined;
  /** Teams with a grant whose calls leave no event here: more may have been used than can be added up. */
  const unseen = new Set<number>();
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
      const deadline = task?.deadline ?? 0n;
      context.require(notAfter <= deadline, rule, log, `an end no later than its task's, ${deadline}`, notAfter);
      context.require(notAfter > now && notAfter > notBefore, rule, log, "an end after its start", notAfter);
      const until = tasks.liveUntil(args.anchor);
      context.require(notAfter <= until, rule, log, `an end while its anchor is live, until ${until}`, notAfter);
      context.requireEqual(rule, log, "the accountable anchor", task?.anchor, args.anchor);
      const functionRole = standing.functionRole(args.target, args.selector);
      context.requireEqual(rule, log, "the function's role", roles.GRANT_ROLE, functionRole);

      const { impact } = limits.facts(args.target, args.selector) ?? { impact: impactKind.unlisted };
      const listed = impact !== impactKind.unlisted;
      context.require(listed, "authority-listed", log, "an action that the catalog lists", args.selector);
      if (!world.isAudited(args.target) && impact > impactKind.none && task !== undefined) unseen.add(task.team);

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
        cap: args.cap === 0 ? undefined : BigInt(args.cap),
        seen: 0,
        usedUpIn: undefined,
        ended: false,
      });
      if (latest?.transaction !== log.transaction) latest = { transaction: log.transaction, given: [] };
      latest.given.push(args);
    },
    capabilityGranted(log, { task, grantee, capability, actionsHash }) {
      const rule = "authority-capability";
      context.requireEqual(rule, log, "the version's hash", limits.capabilityHash(capability), actionsHash);
      const given = (latest?.transaction === log.transaction ? latest.given : []).filter(
        (each) => each.task === task && each.grantee === grantee,
      );
      const hashes = given.map((_, from) => keccak256(encodeAbiParameters(actionList, [given.slice(from)])));
      const matches = hashes.includes(actionsHash);
      context.require(matches, rule, log, `grants of exactly the actions of ${actionsHash}`, `${given.length} grants`);
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
    calledBy(log, by, data) {
      const rule = "authority-grant-use";
      const selector = data.slice(0, 10) as Hex;
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

      const team = tasks.task(grant.task)?.team ?? 0;
      const now = log.blockTimestamp;
      const met = limits.check({ target: log.address, data, team, cap: grant.cap, now });
      // Asked first: an approved call charges nothing, whatever else could not be seen.
      const approved = world.spendApproval(log, operationOf(by, log.address, data), team);
      const inside = approved || met.boundary === boundary.none;
      const crossed = `boundary ${met.boundary}: ${met.actual} against ${met.limit}`;
      context.require(inside, "authority-limits", log, "a call inside its limits, or an approval of it", crossed);
      const charged = inside && !approved ? met.impact : 0n;
      if (charged > 0n) limits.charge(team, charged, now);
      grants.set(key, { ...grant, seen, cap: grant.cap === undefined ? undefined : grant.cap - charged });
    },
    meets({ caller, target, data, now }) {
      const grant = grants.get(keyOf({ grantee: caller, target, selector: data.slice(0, 10) as Hex }));
      if (grant === undefined || over(grant, now) !== undefined || now < grant.notBefore) return undefined;
      const team = tasks.task(grant.task)?.team ?? 0;
      const met = limits.check({ target, data, team, cap: grant.cap, now });
      return { task: grant.task, met, exact: world.isAudited(target) && !unseen.has(team) };
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
