import { encodeFunctionData, getAbiItem, toFunctionSelector } from "viem";
import { iBudgetVaultAbi } from "../../chain/abi.ts";
import type { Hex } from "../../core/hex.ts";
import {
  beforeCommitting,
  closed,
  isTripped,
  measureOutflow,
  measureReclaim,
  noLimits,
  tripped,
  untouchedSafety,
  type AssetSafety,
  type Limits,
} from "../../org/safety/asset-safety.ts";
import type { PlacedLog } from "../reader/verified-block.ts";
import { withdrawalId, type ApprovalReplay } from "./approval-replay.ts";
import type { EventArgs } from "./audited-event.ts";
import type { BreakerReplay } from "./breaker-replay.ts";
import { claimCaller } from "./claim-caller.ts";
import { findCalls } from "./find-calls.ts";
import type { Holdings } from "./ledger.ts";
import type { Subject } from "./milestone-replay.ts";
import { pendingOf, type ReplayedProject } from "./project-replay.ts";
import type { RuleContext } from "./rule-context.ts";

/** What the limits of a vault are held against. Money is as it was before the event. */
export interface SafetyWorld {
  readonly approvals: ApprovalReplay;
  readonly breakers: Pick<BreakerReplay, "announced" | "requireApproved">;
  readonly isLive: (anchor: Hex, time: bigint) => boolean;
  readonly requireMayCall: (log: PlacedLog, by: Hex, call: Hex) => void;
  readonly holdings: (asset: Hex) => Holdings;
  /** First second in which no people manage the oracle; undefined where the auditor does not know it. */
  readonly managedUntil: (oracle: Hex, now: bigint) => bigint | undefined;
  /** What the constitution and the registered breakers say now; undefined where the parameter is not defined. */
  readonly allowed: () => Readonly<Record<keyof Limits, readonly (bigint | undefined)[]>>;
  /** The milestone that this proof proved and that was neither paid nor overturned since. */
  readonly provedBy: (proof: Hex) => Subject | undefined;
  readonly project: (id: Hex) => ReplayedProject | undefined;
  /** Whether the project is active and its lease is over. */
  readonly isLapsed: (log: PlacedLog, project: ReplayedProject) => boolean;
  readonly poolAnchor: (pool: Hex) => Hex | undefined;
}

/** Limits, trips and resets of a vault, and whether what left it, or went back, was within them. */
export interface SafetyReplay {
  limitsSet(log: PlacedLog, args: EventArgs<"BudgetVault", "LimitsSet">): void;
  assetTripped(log: PlacedLog, args: EventArgs<"BudgetVault", "AssetTripped">): void;
  assetReset(log: PlacedLog, args: EventArgs<"BudgetVault", "AssetReset">): void;
  /** @param amount Paid now, in base units. */
  paid(log: PlacedLog, subject: Subject, amount: bigint): void;
  withdrawn(log: PlacedLog, args: EventArgs<"BudgetVault", "PoolWithdrawn">): void;
  reclaimed(log: PlacedLog, project: ReplayedProject, amount: bigint): void;
  /** Money of the asset is about to be committed. */
  committing(log: PlacedLog, asset: Hex): void;
  limits(): Limits;
  safetyOf(asset: Hex): AssetSafety;
  /** Assets whose safety anything was written of. */
  assets(): readonly Hex[];
}

const setLimitsSelector = toFunctionSelector(getAbiItem({ abi: iBudgetVaultAbi, name: "setLimits" }));

