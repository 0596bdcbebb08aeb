import { zeroHash } from "viem";
import { describe, expect, it } from "vitest";
import type { Hex } from "../../core/hex.ts";
import { amendmentDigest, newestPlan, planId, type AmendedPlan, type Plan } from "./newest-plan.ts";

const account = (digit: string): Hex => `0x${digit.repeat(40)}`;
const word = (digit: string): Hex => `0x${digit.repeat(64)}`;
const place = { chainId: 31_337, verifyingContract: account("f") };

const first: Plan = {
  version: 1,
  project: zeroHash,
  pool: word("1"),
  reclaimTo: word("1"),
  asset: account("1"),
  payee: account("2"),
  opener: account("3"),
  anchor: account("4"),
  team: word("2"),
  oracle: account("5"),
  scoreDefinition: word("3"),
  leaseReports: 2,
  initialReports: 2,
  maxMissing: 2,
  renewalWindow: 60,
  acceptBy: 1_000,
  salt: word("4"),
  milestones: [
    {
      amount: 5n,
      deadline: 2_000,
      challengeWindow: 0,
      specification: word("5"),
      attestorSet: word("6"),
      attestorSetVersion: 1,
      coSignature: false,
    },
  ],
};
const project = planId(place, first);

function amendment(version: number, changes: Partial<Plan> = {}): AmendedPlan {
  const plan = { ...first, version, project, ...changes };
  return { plan, cause: amendmentDigest(place, plan) };
}

const mismatch = { found: false, reason: "plan-mismatch" };

describe("the plan that runs", () => {
  it("given no amendment, is the one whose digest is the project's id", () => {
    expect(newestPlan(place, project, first, [])).toEqual({ found: true, plan: first });
    expect(newestPlan(place, project, { ...first, maxMissing: 3 }, [])).toEqual(mismatch);
  });

  it("given amendments, is the last one", () => {
    const third = amendment(3, { anchor: account("7"), maxMissing: 4 });
    expect(newestPlan(place, project, first, [amendment(2), third])).toEqual({ found: true, plan: third.plan });
  });

  it.each<[string, readonly AmendedPlan[]]>([
    ["skips a version", [amendment(3)]],
    ["repeats one", [amendment(2), amendment(2)]],
    ["names another project", [amendment(2, { project: word("9") })]],
    ["pays somebody else", [amendment(2, { payee: account("9") })]],
    ["returns the money elsewhere", [amendment(2, { reclaimTo: word("9") })]],
    ["is not what was agreed", [{ ...amendment(2), cause: word("9") }]],
  ])("given an amendment that %s, there is none to trust", (_what, amendments) => {
    expect(newestPlan(place, project, first, amendments)).toEqual(mismatch);
  });
});
