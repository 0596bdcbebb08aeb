import { readFileSync } from "node:fs";
import { p256 } from "@noble/curves/nist.js";
import { describe, expect, it } from "vitest";
import { bytesOf, hexOf, type Hex } from "../../core/hex.ts";
import { keccak256Text } from "../../core/keccak.ts";
import { verifySignature } from "./verify-signature.ts";

interface Vectors {
  readonly cases: readonly { key: Hex; digest: Hex; signature: Hex; valid: boolean }[];
}

const file = new URL("../../../test/vectors/webauthn.json", import.meta.url);
const [good] = (JSON.parse(readFileSync(file, "utf8")) as Vectors).cases;
const verifier = `0x${"7".repeat(40)}` as const;

const answering = (answer: Hex | undefined) => ({
  code: () => Promise.resolve("0x" as const),
  call: () => Promise.resolve(answer),
});
const yes = answering(`0x024ad318${"0".repeat(56)}`);

describe("a signature of a P-256 key", () => {
  const { key, digest, signature } = good ?? { key: "0x", digest: "0x", signature: "0x" };
  const passkey = { signer: `${verifier}${key.slice(2)}` as Hex, digest, signature };
  const secret = bytesOf(keccak256Text("a bare key"));
  const bare = {
    signer: `${verifier}${hexOf(p256.getPublicKey(secret, false).slice(1)).slice(2)}` as Hex,
    digest,
    signature: hexOf(p256.sign(bytesOf(digest), secret, { prehash: false, lowS: true })),
  };

  it("given a verifier that agrees, a passkey's assertion and a bare signature are told apart", async () => {
    expect(await verifySignature(yes, passkey)).toEqual({ valid: true, kind: "webauthn" });
    expect(await verifySignature(yes, bare)).toEqual({ valid: true, kind: "p256" });
  });

  it("given a verifier that agrees to what the key did not sign, it is invalid", async () => {
    for (const input of [passkey, bare]) {
      expect(await verifySignature(yes, { ...input, digest: keccak256Text("other") })).toMatchObject({ valid: false });
    }
  });

  it("given a verifier of another scheme, which refuses, it is invalid", async () => {
    for (const answer of [undefined, `0xffffffff${"0".repeat(56)}` as const]) {
      expect(await verifySignature(answering(answer), passkey)).toMatchObject({ valid: false, kind: "webauthn" });
      expect(await verifySignature(answering(answer), bare)).toMatchObject({ valid: false, kind: "p256" });
    }
  });
});
