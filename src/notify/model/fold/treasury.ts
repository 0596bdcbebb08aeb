import { contractKind } from "../../../chain/contract-kind.ts";
import type { Hex } from "../../../core/hex.ts";
import type { Change, Entities, OpenMilestone, State } from "../rows.ts";
import { seconds, type Handlers } from "./handler.ts";

type Project = Entities["project"];

/** A review calendar of which no period was begun: it never trips. */
const calendar = { report: 0, acceptedAt: 0, trippedUntil: 0, reviewed: true } as const;

/** The project changed, or its end: nothing waits where every milestone is settled. */
function projectChange(state: State, id: Hex, change: (project: Project) => Project): readonly Change[] {
  const before = state.get("project", id);
  if (before === undefined) return [];
  const after = change(before);
  const over = after.status !== "proposed" && after.milestones.every(({ status }) => status === "settled");
  return [{ entity: "project", id, row: over ? null : after }];
}

function milestoneChange(
  state: State,
  id: Hex,
  index: number,
  change: (milestone: OpenMilestone) => OpenMilestone,
): readonly Change[] {
  return projectChange(state, id, (project) => ({
    ...project,
    milestones: project.milestones.map((each, place) => (place === index ? change(each) : each)),
  }));
}

const UNPROVED = { status: "pending", payableFrom: 0, provedAt: 0, proof: null } as const;
const NEW_MILESTONE = { ...UNPROVED, paid: "0", coSigned: [] } as const;

/** What is pending of an ended project went back; what is proved stays payable. */
const endedAs =
  (status: "reclaimed" | "cancelled") =>
  (before: Project): Project => ({
    ...before,
    status,
    milestones: before.milestones.map((each) => (each.status === "pending" ? { ...each, status: "settled" } : each)),
  });

/** Projects with their milestones, leases' inputs and claims. */
export const treasuryHandlers: Handlers = {
  ProjectOpened: ({ project, plan }, _state, log) => {
    const { asset, payee, opener, anchor, team, oracle, renewalWindow, acceptBy } = plan;
    const row: Project = {
      vault: log.address,
      status: "proposed",
      asset,
      payee,
      opener,
      anchor,
      team,
      oracle,
      renewalWindow,
      acceptBy,
      openedAt: seconds(log),
      payeeAccepted: false,
      anchorAccepted: false,
      paidThrough: 0,
      milestones: plan.milestones.map(({ amount, deadline, coSignature }) => ({
        amount: amount.toString(),
        deadline,
        coSignature,
        ...NEW_MILESTONE,
      })),
    };
    return [{ entity: "project", id: project, row }];
  },
  ProjectAccepted: ({ project, party }, state) =>
    projectChange(state, project, (before) => ({
      ...before,
      ...(party === 0 ? { payeeAccepted: true } : { anchorAccepted: true }),
    })),
  ProjectFunded: ({ project, paidThrough }, state) =>
    projectChange(state, project, (before) => ({ ...before, status: "active", paidThrough })),
  LeaseRenewed: ({ project, paidThrough }, state) =>
    projectChange(state, project, (before) => ({ ...before, paidThrough })),
  LeaseExtended: ({ project, paidThrough }, state) =>
    projectChange(state, project, (before) => ({ ...before, paidThrough })),
  PaymentCoSigned: ({ project, milestone, cause }, state) =>
    milestoneChange(state, project, milestone, (before) => ({ ...before, coSigned: [...before.coSigned, cause] })),
  MilestoneProved: ({ project, milestone, payableFrom, cause }, state, log) =>
    milestoneChange(state, project, milestone, (before) => ({
      ...before,
      status: "proved",
      payableFrom,
      provedAt: seconds(log),
      proof: cause,
    })),
  MilestoneOverturned: ({ project, milestone }, state) =>
    milestoneChange(state, project, milestone, (before) => ({
      ...before,
      ...UNPROVED,
    })),
  MilestonePaid: ({ project, milestone, amount }, state) =>
    milestoneChange(state, project, milestone, (before) => {
      const paid = (BigInt(before.paid) + amount).toString();
      return paid === before.amount ? { ...before, paid, status: "settled" } : { ...before, ...UNPROVED, paid };
    }),
  ClaimCredited: ({ payee, asset, amount, anchor }, state, log) => {
    const id = `${log.address}/${payee}/${asset}`;
    const owed = BigInt(state.get("claim", id)?.amount ?? "0") + amount;
    const row = { vault: log.address, payee, asset, amount: owed.toString(), since: seconds(log), anchor };
    return [{ entity: "claim", id, row }];
  },
  MilestoneReclaimed: ({ project, milestone }, state) =>
    milestoneChange(state, project, milestone, (before) => ({ ...before, status: "settled" })),
  ProjectReclaimed: ({ project }, state) => projectChange(state, project, endedAs("reclaimed")),
  ProjectAmended: ({ project, plan }, state) =>
    projectChange(state, project, (before) => ({
      ...before,
      anchor: plan.anchor,
      renewalWindow: plan.renewalWindow,
      milestones: plan.milestones.map((terms, place) => ({
        ...(before.milestones[place] ?? NEW_MILESTONE),
        amount: terms.amount.toString(),
        deadline: terms.deadline,
        coSignature: terms.coSignature,
      })),
    })),
  ProjectCancelled: ({ project }, state) => projectChange(state, project, endedAs("cancelled")),
  Claimed: ({ payee, asset, amount }, state, log) => {
    const id = `${log.address}/${payee}/${asset}`;
    const before = state.get("claim", id);
    if (before === undefined) return [];
    const left = BigInt(before.amount) - amount;
    return [{ entity: "claim", id, row: left > 0n ? { ...before, amount: left.toString() } : null }];
  },
  ContractRegistered: ({ account, kind }) =>
    kind === contractKind("ReviewCalendar") ? [{ entity: "oracle", id: account, row: calendar }] : [],
  ReviewPeriodBegan: ({ index, begunAt }, _state, log) => [
    { entity: "oracle", id: log.address, row: { ...calendar, report: index, acceptedAt: begunAt } },
  ],
  ReportAccepted: ({ index, acceptedAt }, state, log) => {
    const trippedUntil = state.get("oracle", log.address)?.trippedUntil ?? 0;
    return [{ entity: "oracle", id: log.address, row: { report: index, acceptedAt, trippedUntil } }];
  },
};
