import { z } from "zod";
import { bundleError, type BundleProblem } from "../bundle/bundle-error.ts";
import { bundleText } from "../bundle/bundle.ts";

/** A document has one text: any other text with the same content would be another bundle of it. */
export function parseCanonical<Schema extends z.ZodType>(
  problem: BundleProblem,
  name: string,
  text: string,
  schema: Schema,
): z.infer<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw bundleError(problem, `${name} is not JSON`, { name });
  }
  if (bundleText(value) !== text) throw bundleError(problem, `${name} is not in its canonical form`, { name });
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw bundleError(problem, `${name}: ${z.prettifyError(parsed.error)}`, { name });
  return parsed.data;
}
