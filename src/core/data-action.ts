import type { Hex } from "./hex.ts";
import { keccak256Text } from "./keccak.ts";

/** Keeps the targets of data apart from anything else that is hashed to an address. */
const TARGET_PREFIX = "mandate:data:";

/**
 * The address that stands for a data resource in the authority: nobody has a key for it, and no contract lives there.
 * @param resource URI of the resource, for example `postgres://records/42`.
 */
export function dataTarget(resource: string): Hex {
  return `0x${keccak256Text(`${TARGET_PREFIX}${resource}`).slice(-40)}`;
}

/** The function that stands for reading a data resource: selector of `read(string)`. */
export const dataReadSelector: Hex = `0x${keccak256Text("read(string)").slice(2, 10)}`;
