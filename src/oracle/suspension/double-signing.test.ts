import { describe, expect, it } from "vitest";
import { devAccount } from "../../chain/dev-accounts.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import type { MessageOf, SignedMessage } from "../agreement/message.ts";
import { toJson } from "../evidence/epoch-record.ts";
import { statedReport } from "../report-schema.ts";
import { ecdsaSigner, reportDigest } from "../signing/operator-signer.ts";
import { place } from "../simulation/scenery.ts";
import { doubleSigningOf, doubleSigningSchema, verifyDoubleSigning } from "./double-signing.ts";

const names = ["operatorOne", "operatorTwo", "operatorThree", "operatorFour"] as const;
const seats = names.map((name): Hex => `0x${devAccount(name).address.slice(2).toLowerCase()}`);
const set = { configuration: 1, faults: 1, quorum: 3, operators: seats, seats, names: seats };
const [, operator = "0x"] = seats;
const report = {
  configuration: 1,
  epoch: 7,
  root: documentHash("root"),
  threshold: 5n,
  leafCount: 2,
  scored: 1,
  surviving: 1,
  manifest: documentHash("manifest"),
};
const other = { ...report, root: documentHash("another root") };

async function signed(signedReport: typeof report, by: (typeof names)[number] = "operatorTwo") {
  const digest = reportDigest(place, signedReport);
  const signer = ecdsaSigner(devAccount(by), place);
  const message: MessageOf<"signature"> = {
    ...{ kind: "signature", epoch: signedReport.epoch, operator: signer.operator, digest },
    ...{ report: statedReport(signedReport), signature: await signer.signReport(digest, signedReport) },
  };
  return { message, envelope: `0x${"00".repeat(65)}` } satisfies SignedMessage;
}
const first = await signed(report);
const second = await signed(other);
const evidence = doubleSigningOf(first, second, set);
if (evidence === undefined) throw new Error("no evidence");

describe("doubleSigningOf", () => {
  it("given two reports that one operator signed for an epoch, it names them with the operator's seat", () => {
    const { signature } = first.message;
    expect(evidence).toEqual({ operator, seat: 1, report, signature, other, otherSignature: second.message.signature });
  });

  it("given what proves nothing to the contract, it names nothing", async () => {
    const vote = { ...first, message: { kind: "prepare", epoch: 7, operator, view: 0, digest: other.root } as const };
    const withoutReport = { ...second, message: { ...second.message, report: undefined } };
    expect(doubleSigningOf(first, first, set)).toBeUndefined();
    expect(doubleSigningOf(first, vote, set)).toBeUndefined();
    expect(doubleSigningOf(vote, second, set)).toBeUndefined();
    expect(doubleSigningOf(first, withoutReport, set)).toBeUndefined();
    expect(doubleSigningOf(withoutReport, first, set)).toBeUndefined();
    expect(doubleSigningOf(first, await signed({ ...report, epoch: 8 }), set)).toBeUndefined();
    expect(doubleSigningOf(first, await signed({ ...report, configuration: 2 }), set)).toBeUndefined();
    expect(doubleSigningOf(first, second, { ...set, configuration: 2 })).toBeUndefined();
    expect(doubleSigningOf(first, await signed(other, "operatorOne"), set)).toBeUndefined();
    expect(doubleSigningOf(first, second, { ...set, seats: seats.slice(0, 1) })).toBeUndefined();
  });
});

describe("verifyDoubleSigning", () => {
  it("given evidence, and the same read back from JSON, it finds nothing wrong", async () => {
    await expect(verifyDoubleSigning(evidence, set, place)).resolves.toBeUndefined();
    expect(doubleSigningSchema.parse(JSON.parse(toJson(evidence)))).toEqual(evidence);
  });

  it.each([
    ["one report twice", { other: report }, "of one report"],
    ["reports of two epochs", { other: { ...other, epoch: 8 } }, "different epochs"],
    ["reports of two sets", { other: { ...other, configuration: 2 } }, "different epochs or operator sets"],
    [
      "reports of a set that does not report the epoch",
      { report: { ...report, configuration: 2 }, other: { ...other, configuration: 2 } },
      "set 1 reports the epoch",
    ],
    ["another's seat", { seat: 0 }, "seat 0 is not that"],
    ["a seat beyond the set", { seat: 4 }, "seat 4 is not that"],
    ["a report that was changed", { report: { ...report, leafCount: 3 } }, "the first signature"],
    ["another report that was changed", { other: { ...other, leafCount: 3 } }, "the second signature"],
  ])("given %s, it refuses", async (_, changes, problem) => {
    await expect(verifyDoubleSigning({ ...evidence, ...changes }, set, place)).rejects.toMatchObject({
      code: "DoubleSigningInvalid",
      message: expect.stringContaining(problem) as string,
    });
  });
});
