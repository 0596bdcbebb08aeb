import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openAccount } from "../../chain/hosting/configured-account.ts";
import { loadOperatorConfiguration } from "../../oracle/configuration/operator-configuration.ts";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
const oracle = `0x${"ab".repeat(20)}`;
const chain = ["--chain-id", "31337", "--rpc-url", "http://127.0.0.1:1"];
const all = [...chain, "--oracle", oracle];

let directory: string;

function mandate(...args: readonly string[]): Promise<{ code: number; stdout: string; last: Record<string, unknown> }> {
  return new Promise((resolve) =>
    execFile(process.execPath, [main, "oracle", ...args, "--json"], (error, stdout) => {
      const line = stdout.trim().split("\n").at(-1) ?? "";
      const last = (line === "" ? {} : JSON.parse(line)) as Record<string, unknown>;
      resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, last });
    }),
  );
}

beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), "mandate-init-")), "operator");
});
afterEach(() => rmSync(join(directory, ".."), { recursive: true, force: true }));

describe("mandate oracle init", () => {
  it("given the least, what it writes is read and opened, submits nothing, and only its user may read the keys", async () => {
    const done = await mandate("init", "--directory", directory, ...all);
    expect(done).toMatchObject({ code: 0, last: { configuration: join(directory, "operator.yaml") } });
    const found = loadOperatorConfiguration(join(directory, "operator.yaml"));
    expect(found).toMatchObject({
      chainId: 31_337,
      oracle,
      fromBlock: 0,
      listen: { host: "127.0.0.1", port: 4111 },
      peers: [],
      data: join(directory, "data"),
      documents: join(directory, "documents"),
      submit: false,
    });
    const addresses = {
      signing: (await openAccount(found.keys.signing)).address,
      gas: (await openAccount(found.keys.gas)).address,
    };
    expect(done.last["addresses"]).toEqual(addresses);
    expect(addresses.signing).not.toBe(addresses.gas);
    for (const name of ["operator.yaml", "keys/signing.json", "keys/gas.json", "keys/password"]) {
      expect(statSync(join(directory, name)).mode & 0o777, name).toBe(0o600);
    }
    for (const name of ["data", "keys"]) expect(statSync(join(directory, name)).mode & 0o777, name).toBe(0o700);
    expect(done.stdout).not.toContain(readFileSync(join(directory, "keys/password"), "utf8").trim());

    // Keys, directories and settings are in order; a chain is not there.
    const checked = await mandate("check", "--config", join(directory, "operator.yaml"));
    const checks = checked.last["checks"] as { name: string; ok: boolean; warning?: true }[];
    expect(checks.filter(({ ok, warning }) => !ok || warning).map(({ name }) => name.split(" ")[0])).toEqual([
      "endpoint",
      "chain",
    ]);

    const again = await mandate("init", "--directory", directory, ...all);
    expect(again).toMatchObject({ code: 1, last: { error: { code: "OperatorAlreadyInitialized" } } });
    expect(loadOperatorConfiguration(join(directory, "operator.yaml"))).toEqual(found);
  }, 120_000);

  it("given every option and no keys, they stand in the file, and it says how to bring keys", async () => {
    const more = ["--from-block", "12", "--listen", "[::]:5000", "--peer", "https://two.example", "--no-keys"];
    const done = await mandate("init", "--directory", directory, ...all, ...more);
    expect(done).toMatchObject({ code: 0, last: { addresses: null } });
    expect((done.last["nextSteps"] as string[])[0]).toContain("keys/signing.json");
    expect(loadOperatorConfiguration(join(directory, "operator.yaml"))).toMatchObject({
      fromBlock: 12,
      listen: { host: "::", port: 5000 },
      peers: ["https://two.example"],
    });
    expect(readdirSync(directory).sort()).toEqual(["data", "documents", "operator.yaml"]);
  }, 60_000);

  it.each([
    ["no oracle, and nobody to ask", chain, { code: 2, last: { error: { code: "OptionMissing" } } }],
    [
      "an address that is none",
      [...chain, "--oracle", "0x12"],
      { code: 2, last: { error: { code: "OptionsInvalid" } } },
    ],
    ["an endpoint that is none", [...all, "--rpc-url", "nowhere"], { code: 2 }],
    ["a peer that is none", [...all, "--peer", "nowhere"], { code: 2 }],
    ["a port beyond the last", [...all, "--listen", "65536"], { code: 2 }],
    ["a chain id below the first", [...all, "--chain-id", "0"], { code: 2 }],
  ])(
    "given %s, it writes nothing",
    async (_, args, expected) => {
      expect(await mandate("init", "--directory", directory, ...args)).toMatchObject(expected);
      expect(existsSync(directory)).toBe(false);
    },
    60_000,
  );
});
