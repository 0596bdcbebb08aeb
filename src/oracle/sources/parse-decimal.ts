/** More digits than any 256-bit integer has; what is longer is refused before it costs memory. */
const MAX_DIGITS = 80;

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$|^([+-]?)\.(\d+)(?:[eE]([+-]?\d{1,4}))?$/;

/**
 * A decimal number in text, as an integer of `decimals` places, without passing through floating point.
 * Digits beyond the places are dropped toward negative infinity, so that a score is never rounded up.
 * @returns undefined where the text is no finite decimal number, or has more than 80 digits once scaled.
 */
export function parseDecimal(text: string, decimals: number): bigint | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const negative = (match[1] ?? match[5]) === "-";
  const whole = match[2] ?? "";
  const fraction = match[3] ?? match[6] ?? "";
  const exponent = Number(match[4] ?? match[7] ?? "0");
  const digits = whole + fraction;
  if (digits.length > MAX_DIGITS) return undefined;
  const mantissa = BigInt(digits);
  if (mantissa === 0n) return 0n;
  const shift = decimals + exponent - fraction.length;
  if (shift > MAX_DIGITS) return undefined;
  const signed = negative ? -mantissa : mantissa;
  if (shift >= 0) return signed * 10n ** BigInt(shift);
  if (-shift > MAX_DIGITS) return negative ? -1n : 0n;
  return floorDivide(signed, 10n ** BigInt(-shift));
}

/** Division that rounds toward negative infinity. `divisor` is positive. */
function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value < 0n && quotient * divisor !== value ? quotient - 1n : quotient;
}
