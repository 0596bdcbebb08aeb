import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Hex } from "../../core/hex.ts";
import { nextThreshold } from "../../org/threshold.ts";
import { packSignatures } from "../submission/decide-submission.ts";
import type { Report } from "../scoring/evaluate-epoch.ts";
import { reportDigest } from "../signing/operator-signer.ts";
import { ModelOracle } from "./model-oracle.ts";
import { ModelSignatures } from "./model-signatures.ts";
import type { OperatorSet } from "../epochs/oracle-chain.ts";
import { calendar } from "./pace.ts";
import { bounds, place, threshold } from "./scenery.ts";

const operators = [1, 2, 3, 4].map((number): Hex => `0x${number.toString(16).padStart(40, "0")}`);
const set = { configuration: 1, faults: 1, quorum: 3, operators, seats: operators, names: operators };
const signatures = new ModelSignatures(() => undefined);
const opensAt = calendar.genesis + calendar.epochSeconds;

const noRoot: Hex = `0x${"0".repeat(64)}`;

const report: Report = {
  configuration: 1,
  epoch: 1,
  root: `0x${"ab".repeat(32)}`,
  threshold: threshold.initial,
  leafCount: 3,
  scored: 2,
  surviving: 1,
  manifest: `0x${"cd".repeat(32)}`,
};

function newOracle(changes: Partial<OperatorSet> = {}, limits = bounds): ModelOracle {
  return new ModelOracle({
    calendar,
    threshold,
    bounds: limits,
    set: { ...set, ...changes },
    digestOf: (each) => reportDigest(place, each),
    isSignature: (operator, digest, signature) => signature === signatures.signReport(operator, digest),
  });
}

function signed(each: Report, count = 3): { signers: bigint; bytes: Hex } {
  const digest = reportDigest(place, each);
  const by = new Map(operators.slice(0, count).map((one) => [one, signatures.signReport(one, digest)]));
  const packed = packSignatures(operators, by, count);
  if (packed === undefined) throw new Error("too few signatures");
  return { signers: packed.signers, bytes: packed.signatures };
}

function submit(oracle: ModelOracle, changes: Partial<Report> = {}, chainSeconds = opensAt) {
  const changed = { ...report, ...changes };
  const { signers, bytes } = signed(changed);
  return oracle.submit(changed, signers, bytes, chainSeconds);
}

