import { describe, expect, it } from "vitest";
import type { Hex } from "../../core/hex.ts";
import { challengeEvidence, evidenceProblem } from "./challenge-evidence.ts";

const challenger: Hex = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const project: Hex = `0x${"aB".repeat(32)}`;
const facts = { challenger, project, epoch: 12 };

describe("the evidence of a challenge", () => {
  it("given the document that its challenger wrote, in any spelling of addresses, nothing stands against it", () => {
    expect(evidenceProblem(challengeEvidence({ ...facts, evidence: { stars: 40 } }), facts)).toBeUndefined();
  });

  it("given a document that somebody else wrote, it says so: its hash was copied", () => {
    const document = challengeEvidence({ ...facts, evidence: {} });
    expect(evidenceProblem(document, { ...facts, challenger: `0x${"1".repeat(40)}` })).toMatch(/written by 0x7099/);
  });

  it("given a document about another project or epoch, it says so", () => {
    const document = challengeEvidence({ ...facts, evidence: {} });
    expect(evidenceProblem(document, { ...facts, project: `0x${"00".repeat(32)}` })).toMatch(
      /about the project 0xabab/,
    );
    expect(evidenceProblem(document, { ...facts, epoch: 11 })).toMatch(/about epoch 12/);
  });

  it("given a document that says none of it, it is none", () => {
    expect(evidenceProblem({ reason: "lockstep" }, facts)).toMatch(/does not say who brings it/);
  });
});
