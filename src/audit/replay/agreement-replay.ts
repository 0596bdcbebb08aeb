import { hashTypedData } from "viem";
import { iBudgetVaultAbi } from "../../chain/abi.ts";
import { amendmentDigest, fixedMembers } from "../../chain/plan/newest-plan.ts";
import type { Hex } from "../../core/hex.ts";
import { typedDataOf } from "../../core/signing/typed-data.ts";
import { decideLease } from "../../org/lease.ts";
import type { PlacedLog } from "../reader/verified-block.ts";
import type { AttestorSetReplay } from "./attestor-set-replay.ts";
import type { EventArgs } from "./audited-event.ts";
import { findCalls } from "./find-calls.ts";
import type { ReportHistory } from "./lease-replay.ts";
import { amend, pendingOf, type Plan, type ProjectReplay, type ReplayedProject } from "./project-replay.ts";
import type { RuleContext } from "./rule-context.ts";

type Milestone = Plan["milestones"][number];

/** What both sides of a running project agreed to: its end, or the next version of its plan. */
export interface AgreementReplay {
  cancelled(log: PlacedLog, args: EventArgs<"BudgetVault", "ProjectCancelled">): ReplayedProject | undefined;
  amended(log: PlacedLog, args: EventArgs<"BudgetVault", "ProjectAmended">): ReplayedProject | undefined;
}

export interface AgreementWorld {
  readonly isLive: (anchor: Hex, time: bigint) => boolean;
  readonly historyOf: (oracle: Hex) => ReportHistory | undefined;
}

const AGREEMENT = "treasury-agreement";
const AMENDMENT = "treasury-amendment";