describe("the model of the oracle", () => {
  it("accepts a report with a quorum, and moves τ as the contract does", () => {
    const oracle = newOracle();
    expect(submit(oracle)).toEqual({ accepted: true, epoch: 1, digest: reportDigest(place, report), trips: false });
    expect(oracle.lastEpoch).toBe(1);
    expect(oracle.threshold).toBe(nextThreshold(threshold, threshold.initial, { scored: 2n, surviving: 1n }));
  });

  it.each([
    ["a quarter of its leaves is gone", 30, false],
    ["more than a quarter, and more than ten, are gone", 29, true],
  ])("given a report in which %s, it accepts it, and trips: %s", (_, leafCount, trips) => {
    const oracle = newOracle();
    const none = { scored: 0, surviving: 0 };
    submit(oracle, { leafCount: 40, ...none });
    const second = { epoch: 2, leafCount, ...none };
    expect(submit(oracle, second, opensAt + calendar.epochSeconds)).toMatchObject({ accepted: true, trips });
  });

  it("given a report that moves τ further than the soft step, it accepts it and trips", () => {
    const answer = submit(newOracle({}, { ...bounds, softStep: 1n }), { scored: 3, surviving: 0 });
    expect(answer).toMatchObject({ accepted: true, trips: true });
  });

  it("accepts one report an epoch, and none of an earlier one", () => {
    const oracle = newOracle();
    expect(submit(oracle, { epoch: 2 }, opensAt + calendar.epochSeconds).accepted).toBe(true);
    for (const epoch of [1, 2]) {
      expect(submit(oracle, { epoch, root: `0x${"ee".repeat(32)}` })).toEqual({
        accepted: false,
        reason: "EpochNotNewer",
      });
    }
  });

  it.each([
    [opensAt - 1, false],
    [opensAt, true],
    [opensAt + calendar.reportDeadlineSeconds - 1, true],
    [opensAt + calendar.reportDeadlineSeconds, false],
  ])("at %i seconds its window is open: %s", (seconds, isOpen) => {
    const answer = submit(newOracle(), {}, seconds);
    expect(answer.accepted || answer.reason).toBe(isOpen || "OutsideWindow");
  });

  it.each([
    ["WrongThreshold", "another τ", { threshold: threshold.initial + 1n }],
    ["InvalidCounters", "more scored than leaves", { scored: 4 }],
    ["InvalidCounters", "more surviving than scored", { surviving: 3 }],
    ["EmptyRoot", "leaves without a root", { root: noRoot }],
    ["WrongConfiguration", "another set", { configuration: 2 }],
  ])("refuses with %s: %s", (reason, _, changes) => {
    expect(submit(newOracle(), changes)).toEqual({ accepted: false, reason });
  });

  it("refuses seats that are not in the set, too few of them, and bytes that are not theirs", () => {
    const { signers, bytes } = signed(report);
    const two = signed(report, 2);
    const refusals = [
      newOracle().submit(report, signers | 16n, bytes, opensAt),
      newOracle().submit(report, two.signers, two.bytes, opensAt),
      newOracle().submit(report, signers, two.bytes, opensAt),
      newOracle().submit(report, 0b1110n, bytes, opensAt),
      newOracle({ operators: operators.slice(1) }).submit(report, signers, bytes, opensAt),
      newOracle().submit(report, signers, signed({ ...report, epoch: 2 }).bytes, opensAt),
    ];
    expect(refusals.map((each) => (each.accepted ? "accepted" : each.reason))).toEqual([
      "UnknownSeat",
      "QuorumNotReached",
      "InvalidSignatureLength",
      "InvalidSignature",
      "VacantSeat",
      "InvalidSignature",
    ]);
  });

  it("looks for the contract's errors, all of them, in the contract's order", () => {
    const read = (name: string): string =>
      readFileSync(new URL(`../../../contracts/oracle/${name}.sol`, import.meta.url), "utf8");
    const contract = read("HeartbeatOracle");
    const bodyOf = (source: string, name: string): string => {
      const from = source.indexOf(" {\n", source.indexOf(`function ${name}(`));
      return source.slice(from, source.indexOf("\n    }\n", from));
    };
    const steps = bodyOf(contract, "submit").split("// Effect")[0] ?? "";
    const expand = (text: string): string => text.replace(/_check\w+/g, (name) => bodyOf(contract, name));
    const expanded = expand(expand(steps)).replace(
      "OperatorSignatures.check",
      bodyOf(read("OperatorSignatures"), "check"),
    );
    const inContract = [...expanded.matchAll(/revert (?:HeartbeatOracle|IHeartbeatOracle\.HeartbeatOracle)(\w+)/g)];
    const model = readFileSync(new URL("./model-oracle.ts", import.meta.url), "utf8");
    const names = (found: readonly RegExpMatchArray[]) => [...new Set(found.map(([, name]) => name))];
    expect(names(inContract)).toContain("QuorumNotReached");
    expect(names([...model.matchAll(/\| "(\w+)"/g)])).toEqual(names(inContract));
  });

  describe("of two reports that one operator signed", () => {
    const other = { ...report, root: `0x${"ef".repeat(32)}` } as const;
    const signatureOf = (operator: Hex | undefined, each: Report): Hex =>
      signatures.signReport(operator ?? "0x", reportDigest(place, each));
    const evidence = {
      operator: operators[1] ?? "0x",
      seat: 1,
      report,
      signature: signatureOf(operators[1], report),
      other,
      otherSignature: signatureOf(operators[1], other),
    };
    const later = { ...other, epoch: 2 };
    const foreign = { ...other, configuration: 2 };

    it("takes them, in either order", () => {
      const { report: first, signature, other: second, otherSignature } = evidence;
      const turned = { report: second, signature: otherSignature, other: first, otherSignature: signature };
      expect(newOracle().provesDoubleSigning(evidence)).toBe(true);
      expect(newOracle().provesDoubleSigning({ ...evidence, ...turned })).toBe(true);
    });

    it.each([
      ["one report twice", { other: report, otherSignature: evidence.signature }],
      ["two epochs", { other: later, otherSignature: signatureOf(operators[1], later) }],
      ["another set", { other: foreign, otherSignature: signatureOf(operators[1], foreign) }],
      ["another operator's signature", { otherSignature: signatureOf(operators[2], other) }],
      ["another seat", { seat: 2 }],
      ["a seat that the set does not have", { seat: 4 }],
    ])("refuses %s", (_, changes) => {
      expect(newOracle().provesDoubleSigning({ ...evidence, ...changes })).toBe(false);
    });

    it("refuses what was signed for a vacant seat", () => {
      expect(newOracle({ operators: operators.slice(2) }).provesDoubleSigning(evidence)).toBe(false);
    });
  });
});
