import type { LocalAccount } from "viem";
import { z } from "zod";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import { signedMessageSchema } from "../agreement/message.ts";
import { lowerAddressSchema, wordSchema } from "../hex-schema.ts";
import { recoverEnvelope, signEnvelope } from "../signing/operator-signer.ts";
import type { Bundle } from "./bundle.ts";

const kind = "mandate.evidence-bundle-seal/1";

export const bundleSealSchema = z.strictObject({
  kind: z.literal(kind),
  operator: lowerAddressSchema,
  /** Digest of the bundle. */
  bundle: wordSchema,
  signature: signedMessageSchema.shape.envelope,
});

/** An operator's word that this is what it holds of an epoch. */
export type BundleSeal = z.infer<typeof bundleSealSchema>;

/** For whom a bundle speaks of what. */
type Sealed = Pick<Bundle, "chainId" | "oracle" | "epoch" | "operator">;

/** What an operator signs (EIP-191): bound to chain, oracle, epoch and operator, and of a kind that no other statement has. */
export function sealHash({ chainId, oracle, epoch, operator }: Sealed, bundle: Hex): Hex {
  return documentHash({ kind, chainId, oracle, epoch, operator, bundle });
}

export async function sealBundle(account: LocalAccount, sealed: Sealed, bundle: Hex): Promise<BundleSeal> {
  const signature = await signEnvelope(account, sealHash(sealed, bundle));
  return { kind, operator: sealed.operator, bundle, signature };
}

/** Whether the operator that the bundle names signed its digest. */
export async function isSealOf(seal: BundleSeal, sealed: Sealed, bundle: Hex): Promise<boolean> {
  if (seal.operator !== sealed.operator || seal.bundle !== bundle) return false;
  return (await recoverEnvelope(sealHash(sealed, bundle), seal.signature)) === sealed.operator;
}
