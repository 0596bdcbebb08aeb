import { p256 } from "@noble/curves/nist.js";
import { encodeFunctionData, parseAbi, size, slice } from "viem";
import { bytesOf, type Hex } from "../../core/hex.ts";
import { verifyWebAuthn } from "../../core/signing/webauthn.ts";
import { recoverSigner } from "./recover-signer.ts";
import type { SignatureReader } from "./signature-reader.ts";

const erc1271 = parseAbi(["function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)"]);
const erc7913 = parseAbi(["function verify(bytes key, bytes32 hash, bytes signature) view returns (bytes4)"]);
const ERC1271_YES = "0x1626ba7e";
const ERC7913_YES = "0x024ad318";

const ACCOUNT_BYTES = 20;
const P256_KEY_BYTES = 64;
const P256_SIGNATURE_BYTES = 64;

export type SignatureKind = "eoa" | "erc1271" | "p256" | "webauthn" | "verifier";

/** Whether a signature holds, by which scheme, and why not where it does not. */
export type SignatureVerdict =
  | { readonly valid: true; readonly kind: SignatureKind }
  | { readonly valid: false; readonly kind: SignatureKind; readonly reason: string };

export interface SignatureInput {
  /** ERC-7913 signer: an address, or a verifier's address followed by a key. */
  readonly signer: Hex;
  readonly digest: Hex;
  readonly signature: Hex;
}

function verdict(kind: SignatureKind, valid: boolean, reason: string): SignatureVerdict {
  return valid ? { valid, kind } : { valid: false, kind, reason };
}

/** Whether `key` (x ‖ y) is a point of P-256, which a key of another scheme is only by the rarest of chances. */
function isP256Key(key: Uint8Array): boolean {
  try {
    p256.Point.fromBytes(Uint8Array.of(4, ...key)).assertValidity();
    return true;
  } catch {
    return false;
  }
}

function verifyP256(key: Uint8Array, digest: Hex, signature: Hex): boolean {
  if (size(signature) < P256_SIGNATURE_BYTES) return false;
  const rs = bytesOf(signature).subarray(0, P256_SIGNATURE_BYTES);
  try {
    return p256.verify(rs, bytesOf(digest), Uint8Array.of(4, ...key), { prehash: false, lowS: true });
  } catch {
    return false; // r or s outside of the group
  }
}

async function verifyAccount(reader: SignatureReader, input: SignatureInput): Promise<SignatureVerdict> {
  const account = input.signer;
  const recovered = recoverSigner(input.digest, input.signature);
  if (recovered === account.toLowerCase()) return { valid: true, kind: "eoa" };
  if ((await reader.code(account)) === "0x") {
    return { valid: false, kind: "eoa", reason: `signed by ${recovered ?? "nobody"}, not by ${account}` };
  }
  const args = [input.digest, input.signature] as const;
  const answer = await reader.call(
    account,
    encodeFunctionData({ abi: erc1271, functionName: "isValidSignature", args }),
  );
  return verdict("erc1271", answer?.slice(0, 10) === ERC1271_YES, `${account} answered ${answer ?? "with a revert"}`);
}

/** Which scheme of a P-256 key `signature` satisfies. A key says nothing of its scheme; its verifier does, and is asked as well. */
function nativeScheme(key: Uint8Array, { digest, signature }: SignatureInput): "p256" | "webauthn" | undefined {
  if (verifyP256(key, digest, signature)) return "p256";
  return verifyWebAuthn(key, digest, signature) ? "webauthn" : undefined;
}

/**
 * Whether `signer` signed `digest`: an account by recovery or, where it has code, by its ERC-1271 answer; a key by its ERC-7913
 * verifier's answer, a P-256 key's (bare or a passkey's) natively as well, so that no node's word suffices for it. Twin of
 * `SignerCheck`, which asks the verifier alone.
 */
export async function verifySignature(reader: SignatureReader, input: SignatureInput): Promise<SignatureVerdict> {
  if (size(input.signer) < ACCOUNT_BYTES)
    return { valid: false, kind: "eoa", reason: "the signer is shorter than an address" };
  if (size(input.signer) === ACCOUNT_BYTES) return verifyAccount(reader, input);
  const key = slice(input.signer, ACCOUNT_BYTES);
  const isPoint = size(key) === P256_KEY_BYTES && isP256Key(bytesOf(key));
  const scheme = isPoint ? nativeScheme(bytesOf(key), input) : "verifier";
  if (scheme === undefined) return { valid: false, kind: "p256", reason: "no signature of that P-256 key" };
  const verifier = slice(input.signer, 0, ACCOUNT_BYTES);
  const args = [key, input.digest, input.signature] as const;
  const answer = await reader.call(verifier, encodeFunctionData({ abi: erc7913, functionName: "verify", args }));
  return verdict(scheme, answer?.slice(0, 10) === ERC7913_YES, `${verifier} answered ${answer ?? "with a revert"}`);
}
