import { describe, expect, it } from "vitest";
import { bodyOf, contractSource, refusalsOf, revertsIn } from "../../../test/support/contract-errors.ts";
import type { Hex } from "../../core/hex.ts";
import { EVIDENCE_EPOCHS } from "../../org/quorum.ts";
import type { Report } from "../scoring/evaluate-epoch.ts";
import { reportDigest } from "../signing/operator-signer.ts";
import { ModelSets, type SuspensionCall } from "./model-sets.ts";
import { ModelSignatures } from "./model-signatures.ts";
import { calendar } from "./pace.ts";
import { place } from "./scenery.ts";

const names = [1, 2, 3, 4].map((number): Hex => `0x${number.toString(16).padStart(40, "0")}`);
const [first = "0x", second = "0x", third = "0x", fourth = "0x"] = names;
const signatures = new ModelSignatures(() => undefined);
const digestOf = (report: Report): Hex => reportDigest(place, report);

const report: Report = {
  ...{ configuration: 1, epoch: 1, threshold: 5n, leafCount: 3, scored: 2, surviving: 1 },
  root: `0x${"ab".repeat(32)}`,
  manifest: `0x${"cd".repeat(32)}`,
};
const other: Report = { ...report, root: `0x${"ef".repeat(32)}` };
/** When the second epoch runs, and the first one's report is due. */
const whenDue = calendar.epochSeconds;

function newSets(): ModelSets {
  return new ModelSets({
    ...{ calendar, names, digestOf },
    isSignature: (signer, digest, signature) => signature === signatures.signReport(signer, digest),
  });
}

/** Two reports that `signer`, in a seat, signed. */
function evidence(seat: number, changes: Partial<Report> = {}, signer = names[seat] ?? "0x"): SuspensionCall {
  const [one, two] = [
    { ...report, ...changes },
    { ...other, ...changes },
  ];
  const [signature, otherSignature] = [
    signatures.signReport(signer, digestOf(one)),
    signatures.signReport(signer, digestOf(two)),
  ];
  return { seat, report: one, other: two, signature, otherSignature };
}

