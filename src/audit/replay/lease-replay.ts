import { hexOf, type Hex } from "../../core/hex.ts";
import { decideLease, type LeaseDecision } from "../../org/lease.ts";
import { leaseGrounds, renewLease } from "../../org/renewal.ts";
import type { PlacedLog } from "../reader/verified-block.ts";
import type { EventArgs } from "./audited-event.ts";
import { claimCaller } from "./claim-caller.ts";
import type { AcceptedReport } from "./oracle-replay.ts";
import type { ProjectReplay, ReplayedProject } from "./project-replay.ts";
import type { RuleContext } from "./rule-context.ts";
import { createLeafFinder } from "./submitted-leaves.ts";

/** An oracle's reports as they stood when an event happened. */
export interface ReportHistory {
  latest(): { readonly index: number; readonly acceptedAt: bigint };
  /** First second in which no people manage the oracle, as of `now`; beyond any time while it is stale. */
  managedUntil(now: bigint): bigint;
  report(index: number): AcceptedReport | undefined;
}

/** Every lease decision of a vault. */
export interface LeaseReplay {
  renewed(log: PlacedLog, args: EventArgs<"BudgetVault", "LeaseRenewed">): void;
  extended(log: PlacedLog, args: EventArgs<"BudgetVault", "LeaseExtended">): void;
  /** The decision at the time of `log`; undefined where the auditor does not know the oracle. */
  decision(log: PlacedLog, project: ReplayedProject): LeaseDecision | undefined;
}

export function replayLeases(
  context: RuleContext,
  projects: ProjectReplay,
  world: {
    readonly historyOf: (oracle: Hex) => ReportHistory | undefined;
    readonly isLive: (anchor: Hex, time: bigint) => boolean;
    /** Largest rise of a score that the vault stores at once. */
    readonly maxRise: bigint;
  },
): LeaseReplay {
  const { historyOf, isLive, maxRise } = world;

  function decision(log: PlacedLog, project: ReplayedProject): LeaseDecision | undefined {
    const latest = historyOf(project.plan.oracle)?.latest();
    if (latest === undefined) return undefined;
    return decideLease({
      paidThrough: BigInt(project.paidThrough),
      renewalWindow: BigInt(project.plan.renewalWindow),
      latestReport: BigInt(latest.index),
      latestAcceptedAt: latest.acceptedAt,
      now: log.blockTimestamp,
    });
  }

  const findLeaf = createLeafFinder((project) => projects.find(project)?.plan.scoreDefinition);

  /** Finds the proof in the transaction and follows it to the root that a quorum signed. */
  function checkLeaf(log: PlacedLog, args: EventArgs<"BudgetVault", "LeaseRenewed">, project: ReplayedProject): void {
    const rule = "treasury-lease-renewal";
    const report = historyOf(project.plan.oracle)?.report(args.report);
    if (report === undefined) {
      context.require(false, rule, log, "a report that the plan's oracle accepted", `report ${args.report}`);
      return;
    }
    const found = findLeaf(context.transaction(log)?.input ?? "0x", args.report, args.project);
    const submitted = found.find(({ hash }) => hexOf(hash) === args.cause) ?? found[0];
    if (submitted === undefined) {
      context.unchecked(rule, log, "the proof does not stand in the transaction's input");
      return;
    }
    const { leaf, hash } = submitted;
    const told = context.fromInput(log);
    told.requireEqual(rule, log, "leaf", hexOf(hash), args.cause);
    told.require(submitted.isUnder(report.root), rule, log, `a leaf under the root ${report.root}`, hexOf(hash));
    const isMissing = leaseGrounds[args.ground] === "missing";
    told.requireEqual(rule, log, "the leaf's outcome", isMissing ? "missing" : "value", leaf.outcome);
    if (!isMissing) {
      const enough = leaf.score >= report.threshold;
      told.require(enough, rule, log, `a score of at least ${report.threshold}`, leaf.score);
      told.requireEqual(rule, log, "score", leaf.score, args.score);
    }
  }

  return {
    decision,
    renewed(log, args) {
      const rule = "treasury-lease-renewal";
      const project = projects.require(log, args.project);
      if (project === undefined) return;
      const { plan } = project;
      context.requireEqual("treasury-project-status", log, "status", "active", project.status);
      const lease = decision(log, project);
      context.require(lease?.running === true, rule, log, "a running lease", lease?.reason ?? "an unknown oracle");
      const newer = args.report > project.lastProvedReport;
      context.require(newer, rule, log, `a report after ${project.lastProvedReport}`, `report ${args.report}`);
      checkLeaf(log, args, project);

      const isMissing = leaseGrounds[args.ground] === "missing";
      const terms = { leaseReports: plan.leaseReports, maxRise };
      const { ground, lease: next } = renewLease(project, terms, args.report, isMissing ? "missing" : args.score);
      context.requireEqual(rule, log, "the ground", ground, leaseGrounds[args.ground] ?? args.ground);
      context.requireEqual(rule, log, "missing in a row", next.missing, args.missing);
      context.require(next.missing <= plan.maxMissing, rule, log, `at most ${plan.maxMissing} missing`, next.missing);
      if (isMissing) context.requireEqual(rule, log, "score", project.score, args.score);
      context.requireEqual(rule, log, "paid through", next.paidThrough, args.paidThrough);

      project.paidThrough = args.paidThrough;
      project.lastProvedReport = args.report;
      project.missing = args.missing;
      project.score = next.score;
      project.isRising = next.isRising;
    },
    extended(log, args) {
      const rule = "treasury-lease-extension";
      const project = projects.require(log, args.project);
      if (project === undefined) return;
      const { plan } = project;
      context.requireEqual("treasury-project-status", log, "status", "active", project.status);
      context.requireEqual(rule, log, "the plan's anchor", plan.anchor, args.anchor);
      context.require(isLive(plan.anchor, log.blockTimestamp), rule, log, "a live anchor", plan.anchor);
      context.require(BigInt(args.cause) !== 0n, rule, log, "a reason", args.cause);
      claimCaller(context, rule, log, plan.anchor);
      const latest = historyOf(plan.oracle)?.latest().index;
      if (latest === undefined) {
        context.unchecked(rule, log, `the oracle ${plan.oracle} is not in the registry`);
      } else {
        context.requireEqual(rule, log, "the latest report", latest, args.report);
        const paidThrough = Math.max(project.paidThrough, latest + plan.leaseReports);
        context.requireEqual(rule, log, "paid through", paidThrough, args.paidThrough);
      }
      project.paidThrough = args.paidThrough;
    },
  };
}
