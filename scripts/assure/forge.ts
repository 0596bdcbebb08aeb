/** Forge from npm, set up on the project's own compiler and settings. Everything that it writes is under `.mandate/forge`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import hre from "hardhat";
import { z } from "zod";

const SOLC = fileURLToPath(new URL("forge-solc.mjs", import.meta.url));

const settingsSchema = z.looseObject({
  viaIR: z.boolean(),
  evmVersion: z.string(),
  optimizer: z.object({ enabled: z.boolean(), runs: z.number().int() }),
});

export interface ForgeSetup {
  /** Environment in which `forge` is on the path, finds this configuration, and its compiler the project's Node. */
  readonly env: NodeJS.ProcessEnv;
  /** Where its artifacts are, relative to the project. */
  readonly out: string;
}

/** The folder of the native program, or undefined where npm has none for this machine. */
function forgeFolder(): string | undefined {
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  try {
    const wrapper = createRequire(import.meta.url).resolve("@foundry-rs/forge/package.json");
    const name = `@foundry-rs/forge-${process.platform}-${architecture}/package.json`;
    return join(dirname(createRequire(wrapper).resolve(name)), "bin");
  } catch {
    return undefined; // an optional dependency: the caller says what is missing
  }
}

/**
 * Writes Forge's configuration for the Solidity files of two folders, relative to the project; undefined where Forge cannot run.
 *
 * @param sources What is deployed: its artifacts are there by name, and tests that create them are not compiled with their code.
 * @param tests May be the same folder; then only what its files import is compiled.
 */
export function setUpForge({
  root,
  name,
  sources,
  tests,
}: {
  root: string;
  name: string;
  sources: string;
  tests: string;
}): ForgeSetup | undefined {
  const programs = forgeFolder();
  if (programs === undefined || process.platform === "win32") return undefined; // there, a script is no program
  const settings = settingsSchema.parse(hre.config.solidity.profiles["default"]?.compilers[0]?.settings);
  const home = `.mandate/forge/${name}`;
  const values: Record<string, unknown> = {
    src: sources,
    test: tests,
    script: `${home}/script`,
    out: `${home}/out`,
    cache_path: `${home}/cache`,
    libs: ["node_modules"],
    auto_detect_remappings: false,
    remappings: ["@openzeppelin/contracts/=node_modules/@openzeppelin/contracts/"],
    solc: SOLC,
    offline: true,
    ast: true,
    dynamic_test_linking: sources !== tests,
    via_ir: settings.viaIR,
    evm_version: settings.evmVersion,
    optimizer: settings.optimizer.enabled,
    optimizer_runs: settings.optimizer.runs,
  };
  // Other inputs than Hardhat's, which has a seed. One test makes ten thousand calls.
  const limits = [
    "gas_limit = 9223372036854775807",
    "[profile.default.lint]",
    "lint_on_build = false", // of style: solhint's
    "[profile.default.fuzz]",
    "runs = 1000",
    "[profile.default.invariant]",
    "runs = 128",
    "depth = 64",
    "show_metrics = false",
  ];
  // JSON's strings, numbers, booleans and lists are TOML's.
  const lines = Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  const config = join(root, home, "foundry.toml");
  mkdirSync(dirname(config), { recursive: true });
  writeFileSync(config, ["[profile.default]", ...lines, ...limits, ""].join("\n"));
  const path = [programs, dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter);
  return { env: { ...process.env, PATH: path, FOUNDRY_CONFIG: config }, out: `${home}/out` };
}
