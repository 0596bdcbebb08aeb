import { readFileSync } from "node:fs";
import { privateKeyToAccount } from "viem/accounts";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { devAccount } from "../../chain/dev-accounts.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import { hexOf, type Hex } from "../../core/hex.ts";
import { messageHash, type OperatorMessage } from "../agreement/message.ts";
import { statedReport } from "../report-schema.ts";
import { ecdsaSigner, recoverCompact, recoverEnvelope, reportDigest, signEnvelope } from "./operator-signer.ts";

const hex = z.string().transform((text) => text as Hex);
const vectors = z
  .object({
    signer: hex,
    cases: z.array(
      z.object({
        name: z.string(),
        chainId: z.number(),
        oracle: hex,
        report: z.object({
          configuration: z.number(),
          epoch: z.number(),
          root: hex,
          threshold: z.string().transform((text) => BigInt(text)),
          leafCount: z.number(),
          scored: z.number(),
          surviving: z.number(),
          manifest: hex,
        }),
        digest: hex,
        signature: hex,
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL("../../../test/vectors/report.json", import.meta.url), "utf8")));

const key = devAccount("deployer").getHdKey().privateKey; // public test mnemonic
if (key === null) throw new Error("no key");
const account = privateKeyToAccount(hexOf(key));

describe("the shared report vectors", () => {
  it.each(vectors.cases)(
    "given $name, digest and compact signature are those that the contract accepts",
    async (each) => {
      const place = { chainId: each.chainId, verifyingContract: each.oracle };
      const digest = reportDigest(place, each.report);
      expect(digest).toBe(each.digest);
      expect(await ecdsaSigner(account, place).signReport(digest, each.report)).toBe(each.signature);
      expect(await recoverCompact(digest, each.signature)).toBe(vectors.signer.toLowerCase());
    },
  );
});

describe("signatures", () => {
  const digest = documentHash("digest");

  const [vector] = vectors.cases;
  if (vector === undefined) throw new Error("no vectors");
  const place = { chainId: vector.chainId, verifyingContract: vector.oracle };

  it("given a digest that is not the report's, nothing is signed", async () => {
    await expect(ecdsaSigner(account, place).signReport(digest, vector.report)).rejects.toThrow(`report ${digest}`);
  });

  it("given another digest or damaged bytes, the signer is somebody else or nobody", async () => {
    const { signature } = vector;
    expect(await recoverCompact(documentHash("other"), signature)).not.toBe(account.address.toLowerCase());
    expect(await recoverCompact(digest, `0x${"ff".repeat(64)}`)).toBeUndefined();
    expect(await recoverEnvelope(digest, `0x${"ff".repeat(65)}`)).toBeUndefined();
  });

  it("given a signature's message, it is authentic with the report that the digest is of, and only with it", async () => {
    const { report, signature } = vector;
    const signer = ecdsaSigner(account, place);
    const configuration = documentHash("configuration");
    const good = {
      ...({ kind: "signature", epoch: report.epoch, operator: signer.operator, signature } as const),
      ...{ digest: vector.digest, report: statedReport(report) },
    };
    const isAuthentic = async (message: OperatorMessage): Promise<boolean> =>
      signer.isAuthentic(configuration, await signer.seal(configuration, message));
    expect(await isAuthentic(good)).toBe(true);
    expect(await isAuthentic({ ...good, report: undefined })).toBe(false);
    expect(await isAuthentic({ ...good, report: { ...good.report, leafCount: report.leafCount + 1 } })).toBe(false);
    expect(await isAuthentic({ ...good, epoch: report.epoch + 1 })).toBe(false);
    expect(await isAuthentic({ ...good, digest })).toBe(false);
    expect(await isAuthentic({ ...good, signature: `0x${"11".repeat(64)}` })).toBe(false);
    expect(await signer.isAuthentic(documentHash("other"), await signer.seal(configuration, good))).toBe(false);
  });

  it("given a message, its envelope names the sender, is bound to the configuration, and is no signature of a report", async () => {
    const message = { kind: "prepare", epoch: 1, operator: `0x${"11".repeat(20)}`, view: 0, digest } as const;
    const hash = messageHash(documentHash("configuration"), message);
    const envelope = await signEnvelope(account, hash);
    const self = account.address.toLowerCase();
    expect(await recoverEnvelope(hash, envelope)).toBe(self);
    expect(await recoverEnvelope(messageHash(documentHash("other"), message), envelope)).not.toBe(self);
    expect(
      await recoverEnvelope(messageHash(documentHash("configuration"), { ...message, view: 1 }), envelope),
    ).not.toBe(self);
    expect(envelope.slice(0, 66)).not.toBe((await account.sign({ hash })).slice(0, 66));
  });
});
