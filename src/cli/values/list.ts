import { InvalidArgumentError } from "commander";

/** A list such as `a,b,c`; for option parsing. */
export function listOf(text: string): string[] {
  const parts = text.split(",").map((part) => part.trim());
  if (parts.some((part) => part === "")) throw new InvalidArgumentError("not a list such as a,b,c");
  return parts;
}
