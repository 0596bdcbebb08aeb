import type { Hex } from "../../core/hex.ts";
import { documentHash } from "../../core/documents/document-hash.ts";

/**
 * The order in which operators propose, and submit, for an epoch: ascending by the hash of (configuration digest, epoch,
 * operator), so that it changes each epoch and nobody chooses it.
 */
export function proposerOrder(configurationDigest: Hex, epoch: number, operators: readonly Hex[]): readonly Hex[] {
  return operators
    .map((operator) => ({ operator, rank: documentHash({ configuration: configurationDigest, epoch, operator }) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1)) // hashes of distinct addresses differ
    .map(({ operator }) => operator);
}