export function replayAgreements(
  context: RuleContext,
  projects: ProjectReplay,
  sets: AttestorSetReplay,
  world: AgreementWorld,
): AgreementReplay {
  /** Each party agreed by its own transaction, or by its signature over the digest. */
  function requireAgreed(log: PlacedLog, digest: Hex, parties: readonly (readonly [Hex, Hex])[]): void {
    const transaction = context.transaction(log);
    for (const [signer, signature] of parties) {
      if (transaction?.to === log.address && transaction.from === signer) {
        context.claimSender({ rule: AGREEMENT, log, sender: signer, transaction });
      } else if (signature === "0x") {
        context.unchecked(AGREEMENT, log, `${signer} agreed by a call that another contract made`);
      } else {
        context.fromInput(log).claimSignature({ rule: AGREEMENT, log, signer, digest, signature });
      }
    }
  }

  function requireLive(log: PlacedLog, anchor: Hex): void {
    const live = world.isLive(anchor, log.blockTimestamp);
    context.require(live, "treasury-anchor-not-live", log, "a live anchor", anchor);
  }

  function checkCancellation(log: PlacedLog, project: ReplayedProject, amount: bigint, cause: Hex): void {
    const { id, plan } = project;
    const place = { chainId: context.chainId, verifyingContract: log.address };
    const digestOf = (deadline: number): Hex => {
      const { version: planVersion, payee, anchor, asset } = plan;
      const message = { project: id, planVersion, payee, anchor, asset, returned: amount, deadline };
      return hashTypedData({ ...typedDataOf("Cancellation", place), message });
    };
    const calls = findCalls(context.transaction(log)?.input ?? "0x", iBudgetVaultAbi, "cancelProject").filter(
      ([cancelled]) => cancelled === id,
    );
    const call = calls.find(([, , deadline]) => digestOf(deadline) === cause);
    if (call === undefined) {
      if (calls.length === 0) {
        context.unchecked(AGREEMENT, log, "the agreement does not stand in the transaction's input");
      } else {
        const agreed = calls.map(([, , deadline]) => digestOf(deadline)).join(" or ");
        context.fromInput(log).requireEqual(AGREEMENT, log, "the agreed digest", agreed, cause);
      }
      return;
    }
    const [, , deadline, byPayee, byAnchor] = call;
    const inTime = log.blockTimestamp < BigInt(deadline);
    context.fromInput(log).require(inTime, AGREEMENT, log, `before ${deadline}`, log.blockTimestamp);
    requireAgreed(log, cause, [
      [plan.payee, byPayee],
      [plan.anchor, byAnchor],
    ]);
  }

  /** The next version, which keeps what is fixed and what is settled, and whose pending milestones can still be proved. */
  function checkPlan(log: PlacedLog, project: ReplayedProject, plan: Plan): void {
    const { plan: before, milestones } = project;
    context.requireEqual(AMENDMENT, log, "version", before.version + 1, plan.version);
    context.requireEqual(AMENDMENT, log, "project", project.id, plan.project);
    for (const member of fixedMembers) context.requireEqual(AMENDMENT, log, member, before[member], plan[member]);
    const count = before.milestones.length;
    context.require(plan.milestones.length >= count, AMENDMENT, log, `${count} milestones`, plan.milestones.length);
    const early = log.blockTimestamp < BigInt(plan.acceptBy);
    context.require(early, AMENDMENT, log, `before ${plan.acceptBy}`, log.blockTimestamp);
    for (const [index, terms] of plan.milestones.entries()) {
      const { status, paid } = milestones[index] ?? { status: "pending", paid: 0n };
      if (status === "pending") {
        const open = log.blockTimestamp < BigInt(terms.deadline);
        context.require(open, AMENDMENT, log, `milestone ${index} until after ${log.blockTimestamp}`, terms.deadline);
        const { attestorSet, attestorSetVersion: version } = terms;
        sets.requireNameable(log, { attestorSet, version }, [plan.payee, plan.opener]);
        context.require(terms.amount > paid, AMENDMENT, log, `more than ${paid}, which was paid`, terms.amount);
      } else {
        const kept = wordsOf(before.milestones[index]);
        context.requireEqual(AMENDMENT, log, `the ${status} milestone ${index}`, kept, wordsOf(terms));
      }
    }
  }

  function checkLease(log: PlacedLog, project: ReplayedProject, plan: Plan): void {
    const latest = world.historyOf(project.plan.oracle)?.latest();
    if (latest === undefined) {
      context.unchecked(AMENDMENT, log, `the oracle ${project.plan.oracle} is not in the registry`);
      return;
    }
    const lease = decideLease({
      paidThrough: BigInt(project.paidThrough),
      renewalWindow: BigInt(Math.min(project.plan.renewalWindow, plan.renewalWindow)),
      latestReport: BigInt(latest.index),
      latestAcceptedAt: latest.acceptedAt,
      now: log.blockTimestamp,
    });
    context.require(lease.running, AMENDMENT, log, "a running lease", lease.reason);
  }

  function checkAmendment(log: PlacedLog, project: ReplayedProject, plan: Plan, cause: Hex): void {
    const place = { chainId: context.chainId, verifyingContract: log.address };
    context.requireEqual(AGREEMENT, log, "the agreed digest", amendmentDigest(place, plan), cause);
    const calls = findCalls(context.transaction(log)?.input ?? "0x", iBudgetVaultAbi, "amendProject");
    const call = calls.find(([called]) => called.project === project.id && called.version === plan.version);
    if (call === undefined) {
      context.unchecked(AGREEMENT, log, "the agreement does not stand in the transaction's input");
      return;
    }
    const [, byPayee, byAnchor, byNewAnchor] = call;
    const { payee, anchor } = project.plan;
    requireAgreed(log, cause, [
      [payee, byPayee],
      [anchor, byAnchor],
      ...(plan.anchor === anchor ? [] : [[plan.anchor, byNewAnchor] as const]),
    ]);
  }

  return {
    cancelled(log, { project: id, reclaimTo, asset, amount, cause }) {
      const project = projects.require(log, id);
      if (project === undefined) return undefined;
      const { plan } = project;
      context.requireEqual("treasury-project-status", log, "status", "active", project.status);
      requireLive(log, plan.anchor);
      context.requireEqual(AGREEMENT, log, "account", plan.reclaimTo, reclaimTo);
      context.requireEqual(AGREEMENT, log, "asset", plan.asset, asset);
      context.requireEqual(AGREEMENT, log, "amount", pendingOf(project), amount);
      checkCancellation(log, project, amount, cause);
      for (const milestone of project.milestones) {
        if (milestone.status === "pending") milestone.status = "reclaimed";
      }
      project.status = "cancelled";
      return project;
    },
    amended(log, { project: id, planVersion, plan, added, returned, cause }) {
      const project = projects.require(log, id);
      if (project === undefined) return undefined;
      context.requireEqual("treasury-project-status", log, "status", "active", project.status);
      requireLive(log, project.plan.anchor);
      if (plan.anchor !== project.plan.anchor) requireLive(log, plan.anchor);
      context.requireEqual(AMENDMENT, log, "version", plan.version, planVersion);
      checkPlan(log, project, plan);
      checkLease(log, project, plan);
      checkAmendment(log, project, plan, cause);
      const before = pendingOf(project);
      amend(project, plan);
      const change = pendingOf(project) - before;
      context.requireEqual(AMENDMENT, log, "added", change > 0n ? change : 0n, added);
      context.requireEqual(AMENDMENT, log, "returned", change < 0n ? -change : 0n, returned);
      return project;
    },
  };
}

/** A milestone's terms as text, member by member. */
function wordsOf(terms: Milestone | undefined): string {
  if (terms === undefined) return "none";
  const { amount, deadline, challengeWindow, specification, attestorSet, attestorSetVersion, coSignature } = terms;
  return [amount, deadline, challengeWindow, specification, attestorSet, attestorSetVersion, coSignature].join(" ");
}
