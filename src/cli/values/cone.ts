import { InvalidArgumentError } from "commander";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Cone } from "../../sdk/team.ts";
import { scopesIn } from "../state/teams.ts";
import { units48, unitsText } from "./units.ts";

/** A cone as it is written on the command line: its scopes are still names. */
export interface ConeText {
  readonly maxImpact: number;
  readonly scopes: readonly string[];
  readonly minReversibility: number;
}

/** `50000:pricing,deals:60`: impact in 24 hours, scopes, least reversibility in percent; for option parsing of a list. */
export function coneText(text: string, before: readonly ConeText[] = []): ConeText[] {
  const [impact, scopes, reversibility, ...rest] = text.split(":");
  if (impact === undefined || scopes === undefined || reversibility === undefined || rest.length > 0)
    throw new InvalidArgumentError("not a cone such as 50000:pricing,deals:60");
  if (!/^\d{1,3}$/.test(reversibility) || Number(reversibility) > 100)
    throw new InvalidArgumentError("reversibility is a whole number of percent, 0 to 100");
  const names = scopes.split(",").filter((name) => name !== "");
  return [...before, { maxImpact: units48(impact), scopes: names, minReversibility: Number(reversibility) }];
}

/** The cone with its scopes as a bit set. @throws {MandateError} `ScopeUnknown` for a name that no action was registered with. */
export function coneOf(text: ConeText, scopeNames: readonly string[]): Cone {
  let scopes = 0;
  for (const name of text.scopes) {
    const bit = scopeNames.indexOf(name);
    if (bit === -1) {
      throw new MandateError("ScopeUnknown", `no action is registered in the scope ${name}`, {
        kind: "input",
        data: { scope: name, known: scopeNames.join(", ") },
        remedy: "Register an action of that scope first: mandate policy action register.",
      });
    }
    scopes = (scopes | (1 << bit)) >>> 0;
  }
  return { maxImpact: text.maxImpact, scopes, minReversibility: text.minReversibility };
}

/** A cone in words. */
export function coneWords(cone: Cone, scopeNames: readonly string[]): string {
  const scopes = scopesIn(cone.scopes, scopeNames).join(", ") || "nothing";
  return `${scopes}; impact ${unitsText(cone.maxImpact)} in 24 hours; reversibility ${cone.minReversibility} % at least`;
}
