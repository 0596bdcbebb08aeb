// What `npm run <name>` runs once everything is set up: arguments for the project's Node (none: setting up is all), and
// the build steps that have to be current first (names in bootstrap/build-steps.mjs, in order). Arguments after `--` are
// appended.

const CLI = "src/cli/main.ts";
const SUITES = "scripts/test/run-suites.ts";

/** @type {Readonly<Record<string, { run: readonly string[], build: readonly string[] }>>} */
export const COMMANDS = {
  start: { run: ["scripts/start/main.ts"], build: ["contracts", "abis", "web"] },
  demo: { run: ["scripts/demo/main.ts"], build: ["contracts", "abis"] },
  mandate: { run: [CLI], build: ["contracts", "abis"] },

  test: { run: [SUITES], build: ["contracts", "abis", "web"] },
  "test:contracts": { run: [SUITES, "contracts"], build: ["contracts", "abis"] },
  "test:solidity": { run: [SUITES, "solidity"], build: ["contracts"] },
  "test:services": { run: [SUITES, "services"], build: ["contracts", "abis"] },
  "test:tooling": { run: [SUITES, "tooling"], build: [] },
  "test:scenario": { run: [SUITES, "scenario"], build: ["contracts", "abis"] },
  "test:e2e": { run: [SUITES, "e2e"], build: ["contracts", "abis", "web"] },

  "bench:gas": { run: ["bench/gas/main.ts"], build: ["contracts", "abis"] },
  "bench:detectors": { run: ["bench/detectors/main.ts"], build: [] },
  "soak:oracle": { run: ["scripts/soak/main.ts"], build: ["contracts", "abis"] },
  "bench:oracle": { run: ["bench/oracle/main.ts"], build: [] },
  format: { run: ["node_modules/prettier/bin/prettier.cjs", "--write", "--log-level", "warn", "."], build: [] },
  check: { run: ["scripts/checks/main.ts"], build: ["contracts", "abis"] },
  assure: { run: ["scripts/assure/main.ts"], build: ["contracts", "abis"] },
  compile: { run: [], build: ["contracts", "abis"] },
};
