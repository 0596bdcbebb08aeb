/** Delegations as `OperatorKeys.delegate` takes them, signed by operator and delegate. */
import { TypedDataEncoder, type BaseWallet, type TypedDataDomain } from "ethers";
import { signedTypes } from "../../src/core/signing/signed-types.ts";

const types = { OperatorDelegate: [...signedTypes.OperatorDelegate] };
const farAhead = 4_000_000_000;

/** @param signers Who signs for operator and delegate: they themselves, or who tries to in their place. */
export async function delegation(
  domain: TypedDataDomain,
  [operator, delegate]: readonly [operator: string, delegate: string],
  signers: { readonly by: BaseWallet; readonly provedBy: BaseWallet },
  { nonce = 0n, deadline = farAhead }: { readonly nonce?: bigint; readonly deadline?: number } = {},
) {
  const message = { operator, delegate, nonce, deadline };
  const [proof, signature] = await Promise.all(
    [signers.provedBy, signers.by].map((signer) => signer.signTypedData(domain, types, message)),
  );
  if (proof === undefined || signature === undefined) throw new Error("not signed");
  return {
    digest: TypedDataEncoder.hash(domain, types, message),
    args: [operator, delegate, deadline, proof, signature] as const,
  };
}
