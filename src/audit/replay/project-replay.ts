import { hashTypedData } from "viem";
import { iBudgetVaultAbi } from "../../chain/abi.ts";
import type { Hex } from "../../core/hex.ts";
import { typedDataOf } from "../../core/signing/typed-data.ts";
import type { PlacedLog } from "../reader/verified-block.ts";
import type { EventArgs } from "./audited-event.ts";
import { findCalls } from "./find-calls.ts";
import type { RuleContext } from "./rule-context.ts";

export type Plan = EventArgs<"BudgetVault", "ProjectOpened">["plan"];

export type ProjectStatus = "proposed" | "active" | "closed" | "reclaimed" | "cancelled";
export type MilestoneStatus = "pending" | "proved" | "paid" | "reclaimed";

export interface ReplayedMilestone {
  status: MilestoneStatus;
  payableFrom: bigint;
  /** Digest of the proof that made it proved. */
  proof: Hex | undefined;
  /** What is due by that proof, cumulative. */
  due: bigint;
  /** What was paid so far. */
  paid: bigint;
  /** The last payment, until it is known to have become a claim. */
  payment?: { readonly transaction: Hex; readonly amount: bigint } | undefined;
}

/** A project as replayed; written by the rules in their turn. */
export interface ReplayedProject {
  readonly id: Hex;
  /** The version that runs. */
  plan: Plan;
  /** Of the plan that opened it, which is what it is accepted and funded with. */
  readonly total: bigint;
  readonly milestones: ReplayedMilestone[];
  status: ProjectStatus;
  payeeAccepted: boolean;
  anchorAccepted: boolean;
  paidThrough: number;
  lastProvedReport: number;
  missing: number;
  score: bigint;
  /** Whether the last value that was proved is in quarantine. */
  isRising: boolean;
}

/** What is committed to a project: the sum of its pending milestones, without the parts of them that were paid. */
export function pendingOf({ plan, milestones }: ReplayedProject): bigint {
  return plan.milestones.reduce((sum, { amount }, index) => {
    const milestone = milestones[index];
    return milestone?.status === "pending" ? sum + amount - milestone.paid : sum;
  }, 0n);
}

const newMilestone = (): ReplayedMilestone => ({
  status: "pending",
  payableFrom: 0n,
  proof: undefined,
  due: 0n,
  paid: 0n,
});

/** Puts `plan` in the place of the one that ran; milestones that it appends are pending. */
export function amend(project: ReplayedProject, plan: Plan): void {
  project.plan = plan;
  while (project.milestones.length < plan.milestones.length) project.milestones.push(newMilestone());
}

/** Numbers of `IBudgetVault.Party`. */
const PAYEE = 0;

/** The history of a vault's plans up to their funding. */
export interface ProjectReplay {
  opened(log: PlacedLog, args: EventArgs<"BudgetVault", "ProjectOpened">): void;
  accepted(log: PlacedLog, args: EventArgs<"BudgetVault", "ProjectAccepted">): void;
  funded(log: PlacedLog, args: EventArgs<"BudgetVault", "ProjectFunded">): void;
  /** The project, or undefined where none was opened. */
  find(project: Hex): ReplayedProject | undefined;
  all(): readonly ReplayedProject[];
  /** The project, or undefined with a finding. */
  require(log: PlacedLog, project: Hex): ReplayedProject | undefined;
}

export interface ProjectWorld {
  isLive(anchor: Hex, time: bigint): boolean;
  /** Index of the latest report that `oracle` accepted so far; undefined where the auditor does not know it. */
  latestReport(oracle: Hex): number | undefined;
}

