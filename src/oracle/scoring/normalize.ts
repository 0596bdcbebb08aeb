import { clamp, ONE } from "../../core/fixed-point.ts";

/**
 * Linear position of `value` between `floor` (0) and `ceiling` (1e18), clamped, rounded down: never in the project's favour.
 * All three are in the same fixed point. The ceiling may lie below the floor, where less is better.
 */
export function normalize(value: bigint, floor: bigint, ceiling: bigint): bigint {
  const span = ceiling - floor;
  const distance = span > 0n ? value - floor : floor - value;
  const length = span > 0n ? span : -span;
  return (clamp(distance, 0n, length) * ONE) / length; // both non-negative: truncation rounds down
}
