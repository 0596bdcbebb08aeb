/** What a contract looks for, read from its source: a model that says the same is held against it. */
import { readFileSync } from "node:fs";

/** The source of a contract of the oracle. */
export function contractSource(name: string): string {
  return readFileSync(new URL(`../../contracts/oracle/${name}.sol`, import.meta.url), "utf8");
}

/** What a function checks: its body before its effects. */
export function bodyOf(source: string, name: string): string {
  const from = source.indexOf(" {\n", source.indexOf(`function ${name}(`));
  const body = source.slice(from, source.indexOf("\n    }\n", from));
  return body.split("// Effect")[0] ?? "";
}

/** Errors in the order of their first mention, without `HeartbeatOracle`. */
export function revertsIn(text: string): readonly string[] {
  return unique(text.matchAll(/revert (?:HeartbeatOracle|IHeartbeatOracle\.HeartbeatOracle)(\w+)/g));
}

/** The members of a type that is a union of texts, in `src/oracle/simulation`. */
export function refusalsOf(file: string, type: string): readonly string[] {
  const source = readFileSync(new URL(`../../src/oracle/simulation/${file}.ts`, import.meta.url), "utf8");
  const from = source.indexOf(`export type ${type} =`);
  return unique(source.slice(from, source.indexOf(";", from)).matchAll(/\| "(\w+)"/g));
}

function unique(found: Iterable<RegExpMatchArray>): readonly string[] {
  return [...new Set([...found].map(([, name]) => name ?? ""))];
}
