import { MandateError } from "./mandate-error.ts";

/** The typed error in what a library wrapped around it; what was thrown where there is none. */
export function typedCauseOf(thrown: unknown): unknown {
  for (let each = thrown; each instanceof Error; each = each.cause) if (each instanceof MandateError) return each;
  return thrown;
}
