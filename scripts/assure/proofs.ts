import { stripVTControlCharacters } from "node:util";

/** What Halmos says of the properties in `test/solidity/proofs`. */

export interface Verdict {
  readonly property: string;
  readonly verdict: "proved" | "failed" | "not decided";
}

/**
 * `Contract.property` and verdict, from what Halmos prints; anything but a pass or a counterexample decides nothing, nor does a
 * pass with a warning: then there were paths, of a long loop for one, that it did not follow.
 */
export function verdictsOf(output: string): Verdict[] {
  const verdicts: Verdict[] = [];
  let contract = "";
  for (const line of stripVTControlCharacters(output).split("\n")) {
    contract = /^Running \d+ tests? for .*:(\w+)$/.exec(line)?.[1] ?? contract;
    const property = (name: string | undefined): string => `${contract}.${name ?? ""}`;
    const warned = /^WARNING +(prove_\w+)\(/.exec(line);
    const last = verdicts.at(-1);
    if (warned !== null && last?.verdict === "proved" && last.property === property(warned[1])) {
      verdicts[verdicts.length - 1] = { ...last, verdict: "not decided" };
    }
    const found = /^\[(\w+)\] (prove_\w+)\(/.exec(line);
    if (found === null) continue;
    const verdict = found[1] === "PASS" ? "proved" : found[1] === "FAIL" ? "failed" : "not decided";
    verdicts.push({ property: property(found[2]), verdict });
  }
  return verdicts;
}

/** Properties that the sources state, as `Contract.property`: one that Halmos left out is noticed. */
export function statedIn(source: string): string[] {
  const contract = /^contract (\w+)/m.exec(source)?.[1] ?? "";
  return [...source.matchAll(/function (prove_\w+)\(/g)].map((match) => `${contract}.${match[1] ?? ""}`);
}

/** A verdict for each stated property. */
export function judge(stated: readonly string[], verdicts: readonly Verdict[]): Verdict[] {
  return stated.map(
    (property) => verdicts.find((found) => found.property === property) ?? { property, verdict: "not decided" },
  );
}
