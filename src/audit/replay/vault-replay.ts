import { encodeFunctionData, parseAbi } from "viem";
import type { Hex } from "../../core/hex.ts";
import type { PlacedLog } from "../reader/verified-block.ts";
import { replayAgreements } from "./agreement-replay.ts";
import { replayApprovals, type ApprovalWorld } from "./approval-replay.ts";
import { replayAttestorSets } from "./attestor-set-replay.ts";
import type { EventArgs, EventOf } from "./audited-event.ts";
import { accountName, createLedger, type Account, type Ledger, type Posting } from "./ledger.ts";
import { replayEnclaves } from "./enclave-replay.ts";
import { replayLeases, type ReportHistory } from "./lease-replay.ts";
import { replayMilestones } from "./milestone-replay.ts";
import { replayProjects, type ReplayedProject } from "./project-replay.ts";
import type { RuleContext } from "./rule-context.ts";
import { isTripped } from "../../org/safety/asset-safety.ts";
import { replayShortfalls, type ShortfallReplay } from "./shortfall-replay.ts";
import { replaySafety, type SafetyReplay, type SafetyWorld } from "./safety-replay.ts";

/** A posting with the log that it follows from. */
export interface PlacedPosting extends Posting {
  readonly log: PlacedLog;
  readonly event: string;
}

/** The history of one vault. */
export interface VaultReplay {
  apply(event: EventOf<"BudgetVault">): void;
  readonly ledger: Ledger;
  readonly postings: readonly PlacedPosting[];
  readonly safety: Pick<SafetyReplay, "limits" | "safetyOf" | "assets">;
  readonly shortfalls: Pick<ShortfallReplay, "rulingOf">;
  readonly projects: () => readonly ReplayedProject[];
  readonly project: (id: Hex) => ReplayedProject | undefined;
}

export interface VaultWorld extends Pick<SafetyWorld, "breakers" | "allowed">, Pick<ApprovalWorld, "teams" | "rateOf"> {
  readonly isLive: (anchor: Hex, time: bigint) => boolean;
  readonly historyOf: (oracle: Hex) => ReportHistory | undefined;
  /** Largest rise of a score that the vault stores at once, 1e18 = 1. */
  readonly maxRise: bigint;
  /** Whether plans that name this oracle are enclaves, which people review. */
  readonly isCalendar: (oracle: Hex) => boolean;
  readonly requireMayCall: (log: PlacedLog, by: Hex, call: Hex) => void;
}

const outside: Account = { in: "outside" };
const pool = (id: Hex): Account => ({ in: "pool", pool: id });
const committed = (project: Hex): Account => ({ in: "committed", project });
const proved = (project: Hex): Account => ({ in: "proved", project });
const claimable = (payee: Hex): Account => ({ in: "claimable", payee });

const withdrawal = parseAbi(["function withdraw(bytes32 pool, address asset, address to, uint256 amount)"]);

