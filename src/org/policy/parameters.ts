import type { Hex } from "../../core/hex.ts";
import { keccak256Text } from "../../core/keccak.ts";

/** The constitution's parameters that a contract enforces. */
export const parameterNames = [
  /** Impact of a team in any 24 hours, in units of account with 4 decimals. */
  "cone.maxImpact",
  /** Reversibility that an action must have at least, in percent. */
  "cone.minReversibility",
  /** Seconds after which an escalation that nobody resolved is denied. */
  "escalation.deadlineSeconds",
  /** Seconds for which an approved escalation can be used. */
  "escalation.usableSeconds",
  /** Share of an asset's credited amount that may leave within 24 hours; 1e18 is all of it. */
  "breaker.outflowShare",
  /** Share of an asset's committed amount that may be reclaimed within an epoch; 1e18 is all of it. */
  "breaker.reclaimShare",
  /** Seconds for which a trip lasts. */
  "breaker.tripSeconds",
  /** Share of a pool's money in an asset, its enclaves included, that may be committed to enclaves; 1e18 is all of it. */
  "enclaves.poolShare",
] as const;

export type ParameterName = (typeof parameterNames)[number];

/** Ids on chain, as in contracts/types/Parameters.sol: keccak256 of the name. */
export const parameterIds = Object.fromEntries(parameterNames.map((name) => [name, keccak256Text(name)])) as Readonly<
  Record<ParameterName, Hex>
>;
