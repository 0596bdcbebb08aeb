import { expect, it } from "vitest";
import type { Hex } from "../../core/hex.ts";
import { milestoneSchema } from "../../core/api/projects.ts";
import type { MilestoneProgress, PlanDocument, ProjectRow } from "../fold/rows.ts";
import { nativeAsset } from "./asset-directory.ts";
import { describeProject } from "./describe-project.ts";

const word = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;
const account = (n: number): Hex => `0x${n.toString(16).padStart(40, "0")}`;

const plan: PlanDocument = {
  version: 1,
  project: word(0),
  pool: word(1),
  reclaimTo: word(1),
  asset: nativeAsset,
  payee: account(1),
  opener: account(2),
  anchor: account(3),
  team: word(0),
  oracle: account(4),
  scoreDefinition: word(5),
  leaseReports: 2,
  initialReports: 1,
  maxMissing: 1,
  renewalWindow: 10,
  acceptBy: 9_000,
  salt: word(6),
  milestones: [
    {
      amount: "10",
      deadline: 9_999,
      challengeWindow: 0,
      specification: word(7),
      attestorSet: word(8),
      attestorSetVersion: 1,
      coSignature: true,
    },
  ],
};
const proof = {
  evidence: word(4),
  attestorSet: `${word(8)}/1`,
  attestors: "3",
  payableFrom: 1,
  digest: word(7),
  transaction: word(2),
};
const by = { by: account(3), digest: word(7), transaction: word(9) };

function described(progress: Pick<MilestoneProgress, "status" | "proof" | "coSigned">, oracle = plan.oracle) {
  const project: ProjectRow = {
    vault: account(9),
    status: "active",
    plan: { ...plan, oracle },
    payeeAccepted: true,
    anchorAccepted: true,
    fundedFrom: null,
    paidThrough: 1,
    lastProvedReport: 0,
    score: null,
    risenTo: null,
    missing: 0,
    milestones: [{ ...progress, paid: "4", payment: null }],
    openedAt: 1,
  };
  const answer = describeProject(
    { ...project, id: word(20) },
    {
      at: { number: 1, hash: word(1), timestamp: 100 },
      assets: new Map([[nativeAsset, { address: nativeAsset, symbol: "ETH", decimals: 18, native: true }]]),
      attestorSets: new Map(),
      isReviewed: (oracle) => oracle === account(5),
      latestReports: new Map(),
    },
  );
  return { ...answer, milestone: milestoneSchema.parse(answer.milestones[0]) };
}

it("given a part that was paid, it is paid, and the rest is where the milestone stands", () => {
  expect(described({ status: "pending", proof: null, coSigned: [] })).toMatchObject({
    ...{ total: "10", committed: "6", proved: "0", paid: "4", reclaimed: "0", milestone: { paid: "4", proof: null } },
  });
  expect(described({ status: "proved", proof, coSigned: [] })).toMatchObject({
    committed: "0",
    proved: "6",
    paid: "4",
  });
});

it.each([
  [
    "of the proof that stands",
    { status: "proved", proof, coSigned: [{ ...by, digest: word(6) }, by] },
    { by: account(3), transaction: word(9) },
  ],
  ["of a proof that does not stand", { status: "proved", proof, coSigned: [{ ...by, digest: word(6) }] }, null],
  ["of what is not proved yet", { status: "pending", proof: null, coSigned: [by] }, null],
  ["that nobody gave", { status: "proved", proof, coSigned: [] }, null],
] as const)("given a co-signature %s, the milestone says so", (_what, progress, expected) => {
  expect(described(progress).milestone.coSigned).toEqual(expected);
});

it("says whether reports or people keep a project alive", () => {
  const by = (oracle: Hex) => described({ status: "pending", proof: null, coSigned: [] }, oracle).measuredBy;
  expect([by(account(4)), by(account(5))]).toEqual(["heartbeat", "review"]);
});