export function replayVault(context: RuleContext, world: VaultWorld): VaultReplay {
  const sets = replayAttestorSets(context);
  const projects = replayProjects(context, {
    isLive: world.isLive,
    latestReport: (oracle) => world.historyOf(oracle)?.latest().index,
  });
  const leases = replayLeases(context, projects, world);
  const milestones = replayMilestones(context, projects, leases, sets, world.isLive);
  const agreements = replayAgreements(context, projects, sets, world);
  const ledger = createLedger();
  const postings: PlacedPosting[] = [];
  const intents = new Set<string>();
  const pools = new Map<Hex, Hex>();
  const closedPools = new Set<Hex>();
  const poolAnchor = (id: Hex): Hex | undefined => pools.get(id);
  const approvals = replayApprovals(context, {
    ...world,
    projects,
    poolAnchor,
    poolBalance: (id, asset) => ledger.balance(pool(id), asset),
  });
  const enclaves = replayEnclaves(context, {
    isCalendar: world.isCalendar,
    poolBalance: (id, asset) => ledger.balance(pool(id), asset),
    credited: (asset) => ledger.holdings(asset).credited,
    enclaveShare: () => safety.limits().enclaveShare,
  });
  const safety = replaySafety(context, {
    ...world,
    approvals,
    poolAnchor,
    holdings: (asset) => ledger.holdings(asset),
    managedUntil: (oracle, now) => world.historyOf(oracle)?.managedUntil(now),
    provedBy: (proof) => milestones.provedBy(proof),
    project: (id) => projects.find(id),
    isLapsed: (log, project) => project.status === "active" && leases.decision(log, project)?.running === false,
  });

  const shortfalls = replayShortfalls(context, {
    breakers: world.breakers,
    credited: (asset) => ledger.holdings(asset).credited,
    standing: (asset, now) => {
      const of = safety.safetyOf(asset);
      return { trips: of.trips, tripped: isTripped(of, now) };
    },
  });

  function post(event: EventOf<"BudgetVault">, asset: Hex, amount: bigint, from: Account, to: Account): void {
    const short = ledger.post({ asset, amount, from, to });
    postings.push({ log: event.log, event: event.eventName, asset, amount, from, to });
    const rule =
      from.in === "pool"
        ? "treasury-pool-overdrawn"
        : from.in === "claimable"
          ? "treasury-claim"
          : "treasury-conservation";
    context.require(short === 0n, rule, event.log, `${amount} in ${accountName(from)}`, `${amount - short}`);
  }

  /** The payment before it did not leave: one movement to the claim stands in the books in the place of it. */
  function oweInstead(log: PlacedLog, { asset, amount, payee }: EventArgs<"BudgetVault", "ClaimCredited">): void {
    ledger.post({ asset, amount, from: outside, to: claimable(payee) });
    const at = postings.findLastIndex((each) => each.log.transaction === log.transaction && each.to.in === "outside");
    const payment = postings[at];
    if (payment !== undefined) postings[at] = { ...payment, to: claimable(payee) };
  }

  function useIntent(log: PlacedLog, from: Hex, intent: Hex): void {
    const key = `${from} ${intent}`;
    context.require(
      !intents.has(key),
      "treasury-intent-reused",
      log,
      "an intent used once",
      `${intent} of ${from} again`,
    );
    intents.add(key);
  }

  function requirePool(log: PlacedLog, id: Hex): void {
    context.require(pools.has(id), "treasury-pool-unknown", log, "a pool that was opened", id);
  }

  function requireOpenPool(log: PlacedLog, id: Hex): void {
    requirePool(log, id);
    context.require(!closedPools.has(id), "treasury-pool-closed", log, "a pool that is open", id);
  }

  function apply(event: EventOf<"BudgetVault">): void {
    const { log } = event;
    switch (event.eventName) {
      case "AttestorSetCreated": {
        sets.created(log, event.args);
        return;
      }
      case "AttestorSetVersionAdded": {
        sets.versionAdded(log, event.args);
        return;
      }
      case "AttestorSuccessorNamed": {
        sets.successorNamed(log, event.args);
        return;
      }
      case "AttestorRevoked": {
        sets.revoked(log, event.args);
        return;
      }
      case "PoolOpened": {
        const { pool: id, anchor } = event.args;
        context.require(!pools.has(id), "treasury-pool-unknown", log, "a new pool", id);
        context.require(
          world.isLive(anchor, log.blockTimestamp),
          "treasury-anchor-not-live",
          log,
          "a live anchor",
          anchor,
        );
        pools.set(id, anchor);
        return;
      }
      case "PoolClosed": {
        requireOpenPool(log, event.args.pool);
        closedPools.add(event.args.pool);
        return;
      }
      case "PoolDeposited": {
        const { pool: id, asset, from, amount, cause } = event.args;
        requireOpenPool(log, id);
        useIntent(log, from, cause);
        post(event, asset, amount, outside, pool(id));
        return;
      }
      case "SurplusCredited": {
        const { pool: id, asset, amount } = event.args;
        requireOpenPool(log, id);
        post(event, asset, amount, outside, pool(id));
        return;
      }
      case "PoolWithdrawn": {
        const { pool: id, asset, to, amount, by } = event.args;
        const call = { abi: withdrawal, args: [id, asset, to, amount] } as const;
        world.requireMayCall(log, by, encodeFunctionData(call));
        safety.withdrawn(log, event.args);
        post(event, event.args.asset, event.args.amount, pool(event.args.pool), outside);
        return;
      }
      case "PoolMoved": {
        const { from, to, asset, amount } = event.args;
        requirePool(log, to);
        post(event, asset, amount, pool(from), pool(to));
        return;
      }
      case "ProjectOpened": {
        projects.opened(log, event.args);
        approvals.planOpened(log, event.args.plan);
        const { milestones: terms, payee, opener, pool: paying, reclaimTo } = event.args.plan;
        for (const id of [paying, reclaimTo]) requireOpenPool(log, id);
        enclaves.planned(log, event.args.plan);
        for (const { attestorSet, attestorSetVersion: version } of terms) {
          sets.requireNameable(log, { attestorSet, version }, [payee, opener]);
        }
        return;
      }
      case "ProjectAccepted": {
        projects.accepted(log, event.args);
        return;
      }
      case "ProjectFunded": {
        const { project: id, from, amount, cause } = event.args;
        const project = projects.require(log, id);
        projects.funded(log, event.args);
        if (project === undefined) return;
        const byWallet = BigInt(from) !== 0n;
        if (byWallet) useIntent(log, from, cause);
        for (const needed of [project.plan.pool, project.plan.reclaimTo]) requireOpenPool(log, needed);
        safety.committing(log, project.plan.asset);
        if (!byWallet) enclaves.committing(log, project, amount, true);
        post(event, project.plan.asset, amount, byWallet ? outside : pool(project.plan.pool), committed(id));
        return;
      }
      case "LeaseRenewed": {
        leases.renewed(log, event.args);
        return;
      }
      case "LeaseExtended": {
        leases.extended(log, event.args);
        return;
      }
      case "MilestoneProved": {
        const subject = milestones.proved(log, event.args);
        if (subject === undefined) return;
        const { project, milestone } = subject;
        post(event, project.plan.asset, milestone.due - milestone.paid, committed(project.id), proved(project.id));
        return;
      }
      case "MilestoneOverturned": {
        const subject = milestones.overturned(log, event.args);
        if (subject === undefined) return;
        const { project, milestone } = subject;
        post(event, project.plan.asset, milestone.due - milestone.paid, proved(project.id), committed(project.id));
        return;
      }
      case "MilestonePaid": {
        const { project: id, asset, amount } = event.args;
        const subject = milestones.paid(log, event.args);
        if (subject === undefined) return;
        safety.paid(log, subject, amount);
        enclaves.left(subject.project, amount);
        post(event, asset, amount, subject.from === "committed" ? committed(id) : proved(id), outside);
        return;
      }
      case "ClaimCredited": {
        milestones.claimCredited(log, event.args);
        oweInstead(log, event.args);
        return;
      }
      case "MilestoneReclaimed": {
        const subject = milestones.milestoneReclaimed(log, event.args);
        if (subject === undefined) return;
        const { id, plan } = subject.project;
        enclaves.left(subject.project, event.args.amount);
        post(event, plan.asset, event.args.amount, committed(id), pool(plan.reclaimTo));
        return;
      }
      case "ProjectReclaimed": {
        const { project: id, reclaimTo, asset, amount } = event.args;
        const project = milestones.projectReclaimed(log, event.args);
        if (project === undefined) return;
        safety.reclaimed(log, project, amount);
        enclaves.left(project, amount);
        post(event, asset, amount, committed(id), pool(reclaimTo));
        return;
      }
      case "ProjectCancelled": {
        const { project: id, reclaimTo, asset, amount } = event.args;
        const project = agreements.cancelled(log, event.args);
        if (project === undefined) return;
        enclaves.left(project, amount);
        post(event, asset, amount, committed(id), pool(reclaimTo));
        return;
      }
      case "ProjectAmended": {
        const { project: id, added, returned } = event.args;
        const project = agreements.amended(log, event.args);
        if (project === undefined) return;
        const { asset, pool: paying, reclaimTo } = project.plan;
        approvals.planOpened(log, event.args.plan, (index) => project.milestones[index]?.status === "pending");
        if (added > 0n) {
          requireOpenPool(log, paying);
          safety.committing(log, asset);
          enclaves.committing(log, project, added, false);
          post(event, asset, added, pool(paying), committed(id));
        }
        enclaves.planned(log, event.args.plan);
        enclaves.left(project, returned);
        if (returned > 0n) post(event, asset, returned, committed(id), pool(reclaimTo));
        return;
      }
      case "Claimed": {
        shortfalls.claimed(log, event.args, ledger.balance(claimable(event.args.payee), event.args.asset));
        post(event, event.args.asset, event.args.amount, claimable(event.args.payee), outside);
        return;
      }
      case "LimitsSet": {
        safety.limitsSet(log, event.args);
        return;
      }
      case "AssetTripped": {
        safety.assetTripped(log, event.args);
        return;
      }
      case "AssetReset": {
        safety.assetReset(log, event.args);
        shortfalls.reset(event.args.asset);
        return;
      }
      case "ShortfallRuled": {
        shortfalls.ruled(log, event.args);
        return;
      }
      case "PaymentCoSigned": {
        approvals.coSigned(log, event.args);
        return;
      }
      case "WithdrawalApproved": {
        approvals.withdrawalApproved(log, event.args);
        return;
      }
      default: // changes nothing that a rule reads
        return;
    }
  }

  return {
    apply,
    ledger,
    postings,
    safety,
    shortfalls,
    projects: () => projects.all(),
    project: (id) => projects.find(id),
  };
}
