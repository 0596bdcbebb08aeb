import { posix } from "node:path";

import type { Finding, Rule } from "./rule.ts";

/** Folders that others build on, with what they may import besides themselves. Any other folder of `src` is a service. */
const BASES: Readonly<Record<string, readonly string[]>> = {
  "src/core": [],
  "src/chain": ["src/core", "generated"],
  "src/org": ["src/core"],
};
const FOR_SERVICES = ["src/core", "src/chain", "src/org", "deploy", "generated"];
/** Programs that use the system also ask attestor services for signatures. */
const FOR_SDK = ["src/core", "src/chain", "src/org", "src/attestor", "generated"];
const FOR_WEB = ["src/core", "src/chain", "src/org"];

const IMPORT =
  /^[ \t]*(?:import|export)\b[^"'`;]*?\bfrom\s*["']([^"']+)["']|^[ \t]*import\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/gm;

/** `core ← {chain, org} ← services ← sdk ← cli`; services never import each other; the web imports the bases only. */
export const importDirections: Rule = {
  name: "import-directions",
  promise: "imports go one way: core ← {chain, org} ← services ← sdk ← cli, and web imports core, chain and org only",
  find: (project) =>
    project.files
      .filter((file) => /^(src|web)\/.*\.(ts|tsx)$/.test(file))
      .flatMap((file) => importsOf(project.read(file)).flatMap((target) => judge(file, target))),
};

function importsOf(text: string): { specifier: string; line: number }[] {
  return [...text.matchAll(IMPORT)].map((match) => ({
    specifier: match[1] ?? match[2] ?? match[3] ?? "",
    line: text.slice(0, match.index).split("\n").length,
  }));
}

function judge(file: string, { specifier, line }: { specifier: string; line: number }): Finding[] {
  const from = areaOf(file);
  const isTest = /\.test\.tsx?$/.test(file);
  if (specifier.startsWith("node:")) {
    const pure = from === "src/core" || from === "src/org";
    if (!pure || isTest) return [];
    return [{ file, line, message: `${from} has no I/O and runs in a browser too: it cannot import ${specifier}` }];
  }
  if (!specifier.startsWith(".")) return [];
  const target = posix.normalize(posix.join(posix.dirname(file), specifier));
  const to = areaOf(target);
  if (to === from || (isTest && to === "test")) return [];
  const allowed = allowedFrom(from);
  if (allowed === "all of src" ? target.startsWith("src/") || FOR_SERVICES.includes(to) : allowed.includes(to))
    return [];
  const may = allowed === "all of src" ? allowed : allowed.join(", ") || "nothing outside itself";
  return [{ file, line, message: `${from} may import ${may}; this imports ${target}` }];
}

/** The part of the project that a path belongs to: `src/oracle`, `web`, `test`, … */
function areaOf(path: string): string {
  const [first = "", second = ""] = path.split("/");
  return first === "src" ? `src/${second}` : first;
}

function allowedFrom(area: string): readonly string[] | "all of src" {
  if (area === "web") return FOR_WEB;
  if (area === "src/cli") return "all of src";
  if (area === "src/sdk") return FOR_SDK;
  return BASES[area] ?? FOR_SERVICES;
}
