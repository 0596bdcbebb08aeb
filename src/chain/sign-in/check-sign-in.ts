import { parseSiweMessage, validateSiweMessage } from "viem/siwe";
import type { Hex } from "../../core/hex.ts";

/** Whether `signature` over `message` is `account`'s: an EOA's, or an ERC-1271 contract's. */
export type SignatureCheck = (claim: {
  readonly account: Hex;
  readonly message: string;
  readonly signature: Hex;
}) => Promise<boolean>;

export interface SignInPolicy {
  /** Host and port that the message must name: a message for another site is worth nothing here. */
  readonly domain: string;
  readonly chainId: number;
  readonly useNonce: (nonce: string) => boolean;
  readonly isSignatureOf: SignatureCheck;
}

export type SignInDecision =
  | { readonly accepted: true; readonly account: Hex }
  | {
      readonly accepted: false;
      readonly reason:
        | "message-unreadable"
        | "wrong-domain"
        | "wrong-chain"
        | "nonce-unknown"
        | "message-expired"
        | "signature-invalid";
    };

const longestSignature = 20_000;

/** Decides a sign-in with Ethereum (EIP-4361) at `nowMs`. Uses up the message's nonce, whatever the outcome. */
export async function checkSignIn(
  request: { readonly message: string; readonly signature: string; readonly nowMs: number },
  policy: SignInPolicy,
): Promise<SignInDecision> {
  const { message, signature, nowMs } = request;
  const fields = parseSiweMessage(message);
  if (
    fields.address === undefined ||
    fields.nonce === undefined ||
    fields.version !== "1" ||
    fields.uri === undefined
  ) {
    return { accepted: false, reason: "message-unreadable" };
  }
  // First, so that a message can be tried once, not until something else about it becomes right.
  if (!policy.useNonce(fields.nonce)) return { accepted: false, reason: "nonce-unknown" };
  if (fields.domain !== policy.domain) return { accepted: false, reason: "wrong-domain" };
  if (fields.chainId !== policy.chainId) return { accepted: false, reason: "wrong-chain" };
  if (!validateSiweMessage({ message: fields, time: new Date(nowMs) }))
    return { accepted: false, reason: "message-expired" };
  const isHex = /^0x([0-9a-fA-F]{2})+$/.test(signature) && signature.length <= longestSignature;
  const claim = { account: fields.address, message, signature: signature as Hex };
  if (!isHex || !(await policy.isSignatureOf(claim))) return { accepted: false, reason: "signature-invalid" };
  return { accepted: true, account: fields.address };
}
