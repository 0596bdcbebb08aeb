import type { BlockRefAnswer, AssetAnswer } from "../../core/api/primitives.ts";
import type { AttestorSetAnswer, LeaseAnswer, MilestoneAnswer, ProjectAnswer } from "../../core/api/projects.ts";
import type { Hex } from "../../core/hex.ts";
import { decideLease } from "../../org/lease.ts";
import { provingSet } from "../fold/proving-set.ts";
import type { Entities, MilestoneProgress, ProjectRow } from "../fold/rows.ts";
import type { Identified } from "./snapshot.ts";
import { checksummed, placesOf } from "./spelling.ts";

/** What a project's answer is made of, beside its own row. */
export interface ProjectContext {
  readonly at: BlockRefAnswer;
  readonly assets: ReadonlyMap<Hex, AssetAnswer>;
  /** By `set/version`; successors, too. */
  readonly attestorSets: ReadonlyMap<string, Entities["attestorSet"]>;
  /** Whether people review what names this oracle: it is the review calendar. */
  readonly isReviewed: (oracle: Hex) => boolean;
  /** The latest accepted report of each oracle, and the latest period of each review calendar. */
  readonly latestReports: ReadonlyMap<Hex, { readonly index: number; readonly acceptedAt: number }>;
}

/** The attestor set at `id` (`set/version`) in an answer. */
export function describeAttestorSet(id: string, set: Entities["attestorSet"]): AttestorSetAnswer {
  const [name, version] = id.split("/");
  return {
    id: name as Hex,
    version: Number(version),
    threshold: set.threshold,
    owner: checksummed(set.owner),
    seats: set.attestors.map((signer, seat) => ({ seat, signer, revoked: set.revoked.includes(seat) })),
  };
}

function describeLease(project: ProjectRow, context: ProjectContext): LeaseAnswer {
  const { plan, paidThrough } = project;
  const latest = context.latestReports.get(plan.oracle) ?? { index: 0, acceptedAt: 0 };
  const decision = decideLease({
    paidThrough: BigInt(paidThrough),
    renewalWindow: BigInt(plan.renewalWindow),
    latestReport: BigInt(latest.index),
    latestAcceptedAt: BigInt(latest.acceptedAt),
    now: BigInt(context.at.timestamp),
  });
  return {
    paidThrough,
    latest: latest.index,
    running: decision.running,
    reason: decision.reason,
    until: latest.index === paidThrough ? latest.acceptedAt + plan.renewalWindow : null,
    score: project.score?.toString() ?? null,
    risenTo: project.risenTo?.toString() ?? null,
    missing: project.missing,
    maxMissing: plan.maxMissing,
    leaseReports: plan.leaseReports,
    renewalWindowSeconds: plan.renewalWindow,
  };
}

/** A co-signature counts for the very proof that it names. */
function describeCoSignature({ proof, coSigned }: MilestoneProgress): MilestoneAnswer["coSigned"] {
  const found = coSigned.find(({ digest }) => digest === proof?.digest);
  return found === undefined ? null : { by: checksummed(found.by), transaction: found.transaction };
}

function describeMilestone(
  project: ProjectRow,
  index: number,
  progress: MilestoneProgress,
  context: ProjectContext,
): MilestoneAnswer {
  const terms = project.plan.milestones[index];
  if (terms === undefined) throw new RangeError(`a plan without milestone ${index}`);
  // Who signed, once it is proved; who could sign now, before.
  const named = `${terms.attestorSet}/${terms.attestorSetVersion}`;
  const proving = progress.proof?.attestorSet ?? provingSet((id) => context.attestorSets.get(id), named);
  const set = context.attestorSets.get(proving);
  return {
    index,
    status: progress.status,
    amount: terms.amount,
    deadline: terms.deadline,
    challengeWindowSeconds: terms.challengeWindow,
    specification: terms.specification,
    coSignature: terms.coSignature,
    attestorSet: set === undefined ? null : describeAttestorSet(proving, set),
    proof:
      progress.proof === null
        ? null
        : {
            evidence: progress.proof.evidence,
            seats: placesOf(BigInt(progress.proof.attestors)),
            payableFrom: progress.proof.payableFrom,
            transaction: progress.proof.transaction,
          },
    coSigned: describeCoSignature(progress),
    paid: progress.paid,
    payment: progress.payment,
  };
}

/** What is not paid of the milestones that stand at `status`. */
export function amountAt(project: ProjectRow, status: Exclude<MilestoneProgress["status"], "paid">): bigint {
  return project.milestones.reduce(
    (sum, milestone, index) =>
      milestone.status === status
        ? sum + BigInt(project.plan.milestones[index]?.amount ?? 0) - BigInt(milestone.paid)
        : sum,
    0n,
  );
}

/** A project in an answer, with everything that time decides as of `context.at`. Pure. */
export function describeProject(project: Identified<"project">, context: ProjectContext): ProjectAnswer {
  const { plan } = project;
  const asset = context.assets.get(plan.asset);
  if (asset === undefined) throw new RangeError(`asset ${plan.asset} was not described`);
  const isFunded = project.status !== "proposed";
  return {
    id: project.id as Hex,
    vault: checksummed(project.vault),
    status: !isFunded && context.at.timestamp >= plan.acceptBy ? "expired" : project.status,
    planVersion: plan.version,
    asset,
    payee: checksummed(plan.payee),
    opener: checksummed(plan.opener),
    anchor: checksummed(plan.anchor),
    team: plan.team,
    oracle: checksummed(plan.oracle),
    measuredBy: context.isReviewed(plan.oracle) ? "review" : "heartbeat",
    scoreDefinition: plan.scoreDefinition,
    pool: plan.pool,
    reclaimTo: plan.reclaimTo,
    acceptBy: plan.acceptBy,
    payeeAccepted: project.payeeAccepted,
    anchorAccepted: project.anchorAccepted,
    total: plan.milestones.reduce((sum, { amount }) => sum + BigInt(amount), 0n).toString(),
    committed: (isFunded ? amountAt(project, "pending") : 0n).toString(),
    proved: amountAt(project, "proved").toString(),
    paid: project.milestones.reduce((sum, { paid }) => sum + BigInt(paid), 0n).toString(),
    reclaimed: amountAt(project, "reclaimed").toString(),
    lease: isFunded ? describeLease(project, context) : null,
    milestones: project.milestones.map((progress, index) => describeMilestone(project, index, progress, context)),
    openedAt: project.openedAt,
  };
}
