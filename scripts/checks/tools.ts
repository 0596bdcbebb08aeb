import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** A check that another program makes. */
export interface Tool {
  readonly name: string;
  readonly promise: string;
  /** Arguments for Node. */
  readonly run: readonly string[];
  /** The tool is left out while this file does not exist. */
  readonly when?: string;
  /** What to do about its findings, where one command does it. */
  readonly mend?: string;
}

const TSC = "node_modules/typescript/bin/tsc";

export const TOOLS: readonly Tool[] = [
  {
    name: "format",
    promise: "Prettier would change nothing",
    run: ["node_modules/prettier/bin/prettier.cjs", "--check", "--log-level", "warn", "."],
    mend: "npm run format",
  },
  {
    name: "eslint",
    promise: "ESLint finds nothing in TypeScript and JavaScript",
    run: ["node_modules/eslint/bin/eslint.js", "--max-warnings", "0", "."],
  },
  {
    name: "solhint",
    promise: "solhint finds nothing in Solidity",
    run: [
      "node_modules/solhint/solhint.js",
      "--disc",
      "--noPoster",
      "--max-warnings",
      "0",
      "contracts/**/*.sol",
      "test/solidity/**/*.sol",
    ],
  },
  { name: "types", promise: "TypeScript finds nothing", run: [TSC, "--noEmit", "--pretty", "false"] },
  {
    name: "e2e-types",
    promise: "TypeScript finds nothing in the browser tests",
    run: [TSC, "--noEmit", "--pretty", "false", "--project", "test/e2e"],
    when: "test/e2e/tsconfig.json",
  },
  {
    name: "web-types",
    promise: "TypeScript finds nothing in the web app",
    run: [TSC, "--noEmit", "--pretty", "false", "--project", "web"],
    when: "web/tsconfig.json",
  },
  {
    name: "signed-types",
    promise: "the Solidity type hashes are generated from the TypeScript that is committed",
    run: ["scripts/generate/signed-types.ts", "--check"],
    when: "scripts/generate/signed-types.ts",
  },
  {
    name: "errors-doc",
    promise: "docs/errors.md is generated from the words of the contracts' errors",
    run: ["scripts/generate/errors-doc.ts", "--check"],
    when: "scripts/generate/errors-doc.ts",
  },
];

/** Runs a tool; returns what it printed when it found something, or undefined when all is well. */
export async function runTool(root: string, { run, when }: Tool): Promise<string | undefined> {
  if (when !== undefined && !existsSync(join(root, when))) return undefined;
  return new Promise((resolve) => {
    let output = "";
    const child = spawn(process.execPath, run, { cwd: root, env: { ...process.env, FORCE_COLOR: "0" } });
    child.stdout.on("data", (data: Buffer) => (output += data.toString()));
    child.stderr.on("data", (data: Buffer) => (output += data.toString()));
    child.on("error", (error) => {
      resolve(error.message);
    });
    child.on("close", (code) => {
      resolve(code === 0 ? undefined : output.trim() || `ended with exit code ${String(code)}`);
    });
  });
}
