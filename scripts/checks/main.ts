/**
 * Format, lint, types and the project's own rules: `main.ts [check…]`; without names, all of them. Prints a line a check
 * and every finding, writes `.mandate/results/check.json`, exits 1 when something was found.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { saveSuiteResult, totalLine } from "../test/suite-result.ts";
import { builtContracts } from "./built-contracts.ts";
import { contractImports } from "./contract-imports.ts";
import { contractSize } from "./contract-size.ts";
import { fileLength } from "./file-length.ts";
import { fileNames } from "./file-names.ts";
import { importDirections } from "./import-directions.ts";
import { journaledEvents } from "./journaled-events.ts";
import { licenses } from "./licenses.ts";
import { lockFile } from "./lock-file.ts";
import { machinePaths } from "./machine-paths.ts";
import { officeLayout } from "./office-layout.ts";
import { readProject } from "./read-project.ts";
import type { Finding, Rule } from "./rule.ts";
import { skippedTests } from "./skipped-tests.ts";
import { runTool, TOOLS } from "./tools.ts";

const RULES: readonly Rule[] = [
  importDirections,
  contractImports,
  builtContracts,
  journaledEvents,
  contractSize,
  officeLayout,
  fileLength,
  fileNames,
  machinePaths,
  skippedTests,
  lockFile,
  licenses,
];

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Checked {
  readonly name: string;
  readonly promise: string;
  readonly ok: boolean;
  readonly text: string;
}

async function main(wanted: readonly string[]): Promise<number> {
  const names = [...TOOLS, ...RULES].map(({ name }) => name);
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    console.error(`There is no check ${unknown.join(", ")}. Checks: ${names.join(", ")}`);
    return 1;
  }
  const isWanted = ({ name }: { name: string }): boolean => wanted.length === 0 || wanted.includes(name);
  const checked: Checked[] = [];
  const note = (check: Checked): void => {
    checked.push(check);
    console.log(`${check.ok ? "✓" : "✗"} ${check.name}: ${check.promise}`);
    if (check.text !== "") console.log(`\n${check.text}\n`);
  };
  const project = readProject(root);
  for (const rule of RULES.filter(isWanted)) note(applyRule(rule, rule.find(project)));
  const tools = TOOLS.filter(isWanted);
  const outputs = await Promise.all(tools.map(async (tool) => runTool(root, tool)));
  for (const [index, tool] of tools.entries()) {
    const output = outputs[index];
    const mend = output !== undefined && tool.mend !== undefined ? `\n→ ${tool.mend}` : "";
    note({ name: tool.name, promise: tool.promise, ok: output === undefined, text: `${output ?? ""}${mend}` });
  }
  const failures = checked.filter(({ ok }) => !ok).map(({ name }) => name);
  const result = { passed: checked.length - failures.length, failed: failures.length, skipped: [], failures };
  saveSuiteResult(join(root, ".mandate/results/check.json"), result);
  console.log(`\n${totalLine(result)}`);
  return failures.length > 0 ? 1 : 0;
}

function applyRule({ name, promise }: Rule, findings: readonly Finding[]): Checked {
  const lines = findings.map(({ file, line, message, warning }) => {
    const place = line === undefined ? file : `${file}:${line}`;
    return `  ${place}: ${warning === true ? "warning: " : ""}${message}`;
  });
  return { name, promise, ok: findings.every(({ warning }) => warning === true), text: lines.join("\n") };
}

process.exitCode = await main(process.argv.slice(2));
