import { readFileSync } from "node:fs";

import { hashTypedData } from "viem";
import { describe, expect, it } from "vitest";
import { z } from "zod";

import { typedDataOf } from "./typed-data.ts";

const hex = z.custom<`0x${string}`>((value) => typeof value === "string" && /^0x[0-9a-fA-F]*$/.test(value));

const milestone = z.object({
  amount: z.string().transform(BigInt),
  deadline: z.number(),
  challengeWindow: z.number(),
  specification: hex,
  attestorSet: hex,
  attestorSetVersion: z.number(),
  coSignature: z.boolean(),
});

const plan = z.object({
  version: z.number(),
  project: hex,
  pool: hex,
  reclaimTo: hex,
  asset: hex,
  payee: hex,
  opener: hex,
  anchor: hex,
  team: hex,
  oracle: hex,
  scoreDefinition: hex,
  leaseReports: z.number(),
  initialReports: z.number(),
  maxMissing: z.number(),
  renewalWindow: z.number(),
  acceptBy: z.number(),
  salt: hex,
  milestones: z.array(milestone),
});

const { cases } = z
  .object({
    cases: z.array(
      z.object({
        name: z.string(),
        chainId: z.number(),
        vault: hex,
        plan,
        project: hex,
        payeeAcceptance: hex,
        anchorAcceptance: hex,
        claim: z.object({ project: hex, milestone: z.number(), evidence: hex, deadline: z.number() }),
        proof: hex,
        cancellation: z.object({ returned: z.string().transform(BigInt), deadline: z.number(), digest: hex }),
        amendment: z.object({ plan, planHash: hex, digest: hex }),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL("../../../test/vectors/plan.json", import.meta.url), "utf8")));

describe("signed types of the vault, by viem", () => {
  for (const each of cases) {
    const place = { chainId: each.chainId, verifyingContract: each.vault };
    const { payee, anchor, asset, milestones } = each.plan;
    const total = milestones.reduce((sum, { amount }) => sum + amount, 0n);
    const acceptance = { project: each.project, planVersion: each.plan.version, asset, total };

    it(`given ${each.name}, a plan's digest is the project's id`, () => {
      expect(hashTypedData({ ...typedDataOf("Plan", place), message: each.plan })).toBe(each.project);
    });

    it(`given ${each.name}, payee and anchor accept by the digests of the vector`, () => {
      const byPayee = { ...typedDataOf("PayeeAcceptance", place), message: { ...acceptance, payee } };
      const byAnchor = { ...typedDataOf("AnchorAcceptance", place), message: { ...acceptance, anchor } };
      expect(hashTypedData(byPayee)).toBe(each.payeeAcceptance);
      expect(hashTypedData(byAnchor)).toBe(each.anchorAcceptance);
    });

    it(`given ${each.name}, both sides cancel it by the digest of the vector`, () => {
      const { returned, deadline, digest } = each.cancellation;
      const message = {
        project: each.project,
        planVersion: each.plan.version,
        payee,
        anchor,
        asset,
        returned,
        deadline,
      };
      expect(hashTypedData({ ...typedDataOf("Cancellation", place), message })).toBe(digest);
    });

    it(`given ${each.name}, both sides amend it by the digest of the vector`, () => {
      const { plan: amended, planHash, digest } = each.amendment;
      expect(hashTypedData({ ...typedDataOf("Plan", place), message: amended })).toBe(planHash);
      const message = {
        project: each.project,
        planVersion: amended.version,
        planHash,
        payee: amended.payee,
        anchor: amended.anchor,
        asset,
        total: amended.milestones.reduce((sum, { amount }) => sum + amount, 0n),
      };
      expect(hashTypedData({ ...typedDataOf("Amendment", place), message })).toBe(digest);
    });

    it(`given ${each.name}, attestors sign the digest of the vector`, () => {
      const proved = milestones[each.claim.milestone];
      if (proved === undefined) throw new Error("the vector names a milestone that its plan lacks");
      const { amount, attestorSet, attestorSetVersion } = proved;
      const message = {
        ...each.claim,
        planVersion: each.plan.version,
        payee,
        asset,
        amount,
        attestorSet,
        attestorSetVersion,
      };
      expect(hashTypedData({ ...typedDataOf("MilestoneProof", place), message })).toBe(each.proof);
    });
  }
});
