import { InvalidArgumentError } from "commander";

/** A whole number from 0 on; for option parsing. */
export function countOf(text: string): number {
  const count = Number(text);
  if (/^\d{1,15}$/.test(text) && Number.isSafeInteger(count)) return count;
  throw new InvalidArgumentError("not a whole number");
}

/** A whole number between two bounds, which are allowed themselves; for option parsing. */
export function countWithin(least: number, most: number): (text: string) => number {
  return (text) => {
    const count = countOf(text);
    if (count >= least && count <= most) return count;
    throw new InvalidArgumentError(`not between ${least} and ${most}`);
  };
}
