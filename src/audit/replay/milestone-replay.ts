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

/** What was paid, and where its money stood: committed until its proof was accepted by this very event, or proved before. */
export interface PaidSubject extends Subject {
  readonly from: "committed" | "proved";
}

/** What an event says of a proof, and what it says is due by it, cumulative. */
interface AcceptedProof {
  readonly evidence: Hex;
  readonly attestors: bigint;
  readonly cause: Hex;
  readonly due: bigint;
}

/**
 * The one money machine: `pending → proved → paid`, or `pending → reclaimed`; after a part, `proved → pending` with the rest. Each
 * answers what the money does. A payment whose proof did not wait is proved and paid by one event.
 */
export interface MilestoneReplay {
  proved(log: PlacedLog, args: EventArgs<"BudgetVault", "MilestoneProved">): Subject | undefined;
  overturned(log: PlacedLog, args: EventArgs<"BudgetVault", "MilestoneOverturned">): Subject | undefined;
  paid(log: PlacedLog, args: EventArgs<"BudgetVault", "MilestonePaid">): PaidSubject | undefined;
  claimCredited(log: PlacedLog, args: EventArgs<"BudgetVault", "ClaimCredited">): void;
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
  const overturned = new Set<Hex>();

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

  function checkQuorum(log: PlacedLog, proof: AcceptedProof, subject: Subject): void {
    const { project, terms, index } = subject;
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
          milestone: index,
          payee: plan.payee,
          asset: plan.asset,
          amount,
          evidence: proof.evidence,
          attestorSet: signing.attestorSet,
          attestorSetVersion: signing.version,
          deadline,
        },
      });
    const told = context.fromInput(log);
    const input = context.transaction(log)?.input ?? "0x";
    const calls = [
      ...findCalls(input, iBudgetVaultAbi, "release").map(
        ([claim, attestors, signatures]) => ({ claim, amount: terms.amount, attestors, signatures }) as const,
      ),
      ...findCalls(input, iBudgetVaultAbi, "releasePart").map(
        ([claim, amount, attestors, signatures]) => ({ claim, amount, attestors, signatures }) as const,
      ),
    ].filter(({ claim }) => claim.project === project.id && claim.milestone === index);
    const proofs = calls.map((each) => ({ ...each, digest: digestOf(each.claim.deadline, each.amount) }));
    const call = proofs.find(
      ({ digest, amount, attestors }) =>
        digest === proof.cause && amount === proof.due && attestors === proof.attestors,
    );
    if (call === undefined && calls.length > 0) {
      const said = (digest: Hex, amount: bigint, seats: bigint): string =>
        `${digest} of ${amount} by seats ${seats.toString(2)}`;
      const expected = proofs.map(({ digest, amount, attestors }) => said(digest, amount, attestors)).join(" or ");
      const actual = said(proof.cause, proof.due, proof.attestors);
      told.require(false, "treasury-milestone-quorum", log, `the proof ${expected}`, actual);
    }
    if (call !== undefined) {
      const { deadline } = call.claim;
      const inTime = log.blockTimestamp < BigInt(deadline);
      told.require(inTime, "treasury-milestone-deadline", log, `the proof before ${deadline}`, log.blockTimestamp);
    }
    sets.requireQuorum(log, {
      ...signing,
      digest: proof.cause,
      seats: proof.attestors,
      signatures: call?.signatures,
    });
  }

  /** It is proved from here on, and payable when its challenge window is over. */
  function accept(log: PlacedLog, subject: Subject, proof: AcceptedProof): void {
    const { project, milestone, terms } = subject;
    requireStatus(log, subject, "pending");
    const lease = leases.decision(log, project);
    const why = lease?.reason ?? "an unknown oracle";
    context.require(lease?.running === true, "treasury-milestone-lease", log, "a running lease", why);
    const inTime = log.blockTimestamp < BigInt(terms.deadline);
    context.require(inTime, "treasury-milestone-deadline", log, `before ${terms.deadline}`, log.blockTimestamp);
    const stands = !overturned.has(proof.cause);
    context.require(stands, "treasury-overturn", log, "a proof that was not overturned", proof.cause);
    checkQuorum(log, proof, subject);
    milestone.status = "proved";
    milestone.payableFrom = log.blockTimestamp + BigInt(terms.challengeWindow);
    milestone.proof = proof.cause;
    milestone.due = proof.due;
    provedAt.set(proof.cause, subject);
  }

  return {
    proved(log, args) {
      const subject = subjectOf(log, args.project, args.milestone);
      if (subject === undefined) return undefined;
      const { evidence, attestors, cause } = args;
      accept(log, subject, { evidence, attestors, cause, due: subject.terms.amount });
      const { payableFrom } = subject.milestone;
      context.requireEqual("treasury-challenge-window", log, "payable from", payableFrom, BigInt(args.payableFrom));
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
      if (subject.milestone.proof !== undefined) overturned.add(subject.milestone.proof);
      subject.milestone.status = "pending";
      return subject;
    },
    paid(log, args) {
      const subject = subjectOf(log, args.project, args.milestone);
      if (subject === undefined) return undefined;
      const { project, milestone, terms } = subject;
      const { plan } = project;
      const isPaid = milestone.status === "paid";
      context.require(!isPaid, "treasury-single-payment", log, "one payment", "a second one");
      const rest = terms.amount - milestone.paid;
      const inRange = 0n < args.amount && args.amount <= rest;
      context.require(inRange, "treasury-payment", log, `more than nothing and at most ${rest}`, args.amount);
      const { evidence, attestors, cause } = args;
      const from = attestors !== 0n && !isPaid ? "committed" : "proved";
      if (from === "committed") {
        accept(log, subject, { evidence, attestors, cause, due: milestone.paid + args.amount });
      } else if (!isPaid) requireStatus(log, subject, "proved");
      const restated = attestors !== 0n || BigInt(evidence) === 0n;
      context.require(restated, "treasury-payment", log, "no evidence where its proof said it", evidence);
      context.requireEqual("treasury-payment", log, "payee", plan.payee, args.payee);
      context.requireEqual("treasury-payment", log, "asset", plan.asset, args.asset);
      context.requireEqual("treasury-payment", log, "amount", milestone.due - milestone.paid, args.amount);
      context.requireEqual("treasury-payment", log, "the proof", milestone.proof, args.cause);
      const { payableFrom } = milestone;
      const open = log.blockTimestamp >= payableFrom;
      context.require(open, "treasury-challenge-window", log, `paid from ${payableFrom} on`, log.blockTimestamp);
      milestone.paid = milestone.due;
      milestone.payment = { transaction: log.transaction, amount: args.amount };
      if (milestone.due === terms.amount) settle(subject, "paid");
      else milestone.status = "pending";
      return { ...subject, from };
    },
    claimCredited(log, args) {
      const rule = "treasury-claim";
      const subject = subjectOf(log, args.project, args.milestone);
      if (subject === undefined) return;
      const { milestone, project } = subject;
      const { payment } = milestone;
      const follows = payment?.transaction === log.transaction;
      context.require(follows, rule, log, "a payment before it in its transaction", "none that is not a claim yet");
      context.requireEqual(rule, log, "amount", payment?.amount ?? 0n, args.amount);
      context.requireEqual(rule, log, "payee", project.plan.payee, args.payee);
      context.requireEqual(rule, log, "asset", project.plan.asset, args.asset);
      context.requireEqual(rule, log, "the proof", milestone.proof, args.cause);
      milestone.payment = undefined;
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
