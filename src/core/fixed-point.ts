/** One, in the fixed point of scores and thresholds. */
export const ONE = 10n ** 18n;

export function clamp(value: bigint, low: bigint, high: bigint): bigint {
  if (value < low) return low;
  return value > high ? high : value;
}
