import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recoverAddress, slice } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import { afterAll, describe, expect, it } from "vitest";
import { keccak256Text } from "../../core/keccak.ts";
import { loadAttestorConfiguration } from "../configuration/configuration.ts";
import { safeMessageHash } from "./safe-signer.ts";
import { signerOf } from "./signer-of.ts";

const directory = mkdtempSync(join(tmpdir(), "signer-of-"));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe("the signer of a configuration", () => {
  const safe = `0x${"c".repeat(40)}` as const;
  const digest = keccak256Text("digest");
  const keys = ["one", "two", "three"].map(keccak256Text);
  const common = {
    chainId: 31_337,
    rpcUrl: "http://127.0.0.1:8545",
    vault: `0x${"a".repeat(40)}`,
    listen: { host: "127.0.0.1", port: 0 },
    documents: "documents",
    database: "signing.sqlite",
  };

  function configured(ownerKeys: readonly object[]) {
    const path = join(directory, "attestor.json");
    writeFileSync(path, JSON.stringify({ ...common, signer: { kind: "safe", safe, ownerKeys } }));
    return loadAttestorConfiguration(path);
  }

  it("given a Safe and keys beside the configuration in any order, signs its message as the owners in ascending order", async () => {
    keys.forEach((key, i) => {
      writeFileSync(join(directory, `owner-${i}`), key);
    });
    const ascending = keys.map((key) => privateKeyToAddress(key)).sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ]) {
      const signer = signerOf(configured(order.map((i) => ({ file: `owner-${i}` }))));
      expect(signer).toMatchObject({ kind: "erc1271", signer: safe });
      const signature = await signer.sign(digest);
      const hash = safeMessageHash(safe, common.chainId, digest);
      const parts = [0, 1, 2].map((i) => slice(signature, 65 * i, 65 * (i + 1)));
      expect(await Promise.all(parts.map((part) => recoverAddress({ hash, signature: part })))).toEqual(ascending);
    }
  });

  it("given a Safe without a key, refuses the configuration", () => {
    expect(() => configured([])).toThrow(expect.objectContaining({ code: "ConfigurationInvalid" }));
  });
});