export function replaySafety(context: RuleContext, world: SafetyWorld): SafetyReplay {
  const { approvals } = world;
  const assets = new Map<Hex, AssetSafety>();
  /** Proofs and projects that tripped an asset: each does so once. */
  const tripping = new Set<Hex>();
  let limits = noLimits;
  const safetyOf = (asset: Hex): AssetSafety => assets.get(asset) ?? untouchedSafety;

  /** What is credited and committed; not less than nothing, as books that do not add up are another rule's to find. */
  function totals(asset: Hex): { readonly credited: bigint; readonly committed: bigint } {
    const { credited, committed, proved } = world.holdings(asset);
    const atLeastNothing = (amount: bigint): bigint => (amount > 0n ? amount : 0n);
    return { credited: atLeastNothing(credited), committed: atLeastNothing(committed + proved) };
  }

  function afterOutflow(asset: Hex, amount: bigint, now: bigint): AssetSafety | undefined {
    return measureOutflow(safetyOf(asset), limits, { amount, total: totals(asset).credited, now });
  }

  function afterReclaim(asset: Hex, amount: bigint, now: bigint): AssetSafety | undefined {
    return measureReclaim(safetyOf(asset), limits, { amount, total: totals(asset).committed, now });
  }

  /** Why a payment waits for a co-signature whatever its amount; undefined where it does not. */
  function whyHeld(log: PlacedLog, { project: { plan }, terms }: Subject): string | undefined {
    const now = log.blockTimestamp;
    if (terms.coSignature) return "the plan asks for one";
    if (isTripped(safetyOf(plan.asset), now)) return `${plan.asset} is tripped`;
    const managed = world.managedUntil(plan.oracle, now);
    if (managed === undefined) {
      context.unchecked("safety-co-signature", log, `the oracle ${plan.oracle} is not in the registry`);
      return undefined;
    }
    return now < managed ? `the oracle ${plan.oracle} is tripped or stale` : undefined;
  }

  /** Whether nothing of the project is reclaimed by itself: while asset or oracle are tripped, and a renewal window after a reset. */
  function isReclaimHeld(log: PlacedLog, { plan }: ReplayedProject): boolean {
    const now = log.blockTimestamp;
    const safety = safetyOf(plan.asset);
    const managed = world.managedUntil(plan.oracle, now) ?? 0n;
    const from = managed > safety.resetAt ? managed : safety.resetAt;
    return isTripped(safety, now) || now < from + BigInt(plan.renewalWindow);
  }

  /** Why the payment that this proof proved crossed the limit; the human who answers for it. */
  function byPayment(log: PlacedLog, asset: Hex, cause: Hex): Hex | undefined {
    const subject = world.provedBy(cause);
    if (subject?.project.plan.asset !== asset) return undefined;
    const { project, milestone, index } = subject;
    const due = log.blockTimestamp >= milestone.payableFrom && whyHeld(log, subject) === undefined;
    const crosses = afterOutflow(asset, milestone.due - milestone.paid, log.blockTimestamp) === undefined;
    const crossed = due && crosses && !approvals.isCoSigned(project.id, index, cause) && !tripping.has(cause);
    context.require(crossed, "safety-trip", log, "a payment that crosses the limit", `milestone ${index} does not`);
    return project.plan.anchor;
  }

  function byReclaim(log: PlacedLog, asset: Hex, cause: Hex): Hex | undefined {
    const project = world.project(cause);
    if (project?.plan.asset !== asset) return undefined;
    const pending = pendingOf(project);
    const due = world.isLapsed(log, project) && !isReclaimHeld(log, project);
    const crosses = afterReclaim(asset, pending, log.blockTimestamp) === undefined;
    const crossed = due && crosses && !tripping.has(cause);
    context.require(crossed, "safety-trip", log, "a reclaim that crosses the limit", `${pending} of ${cause}`);
    return project.plan.anchor;
  }

  /** A withdrawal that was held leaves no event of its own, but used its grant. */
  function byWithdrawal(log: PlacedLog, asset: Hex, cause: Hex): Hex | undefined {
    const transaction = context.transaction(log);
    const withdrawal = findCalls(transaction?.input ?? "0x", iBudgetVaultAbi, "withdraw")
      .map(([pool, token, to, amount]) => ({ pool, asset: token, to, amount }))
      .find((each) => withdrawalId(each) === cause && each.asset.toLowerCase() === asset);
    if (withdrawal === undefined) return undefined;
    const { pool, to, amount } = withdrawal;
    const now = log.blockTimestamp;
    const waits = approvals.isApproved(withdrawal, now) || isTripped(safetyOf(asset), now);
    const within = waits || afterOutflow(asset, amount, now) !== undefined;
    context.require(!within, "safety-trip", log, "a withdrawal that crosses the limit", amount);
    if (transaction?.to === log.address) {
      const args = [pool, asset, to, amount] as const;
      world.requireMayCall(
        log,
        transaction.from,
        encodeFunctionData({ abi: iBudgetVaultAbi, functionName: "withdraw", args }),
      );
      claimCaller(context, "authority-grant-use", log, transaction.from);
    } else {
      context.unchecked("authority-grant-use", log, "who made a withdrawal that was held cannot be told");
    }
    return world.poolAnchor(pool);
  }

  return {
    limitsSet(log, args) {
      const rule = "safety-limits";
      world.requireMayCall(log, args.by, setLimitsSelector);
      const allowed = world.allowed();
      const told: Limits = {
        outflowShare: args.outflowShare,
        reclaimShare: args.reclaimShare,
        reclaimWindow: BigInt(args.reclaimWindow),
        tripSeconds: BigInt(args.tripSeconds),
        enclaveShare: args.enclaveShare,
      };
      for (const name of ["outflowShare", "reclaimShare", "reclaimWindow", "tripSeconds", "enclaveShare"] as const) {
        const is = allowed[name].includes(told[name]);
        context.require(is, rule, log, `${name} ${allowed[name].join(" or ") || "that is defined"}`, told[name]);
      }
      limits = told;
    },
    assetTripped(log, { asset, until, trips, cause, anchor }) {
      const rule = "safety-trip";
      const now = log.blockTimestamp;
      const announced = world.breakers.announced(log, asset);
      const { credited } = totals(asset);
      if (announced !== undefined) {
        context.requireEqual(rule, log, "cause", announced.cause, cause);
        context.requireEqual(rule, log, "who tripped it", announced.by, anchor);
        if (announced.credited !== undefined) context.requireEqual(rule, log, "owed", credited, announced.credited);
      } else {
        const found = byPayment(log, asset, cause) ?? byReclaim(log, asset, cause) ?? byWithdrawal(log, asset, cause);
        const expected = "a payment, a withdrawal, a reclaim, or a circuit breaker that trips it";
        context.require(found !== undefined, rule, log, expected, cause);
        if (found !== undefined) context.requireEqual(rule, log, "the accountable anchor", found, anchor);
      }
      tripping.add(cause);
      const next = tripped(safetyOf(asset), limits, credited, now);
      context.requireEqual(rule, log, "until", next.since, BigInt(until));
      context.requireEqual(rule, log, "trips", next.trips, BigInt(trips));
      assets.set(asset, next);
    },
    assetReset(log, { asset, trips, cause }) {
      const safety = safetyOf(asset);
      context.require(safety.watched, "safety-reset", log, "an asset that tripped", "a closed one");
      context.requireEqual("safety-reset", log, "trips", safety.trips, BigInt(trips));
      world.breakers.requireApproved(
        log,
        "safety-reset",
        { what: "reset asset", target: asset, trip: safety.trips },
        cause,
      );
      assets.set(asset, closed(safety, log.blockTimestamp));
    },
    paid(log, subject, amount) {
      const { project, milestone, index } = subject;
      const { asset } = project.plan;
      const held = whyHeld(log, subject);
      const next = held === undefined ? afterOutflow(asset, amount, log.blockTimestamp) : undefined;
      if (next !== undefined) {
        assets.set(asset, next);
        return;
      }
      // What passes by a co-signature alone is not counted: the limit is there for what nobody looked at.
      const signed = approvals.isCoSigned(project.id, index, milestone.proof);
      if (held === undefined) {
        context.require(signed, "safety-outflow", log, "an amount within the limit, or a co-signature", amount);
      } else {
        context.require(signed, "safety-co-signature", log, `a co-signature, as ${held}`, "none of this proof");
      }
    },
    withdrawn(log, { pool, asset, to, amount }) {
      const withdrawal = { pool, asset, to, amount };
      if (approvals.isApproved(withdrawal, log.blockTimestamp)) {
        approvals.spend(withdrawal); // and nothing is counted
        return;
      }
      const next = afterOutflow(asset, amount, log.blockTimestamp);
      const within = next !== undefined;
      context.require(within, "safety-outflow", log, "an amount within the limit, or an approval of it", amount);
      if (within) assets.set(asset, next);
    },
    reclaimed(log, project, amount) {
      const rule = "safety-reclaim";
      const { asset, anchor } = project.plan;
      const sender = context.transaction(log)?.from;
      const next = isReclaimHeld(log, project) ? undefined : afterReclaim(asset, amount, log.blockTimestamp);
      if (next !== undefined) {
        assets.set(asset, next);
        return;
      }
      const upTheChain = sender !== undefined && approvals.mayCoSign(project.plan, sender) ? sender : anchor;
      context.require(world.isLive(upTheChain, log.blockTimestamp), rule, log, "a reclaim within limits", amount);
      claimCaller(context, rule, log, upTheChain);
    },
    committing(log, asset) {
      const { committed } = totals(asset);
      const next = beforeCommitting(safetyOf(asset), limits, committed, log.blockTimestamp);
      if (next !== safetyOf(asset)) assets.set(asset, next);
    },
    limits: () => limits,
    safetyOf,
    assets: () => [...assets.keys()],
  };
}
