import { readFileSync } from "node:fs";
import { z } from "zod";
import { MandateError } from "../src/core/errors/mandate-error.ts";

/** Whole numbers beyond the safe range of JSON are written as Ignition writes them: `"500000000000000000n"`. */
const value = z.union([
  z.number().int(),
  z.string().transform((text) => (/^\d+n$/.test(text) ? BigInt(text.slice(0, -1)) : text)),
]);

const parametersSchema = z.record(z.string(), z.record(z.string(), value));

/** Parameters by module, `$global` for those that several modules read. */
export type Parameters = z.infer<typeof parametersSchema>;

/** @throws {MandateError} `ParametersInvalid`. */
export function loadParameters(path: string): Parameters {
  const parsed = parametersSchema.safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (parsed.success) return parsed.data;
  throw new MandateError(
    "ParametersInvalid",
    `${path} does not hold deployment parameters: ${z.prettifyError(parsed.error)}`,
    {
      kind: "input",
      cause: parsed.error,
    },
  );
}

/** The parameters as a file that {@link loadParameters} reads back. */
export function parametersText(parameters: Parameters): string {
  const text = (_key: string, each: unknown): unknown => (typeof each === "bigint" ? `${each}n` : each);
  return `${JSON.stringify(parameters, text, 2)}\n`;
}

/** The parameters with single values replaced: a local chain begins its epochs when it is deployed. */
export function withOverrides(base: Parameters, overrides: Parameters): Parameters {
  const modules = new Set([...Object.keys(base), ...Object.keys(overrides)]);
  return Object.fromEntries([...modules].map((name) => [name, { ...base[name], ...overrides[name] }]));
}
