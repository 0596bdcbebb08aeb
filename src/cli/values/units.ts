import { InvalidArgumentError } from "commander";
import { formatUnitsOfAccount, isUnitsOfAccount, LARGEST_LIMIT, toUnitsOfAccount } from "../../org/unit-of-account.ts";

/** An amount in the unit of account such as `500` or `12.3456`, as contracts count it; for option parsing. */
export function unitsOf(text: string): bigint {
  if (isUnitsOfAccount(text)) return toUnitsOfAccount(text);
  throw new InvalidArgumentError(
    `not an amount in the unit of account: a decimal with at most 4 places, ${unitsText(LARGEST_LIMIT)} at most`,
  );
}

/** An amount in the unit of account as people write it: `12.5`. */
export function unitsText(units: bigint | number): string {
  return formatUnitsOfAccount(BigInt(units));
}

/** The same as a number, which is how viem passes 48 bits; for option parsing. */
export function units48(text: string): number {
  return Number(unitsOf(text)); // safe: 48 bits fit into a double's 53
}
