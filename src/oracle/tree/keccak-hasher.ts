import { createKeccak } from "hash-wasm";

/** Keccak-256 of one input, synchronously. Not reentrant: one instance serves one builder at a time. */
export type KeccakHasher = (input: Uint8Array) => Uint8Array;

/** Loads the WebAssembly hasher: about ten times as fast as JavaScript over the millions of small inputs of a tree. */
export async function loadKeccakHasher(): Promise<KeccakHasher> {
  const hasher = await createKeccak(256);
  return (input) => hasher.init().update(input).digest("binary");
}
