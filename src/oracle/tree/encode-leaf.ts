import { outcomes, type Leaf } from "../../core/merkle/leaf.ts";

export const LEAF_BYTES = 160;

const WORD = 32;

/**
 * Writes `abi.encode(project, definition, outcome, grade, score)` into the first 160 bytes of `target`.
 * The core's `leafHash` states the same; this one writes into a buffer that is used again for the next leaf.
 */
export function encodeLeaf(leaf: Leaf, target: Buffer): void {
  target.fill(0, 2 * WORD, LEAF_BYTES);
  writeWord(leaf.project, target, 0);
  writeWord(leaf.definition, target, WORD);
  target[3 * WORD - 1] = outcomes[leaf.outcome];
  target.writeUInt8(leaf.grade, 4 * WORD - 1);
  target.writeBigUInt64BE(leaf.score, LEAF_BYTES - 8);
}

function writeWord(hex: string, target: Buffer, offset: number): void {
  if (hex.length !== 66 || target.write(hex.slice(2), offset, "hex") !== WORD) {
    throw new RangeError(`not a 32-byte word: ${hex.slice(0, 80)}`);
  }
}
