import { ONE } from "../../core/fixed-point.ts";

const DIGITS = 6;

/** `numerator / denominator` in fixed point (1e18 = 1), rounded down; undefined of nothing. */
export function shareOf(numerator: number, denominator: number): bigint | undefined {
  return denominator === 0 ? undefined : (BigInt(numerator) * ONE) / BigInt(denominator);
}

/** A fixed-point value as decimal text with six places, rounded towards zero. */
export function decimalText(value: bigint): string {
  const places = 10n ** BigInt(DIGITS);
  const scaled = ((value < 0n ? -value : value) * places) / ONE;
  const sign = value < 0n && scaled > 0n ? "-" : "";
  return `${sign}${scaled / places}.${(scaled % places).toString().padStart(DIGITS, "0")}`;
}
