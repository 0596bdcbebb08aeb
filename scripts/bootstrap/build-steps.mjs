// What is built, in order.

const HARDHAT = "node_modules/hardhat/dist/src/cli.js";

/**
 * @typedef {object} BuildStep
 * @property {string} name
 * @property {string} doing progress line
 * @property {string} [when] the step exists only where this file does
 * @property {string[]} inputs
 * @property {string[]} outputs
 * @property {string[]} run arguments for Node
 */

/** @type {readonly BuildStep[]} */
export const BUILD_STEPS = [
  {
    name: "contracts",
    doing: "Compiling the contracts",
    inputs: ["contracts", "hardhat.config.ts", "package-lock.json"],
    outputs: ["artifacts", "generated/typechain"],
    run: [HARDHAT, "build", "--no-tests", "--quiet"],
  },
  {
    name: "abis",
    doing: "Generating the ABIs",
    when: "scripts/generate/abis.ts",
    inputs: ["contracts", "hardhat.config.ts", "package-lock.json", "scripts/generate"],
    outputs: ["generated/abi"],
    run: ["scripts/generate/abis.ts"],
  },
  {
    name: "web",
    doing: "Building the web app",
    when: "web/vite.config.ts",
    inputs: ["contracts", "web", "src/core", "src/chain", "src/org", "scripts/generate", "package-lock.json"],
    outputs: ["web/dist"],
    run: ["node_modules/vite/bin/vite.js", "build", "web", "--logLevel", "warn"],
  },
];
