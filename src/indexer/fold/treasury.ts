import type { Plan } from "../../chain/plan/newest-plan.ts";
import type { Hex } from "../../core/hex.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { ChainLog } from "../../chain/follow/block.ts";
import { leaseGrounds } from "../../org/renewal.ts";
import { need, seconds, type Handlers } from "./handler.ts";
import { lineOfSuccession, provingSet } from "./proving-set.ts";
import type { Change, MilestoneProgress, PlanDocument, PoolRow, ProjectRow, Rows } from "./rows.ts";

/** Where no wallet paid, the money came from the pool that the event's cause names. */
const nobody = "0x0000000000000000000000000000000000000000";

/** What a renewal changes of the score. "Missing" in the report after a sudden rise lets it wait on; a gap ends it. */
function scoresAfter(before: ProjectRow, ground: number, report: number, score: bigint) {
  switch (leaseGrounds[ground]) {
    case "value":
      return { score, risenTo: null };
    case "rise":
      return { risenTo: score };
    default:
      return { risenTo: report === before.lastProvedReport + 1 ? before.risenTo : null };
  }
}

function withBalance(pool: PoolRow, asset: Hex, difference: bigint): PoolRow {
  const balance = BigInt(pool.balances[asset] ?? "0") + difference;
  if (balance < 0n) {
    throw new MandateError("FoldImpossible", `a pool's balance of ${asset} becomes ${balance}`, {
      kind: "defect",
      data: { asset, balance, difference },
    });
  }
  return { ...pool, balances: { ...pool.balances, [asset]: balance.toString() } };
}

function poolChange(rows: Rows, id: Hex, asset: Hex, difference: bigint): Change {
  return { entity: "pool", id, row: withBalance(need(rows, "pool", id), asset, difference) };
}

function totalOf(project: ProjectRow): bigint {
  return project.plan.milestones.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
}

/** The project with one milestone changed; an active one is closed with its last milestone. */
function withMilestone(
  project: ProjectRow,
  index: number,
  change: (milestone: MilestoneProgress) => MilestoneProgress,
): ProjectRow {
  const milestones = project.milestones.map((each, place) => (place === index ? change(each) : each));
  const settled = milestones.every(({ status }) => status === "paid" || status === "reclaimed");
  return { ...project, milestones, status: project.status === "active" && settled ? "closed" : project.status };
}

const pending: MilestoneProgress = { status: "pending", proof: null, coSigned: [], paid: "0", payment: null };

/** A plan as it stands in a row: JSON has no whole numbers of the size of amounts. */
function documentOf(plan: Plan): PlanDocument {
  return {
    ...plan,
    milestones: plan.milestones.map((milestone) => ({ ...milestone, amount: milestone.amount.toString() })),
  };
}

/** The project at its end: what is pending goes back, what is proved stays payable. */
function ended(project: ProjectRow, status: "reclaimed" | "cancelled"): ProjectRow {
  const milestones = project.milestones.map((each) =>
    each.status === "pending" ? { ...each, status: "reclaimed" as const } : each,
  );
  return { ...project, status, milestones };
}

/** Id of the attestor set that a milestone's plan names. */
function namedSet(rows: Rows, project: Hex, milestone: number): string | undefined {
  const terms = rows.get("project", project)?.plan.milestones[milestone];
  return terms === undefined ? undefined : `${terms.attestorSet}/${terms.attestorSetVersion}`;
}

/** The sets of which one proves the milestone: its plan's, and who stands behind it. */
function provingRefs(rows: Rows, project: Hex, milestone: number): { entity: "attestorSet"; id: string }[] {
  const named = namedSet(rows, project, milestone);
  const line = named === undefined ? [] : lineOfSuccession((id) => rows.get("attestorSet", id), named);
  return line.map((id) => ({ entity: "attestorSet", id }));
}

interface ProofArgs {
  readonly project: Hex;
  readonly milestone: number;
  readonly evidence: Hex;
  readonly attestors: bigint;
  readonly cause: Hex;
}

