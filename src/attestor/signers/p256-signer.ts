import { p256 } from "@noble/curves/nist.js";
import { bytesOf, hexOf, type Hex } from "../../core/hex.ts";
import type { MilestoneSigner } from "./milestone-signer.ts";

/**
 * Signs with a P-256 key, whose signer bytes are `verifier ‖ qx ‖ qy` as OpenZeppelin's `ERC7913P256Verifier` takes them;
 * a signature is `r ‖ s` over the digest itself, low s.
 */
export function p256Signer(verifier: Hex, privateKey: Hex): MilestoneSigner {
  const secret = bytesOf(privateKey);
  const publicKey = p256.getPublicKey(secret, false).subarray(1); // without the prefix of the uncompressed form
  return {
    kind: "p256",
    signer: `${verifier.toLowerCase() as Hex}${hexOf(publicKey).slice(2)}`,
    sign: (digest) => Promise.resolve(hexOf(p256.sign(bytesOf(digest), secret, { prehash: false, lowS: true }))),
  };
}
