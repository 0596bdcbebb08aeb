import type { Hex } from "../core/hex.ts";
import { keccak256Text } from "../core/keccak.ts";
import type { ContractName } from "./deployment.ts";

/** How the authority's registry names a contract's kind: Keccak-256 of the name of its artifact. */
export function contractKind(name: ContractName): Hex {
  return keccak256Text(name);
}
