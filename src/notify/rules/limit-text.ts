import type { Entities } from "../model/rows.ts";

/** Units of account have 4 decimals. */
function unitsText(value: string): string {
  const units = BigInt(value);
  const fraction = (units % 10_000n).toString().padStart(4, "0").replace(/0+$/, "");
  return `${units / 10_000n}${fraction === "" ? "" : `.${fraction}`}`;
}

/** As `IAuthorityLimits.Boundary` counts them. */
const sentences: Readonly<Record<number, (limit: string, actual: string) => string>> = {
  1: () => "The catalog does not list this action.",
  2: (_limit, actual) => `Decisions of scope ${actual} are outside the team's cone.`,
  3: (limit, actual) => `It can be undone to ${actual} percent, and the team must keep ${limit}.`,
  4: () => "Its impact cannot be read from its arguments.",
  5: () => "The asset has no rate that is valid now.",
  6: (limit, actual) => `Its impact is ${unitsText(actual)}, above the ${unitsText(limit)} that the grant leaves.`,
  7: (limit, actual) =>
    `It brings the team's impact in 24 hours to ${unitsText(actual)}, above its limit of ${unitsText(limit)}.`,
};

/** Which boundary a call crosses, and by how much. */
export function limitText({ boundary, limit, actual }: Entities["escalation"]): string {
  return sentences[boundary]?.(limit, actual) ?? `It crosses boundary ${boundary}: ${actual} against ${limit}.`;
}
