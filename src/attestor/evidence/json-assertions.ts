import { compareDecimals } from "./decimal.ts";
import { notMet, type EvidenceVerdict } from "./evidence.ts";
import type { JsonAssertionsSpecification } from "./specification.ts";

/** What stands at an RFC 6901 pointer; undefined where nothing does. */
export function valueAt(document: unknown, pointer: string): unknown {
  const names = pointer.split("/").slice(1);
  let value = document;
  for (const name of names) {
    const key = name.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** The number in `value` as exact text: a JSON number by its shortest decimal form, or a decimal string. */
function numberText(value: unknown): string | undefined {
  return typeof value === "number" || typeof value === "string" ? String(value) : undefined;
}

type Assertion = JsonAssertionsSpecification["assertions"][number];

function problemOf(assertion: Assertion, document: unknown): string | undefined {
  const value = valueAt(document, assertion.pointer);
  const where = assertion.pointer === "" ? "the document" : assertion.pointer;
  if (value === undefined) return `${where} is missing`;
  if ("equals" in assertion) {
    return value === assertion.equals
      ? undefined
      : `${where} is ${JSON.stringify(value)}, not ${JSON.stringify(assertion.equals)}`;
  }
  const text = numberText(value);
  const bounds = [
    { bound: assertion.minimum, allowed: (order: number) => order >= 0, word: "at least" },
    { bound: assertion.maximum, allowed: (order: number) => order <= 0, word: "at most" },
  ];
  for (const { bound, allowed, word } of bounds) {
    if (bound === undefined) continue;
    const order = text === undefined ? undefined : compareDecimals(text, bound);
    if (order === undefined) return `${where} is no number`;
    if (!allowed(order)) return `${where} is ${text}, and must be ${word} ${bound}`;
  }
  return undefined;
}

/** Checks each asserted field of the evidence document. */
export function checkJsonAssertions(specification: JsonAssertionsSpecification, document: unknown): EvidenceVerdict {
  for (const assertion of specification.assertions) {
    const problem = problemOf(assertion, document);
    if (problem !== undefined) return notMet(problem);
  }
  return { met: true, manifest: { kind: "json-assertions", document } };
}