export function replayProjects(context: RuleContext, world: ProjectWorld): ProjectReplay {
  const projects = new Map<Hex, ReplayedProject>();

  function requireProject(log: PlacedLog, id: Hex): ReplayedProject | undefined {
    const project = projects.get(id);
    context.require(project !== undefined, "treasury-project-status", log, "a project that was opened", id);
    return project;
  }

  function requireLive(log: PlacedLog, anchor: Hex): void {
    context.require(world.isLive(anchor, log.blockTimestamp), "treasury-anchor-not-live", log, "a live anchor", anchor);
  }

  function checkAcceptance(log: PlacedLog, project: ReplayedProject, isPayee: boolean, cause: Hex): void {
    const rule = "treasury-acceptance";
    const { plan, total } = project;
    const place = { chainId: context.chainId, verifyingContract: log.address };
    const common = { project: project.id, planVersion: plan.version, asset: plan.asset, total };
    const digest = isPayee
      ? hashTypedData({ ...typedDataOf("PayeeAcceptance", place), message: { ...common, payee: plan.payee } })
      : hashTypedData({ ...typedDataOf("AnchorAcceptance", place), message: { ...common, anchor: plan.anchor } });
    context.requireEqual(rule, log, "the accepted digest", digest, cause);
    const signer = isPayee ? plan.payee : plan.anchor;
    const transaction = context.transaction(log);
    const call = findCalls(transaction?.input ?? "0x", iBudgetVaultAbi, "acceptProject").find(
      ([id, party]) => id === project.id && (party === PAYEE) === isPayee,
    );
    if (call === undefined) {
      context.unchecked(rule, log, "the acceptance does not stand in the transaction's input");
    } else if (transaction?.to === log.address && transaction.from === signer) {
      context.claimSender({ rule, log, sender: signer, transaction });
    } else {
      context.fromInput(log).claimSignature({ rule, log, signer, digest, signature: call[2] });
    }
  }

  return {
    find: (id) => projects.get(id),
    all: () => [...projects.values()],
    require: requireProject,
    opened(log, { project: id, payee, plan }) {
      const place = { chainId: context.chainId, verifyingContract: log.address };
      const digest = hashTypedData({ ...typedDataOf("Plan", place), message: plan });
      context.requireEqual("treasury-plan-id", log, "project", digest, id);
      context.requireEqual("treasury-plan-id", log, "payee", plan.payee, payee);
      context.require(!projects.has(id), "treasury-project-status", log, "a new project", id);
      requireLive(log, plan.anchor);
      projects.set(id, {
        id,
        plan,
        total: plan.milestones.reduce((sum, { amount }) => sum + amount, 0n),
        milestones: plan.milestones.map(newMilestone),
        status: "proposed",
        payeeAccepted: false,
        anchorAccepted: false,
        paidThrough: 0,
        lastProvedReport: 0,
        missing: 0,
        score: 0n,
        isRising: false,
      });
    },
    accepted(log, { project: id, party, cause }) {
      const project = requireProject(log, id);
      if (project === undefined) return;
      const isPayee = party === PAYEE;
      const inTime = log.blockTimestamp < BigInt(project.plan.acceptBy);
      context.requireEqual("treasury-project-status", log, "status", "proposed", project.status);
      context.require(inTime, "treasury-acceptance", log, `before ${project.plan.acceptBy}`, log.blockTimestamp);
      const twice = isPayee ? project.payeeAccepted : project.anchorAccepted;
      context.require(!twice, "treasury-acceptance", log, "one acceptance of each party", "a second one");
      if (!isPayee) requireLive(log, project.plan.anchor);
      checkAcceptance(log, project, isPayee, cause);
      if (isPayee) project.payeeAccepted = true;
      else project.anchorAccepted = true;
    },
    funded(log, { project: id, amount, paidThrough }) {
      const project = requireProject(log, id);
      if (project === undefined) return;
      const rule = "treasury-funding";
      const { plan } = project;
      const both = project.payeeAccepted && project.anchorAccepted;
      context.requireEqual("treasury-project-status", log, "status", "proposed", project.status);
      context.require(both, rule, log, "accepted by payee and anchor", "not by both");
      const inTime = log.blockTimestamp < BigInt(plan.acceptBy);
      context.require(inTime, rule, log, `before ${plan.acceptBy}`, log.blockTimestamp);
      context.requireEqual(rule, log, "amount", project.total, amount);
      requireLive(log, plan.anchor);
      const latest = world.latestReport(plan.oracle);
      if (latest === undefined) context.unchecked(rule, log, `the oracle ${plan.oracle} is not in the registry`);
      else context.requireEqual(rule, log, "paid through", latest + plan.initialReports, paidThrough);
      project.status = "active";
      project.paidThrough = paidThrough;
    },
  };
}
