/** A passkey whose user always touches and verifies, in software; what it signs is what an authenticator signs. */
import { p256 } from "@noble/curves/nist.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concat, getBytes, hexlify, sha256 as sha256Hex, toBeHex, toUtf8Bytes } from "ethers";

import type { Hex } from "../../src/core/hex.ts";
import type { AuthenticatorResponse } from "../../src/core/signing/webauthn.ts";

/** User present, user verified. */
const verified = 0x05;

export interface Ceremony {
  readonly type?: "webauthn.get" | "webauthn.create";
  readonly flags?: number;
}

export class Passkey {
  readonly #secret: Uint8Array;
  /** x ‖ y */
  readonly publicKey: Hex;

  constructor(secret: string) {
    this.#secret = getBytes(secret);
    this.publicKey = hexlify(p256.getPublicKey(this.#secret, false).slice(1)) as Hex;
  }

  /** What `navigator.credentials.get` would give for `challenge`; `s` is high or low, as it happens. */
  answer(challenge: string, { type = "webauthn.get", flags = verified }: Ceremony = {}): AuthenticatorResponse {
    const authenticatorData = getBytes(
      concat([sha256Hex(toUtf8Bytes("mandate.example")), toBeHex(flags, 1), "0x00000001"]),
    );
    const text = Buffer.from(getBytes(challenge)).toString("base64url");
    const clientDataJSON = toUtf8Bytes(
      JSON.stringify({ type, challenge: text, origin: "https://mandate.example", crossOrigin: false }),
    );
    const signed = sha256(getBytes(concat([authenticatorData, sha256(clientDataJSON)])));
    const signature = p256.sign(signed, this.#secret, { prehash: false, lowS: false, format: "der" });
    return { authenticatorData, clientDataJSON, signature };
  }
}
