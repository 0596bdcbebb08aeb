import { hashTypedData } from "viem";
import { iBudgetVaultAbi } from "../../chain/abi.ts";
import type { Hex } from "../../core/hex.ts";
import { typedDataOf } from "../../core/signing/typed-data.ts";
import type { PlacedLog } from "../reader/verified-block.ts";
import type { AttestorSetReplay } from "./attestor-set-replay.ts";
import type { EventArgs } from "./audited-event.ts";
import { findCalls } from "./find-calls.ts";
import type { LeaseReplay } from "./lease-replay.ts";
import {
  pendingOf,
  type MilestoneStatus,
  type Plan,
  type ProjectReplay,
  type ReplayedMilestone,
  type ReplayedProject,
} from "./project-replay.ts";
import type { RuleContext } from "./rule-context.ts";

/** A milestone with everything that its rules read. */
export interface Subject {
  readonly project: ReplayedProject;
  readonly index: number;
  readonly milestone: ReplayedMilestone;
  readonly terms: Plan["milestones"][number];
}

/**
 * The one money machine: `pending → proved → paid`, or `pending → reclaimed`; after a part, `proved → pending` with the rest. Each
 * answers what the money does.
 */
export interface MilestoneReplay {
  proved(log: PlacedLog, args: EventArgs<"BudgetVault", "MilestoneProved">): Subject | undefined;
  overturned(log: PlacedLog, args: EventArgs<"BudgetVault", "MilestoneOverturned">): Subject | undefined;
  paid(log: PlacedLog, args: EventArgs<"BudgetVault", "MilestonePaid">): Subject | undefined;
  milestoneReclaimed(log: PlacedLog, args: EventArgs<"BudgetVault", "MilestoneReclaimed">): Subject | undefined;
  projectReclaimed(log: PlacedLog, args: EventArgs<"BudgetVault", "ProjectReclaimed">): ReplayedProject | undefined;
  /** The milestone that this proof proved and that was neither paid nor overturned since. */
  provedBy(proof: Hex): Subject | undefined;
}