describe("the model of operator sets", () => {
  it("has a seat for everybody from the first epoch on, and no set before", () => {
    const all = { operators: names, seats: names, names };
    expect(newSets().find(1)).toEqual({ configuration: 1, faults: 1, quorum: 3, ...all });
    expect(() => newSets().find(0)).toThrow(RangeError);
  });

  it("given two reports of one epoch, it takes their signer's seat from the next epoch on; quorum and faults stay", () => {
    const sets = newSets();
    const before = sets.find(1);
    expect(sets.suspend(evidence(1), whenDue)).toEqual({ accepted: true, name: second, signer: second, epoch: 1 });
    expect(sets.find(2)).toBe(before);
    expect(sets.find(3)).toEqual({ ...before, configuration: 2, operators: [first, third, fourth] });
    expect(sets.find(3, 1)).toBe(before); // as the chain answered before
    expect(sets.out).toEqual([second]);
  });

  it("given two that lose their seats in one epoch, and one in the next, each epoch's set has what was taken before it", () => {
    const sets = newSets();
    sets.suspend(evidence(0), whenDue);
    sets.suspend(evidence(1), whenDue + 1);
    expect(sets.find(2).operators).toEqual(names);
    expect(sets.find(3)).toMatchObject({ configuration: 3, operators: [third, fourth] });
    const later = evidence(2, { epoch: 3, configuration: 3 });
    expect(sets.suspend(later, 3 * whenDue).accepted).toBe(true);
    expect(sets.find(4).operators).toEqual([third, fourth]);
    expect(sets.find(5).operators).toEqual([fourth]);
    expect(sets.find(2).configuration).toBe(1);
  });

  it.each<[string, string, SuspensionCall, number]>([
    ["one report twice", "NoContradiction", { ...evidence(1), other: report }, whenDue],
    ["two epochs", "NoContradiction", { ...evidence(1), other: { ...other, epoch: 2 } }, whenDue],
    ["two sets", "NoContradiction", { ...evidence(1), other: { ...other, configuration: 2 } }, whenDue],
    ["an epoch that has not begun", "EvidenceOutOfTime", evidence(1, { epoch: 3 }), whenDue],
    ["an epoch of long ago", "EvidenceOutOfTime", evidence(1), (EVIDENCE_EPOCHS + 1) * whenDue],
    ["another set than the epoch's", "WrongConfiguration", evidence(1, { configuration: 2 }), whenDue],
    ["a seat that the set does not have", "UnknownSeat", evidence(4), whenDue],
    ["a signature that is too short", "InvalidSignatureLength", { ...evidence(1), otherSignature: "0x00" }, whenDue],
    ["another operator's signature", "InvalidSignature", evidence(1, {}, third), whenDue],
  ])("refuses %s with %s", (_, reason, call, chainSeconds) => {
    const sets = newSets();
    expect(sets.suspend(call, chainSeconds)).toEqual({ accepted: false, reason });
    expect([sets.newest, sets.out]).toEqual([1, []]);
  });

  it("given evidence of the epoch that runs, or in its last epoch, it takes it", () => {
    for (const chainSeconds of [0, (EVIDENCE_EPOCHS + 1) * whenDue - 1]) {
      expect(newSets().suspend(evidence(1), chainSeconds).accepted).toBe(true);
    }
  });

  it("refuses a second suspension for what was signed before the first one, and what was signed for a vacant seat", () => {
    const sets = newSets();
    sets.suspend(evidence(1), whenDue);
    for (const epoch of [1, 2]) {
      expect(sets.suspend(evidence(1, { epoch }), whenDue)).toEqual({ accepted: false, reason: "SuspendedAlready" });
    }
    const vacant = evidence(1, { epoch: 3, configuration: 2 });
    expect(sets.suspend(vacant, 2 * whenDue)).toEqual({ accepted: false, reason: "VacantSeat" });
  });

  it("given an office that reinstates, everybody has a seat again from the next epoch on, and old evidence is none", () => {
    const sets = newSets();
    expect(sets.reinstateAll(whenDue)).toEqual([]);
    sets.suspend(evidence(1), whenDue);
    sets.suspend(evidence(3), 2 * whenDue);
    expect(sets.reinstateAll(2 * whenDue)).toEqual([second, fourth]);
    expect([sets.find(3).operators, sets.find(4).operators]).toEqual([[first, third, fourth], names]);
    expect(sets.out).toEqual([]);
    expect(sets.suspend(evidence(1), 2 * whenDue)).toEqual({ accepted: false, reason: "SuspendedAlready" });
    const { configuration } = sets.find(4);
    expect(sets.suspend(evidence(1, { epoch: 4, configuration }), 4 * whenDue).accepted).toBe(true);
  });

  it("given a rotation, the operator's seat has its delegate from the next epoch on, and keeps it in sets that come later", () => {
    const sets = newSets();
    const delegate: Hex = `0x${"d1".repeat(20)}`;
    expect(sets.rotate(second, whenDue)).toBe("SeatUnchanged");
    sets.delegate(second, delegate);
    expect(sets.find(3).seats).toEqual(names);
    expect(sets.rotate(second, whenDue)).toBeUndefined();
    expect(sets.find(2).seats).toEqual(names);
    const rotated = [first, delegate, third, fourth];
    expect(sets.find(3)).toMatchObject({ configuration: 2, seats: rotated, operators: rotated, names });
    const answer = sets.suspend(evidence(1, { epoch: 3, configuration: 2 }, delegate), 3 * whenDue);
    expect(answer).toEqual({ accepted: true, name: second, signer: delegate, epoch: 3 });
    expect(sets.rotate(second, 3 * whenDue)).toBe("Suspended");
    sets.reinstateAll(4 * whenDue);
    expect(sets.rotate(second, 3 * whenDue)).toBe("NotSeated");
    expect(sets.find(6).operators).toEqual(rotated);
  });

  it("looks for the contract's errors of a suspension, all of them, in the contract's order", () => {
    const signerOf = bodyOf(contractSource("OperatorSignatures"), "signerOf").replace(
      /\bcheck\(/,
      () => `${bodyOf(contractSource("OperatorSignatures"), "check")}(`,
    );
    const expanded = bodyOf(contractSource("OperatorSets"), "suspend")
      .replace("_requireEvidential", () => bodyOf(contractSource("OperatorSets"), "_requireEvidential"))
      .replace("OperatorSignatures.signerOf", () => signerOf);
    expect(revertsIn(expanded)).toContain("VacantSeat");
    expect(refusalsOf("model-sets", "SuspensionRefusal")).toEqual(revertsIn(expanded));
  });
});