function proofOf(rows: Rows, args: ProofArgs, payableFrom: number, log: ChainLog): MilestoneProgress["proof"] {
  const named = namedSet(rows, args.project, args.milestone) ?? "";
  return {
    evidence: args.evidence,
    attestorSet: provingSet((id) => rows.get("attestorSet", id), named),
    attestors: args.attestors.toString(),
    payableFrom,
    digest: args.cause,
    transaction: log.transactionHash,
  };
}

function projectRef(id: string): { entity: "project"; id: string } {
  return { entity: "project", id };
}

/** Pools, projects, milestones and claims of the vault. */
export const treasuryHandlers: Handlers = {
  AssetAllowed: {
    fold: (_rows, { asset, allowed }, log) => [{ entity: "asset", id: asset, row: { vault: log.address, allowed } }],
  },
  PoolOpened: {
    fold: (_rows, { pool, name, steward, anchor }, log) => [
      {
        entity: "pool",
        id: pool,
        row: { vault: log.address, name, steward, anchor, openedAt: seconds(log), closedAt: null, balances: {} },
      },
    ],
  },
  PoolClosed: {
    reads: ({ pool }) => [{ entity: "pool", id: pool }],
    fold: (rows, { pool }, log) => [
      { entity: "pool", id: pool, row: { ...need(rows, "pool", pool), closedAt: seconds(log) } },
    ],
  },
  PoolDeposited: {
    reads: ({ pool }) => [{ entity: "pool", id: pool }],
    fold: (rows, { pool, asset, amount }) => [poolChange(rows, pool, asset, amount)],
  },
  SurplusCredited: {
    reads: ({ pool }) => [{ entity: "pool", id: pool }],
    fold: (rows, { pool, asset, amount }) => [poolChange(rows, pool, asset, amount)],
  },
  PoolWithdrawn: {
    reads: ({ pool }) => [{ entity: "pool", id: pool }],
    fold: (rows, { pool, asset, amount }) => [poolChange(rows, pool, asset, -amount)],
  },
  PoolMoved: {
    reads: ({ from, to }) => [
      { entity: "pool", id: from },
      { entity: "pool", id: to },
    ],
    fold: (rows, { from, to, asset, amount }) =>
      from === to ? [] : [poolChange(rows, from, asset, -amount), poolChange(rows, to, asset, amount)],
  },
  ProjectOpened: {
    fold: (_rows, { project, plan }, log) => {
      const row: ProjectRow = {
        vault: log.address,
        status: "proposed",
        plan: documentOf(plan),
        payeeAccepted: false,
        anchorAccepted: false,
        fundedFrom: null,
        paidThrough: 0,
        lastProvedReport: 0,
        score: null,
        risenTo: null,
        missing: 0,
        milestones: plan.milestones.map(() => pending),
        openedAt: seconds(log),
      };
      return [{ entity: "project", id: project, row }];
    },
  },
  ProjectAccepted: {
    reads: ({ project }) => [projectRef(project)],
    fold: (rows, { project, party }) => {
      const accepted = party === 0 ? { payeeAccepted: true } : { anchorAccepted: true };
      return [{ entity: "project", id: project, row: { ...need(rows, "project", project), ...accepted } }];
    },
  },
  ProjectFunded: {
    reads: ({ project, from, cause }) => [
      projectRef(project),
      ...(from === nobody ? [{ entity: "pool", id: cause } as const] : []),
    ],
    fold: (rows, { project, from, amount, paidThrough, cause }) => {
      const before = need(rows, "project", project);
      if (amount !== totalOf(before)) {
        throw new MandateError(
          "FoldImpossible",
          `project ${project} is funded with ${amount}, its plan sums to ${totalOf(before)}`,
          {
            kind: "defect",
            data: { project, amount, total: totalOf(before) },
          },
        );
      }
      const row: ProjectRow = { ...before, status: "active", paidThrough, fundedFrom: from === nobody ? cause : null };
      return [
        { entity: "project", id: project, row },
        ...(from === nobody ? [poolChange(rows, cause, before.plan.asset, -amount)] : []),
      ];
    },
  },
  LeaseRenewed: {
    reads: ({ project }) => [projectRef(project)],
    fold: (rows, { project, report, paidThrough, ground, score, missing }) => {
      const before = need(rows, "project", project);
      const measured = scoresAfter(before, ground, report, score);
      return [
        {
          entity: "project",
          id: project,
          row: { ...before, ...measured, paidThrough, missing, lastProvedReport: report },
        },
      ];
    },
  },
  // Nothing was proved: what the last proof said of score and report stays.
  LeaseExtended: {
    reads: ({ project }) => [projectRef(project)],
    fold: (rows, { project, paidThrough }) => [
      { entity: "project", id: project, row: { ...need(rows, "project", project), paidThrough } },
    ],
  },
  PaymentCoSigned: {
    reads: ({ project }) => [projectRef(project)],
    fold: (rows, { project, milestone, by, cause }, log) => {
      const added = { by, digest: cause, transaction: log.transactionHash };
      const row = withMilestone(need(rows, "project", project), milestone, (each) => ({
        ...each,
        coSigned: [...each.coSigned, added],
      }));
      return [{ entity: "project", id: project, row }];
    },
  },
  MilestoneProved: {
    reads: ({ project, milestone }, _log, rows) => [projectRef(project), ...provingRefs(rows, project, milestone)],
    fold: (rows, args, log) => {
      const proof = proofOf(rows, args, args.payableFrom, log);
      const row = withMilestone(need(rows, "project", args.project), args.milestone, (each) => ({
        ...each,
        status: "proved",
        proof,
      }));
      return [{ entity: "project", id: args.project, row }];
    },
  },
  MilestoneOverturned: {
    reads: ({ project }) => [projectRef(project)],
    fold: (rows, { project, milestone }) => {
      const row = withMilestone(need(rows, "project", project), milestone, (each) => ({
        ...each,
        status: "pending",
        proof: null,
      }));
      return [{ entity: "project", id: project, row }];
    },
  },
  MilestonePaid: {
    reads: ({ project, milestone, attestors }, _log, rows) => [
      projectRef(project),
      ...(attestors === 0n ? [] : provingRefs(rows, project, milestone)),
    ],
    fold: (rows, args, log) => {
      const { project, milestone, amount, attestors } = args;
      const payment = { outcome: "paid", transaction: log.transactionHash } as const;
      const before = need(rows, "project", project);
      const row = withMilestone(before, milestone, (each) => {
        const paid = (BigInt(each.paid) + amount).toString();
        // After a part it waits for the proof of the rest.
        if (paid !== before.plan.milestones[milestone]?.amount) {
          return { ...each, status: "pending", proof: null, paid, payment };
        }
        const proof = attestors === 0n ? each.proof : proofOf(rows, args, seconds(log), log);
        return { ...each, status: "paid", proof, paid, payment };
      });
      return [{ entity: "project", id: project, row }];
    },
  },
  ClaimCredited: {
    reads: ({ project, payee, asset }) => [projectRef(project), { entity: "claim", id: `${payee}/${asset}` }],
    fold: (rows, { project, milestone, payee, asset, amount }, log) => {
      const payment = { outcome: "claimable", transaction: log.transactionHash } as const;
      const row = withMilestone(need(rows, "project", project), milestone, (each) => ({ ...each, payment }));
      const id = `${payee}/${asset}`;
      const owed = rows.get("claim", id)?.amount ?? 0n;
      return [
        { entity: "project", id: project, row },
        { entity: "claim", id, row: { amount: owed + amount } },
      ];
    },
  },
  MilestoneReclaimed: {
    reads: ({ project }, _log, rows) => {
      const reclaimTo = rows.get("project", project)?.plan.reclaimTo;
      return [projectRef(project), ...(reclaimTo === undefined ? [] : [{ entity: "pool", id: reclaimTo } as const])];
    },
    fold: (rows, { project, milestone, amount }) => {
      const before = need(rows, "project", project);
      return [
        {
          entity: "project",
          id: project,
          row: withMilestone(before, milestone, (each) => ({ ...each, status: "reclaimed" })),
        },
        poolChange(rows, before.plan.reclaimTo, before.plan.asset, amount),
      ];
    },
  },
  ProjectReclaimed: {
    reads: ({ project, reclaimTo }) => [projectRef(project), { entity: "pool", id: reclaimTo }],
    fold: (rows, { project, reclaimTo, asset, amount }) => [
      { entity: "project", id: project, row: ended(need(rows, "project", project), "reclaimed") },
      poolChange(rows, reclaimTo, asset, amount),
    ],
  },
  ProjectAmended: {
    reads: ({ project, plan, added }) => [
      projectRef(project),
      { entity: "pool", id: added > 0n ? plan.pool : plan.reclaimTo },
    ],
    fold: (rows, { project, plan, added, returned }) => {
      const before = need(rows, "project", project);
      const milestones = plan.milestones.map((_, place) => before.milestones[place] ?? pending);
      return [
        { entity: "project", id: project, row: { ...before, plan: documentOf(plan), milestones } },
        added > 0n
          ? poolChange(rows, plan.pool, plan.asset, -added)
          : poolChange(rows, plan.reclaimTo, plan.asset, returned),
      ];
    },
  },
  ProjectCancelled: {
    reads: ({ project, reclaimTo }) => [projectRef(project), { entity: "pool", id: reclaimTo }],
    fold: (rows, { project, reclaimTo, asset, amount }) => [
      { entity: "project", id: project, row: ended(need(rows, "project", project), "cancelled") },
      poolChange(rows, reclaimTo, asset, amount),
    ],
  },
  Claimed: {
    reads: ({ payee, asset }) => [{ entity: "claim", id: `${payee}/${asset}` }],
    fold: (rows, { payee, asset, amount }) => {
      const id = `${payee}/${asset}`;
      return [{ entity: "claim", id, row: { amount: need(rows, "claim", id).amount - amount } }];
    },
  },
  AttestorSetCreated: {
    fold: (_rows, { attestorSet, version, attestors, threshold, owner }, log) => [
      {
        entity: "attestorSet",
        id: `${attestorSet}/${version}`,
        row: { threshold, owner, attestors, revoked: [], activeFrom: seconds(log), successor: null },
      },
    ],
  },
  AttestorSetVersionAdded: {
    reads: ({ attestorSet }) => [{ entity: "attestorSet", id: `${attestorSet}/1` }],
    fold: (rows, { attestorSet, version, attestors, threshold, activeFrom }) => {
      const { owner } = need(rows, "attestorSet", `${attestorSet}/1`);
      return [
        {
          entity: "attestorSet",
          id: `${attestorSet}/${version}`,
          row: { threshold, owner, attestors, revoked: [], activeFrom, successor: null },
        },
      ];
    },
  },
  AttestorSuccessorNamed: {
    reads: ({ attestorSet, version }) => [{ entity: "attestorSet", id: `${attestorSet}/${version}` }],
    fold: (rows, { attestorSet, version, successor, successorVersion }) => {
      const id = `${attestorSet}/${version}`;
      const row = { ...need(rows, "attestorSet", id), successor: `${successor}/${successorVersion}` };
      return [{ entity: "attestorSet", id, row }];
    },
  },
  AttestorRevoked: {
    reads: ({ attestorSet, version }) => [{ entity: "attestorSet", id: `${attestorSet}/${version}` }],
    fold: (rows, { attestorSet, version, seat }) => {
      const id = `${attestorSet}/${version}`;
      const before = need(rows, "attestorSet", id);
      return [{ entity: "attestorSet", id, row: { ...before, revoked: [...before.revoked, Number(seat)] } }];
    },
  },
};
