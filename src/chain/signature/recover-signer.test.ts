import fc from "fast-check";
import { parseSignature, serializeCompactSignature, signatureToCompactSignature, type Signature } from "viem";
import { privateKeyToAddress, sign } from "viem/accounts";
import { describe, expect, it } from "vitest";
import { hexOf, wordOf, type Hex } from "../../core/hex.ts";
import { keccak256Text } from "../../core/keccak.ts";
import { recoverSigner } from "./recover-signer.ts";

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const privateKey = keccak256Text("a test key");
const address = privateKeyToAddress(privateKey).toLowerCase();
const digest = keccak256Text("a message");

async function signed(hash: Hex): Promise<{ full: Hex; parts: Signature }> {
  const full = await sign({ hash, privateKey, to: "hex" });
  return { full, parts: parseSignature(full) };
}

describe("recoverSigner", () => {
  it("given what viem signs, in 65 and in 64 bytes, gives the signer", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        const hash = keccak256Text(text);
        const { full, parts } = await signed(hash);
        expect(recoverSigner(hash, full)).toBe(address);
        expect(recoverSigner(hash, serializeCompactSignature(signatureToCompactSignature(parts)))).toBe(address);
        expect(recoverSigner(keccak256Text(`${text} `), full)).not.toBe(address);
      }),
      { numRuns: 20 },
    );
  });

  it("given the other signature of the same message, with s in the upper half, gives nobody", async () => {
    const { full, parts } = await signed(digest);
    const mirrored = hexOf(wordOf(ORDER - BigInt(parts.s))).slice(2);
    const v = full.endsWith("1b") ? "1c" : "1b";
    expect(recoverSigner(digest, `0x${full.slice(2, 66)}${mirrored}${v}`)).toBeUndefined();
  });

  it("given another length, another v, or an r that is no point, gives nobody", async () => {
    const { full } = await signed(digest);
    expect(recoverSigner(digest, full.slice(0, -4) as Hex)).toBeUndefined();
    expect(recoverSigner(digest, `${full}00`)).toBeUndefined();
    expect(recoverSigner(digest, `${full.slice(0, -2)}1d` as Hex)).toBeUndefined();
    expect(recoverSigner(digest, `${full.slice(0, -2)}00` as Hex)).toBeUndefined();
    expect(recoverSigner(digest, `0x${"ff".repeat(32)}${full.slice(66)}`)).toBeUndefined();
    expect(recoverSigner(digest, "0x")).toBeUndefined();
  });
});
