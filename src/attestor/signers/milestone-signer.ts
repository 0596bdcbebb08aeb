import type { Hex } from "../../core/hex.ts";

/** A key of this process that signs milestone proofs. */
export interface MilestoneSigner {
  readonly kind: "eoa" | "erc1271" | "p256";
  /** ERC-7913 bytes by which an attestor set names it. */
  readonly signer: Hex;
  /** Signs a 32-byte digest. */
  sign(digest: Hex): Promise<Hex>;
}
