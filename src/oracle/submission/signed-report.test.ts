import { describe, expect, it } from "vitest";
import { devAccount } from "../../chain/dev-accounts.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import { ecdsaSigner, reportDigest } from "../signing/operator-signer.ts";
import { packSignatures } from "./decide-submission.ts";
import { signedReportSchema, verifySignedReport, type SignedReport } from "./signed-report.ts";
import { place } from "../simulation/scenery.ts";

const names = ["operatorOne", "operatorTwo", "operatorThree", "operatorFour"] as const;
const lower = (name: (typeof names)[number]): Hex => `0x${devAccount(name).address.slice(2).toLowerCase()}`;
const addresses = names.map(lower);
const set = { configuration: 1, faults: 1, quorum: 3, operators: addresses, seats: addresses, names: addresses };
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

async function signedBy(...who: readonly (typeof names)[number][]): Promise<SignedReport> {
  const digest = reportDigest(place, report);
  const signatures = new Map<Hex, Hex>();
  for (const name of who)
    signatures.set(lower(name), await ecdsaSigner(devAccount(name), place).signReport(digest, report));
  const packed = packSignatures(set.operators, signatures, who.length);
  if (packed === undefined) throw new Error("not packed");
  return { report, ...packed };
}

describe("verifySignedReport", () => {
  it("given a quorum or all, it names who signed, in the order of their seats", async () => {
    const [one, two, , four] = set.operators;
    expect(await verifySignedReport(await signedBy("operatorOne", "operatorTwo", "operatorFour"), set, place)).toEqual([
      one,
      two,
      four,
    ]);
    expect(await verifySignedReport(await signedBy(...names), set, place)).toEqual(set.operators);
  });

  it.each([
    ["too few signatures", (good: SignedReport) => ({ ...good, signers: 0b011n }), "2 operators signed"],
    ["fewer than it names", (good: SignedReport) => ({ ...good, signers: 0b1111n }), "3 signatures of 4"],
    ["a seat beyond the set", (good: SignedReport) => ({ ...good, signers: 0b10111n }), "a seat"],
    ["signatures at other seats", (good: SignedReport) => ({ ...good, signers: 0b1101n }), "signature 2 is not by"],
    ["a suspended operator's", (good: SignedReport) => good, "is suspended", { operators: set.operators.slice(1) }],
    ["another report", (good: SignedReport) => ({ ...good, report: { ...report, epoch: 8 } }), "signature 1 is not by"],
    ["another set", (good: SignedReport) => ({ ...good, report: { ...report, configuration: 2 } }), "operator set 2"],
  ] as const)(
    "given %s, it is refused",
    async (_, spoil, problem, changes?: { readonly operators: readonly Hex[] }) => {
      const spoiled = spoil(await signedBy("operatorOne", "operatorTwo", "operatorThree"));
      await expect(verifySignedReport(spoiled, { ...set, ...changes }, place)).rejects.toMatchObject({
        code: "SignedReportInvalid",
        message: expect.stringContaining(problem) as string,
      });
    },
  );

  it("given it as JSON, it is read back; with anything more, or signatures of another length, it is not", async () => {
    const good = await signedBy("operatorOne", "operatorTwo", "operatorThree");
    const sent = { report: { ...report, threshold: "5" }, signers: "7", signatures: good.signatures };
    expect(signedReportSchema.parse(sent)).toEqual(good);
    expect(signedReportSchema.safeParse({ ...sent, extra: 1 }).success).toBe(false);
    expect(signedReportSchema.safeParse({ ...sent, signatures: good.signatures.slice(0, -2) }).success).toBe(false);
  });
});
