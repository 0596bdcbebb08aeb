#!/usr/bin/env node
// The Solidity compiler of node_modules as the native program that Forge expects: it is asked for its version, and given
// a compilation as standard JSON on its input. Every source comes with the input, so that nothing is read from disk.
import { readFileSync } from "node:fs";

import solc from "solc";

const flags = process.argv.slice(2);
if (flags.includes("--version")) {
  console.log(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}`);
} else if (flags.includes("--standard-json")) {
  process.stdout.write(solc.compile(readFileSync(0, "utf8")));
} else {
  console.error("forge-solc: only --version and --standard-json are answered");
  process.exitCode = 1;
}
