/** One test suite of the project: what `npm run test:<name>` runs. */
export interface Suite {
  readonly name: string;
  /** Folders, relative to the project, whose test files it runs. */
  readonly folders: readonly string[];
  /** What marks a file in those folders as a test. */
  readonly filePattern: RegExp;
  /** Arguments for Node; the caller's own arguments are appended. */
  readonly run: readonly string[];
  /** Runs beside the suite before it, and prints when it has ended: for one that keeps a single core busy. */
  readonly beside?: true;
}

const VITEST = ["node_modules/vitest/vitest.mjs", "run", "--project"];
const TYPESCRIPT_TEST = /\.test\.tsx?$/;

/** Every suite, cheapest failure first. The list is explicit so that a suite that vanished is noticed. */
export const SUITES: readonly Suite[] = [
  {
    name: "contracts",
    folders: ["test/contracts"],
    filePattern: /\.ts$/, // Hardhat runs every file there
    run: ["node_modules/hardhat/dist/src/cli.js", "test", "mocha", "--no-compile"], // everything is built by now
  },
  {
    name: "solidity",
    folders: ["test/solidity"],
    filePattern: /\.t\.sol$/,
    run: ["scripts/test/run-solidity.ts"],
    beside: true, // the compiler's one thread is most of it
  },
  { name: "services", folders: ["src", "web/src"], filePattern: TYPESCRIPT_TEST, run: [...VITEST, "services"] },
  { name: "tooling", folders: ["scripts"], filePattern: TYPESCRIPT_TEST, run: [...VITEST, "tooling"] },
  { name: "scenario", folders: ["test/scenario"], filePattern: TYPESCRIPT_TEST, run: [...VITEST, "scenario"] },
  { name: "e2e", folders: ["test/e2e"], filePattern: TYPESCRIPT_TEST, run: [...VITEST, "e2e"] },
];

/** Suites that have no test yet. Any other suite without files fails; a suite named here that has files fails too. */
export const NOT_YET: readonly string[] = [];
