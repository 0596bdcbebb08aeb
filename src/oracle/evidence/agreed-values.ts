import type { Hex } from "../../core/hex.ts";
import type { Assessment } from "../scoring/assess-definition.ts";
import type { AgreedValues } from "./epoch-record.ts";

/** The values among agreed metrics, as they are kept beside the report `digest`. */
export function agreedValues(digest: Hex, assessments: ReadonlyMap<Hex, Assessment>): AgreedValues {
  return {
    digest,
    definitions: [...assessments].map(([definition, { metrics }]) => ({
      definition,
      values: Object.fromEntries(
        metrics.flatMap(({ key, outcome }) => (outcome.outcome === "value" ? [[key, outcome.value]] : [])),
      ),
    })),
  };
}
