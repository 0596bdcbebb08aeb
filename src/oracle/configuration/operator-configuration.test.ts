import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Hex } from "../../core/hex.ts";
import { configurationDigest, rulesOfThisProgram } from "./configuration-digest.ts";
import { loadOperatorConfiguration } from "./operator-configuration.ts";

const minimal = {
  chainId: 31337,
  rpc: { urls: ["http://127.0.0.1:4100"], quorum: 1 },
  oracle: `0x${"AB".repeat(20)}`,
  listen: { host: "127.0.0.1", port: 4111 },
  peers: ["http://127.0.0.1:4112"],
  keys: { signing: { development: "operatorOne" }, gas: { file: "gas.key" } },
  data: "data",
  documents: "documents",
};
let directory: string;

function load(configuration: unknown) {
  const path = join(directory, "operator.json");
  writeFileSync(path, JSON.stringify(configuration));
  return loadOperatorConfiguration(path);
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "mandate-configuration-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe("loadOperatorConfiguration", () => {
  it("given the least, it fills in the rest; paths count from the file, addresses are in lower case", () => {
    expect(load({ ...minimal, sources: { repositories: { site: "../site" } } })).toMatchObject({
      oracle: `0x${"ab".repeat(20)}`,
      fromBlock: 0,
      data: join(directory, "data"),
      documents: join(directory, "documents"),
      keys: { gas: { file: join(directory, "gas.key") } },
      egress: { allowPrivate: [] },
      sources: { hosts: [], repositories: { site: join(directory, "../site") }, credentials: {}, timeoutMs: 5_000 },
      submit: false,
      pollMs: 1_000,
      submission: { bumpAfterMs: 15_000, feeLimitWei: "500000000000" },
    });
  });

  it.each([
    ["an unknown key", { ...minimal, extra: 1 }, 'Unrecognized key: "extra"'],
    ["an unknown key inside", { ...minimal, listen: { ...minimal.listen, tls: true } }, "at listen"],
    ["a malformed address", { ...minimal, oracle: "0x12" }, "at oracle"],
    ["vaults, which the ruleset names", { ...minimal, vaults: [minimal.oracle] }, 'Unrecognized key: "vaults"'],
    [
      "an unknown development key",
      { ...minimal, keys: { ...minimal.keys, signing: { development: "me" } } },
      "at keys.signing",
    ],
    ["an RPC quorum beyond its endpoints", { ...minimal, rpc: { ...minimal.rpc, quorum: 2 } }, "at rpc.quorum"],
    ["no peers", { ...minimal, peers: undefined }, "at peers"],
    ["a range that is none", { ...minimal, egress: { allowPrivate: ["10.0.0.0/33"] } }, "at egress.allowPrivate[0]"],
    [
      "a credential for more than an origin",
      { ...minimal, sources: { credentials: { "https://api.example/v1": { secret: { env: "TOKEN" } } } } },
      "at sources.credentials",
    ],
    [
      "a secret in the configuration",
      { ...minimal, sources: { credentials: { "https://api.example": { secret: "open-sesame" } } } },
      'at sources.credentials["https://api.example"].secret',
    ],
    [
      "a password in a database's address",
      { ...minimal, sources: { databases: { billing: { url: "postgres://reader:open-sesame@db/billing" } } } },
      "at sources.databases.billing.url",
    ],
  ])("given %s, it names the exact path", (_, configuration, problem) => {
    expect(() => load(configuration)).toThrow(
      expect.objectContaining({ code: "ConfigurationInvalid", message: expect.stringContaining(problem) as string }),
    );
  });

  it("given a file that is not there, it says so", () => {
    expect(() => loadOperatorConfiguration(join(directory, "nowhere.yaml"))).toThrow(
      expect.objectContaining({ code: "ConfigurationInvalid" }),
    );
  });
});

describe("configurationDigest", () => {
  const operators: Hex[] = ["0x01", "0x02"];
  const versions = rulesOfThisProgram;
  const input = {
    chainId: 1,
    oracle: "0x0a",
    configuration: 1,
    operators,
    quorum: 2,
    ruleset: "0x0e",
    versions,
  } as const;

  it("given anything that differs, it differs", () => {
    const digest = configurationDigest(input);
    expect(configurationDigest({ ...input })).toBe(digest);
    const changes = [
      { chainId: 2 },
      { oracle: "0x0d" as const },
      { configuration: 2 },
      { operators: ["0x01" as const] },
      { quorum: 1 },
      { ruleset: "0x0f" as const },
      { versions: { ...versions, scoring: "other" } },
      { versions: { ...versions, adapters: { ...versions.adapters, git: "other" } } },
    ];
    const digests = changes.map((change) => configurationDigest({ ...input, ...change }));
    expect(new Set([digest, ...digests]).size).toBe(changes.length + 1);
  });
});
