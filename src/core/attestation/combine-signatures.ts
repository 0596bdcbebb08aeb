import type { Hex } from "../hex.ts";

/** A member of an attestor set, at its seat. */
export interface AttestorSeat {
  readonly seat: number;
  /** ERC-7913 signer. */
  readonly signer: Hex;
  readonly revoked: boolean;
}

export interface AttestorSignature {
  readonly signer: Hex;
  readonly signature: Hex;
}

/** Signatures as `BudgetVault.release` takes them: a bitmap of seats, and one signature for each set bit in seat order. */
export type CombinedSignatures =
  | { readonly complete: true; readonly attestors: bigint; readonly signatures: readonly Hex[] }
  | { readonly complete: false; readonly collected: number; readonly required: number };

/**
 * Orders signatures by seat and takes the first `threshold` of live, distinct members. Signers outside the set, revoked ones and
 * repetitions do not count.
 */
export function combineSignatures(
  seats: readonly AttestorSeat[],
  threshold: number,
  signatures: readonly AttestorSignature[],
): CombinedSignatures {
  const bySigner = new Map(signatures.map(({ signer, signature }) => [signer.toLowerCase(), signature]));
  const signed = seats
    .filter(({ revoked }) => !revoked)
    .toSorted((a, b) => a.seat - b.seat)
    .flatMap(({ seat, signer }) => {
      const signature = bySigner.get(signer.toLowerCase());
      return signature === undefined ? [] : [{ seat, signature }];
    });
  if (signed.length < threshold) return { complete: false, collected: signed.length, required: threshold };
  const chosen = signed.slice(0, threshold);
  return {
    complete: true,
    attestors: chosen.reduce((bitmap, { seat }) => bitmap | (1n << BigInt(seat)), 0n),
    signatures: chosen.map(({ signature }) => signature),
  };
}
