import {
  hashTypedData,
  parseCompactSignature,
  compactSignatureToSignature,
  parseSignature,
  recoverAddress,
  recoverMessageAddress,
  serializeCompactSignature,
  signatureToCompactSignature,
  type PrivateKeyAccount,
} from "viem";
import type { Hex } from "../../core/hex.ts";
import { typedDataOf, type SigningPlace } from "../../core/signing/typed-data.ts";
import type { Report } from "../scoring/evaluate-epoch.ts";

/** The EIP-712 digest that a quorum signs. */
export function reportDigest(place: SigningPlace, report: Report): Hex {
  return hashTypedData({ ...typedDataOf("HeartbeatReport", place), message: report });
}

/** Signs a digest in 64 bytes (EIP-2098), as the contract takes it. */
export async function signCompact(account: PrivateKeyAccount, digest: Hex): Promise<Hex> {
  const signature = parseSignature(await account.sign({ hash: digest }));
  return serializeCompactSignature(signatureToCompactSignature(signature));
}

/** Who signed `digest`, lower case; undefined where the bytes are no signature. */
export async function recoverCompact(digest: Hex, signature: Hex): Promise<Hex | undefined> {
  try {
    const parsed = compactSignatureToSignature(parseCompactSignature(signature));
    return lowerCase(await recoverAddress({ hash: digest, signature: parsed }));
  } catch {
    return undefined; // malformed: nobody signed this
  }
}

/** EIP-191 signature of a message's hash. */
export function signEnvelope(account: PrivateKeyAccount, hash: Hex): Promise<Hex> {
  return account.signMessage({ message: { raw: hash } });
}

/** Who signed the envelope, lower case; undefined where the bytes are no signature. */
export async function recoverEnvelope(hash: Hex, envelope: Hex): Promise<Hex | undefined> {
  try {
    return lowerCase(await recoverMessageAddress({ message: { raw: hash }, signature: envelope }));
  } catch {
    return undefined; // malformed: nobody signed this
  }
}

function lowerCase(hex: Hex): Hex {
  return `0x${hex.slice(2).toLowerCase()}`;
}
