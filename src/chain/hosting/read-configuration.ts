import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { MandateError, messageOf } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";

/**
 * A configuration file (YAML or JSON) as `schema` declares it.
 * @throws {MandateError} `ConfigurationInvalid` with the exact path of what is wrong.
 */
export function readConfiguration<T>(path: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new MandateError("ConfigurationInvalid", `cannot read ${path}: ${messageOf(cause)}`, {
      kind: "input",
      cause,
    });
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw new MandateError("ConfigurationInvalid", `${path}: ${z.prettifyError(parsed.error)}`, {
      kind: "input",
      cause: parsed.error,
    });
  }
  return parsed.data;
}

/** An address, in lower case whatever case the file has. */
export const addressSchema = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/)
  .transform((text) => text.toLowerCase() as Hex);

/** Where a service listens. Port 0 takes any free one. */
export const listenSchema = z.strictObject({
  host: z.string().min(1).default("127.0.0.1"),
  port: z.number().int().min(0).max(65_535),
});
