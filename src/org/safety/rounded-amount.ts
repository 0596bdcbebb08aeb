const MANTISSA_BITS = 56n;
const MANTISSA = (1n << MANTISSA_BITS) - 1n;
const STEP = 10n ** 6n;

/**
 * An amount below 2^112 in 58 bits, rounded down: `exponent 2 | mantissa 56`, where the amount is `mantissa · 10^(6 · exponent)`.
 * Twin of the contracts' `RoundedAmount.encode`.
 */
export function encodeRounded(amount: bigint): bigint {
  let mantissa = amount;
  let exponent = 0n;
  while (mantissa > MANTISSA) {
    mantissa /= STEP;
    exponent += 1n;
  }
  return (exponent << MANTISSA_BITS) | mantissa;
}

/** The amount that a code stands for. Twin of `RoundedAmount.decode`. */
export function decodeRounded(code: bigint): bigint {
  return (code & MANTISSA) * STEP ** (code >> MANTISSA_BITS);
}

/** What is left of an amount that was kept: what a limit allows, so that the rounding is against the spender. */
export function roundedDown(amount: bigint): bigint {
  return decodeRounded(encodeRounded(amount));
}
