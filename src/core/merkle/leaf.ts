import { bytesOf, wordOf, type Hex } from "../hex.ts";
import { keccak256 } from "../keccak.ts";

/** Outcome of scoring a project; the numbers are those of `IHeartbeatOracle.Outcome`. */
export const outcomes = { value: 1, missing: 2, refused: 3 } as const;

export type Outcome = keyof typeof outcomes;

/** One project's outcome in a report; fields as `IHeartbeatOracle.Leaf`. */
export interface Leaf {
  readonly project: Hex;
  readonly definition: Hex;
  readonly outcome: Outcome;
  /** Integrity grade: 1 (A) to 4 (D); 0 where there is no value. */
  readonly grade: number;
  /** Fixed point, 1e18 = 1; 0 unless the outcome is a value. */
  readonly score: bigint;
}

/** `keccak256(keccak256(abi.encode(project, definition, outcome, grade, score)))`: hashed twice, so that no inner node is a leaf. */
export function leafHash(leaf: Leaf): Uint8Array {
  return keccak256(
    keccak256(
      bytesOf(leaf.project),
      bytesOf(leaf.definition),
      wordOf(BigInt(outcomes[leaf.outcome])),
      wordOf(BigInt(leaf.grade)),
      wordOf(leaf.score),
    ),
  );
}
