import { InvalidArgumentError } from "commander";

/** A whole number from 0 on; for option parsing. */
export function countOf(text: string): number {
  const count = Number(text);
  if (/^\d{1,15}$/.test(text) && Number.isSafeInteger(count)) return count;
  throw new InvalidArgumentError("not a whole number");
}
