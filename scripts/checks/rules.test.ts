import { describe, expect, it } from "vitest";

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
import { projectOf, type Rule } from "./rule.ts";
import { skippedTests } from "./skipped-tests.ts";

/** One project that keeps the rule and one that breaks it once, at a known place. */
interface Example {
  readonly rule: Rule;
  readonly title: string;
  readonly good: Readonly<Record<string, string>>;
  readonly bad: Readonly<Record<string, string>>;
  /** `file:line` of the finding, or only `file`. */
  readonly at: string;
  readonly says: RegExp;
}

const sol = (code: string): string => `// SPDX-License-Identifier: MIT\n${code}\n`;
const artifact = (bytes: number, sourceName = "contracts/treasury/Vault.sol"): string =>
  JSON.stringify({ contractName: "Vault", sourceName, deployedBytecode: `0x${"60".repeat(bytes)}` });
const manifest = (version: string): string => JSON.stringify({ dependencies: { a: version } });
const lock = (packages: object): string => JSON.stringify({ packages: { "": {}, ...packages } });

/** The vault, its office and its payment office, compiled, with these state variables. */
function compiledLayouts(...layouts: readonly (readonly string[])[]): Record<string, string> {
  const names = ["BudgetVault", "BudgetOffice", "PaymentOffice"];
  return Object.fromEntries(
    names.flatMap((contractName, at) => {
      const inputSourceName = `project/contracts/treasury/${contractName}.sol`;
      const storage = (layouts[at] ?? []).map((label, slot) => ({
        ...{ label, slot: `${slot}`, offset: 0, type: "t_uint256" },
      }));
      const output = { contracts: { [inputSourceName]: { [contractName]: { storageLayout: { storage } } } } };
      return [
        [
          `artifacts/contracts/treasury/${contractName}.sol/${contractName}.json`,
          JSON.stringify({ contractName, inputSourceName, buildInfoId: contractName }),
        ],
        [`artifacts/build-info/${contractName}.output.json`, JSON.stringify({ output })],
      ];
    }),
  );
}

