import { iBudgetVaultAbi } from "../../chain/abi.ts";
import { bytesOf, hexOf, type Hex } from "../../core/hex.ts";
import { leafHash, outcomes, type Leaf, type Outcome } from "../../core/merkle/leaf.ts";
import { verifyProof } from "../../core/merkle/verify-proof.ts";
import { decideLease, type LeaseDecision } from "../../org/lease.ts";
import type { PlacedLog } from "../reader/verified-block.ts";
import type { EventArgs } from "./audited-event.ts";
import { findCalls } from "./find-calls.ts";
import type { AcceptedReport } from "./oracle-replay.ts";
import type { ProjectReplay, ReplayedProject } from "./project-replay.ts";
import type { RuleContext } from "./rule-context.ts";

/** An oracle's reports as they stood when an event happened. */
export interface ReportHistory {
  latest(): { readonly index: number; readonly acceptedAt: bigint };
  report(index: number): AcceptedReport | undefined;
}

/** Every lease decision of a vault. */
export interface LeaseReplay {
  renewed(log: PlacedLog, args: EventArgs<"BudgetVault", "LeaseRenewed">): void;
  /** The decision at the time of `log`; undefined where the auditor does not know the oracle. */
  decision(log: PlacedLog, project: ReplayedProject): LeaseDecision | undefined;
}

const outcomeOf = new Map<number, Outcome>(Object.entries(outcomes).map(([name, number]) => [number, name as Outcome]));

export function replayLeases(
  context: RuleContext,
  projects: ProjectReplay,
  historyOf: (oracle: Hex) => ReportHistory | undefined,
): LeaseReplay {
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

  /** Finds the proof in the transaction and follows it to the root that a quorum signed. */
  function checkLeaf(log: PlacedLog, args: EventArgs<"BudgetVault", "LeaseRenewed">, project: ReplayedProject): void {
    const rule = "treasury-lease-renewal";
    const report = historyOf(project.plan.oracle)?.report(args.report);
    if (report === undefined) {
      context.require(false, rule, log, "a report that the plan's oracle accepted", `report ${args.report}`);
      return;
    }
    const calls = findCalls(context.transaction(log)?.input ?? "0x", iBudgetVaultAbi, "renew");
    const call = calls.find(([id, header]) => id === args.project && header.index === args.report);
    const outcome = outcomeOf.get(args.outcome);
    if (call === undefined || outcome === undefined) {
      if (outcome === undefined) context.require(false, rule, log, "an outcome", args.outcome);
      else context.unchecked(rule, log, "the proof does not stand in the transaction's input");
      return;
    }
    const [, , submitted, proof] = call;
    const { grade, score } = submitted;
    const definition = project.plan.scoreDefinition;
    const leaf: Leaf = {
      project: project.id,
      definition,
      outcome: outcomeOf.get(submitted.outcome) ?? outcome,
      grade,
      score,
    };
    const hash = leafHash(leaf);
    context.requireEqual(rule, log, "leaf", hexOf(hash), args.cause);
    const proved = verifyProof(bytesOf(report.root), hash, proof.map(bytesOf));
    context.require(proved, rule, log, `a leaf under the root ${report.root}`, hexOf(hash));
    if (outcome === "value") {
      const enough = score >= report.threshold;
      context.require(enough, rule, log, `a score of at least ${report.threshold}`, score);
      context.requireEqual(rule, log, "score", score, args.score);
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

      const isMissing = args.outcome === outcomes.missing;
      context.require(args.outcome !== outcomes.refused, rule, log, "value or missing", "refused");
      const missing = isMissing ? project.missing + 1 : 0;
      context.requireEqual(rule, log, "missing in a row", missing, args.missing);
      context.require(missing <= plan.maxMissing, rule, log, `at most ${plan.maxMissing} missing`, missing);
      if (isMissing) context.requireEqual(rule, log, "score", project.score, args.score);
      const paidThrough = Math.max(project.paidThrough, args.report + plan.leaseReports);
      context.requireEqual(rule, log, "paid through", paidThrough, args.paidThrough);

      project.paidThrough = args.paidThrough;
      project.lastProvedReport = args.report;
      project.missing = args.missing;
      project.score = args.score;
    },
  };
}
