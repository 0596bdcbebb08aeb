import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import { agreementVersion } from "../agreement/message.ts";
import { scoringVersion } from "../scoring/score.ts";
import { adapterVersions } from "../sources/source-specification.ts";

/** Versions of the rules by which this program agrees, scores and measures. */
export const rulesOfThisProgram = { agreement: agreementVersion, scoring: scoringVersion, adapters: adapterVersions };

/**
 * Digest of everything in which operators must be alike to compute the same report. It stands in every observation and in the
 * manifest; operators that differ in any of it never mix.
 */
export function configurationDigest({
  versions,
  ...input
}: {
  readonly chainId: number;
  readonly oracle: Hex;
  readonly configuration: number;
  readonly operators: readonly Hex[];
  readonly quorum: number;
  /** Hash of the ruleset that the chain names for the epoch: vaults, settlement, and how is scored. */
  readonly ruleset: Hex;
  readonly versions: typeof rulesOfThisProgram;
}): Hex {
  return documentHash({ kind: "mandate.oracle-configuration/1", ...input, ...versions });
}
