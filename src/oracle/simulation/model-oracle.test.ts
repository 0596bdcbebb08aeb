import { describe, expect, it } from "vitest";
import type { Hex } from "../../core/hex.ts";
import { nextThreshold } from "../../org/threshold.ts";
import { NoncePair } from "../cosigning/nonce-pair.ts";
import { Session } from "../cosigning/session.ts";
import { packSignatures } from "../submission/decide-submission.ts";
import type { Report } from "../scoring/evaluate-epoch.ts";
import { reportDigest } from "../signing/operator-signer.ts";
import { isSignedInModel, modelGroup, ModelKeys } from "./model-group.ts";
import { ModelOracle, type AggregateRefusal, type SignatureRefusal } from "./model-oracle.ts";
import { ModelSets } from "./model-sets.ts";
import { bodyOf, contractSource, refusalsOf, revertsIn } from "../../../test/support/contract-errors.ts";
import { ModelSignatures } from "./model-signatures.ts";
import { calendar } from "./pace.ts";
import { bounds, place, threshold } from "./scenery.ts";

const operators = [1, 2, 3, 4].map((number): Hex => `0x${number.toString(16).padStart(40, "0")}`);
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

const keys = new ModelKeys(operators);
const rules = {
  calendar,
  digestOf: (each: Report) => reportDigest(place, each),
  isSignature: (signer: Hex, digest: Hex, signature: Hex) => signature === signatures.signReport(signer, digest),
};

function newOracle(sets = new ModelSets({ ...rules, names: operators }), limits = bounds): ModelOracle {
  const isAggregate: ConstructorParameters<typeof ModelOracle>[0]["isAggregate"] = (names, message, signature) =>
    isSignedInModel(keys.setKeys(names).keys, message, signature);
  return new ModelOracle({ ...rules, threshold, bounds: limits, sets, isAggregate });
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
  return oracle.submit({ report: changed, signers, signatures: bytes }, chainSeconds);
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
    const answer = submit(newOracle(undefined, { ...bounds, softStep: 1n }), { scored: 3, surviving: 0 });
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
      newOracle().submit({ report, signers: signers | 16n, signatures: bytes }, opensAt),
      newOracle().submit({ report, signers: two.signers, signatures: two.bytes }, opensAt),
      newOracle().submit({ report, signers, signatures: two.bytes }, opensAt),
      newOracle().submit({ report, signers: 0b1110n, signatures: bytes }, opensAt),
      newOracle().submit({ report, signers, signatures: signed({ ...report, epoch: 2 }).bytes }, opensAt),
    ];
    expect(refusals.map((each) => (each.accepted ? "accepted" : each.reason))).toEqual([
      "UnknownSeat",
      "QuorumNotReached",
      "InvalidSignatureLength",
      "InvalidSignature",
      "InvalidSignature",
    ]);
  });

  it("given a seat that a suspension took, it refuses its signature from the epoch on in which it is vacant", () => {
    const sets = new ModelSets({ ...rules, names: operators });
    const twice = [report, { ...report, leafCount: 4 }] as const;
    const [signature, otherSignature] = twice.map((each) =>
      signatures.signReport(operators[0] ?? "0x", reportDigest(place, each)),
    );
    const [first, other] = twice;
    const evidence = {
      seat: 0,
      report: first,
      other,
      signature: signature ?? "0x",
      otherSignature: otherSignature ?? "0x",
    };
    expect(sets.suspend(evidence, opensAt).accepted).toBe(true);
    expect(submit(newOracle(sets), { epoch: 2 }, opensAt + calendar.epochSeconds).accepted).toBe(true);
    const third = { ...report, epoch: 3, configuration: 2 };
    const closed = opensAt + 2 * calendar.epochSeconds;
    expect(submit(newOracle(sets), third, closed)).toEqual({ accepted: false, reason: "VacantSeat" });
    const others = new Map(
      operators.slice(1).map((each) => [each, signatures.signReport(each, reportDigest(place, third))]),
    );
    const packed = packSignatures(operators, others, 3);
    expect(
      newOracle(sets).submit(
        { report: third, signers: packed?.signers ?? 0n, signatures: packed?.signatures ?? "0x" },
        closed,
      ).accepted,
    ).toBe(true);
  });

  it("accepts a report that a quorum signed together, and refuses what others did, or of another report", () => {
    const signTogether = (each: Report, seats: readonly number[]) => {
      let secrets = 0;
      const group = modelGroup(() => secrets++);
      const pairs = new Map(seats.map((seat) => [seat, new NoncePair(group)]));
      const digest = reportDigest(place, each);
      const signers = [...pairs].map(([seat, pair]) => ({ seat, ...pair.points }));
      const opened = Session.open(
        { kind: "session", epoch: 1, operator: operators[0] ?? "0x", digest, attempt: 0, signers },
        { seats: operators, operators, quorum: 3 },
        keys.setKeys(operators),
        group,
      );
      if (!opened.ok) throw new Error(opened.problem);
      const shares = [...pairs].map(([seat, pair]) =>
        opened.session.share(pair, keys.of(operators[seat] ?? "0x").secret),
      );
      const aggregate = opened.session.combine(shares);
      if (aggregate === undefined) throw new Error("no signature");
      return { report: each, signers: aggregate.signers, aggregate };
    };
    const call = signTogether(report, [0, 1, 3]);
    const invalid = { accepted: false, reason: "InvalidAggregate" };
    expect(newOracle().submit(call, opensAt)).toMatchObject({ accepted: true, epoch: 1 });
    expect(newOracle().submit({ ...call, signers: 0b111n }, opensAt)).toEqual(invalid);
    expect(newOracle().submit({ ...call, report: { ...report, leafCount: 4 } }, opensAt)).toEqual(invalid);
    const few = { ...call, signers: 0b11n };
    expect(newOracle().submit(few, opensAt)).toEqual({ accepted: false, reason: "QuorumNotReached" });
  });

  it("looks for the contract's errors, all of them, in the contract's order", () => {
    const contract = contractSource("HeartbeatOracle");
    const expand = (text: string): string => text.replace(/_check\w+/g, (name) => bodyOf(contract, name));
    const expanded = expand(expand(bodyOf(contract, "submit"))).replace(
      "OperatorSignatures.check",
      bodyOf(contractSource("OperatorSignatures"), "check"),
    );
    expect(revertsIn(expanded)).toContain("QuorumNotReached");
    const ofReport = refusalsOf("model-oracle", "ReportRefusal");
    const ofSignatures = ["InvalidSignatureLength", "InvalidSignature"] satisfies SignatureRefusal[];
    expect([...ofReport, ...ofSignatures]).toEqual(revertsIn(expanded));
    const together = expand(expand(bodyOf(contract, "submitAggregate"))).replace(
      "AggregateSignature.check",
      bodyOf(contractSource("AggregateSignature"), "check"),
    );
    expect([...ofReport, "InvalidAggregate" satisfies AggregateRefusal]).toEqual(revertsIn(together));
  });
});
