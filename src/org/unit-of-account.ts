/** Impact is stated in units of account with 4 decimals, as everywhere in `IAuthorityLimits`. */
export const UNIT_OF_ACCOUNT = 10_000n;

/** Largest impact that a team's limit or a grant's cap can state: 48 bits. */
export const LARGEST_LIMIT = 2n ** 48n - 1n;

const AMOUNT = /^(0|[1-9][0-9]*)(?:\.([0-9]{1,4}))?$/;

/** Whether `text` is an amount such as "50000" or "0.25" that fits a limit. */
export function isUnitsOfAccount(text: string): boolean {
  return AMOUNT.test(text) && toUnitsOfAccount(text) <= LARGEST_LIMIT;
}

/** "50000.25" as a number of ten-thousandths. @throws {RangeError} where it is not such an amount. */
export function toUnitsOfAccount(text: string): bigint {
  const match = AMOUNT.exec(text);
  if (match === null) throw new RangeError(`not an amount with at most 4 decimals: ${text}`);
  return BigInt(match[1] ?? "0") * UNIT_OF_ACCOUNT + BigInt((match[2] ?? "").padEnd(4, "0"));
}

/** The shortest text that {@link toUnitsOfAccount} reads back. */
export function formatUnitsOfAccount(amount: bigint): string {
  const decimals = (amount % UNIT_OF_ACCOUNT).toString().padStart(4, "0").replace(/0+$/, "");
  const whole = (amount / UNIT_OF_ACCOUNT).toString();
  return decimals === "" ? whole : `${whole}.${decimals}`;
}
