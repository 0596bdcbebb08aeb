import { fileURLToPath } from "node:url";

import toolbox from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { defineConfig } from "hardhat/config";
import { definePlugin } from "hardhat/plugins";

/** The newest hard fork that solc, Hardhat's EVM and Anvil all run: transient storage, mcopy, P-256 precompile. */
const EVM_VERSION = "osaka";

/** Optimizer runs: high enough for cheap hot paths, low enough that every contract stays below 24,000 bytes. */
const OPTIMIZER_RUNS = 800;

const COMPILER = {
  version: "0.8.37",
  path: fileURLToPath(import.meta.resolve("solc/soljson.js")), // from npm: a build downloads nothing
  settings: {
    viaIR: true,
    evmVersion: EVM_VERSION,
    optimizer: { enabled: true, runs: OPTIMIZER_RUNS },
    outputSelection: { "*": { "*": ["storageLayout"] } }, // for the check office-layout
  },
};

/** Solidity tests that hold code of the contracts in themselves: libraries have no artifact to deploy. */
const TESTS_OF_LIBRARIES = [
  "test/solidity/attacks/Packing.t.sol",
  "test/solidity/attacks/SafetyPacking.t.sol",
  "test/solidity/oracle/MerkleMultiPath.t.sol",
  "test/solidity/oracle/ThresholdController.t.sol",
  "test/solidity/strategy/BranchTally.t.sol",
];

/** An override is a compilation of its own, with the contracts' settings. */
const PROFILE = {
  compilers: [COMPILER],
  overrides: Object.fromEntries(TESTS_OF_LIBRARIES.map((file) => [file, COMPILER])),
};

/** Optimizing what only ever runs in tests takes the compiler ten times as long as all of the tests take to run. */
const lightTests = definePlugin({
  id: "light-solidity-tests",
  hookHandlers: {
    solidity: () =>
      Promise.resolve({
        default: () =>
          Promise.resolve({
            preprocessSolcInputBeforeBuilding(context, input, next) {
              const files = Object.keys(input.sources);
              const isLight =
                files.some((file) => file.startsWith("project/test/solidity/")) &&
                !TESTS_OF_LIBRARIES.some((file) => files.includes(`project/${file}`));
              if (!isLight) return next(context, input);
              const settings = { ...input.settings, viaIR: false, optimizer: { enabled: false } };
              return next(context, { ...input, settings });
            },
          }),
      }),
  },
});

export default defineConfig({
  plugins: [toolbox, lightTests],

  // Hardhat deploys to real chains from its production profile: it is the one that is tested.
  solidity: {
    profiles: { default: PROFILE, production: PROFILE },
    splitTestsCompilation: true, // a change in a Solidity test does not compile the contracts again
    // OpenZeppelin's own contracts that are deployed as they are.
    npmFilesToBuild: [
      "@openzeppelin/contracts/governance/TimelockController.sol",
      "@openzeppelin/contracts/utils/cryptography/verifiers/ERC7913P256Verifier.sol",
      "@openzeppelin/contracts/utils/cryptography/verifiers/ERC7913WebAuthnVerifier.sol",
    ],
  },

  paths: {
    sources: "contracts",
    tests: { mocha: "test/contracts", solidity: "test/solidity" },
    ignition: "deploy",
  },

  // Its namespaces are no erasable syntax: fine where Hardhat runs the tests, but tsc would refuse them.
  typechain: { outDir: "generated/typechain", tsNocheck: true },

  networks: {
    default: { type: "edr-simulated", chainType: "l1", hardfork: EVM_VERSION },
  },

  test: {
    mocha: { timeout: 60_000, reporter: fileURLToPath(new URL("scripts/test/mocha-reporter.cjs", import.meta.url)) },
    solidity: {
      profiles: {
        // Minutes, on every change: the same inputs each time.
        default: {
          fuzz: { runs: 256, seed: "0x6d616e64617465" },
          invariant: { runs: 64, depth: 64, failOnRevert: false },
        },
        // `npm run assure`: deep, and other inputs each time.
        assure: {
          fuzz: { runs: 20_000 },
          invariant: { runs: 1_000, depth: 200, failOnRevert: false },
        },
      },
    },
  },
});
