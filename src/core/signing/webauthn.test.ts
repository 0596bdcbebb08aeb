import { readFileSync } from "node:fs";
import { p256 } from "@noble/curves/nist.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { describe, expect, it } from "vitest";
import { bytesOf, type Hex } from "../hex.ts";
import { keccak256Text } from "../keccak.ts";
import { decodeWebAuthnAssertion, encodeWebAuthnAssertion, verifyWebAuthn, webAuthnSignature } from "./webauthn.ts";

interface Vectors {
  readonly cases: readonly { name: string; key: Hex; digest: Hex; signature: Hex; valid: boolean }[];
}

const file = new URL("../../../test/vectors/webauthn.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(file, "utf8")) as Vectors;

describe("assertions of passkeys", () => {
  it.each(cases)("given $name, valid is $valid", ({ key, digest, signature, valid }) => {
    expect(verifyWebAuthn(bytesOf(key), digest, signature)).toBe(valid);
  });

  it("given a whole assertion, decoding and encoding it again changes nothing", () => {
    const { signature } = cases[0] ?? { signature: "0x" as const };
    const assertion = decodeWebAuthnAssertion(signature);
    expect(assertion && encodeWebAuthnAssertion(assertion)).toBe(signature);
  });

  describe("given what a browser hands over", () => {
    const digest = keccak256Text("digest");
    const secret = bytesOf(keccak256Text("a test passkey"));
    const key = p256.getPublicKey(secret, false).slice(1);
    const authenticatorData = Uint8Array.of(...sha256(new Uint8Array(1)), 0x05, 0, 0, 0, 1);
    const { ORDER } = p256.Point.Fn;

    function answer(challenge: Hex, highS: boolean) {
      const text = Buffer.from(bytesOf(challenge)).toString("base64url");
      const clientDataJSON = Buffer.from(`{"type":"webauthn.get","challenge":"${text}","origin":"https://a.example"}`);
      const signed = sha256(Buffer.concat([authenticatorData, sha256(clientDataJSON)]));
      const low = p256.Signature.fromBytes(p256.sign(signed, secret, { prehash: false, lowS: true }));
      const signature = new p256.Signature(low.r, highS ? ORDER - low.s : low.s).toBytes("der");
      return { authenticatorData, clientDataJSON, signature };
    }

    it.each([false, true])("the signature holds, whether its s was high (%s) or not", (highS) => {
      const signature = webAuthnSignature(answer(digest, highS), digest);
      expect(signature && verifyWebAuthn(key, digest, signature)).toBe(true);
    });

    it("an answer to another challenge, or one without a DER signature, is none", () => {
      expect(webAuthnSignature(answer(keccak256Text("other"), false), digest)).toBeUndefined();
      expect(webAuthnSignature({ ...answer(digest, false), signature: new Uint8Array(64) }, digest)).toBeUndefined();
    });
  });
});