export function replayMilestones(
  context: RuleContext,
  projects: ProjectReplay,
  leases: LeaseReplay,
  sets: AttestorSetReplay,
  isLive: (anchor: Hex, time: bigint) => boolean,
): MilestoneReplay {
  /** Where each proof that was accepted belongs. */
  const provedAt = new Map<Hex, Subject>();

  function subjectOf(log: PlacedLog, id: Hex, index: number): Subject | undefined {
    const project = projects.require(log, id);
    if (project === undefined) return undefined;
    const [milestone, terms] = [project.milestones[index], project.plan.milestones[index]];
    if (milestone === undefined || terms === undefined) {
      context.require(false, "treasury-milestone-status", log, "a milestone of the plan", `milestone ${index}`);
      return undefined;
    }
    return { project, index, milestone, terms };
  }

  function requireStatus(log: PlacedLog, { milestone }: Subject, required: MilestoneStatus): void {
    context.requireEqual("treasury-milestone-status", log, "status", required, milestone.status);
  }

  function settle({ project, milestone }: Subject, status: MilestoneStatus): void {
    milestone.status = status;
    const open = project.milestones.some((each) => each.status === "pending" || each.status === "proved");
    if (!open && project.status === "active") project.status = "closed";
  }

  function checkQuorum(log: PlacedLog, args: EventArgs<"BudgetVault", "MilestoneProved">, subject: Subject): void {
    const { project, terms } = subject;
    const { plan } = project;
    // A proof names who signed it: the plan's set, or the successor that proved in its place.
    const signing = sets.proving({ attestorSet: terms.attestorSet, version: terms.attestorSetVersion });
    const place = { chainId: context.chainId, verifyingContract: log.address };
    const digestOf = (deadline: number, amount: bigint): Hex =>
      hashTypedData({
        ...typedDataOf("MilestoneProof", place),
        message: {
          project: project.id,
          planVersion: plan.version,
          milestone: args.milestone,
          payee: plan.payee,
          asset: plan.asset,
          amount,
          evidence: args.evidence,
          attestorSet: signing.attestorSet,
          attestorSetVersion: signing.version,
          deadline,
        },
      });
    const input = context.transaction(log)?.input ?? "0x";
    const calls = [
      ...findCalls(input, iBudgetVaultAbi, "release").map(
        ([claim, attestors, signatures]) => ({ claim, amount: terms.amount, attestors, signatures }) as const,
      ),
      ...findCalls(input, iBudgetVaultAbi, "releasePart").map(
        ([claim, amount, attestors, signatures]) => ({ claim, amount, attestors, signatures }) as const,
      ),
    ].filter(({ claim }) => claim.project === project.id && claim.milestone === args.milestone);
    const proofs = calls.map((each) => ({ ...each, digest: digestOf(each.claim.deadline, each.amount) }));
    const call = proofs.find(
      ({ digest, amount, attestors }) =>
        digest === args.cause && amount === args.amount && attestors === args.attestors,
    );
    if (call === undefined && calls.length > 0) {
      const said = (digest: Hex, amount: bigint, seats: bigint): string =>
        `${digest} of ${amount} by seats ${seats.toString(2)}`;
      const expected = proofs.map(({ digest, amount, attestors }) => said(digest, amount, attestors)).join(" or ");
      const actual = said(args.cause, args.amount, args.attestors);
      context.require(false, "treasury-milestone-quorum", log, `the proof ${expected}`, actual);
    }
    if (call !== undefined) {
      const { deadline } = call.claim;
      const inTime = log.blockTimestamp < BigInt(deadline);
      context.require(inTime, "treasury-milestone-deadline", log, `the proof before ${deadline}`, log.blockTimestamp);
    }
    sets.requireQuorum(log, {
      ...signing,
      digest: args.cause,
      seats: args.attestors,
      signatures: call?.signatures,
    });
  }

  return {
    proved(log, args) {
      const subject = subjectOf(log, args.project, args.milestone);
      if (subject === undefined) return undefined;
      const { project, milestone, terms } = subject;
      requireStatus(log, subject, "pending");
      const lease = leases.decision(log, project);
      const why = lease?.reason ?? "an unknown oracle";
      context.require(lease?.running === true, "treasury-milestone-lease", log, "a running lease", why);
      const inTime = log.blockTimestamp < BigInt(terms.deadline);
      context.require(inTime, "treasury-milestone-deadline", log, `before ${terms.deadline}`, log.blockTimestamp);
      const isPart = args.amount < terms.amount;
      const atOnce = !isPart || terms.challengeWindow === 0;
      context.require(atOnce, "treasury-challenge-window", log, "a proof of the whole milestone", args.amount);
      const rest = milestone.paid < args.amount && args.amount <= terms.amount;
      const range = `more than ${milestone.paid} and at most ${terms.amount}`;
      context.require(rest, "treasury-milestone-quorum", log, range, args.amount);
      checkQuorum(log, args, subject);
      const payableFrom = log.blockTimestamp + BigInt(terms.challengeWindow);
      context.requireEqual("treasury-challenge-window", log, "payable from", payableFrom, BigInt(args.payableFrom));
      milestone.status = "proved";
      milestone.payableFrom = payableFrom;
      milestone.proof = args.cause;
      milestone.due = args.amount;
      provedAt.set(args.cause, subject);
      return subject;
    },
    overturned(log, args) {
      const subject = subjectOf(log, args.project, args.milestone);
      if (subject === undefined) return undefined;
      requireStatus(log, subject, "proved");
      const { payableFrom } = subject.milestone;
      const open = log.blockTimestamp < payableFrom;
      context.require(open, "treasury-challenge-window", log, `overturned before ${payableFrom}`, log.blockTimestamp);
      const { plan } = subject.project;
      const may = args.by === plan.opener || (args.by === plan.anchor && isLive(args.by, log.blockTimestamp));
      context.require(may, "treasury-overturn", log, `${plan.opener}, or ${plan.anchor} while it is live`, args.by);
      context.require(BigInt(args.cause) !== 0n, "treasury-overturn", log, "evidence", "none");
      subject.milestone.status = "pending";
      return subject;
    },
    paid(log, args) {
      const subject = subjectOf(log, args.project, args.milestone);
      if (subject === undefined) return undefined;
      const { project, milestone, terms } = subject;
      const { plan } = project;
      context.require(milestone.status !== "paid", "treasury-single-payment", log, "one payment", "a second one");
      if (milestone.status !== "paid") requireStatus(log, subject, "proved");
      context.requireEqual("treasury-payment", log, "payee", plan.payee, args.payee);
      context.requireEqual("treasury-payment", log, "asset", plan.asset, args.asset);
      context.requireEqual("treasury-payment", log, "amount", milestone.due - milestone.paid, args.amount);
      context.requireEqual("treasury-payment", log, "the proof", milestone.proof, args.cause);
      const { payableFrom } = milestone;
      const open = log.blockTimestamp >= payableFrom;
      context.require(open, "treasury-challenge-window", log, `paid from ${payableFrom} on`, log.blockTimestamp);
      milestone.paid = milestone.due;
      if (milestone.due === terms.amount) settle(subject, "paid");
      else milestone.status = "pending";
      return subject;
    },
    milestoneReclaimed(log, args) {
      const rule = "treasury-reclaim";
      const subject = subjectOf(log, args.project, args.milestone);
      if (subject === undefined) return undefined;
      const { project, milestone, terms } = subject;
      requireStatus(log, subject, "pending");
      context.requireEqual(rule, log, "amount", terms.amount - milestone.paid, args.amount);
      // A project that ended takes back what an overturned proof frees, whatever its deadline.
      const ended = project.status === "reclaimed" || project.status === "cancelled";
      const over = ended || log.blockTimestamp >= BigInt(terms.deadline);
      context.require(over, rule, log, `reclaimed from ${terms.deadline} on`, log.blockTimestamp);
      const named = { attestorSet: terms.attestorSet, version: terms.attestorSetVersion };
      const counts = ended || sets.isReachable(named);
      context.require(counts, rule, log, "a quorum that can be reached", "a deadline that stands still");
      settle(subject, "reclaimed");
      return subject;
    },
    projectReclaimed(log, args) {
      const rule = "treasury-reclaim";
      const project = projects.require(log, args.project);
      if (project === undefined) return undefined;
      context.requireEqual("treasury-project-status", log, "status", "active", project.status);
      const lease = leases.decision(log, project);
      context.require(lease?.running === false, rule, log, "a lapsed lease", lease?.reason ?? "an unknown oracle");
      context.requireEqual(rule, log, "account", project.plan.reclaimTo, args.reclaimTo);
      context.requireEqual(rule, log, "asset", project.plan.asset, args.asset);
      const pending = project.milestones.filter(({ status }) => status === "pending");
      context.requireEqual(rule, log, "amount", pendingOf(project), args.amount);
      for (const milestone of pending) milestone.status = "reclaimed";
      project.status = "reclaimed";
      return project;
    },
    provedBy(proof) {
      const subject = provedAt.get(proof);
      return subject?.milestone.status === "proved" && subject.milestone.proof === proof ? subject : undefined;
    },
  };
}