const EXAMPLES: readonly Example[] = [
  {
    rule: importDirections,
    title: "a base imports a service",
    good: { "src/org/lease.ts": 'import { epoch } from "../core/epoch.ts";' },
    bad: { "src/org/lease.ts": '\nimport { fold } from "../indexer/fold.ts";' },
    at: "src/org/lease.ts:2",
    says: /src\/org may import src\/core; this imports src\/indexer\/fold\.ts/,
  },
  {
    rule: importDirections,
    title: "a service imports another service",
    good: { "src/audit/a.ts": 'import type { A } from "../chain/a.ts";\nimport { b } from "./b.ts";' },
    bad: { "src/audit/a.ts": 'import {\n  fold,\n} from "../indexer/fold.ts";' },
    at: "src/audit/a.ts:1",
    says: /this imports src\/indexer/,
  },
  {
    rule: importDirections,
    title: "a service imports the command line",
    good: { "src/cli/main.ts": 'import { a } from "../oracle/a.ts";' },
    bad: { "src/oracle/a.ts": 'const x = await import("../cli/main.ts");' },
    at: "src/oracle/a.ts:1",
    says: /this imports src\/cli/,
  },
  {
    rule: importDirections,
    title: "the web imports a service",
    good: { "web/src/page.tsx": 'import { x } from "../../src/org/x.ts";' },
    bad: { "web/src/page.tsx": 'export { x } from "../../src/acl/x.ts";' },
    at: "web/src/page.tsx:1",
    says: /web may import/,
  },
  {
    rule: importDirections,
    title: "core does I/O",
    good: { "src/core/a.test.ts": 'import { readFileSync } from "node:fs";' },
    bad: { "src/core/a.ts": 'import { readFileSync } from "node:fs";' },
    at: "src/core/a.ts:1",
    says: /cannot import node:fs/,
  },
  {
    rule: builtContracts,
    title: "a test that makes a contract of the project",
    good: {
      "test/solidity/A.t.sol": sol(
        'import {Vault, Book as Ledger} from "../../contracts/treasury/Vault.sol";\ncontract Actor {}\n// new Vault()\ncontract T { Actor a = new Actor(); bytes b = new bytes(3); Vault v = Vault(deploy("Vault", "")); }',
      ),
      "contracts/treasury/Factory.sol": sol(
        'import {Vault} from "./Vault.sol";\ncontract Factory { Vault v = new Vault(); }',
      ),
    },
    bad: {
      "test/solidity/support/A.sol": sol(
        'import {\n  Vault,\n  Book as Ledger\n} from "../../../contracts/treasury/Vault.sol";\ncontract T { Ledger v = new Ledger{salt: 0}(); }',
      ),
    },
    at: "test/solidity/support/A.sol:6",
    says: /deploy\("Ledger"/,
  },
  {
    rule: contractImports,
    title: "an interface imports an implementation",
    good: {
      "contracts/treasury/IVault.sol": sol(
        'import {Plan} from "../types/Plan.sol";\nimport {IOracle} from "../oracle/IOracle.sol";',
      ),
    },
    bad: { "contracts/treasury/IVault.sol": sol('import {Oracle} from "../oracle/Oracle.sol";') },
    at: "contracts/treasury/IVault.sol:2",
    says: /an interface imports only/,
  },
  {
    rule: contractImports,
    title: "an implementation imports another domain's implementation",
    good: {
      "contracts/treasury/Vault.sol": sol(
        'import {IOracle} from "../oracle/IOracle.sol";\nimport {\n  Journal\n} from "../journal/Journal.sol";\n// import {Oracle} from "../oracle/Oracle.sol";',
      ),
    },
    bad: { "contracts/treasury/Vault.sol": sol('import {Oracle} from "../oracle/Oracle.sol";') },
    at: "contracts/treasury/Vault.sol:2",
    says: /another domain's implementation/,
  },
  {
    rule: journaledEvents,
    title: "a contract emits by itself",
    good: {
      "contracts/treasury/Vault.sol": sol('// emit Paid();\n/* emit Paid(); */ string s = "emit Paid()";'),
      "contracts/journal/Journal.sol": sol("assembly { log1(0, 0, t) }"),
    },
    bad: { "contracts/treasury/Vault.sol": sol("function f() { emit Paid(); }") },
    at: "contracts/treasury/Vault.sol:2",
    says: /writes an event past the journal/,
  },
  {
    rule: journaledEvents,
    title: "a contract logs in assembly",
    good: { "contracts/mocks/Token.sol": sol("emit Transfer();") },
    bad: { "contracts/treasury/Vault.sol": sol("assembly { log2(0, 0, a, b) }") },
    at: "contracts/treasury/Vault.sol:2",
    says: /log2/,
  },
  {
    rule: contractSize,
    title: "a contract is one byte too large",
    good: { "artifacts/contracts/a.json": artifact(23_999) },
    bad: { "artifacts/contracts/a.json": artifact(24_000) },
    at: "contracts/treasury/Vault.sol",
    says: /Vault has 24000 bytes/,
  },
  {
    rule: contractSize,
    title: "nothing is compiled",
    good: { "artifacts/contracts/a.json": artifact(30_000, "contracts/mocks/Big.sol") },
    bad: {},
    at: "artifacts",
    says: /npm run compile/,
  },
  {
    rule: officeLayout,
    title: "an office means another variable by a slot",
    good: compiledLayouts(["a", "b", "c"], ["a", "b"], ["a", "b", "c"]),
    bad: compiledLayouts(["a", "b", "c"], ["a", "b"], ["a", "c"]),
    at: "artifacts/PaymentOffice",
    says: /c at 1\.0: t_uint256, where BudgetVault has b at 1\.0/,
  },
  {
    rule: officeLayout,
    title: "an office has more than the vault",
    good: compiledLayouts(["a"], [], ["a"]),
    bad: compiledLayouts(["a"], ["a", "b"], []),
    at: "artifacts/BudgetOffice",
    says: /where BudgetVault has nothing/,
  },
  {
    rule: officeLayout,
    title: "nothing is compiled",
    good: compiledLayouts([], [], []),
    bad: {},
    at: "artifacts",
    says: /npm run compile/,
  },
  {
    rule: fileLength,
    title: "a file is too long",
    good: { "src/a.ts": "x\n".repeat(300) },
    bad: { "src/a.ts": "x\n".repeat(501) },
    at: "src/a.ts",
    says: /501 lines/,
  },
  {
    rule: fileNames,
    title: "a file's name says nothing",
    good: { "src/core/unit-price.ts": "" },
    bad: { "src/core/utils.ts": "" },
    at: "src/core/utils.ts",
    says: /says nothing/,
  },
  {
    rule: fileNames,
    title: "a folder's name says nothing",
    good: { "src/commons/a.ts": "" },
    bad: { "src/helpers/a.ts": "" },
    at: "src/helpers/a.ts",
    says: /says nothing/,
  },
  {
    rule: fileNames,
    title: "a TypeScript file is not in kebab-case",
    good: { "web/src/fund-form.test.tsx": "", "contracts/BudgetVault.sol": "" },
    bad: { "web/src/FundForm.tsx": "" },
    at: "web/src/FundForm.tsx",
    says: /kebab-case/,
  },
  {
    rule: machinePaths,
    title: "a file names a folder of one machine",
    good: { "README.md": "see /etc/hosts, /usr/bin and docs/work/home.md" },
    bad: { "README.md": "\nrun `/home/ada/mandate/x`" },
    at: "README.md:2",
    says: /\/home\/ada/,
  },
  {
    rule: machinePaths,
    title: "a file names a package registry",
    good: { "README.md": "https://github.com/x/y" },
    bad: { ".npmrc": "registry=https://registry.example.com/" },
    at: ".npmrc:1",
    says: /registry\.example\.com/,
  },
  {
    rule: skippedTests,
    title: "a test runs alone",
    good: { "src/a.test.ts": 'it("x", (t) => { if (!browser) t.skip("no browser: install chromium"); });' },
    bad: { "src/a.test.ts": 'it.only("x", () => {});' },
    at: "src/a.test.ts:1",
    says: /it\.only/,
  },
  {
    rule: skippedTests,
    title: "a test is skipped without a printed reason",
    good: { "test/solidity/A.t.sol": 'vm.skip(true, "needs a fork");' },
    bad: { "test/contracts/a.ts": "\nit('x', function () { this.skip(); });" },
    at: "test/contracts/a.ts:2",
    says: /reason/,
  },
  {
    rule: lockFile,
    title: "a version is a range",
    good: {
      "package.json": manifest("1.0.0"),
      "package-lock.json": lock({ "node_modules/a": { version: "1.0.0", integrity: "x" } }),
    },
    bad: {
      "package.json": manifest("^1.0.0"),
      "package-lock.json": lock({ "node_modules/a": { version: "^1.0.0", integrity: "x" } }),
    },
    at: "package.json",
    says: /no exact version/,
  },
  {
    rule: lockFile,
    title: "the lock file names a registry",
    good: { "package.json": "{}", "package-lock.json": lock({ "node_modules/web": { resolved: "web", link: true } }) },
    bad: {
      "package.json": "{}",
      "package-lock.json": lock({
        "node_modules/a": { version: "1.0.0", integrity: "x", resolved: "https://r/a.tgz" },
      }),
    },
    at: "package-lock.json",
    says: /names where it was fetched/,
  },
  {
    rule: lockFile,
    title: "a platform package is missing",
    good: {
      "package.json": "{}",
      "package-lock.json": lock({
        "node_modules/a": { version: "1.0.0", integrity: "x", optionalDependencies: { "a-linux-x64": "1.0.0" } },
        "node_modules/a-linux-x64": { version: "1.0.0", optional: true },
      }),
    },
    bad: {
      "package.json": "{}",
      "package-lock.json": lock({
        "node_modules/a": { version: "1.0.0", integrity: "x", optionalDependencies: { "a-linux-x64": "1.0.0" } },
      }),
    },
    at: "package-lock.json",
    says: /a-linux-x64 is missing/,
  },
  {
    rule: licenses,
    title: "a package has no free licence",
    good: { "package-lock.json": lock({ "node_modules/a": { license: "(MIT OR GPL-3.0)" } }) },
    bad: { "package-lock.json": lock({ "node_modules/a": { license: "MIT AND BUSL-1.1" } }) },
    at: "package-lock.json",
    says: /BUSL-1\.1/,
  },
  {
    rule: licenses,
    title: "a package under the LGPL is more than a tool of development",
    good: { "package-lock.json": lock({ "node_modules/a": { license: "LGPL-3.0", dev: true } }) },
    bad: { "package-lock.json": lock({ "node_modules/a": { license: "LGPL-3.0" } }) },
    at: "package-lock.json",
    says: /LGPL-3\.0/,
  },
];

describe.each(EXAMPLES)("$rule.name: $title", ({ rule, good, bad, at, says }) => {
  it("finds nothing in the good example", () => {
    expect(rule.find(projectOf(good))).toEqual([]);
  });

  it("finds the bad example, at its place", () => {
    const findings = rule.find(projectOf(bad));
    expect(findings.map(({ file, line }) => (line === undefined ? file : `${file}:${String(line)}`))).toEqual([at]);
    expect(findings[0]?.message).toMatch(says);
  });
});

it("warns, and does not fail, between 300 and 500 lines", () => {
  expect(fileLength.find(projectOf({ "src/a.ts": "x\n".repeat(301) }))).toMatchObject([{ warning: true }]);
});
