import { describe, expect, it } from "vitest";
import type { Hex } from "../../core/hex.ts";
import { decideSubmission, packSignatures, type SubmissionInput } from "./decide-submission.ts";

const ready: SubmissionInput = {
  chainSeconds: 100,
  closesAt: 130,
  isAccepted: false,
  signatures: 3,
  quorum: 3,
  quorumSince: 100,
  position: 0,
  stageSeconds: 5,
  faults: 1,
  aggregate: "none",
};

describe("decideSubmission", () => {
  it.each([
    ["a quorum and the first place", {}, { submit: true, reason: "first-in-order" }],
    ["an accepted report", { isAccepted: true }, { submit: false, reason: "already-accepted" }],
    ["the last second", { chainSeconds: 129 }, { submit: true, reason: "first-in-order" }],
    ["the deadline", { chainSeconds: 130 }, { submit: false, reason: "deadline-passed" }],
    ["one signature too few", { signatures: 2 }, { submit: false, reason: "no-quorum" }],
    [
      "no signature of its own yet",
      { position: undefined, chainSeconds: 129 },
      { submit: false, reason: "not-my-turn" },
    ],
    ["the third place at once", { position: 2 }, { submit: false, reason: "not-my-turn" }],
    ["the third place, a second early", { position: 2, chainSeconds: 109 }, { submit: false, reason: "not-my-turn" }],
    [
      "the third place after two stages",
      { position: 2, chainSeconds: 110 },
      { submit: true, reason: "others-were-silent" },
    ],
    ["a common signature and the first place", { aggregate: "held" }, { submit: true, reason: "first-in-order" }],
    [
      "a common signature that may come, until the last second of the grace",
      { aggregate: "awaited", chainSeconds: 104 },
      { submit: false, reason: "signing-together" },
    ],
    [
      "a common signature that did not come within a stage",
      { aggregate: "awaited", chainSeconds: 105 },
      { submit: true, reason: "first-in-order" },
    ],
    [
      "the second place while the first may have the common signature, a second early",
      { aggregate: "held", position: 1, chainSeconds: 109 },
      { submit: false, reason: "not-my-turn" },
    ],
    [
      "the second place a stage later than without one",
      { aggregate: "held", position: 1, chainSeconds: 110 },
      { submit: true, reason: "others-were-silent" },
    ],
    [
      "as many stages left as silent ones, the honest one and the grace need",
      { aggregate: "awaited", closesAt: 115 },
      { submit: false, reason: "signing-together" },
    ],
    ["a second less than that", { aggregate: "awaited", closesAt: 114 }, { submit: true, reason: "first-in-order" }],
    [
      "a second less than that, for the second place",
      { aggregate: "awaited", closesAt: 114, position: 1, chainSeconds: 105 },
      { submit: true, reason: "others-were-silent" },
    ],
  ] as const)("given %s, it decides", (_, changes, expected) => {
    expect(decideSubmission({ ...ready, ...changes })).toEqual(expected);
  });
});

describe("packSignatures", () => {
  const operators: Hex[] = [1, 2, 3, 4].map((index): Hex => `0x${String(index).repeat(40)}`);
  const signature = (index: number): Hex => `0x${String(index).repeat(128)}`;
  const signatures = (...seats: readonly number[]): Map<Hex, Hex> =>
    new Map(seats.map((seat) => [operators[seat] ?? "0x", signature(seat + 1)]));

  it("given signatures in any order, it packs them by ascending seat", () => {
    expect(packSignatures(operators, signatures(3, 0, 2), 3)).toEqual({
      signers: 0b1101n,
      signatures: `0x${"1".repeat(128)}${"3".repeat(128)}${"4".repeat(128)}`,
    });
  });

  it("given more than a quorum, it packs a quorum of the lowest seats", () => {
    expect(packSignatures(operators, signatures(0, 1, 2, 3), 3)).toMatchObject({ signers: 0b111n });
  });

  it("given less than a quorum, or strangers, it packs nothing", () => {
    expect(packSignatures(operators, signatures(0, 1), 3)).toBeUndefined();
    const strangers = new Map<Hex, Hex>([[`0x${"9".repeat(40)}`, signature(9)]]);
    expect(packSignatures(operators, new Map([...signatures(0, 1), ...strangers]), 3)).toBeUndefined();
  });
});
