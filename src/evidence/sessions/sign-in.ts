import { hashMessage } from "viem";
import { accountOfSigner } from "../../chain/sign-in/account-of-signer.ts";
import { checkSignIn, type SignInDecision } from "../../chain/sign-in/check-sign-in.ts";
import type { SignatureReader } from "../../chain/signature/signature-reader.ts";
import { verifySignature } from "../../chain/signature/verify-signature.ts";
import type { Hex } from "../../core/hex.ts";

export interface SignInRequest {
  readonly message: string;
  readonly signature: string;
  /** ERC-7913 signer, where it is not the account that the message names. */
  readonly signer?: Hex | undefined;
}

export interface SignInRules {
  readonly domain: string;
  readonly chainId: number;
  readonly useNonce: (nonce: string) => boolean;
  readonly reader: SignatureReader;
  readonly nowMs: number;
}

export type SignerDecision =
  | { readonly accepted: true; readonly account: Hex; readonly signer: Hex }
  | Extract<SignInDecision, { readonly accepted: false }>;

const ACCOUNT_CHARACTERS = 42;

/** Decides a sign-in (EIP-4361) by any signer that an attestor set can have: an account, a contract, or a key with its verifier. */
export async function decideSignIn(request: SignInRequest, rules: SignInRules): Promise<SignerDecision> {
  let signer: Hex | undefined;
  const decision = await checkSignIn(
    { message: request.message, signature: request.signature, nowMs: rules.nowMs },
    {
      domain: rules.domain,
      chainId: rules.chainId,
      useNonce: rules.useNonce,
      async isSignatureOf({ account, message, signature }) {
        const claimed = request.signer ?? account;
        if (claimed.length < ACCOUNT_CHARACTERS || accountOfSigner(claimed).toLowerCase() !== account.toLowerCase()) {
          return false;
        }
        signer = claimed.toLowerCase() as Hex;
        return (await verifySignature(rules.reader, { signer, digest: hashMessage(message), signature })).valid;
      },
    },
  );
  if (!decision.accepted) return decision;
  return { ...decision, signer: signer ?? decision.account };
}
