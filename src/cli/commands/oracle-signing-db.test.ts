import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { devAccount } from "../../chain/dev-accounts.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import { statementDatabasePath } from "../../oracle/run-operator.ts";
import { lockDataDirectory } from "../../oracle/signing/data-directory-lock.ts";
import { openStatementDatabase } from "../../oracle/signing/statement-database.ts";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
const oracle: Hex = `0x${"ab".repeat(20)}`;
const scope = { chainId: 31_337, contract: oracle, operator: devAccount("operatorOne").address.toLowerCase() as Hex };
const one = documentHash("one");
const report = { epoch: 5, kind: "report", view: 0 } as const;

let directory: string;
const at = (name: string): string => join(directory, name);

/** A machine of the operator: a configuration with a data directory of its own. */
function machine(name: string, account = "operatorOne"): string {
  const configuration = {
    chainId: scope.chainId,
    rpc: { urls: ["http://127.0.0.1:1"], quorum: 1 },
    oracle,
    listen: { port: 0 },
    peers: [],
    keys: { signing: { development: account }, gas: { development: account } },
    data: name,
    documents: "documents",
  };
  writeFileSync(at(`${name}.json`), JSON.stringify(configuration));
  return at(`${name}.json`);
}

function mandate(...args: readonly string[]): Promise<{ code: number; last: Record<string, unknown>; err: string }> {
  return new Promise((resolve) =>
    execFile(process.execPath, [main, "oracle", ...args, "--json"], (error, stdout, err) => {
      const last = JSON.parse(stdout.trim().split("\n").at(-1) ?? "null") as Record<string, unknown>;
      resolve({ code: typeof error?.code === "number" ? error.code : 0, last, err });
    }),
  );
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "mandate-signing-db-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe("mandate oracle export-signing-db and import-signing-db", () => {
  it("given what one machine signed, another one takes it over once, and signs nothing else there", async () => {
    const [old, fresh] = [machine("old"), machine("fresh")];
    const before = openStatementDatabase(statementDatabasePath(at("old")), scope);
    before.claim(report, one, {});
    before.close();
    const out = at("signed.json");
    const exported = await mandate("export-signing-db", "--config", old, "--out", out);
    expect(exported).toMatchObject({
      code: 0,
      last: { file: out, operator: scope.operator, watermark: 5, statements: 1 },
    });
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(out, "utf8"))).toEqual({
      kind: "mandate.signing-database/1",
      ...scope,
      watermark: 5,
      statements: [{ ...report, digest: one }],
    });

    const answer = { operator: scope.operator, watermark: 5, statements: 1 };
    const imported = await mandate("import-signing-db", out, "--config", fresh);
    expect(imported).toMatchObject({ code: 0, last: { ...answer, added: 1 } });
    const again = await mandate("import-signing-db", out, "--config", fresh);
    expect(again).toMatchObject({ code: 0, last: { ...answer, added: 0 } });
    const after = openStatementDatabase(statementDatabasePath(at("fresh")), scope);
    expect(after.claim(report, one, {})).toEqual({ granted: true });
    expect(after.claim({ ...report, epoch: 4 }, one, {})).toEqual({ granted: false, held: null });
    after.close();

    const printed = await mandate("export-signing-db", "--config", fresh);
    expect(printed.last).toEqual(JSON.parse(readFileSync(out, "utf8")));
    const twice = await mandate("export-signing-db", "--config", old, "--out", out);
    expect(twice).toMatchObject({ code: 3, last: { error: { code: "FileNotWritten" } } });
  }, 60_000);

  it("given a running operator, a file for another one, or none, it refuses and changes nothing", async () => {
    const config = machine("data");
    const missing = await mandate("export-signing-db", "--config", config);
    expect(missing).toMatchObject({ code: 2, last: { error: { code: "SigningDatabaseMissing" } } });
    expect(existsSync(at("data"))).toBe(false);

    const file = at("signed.json");
    const content = { kind: "mandate.signing-database/1", ...scope, watermark: 5, statements: [] };
    writeFileSync(file, JSON.stringify(content));
    const other = await mandate("import-signing-db", file, "--config", machine("other", "operatorTwo"));
    expect(other).toMatchObject({ code: 1, last: { error: { code: "InterchangeForAnother" } } });
    expect(existsSync(at("other"))).toBe(false);

    const lock = lockDataDirectory(at("data"));
    const running = await mandate("import-signing-db", file, "--config", config);
    expect(running).toMatchObject({ code: 3, last: { error: { code: "OperatorAlreadyRunning" } } });
    lock.release();

    const nowhere = await mandate("import-signing-db", at("nowhere"), "--config", config);
    expect(nowhere).toMatchObject({ code: 2, last: { error: { code: "FileNotRead" } } });
  }, 60_000);
});
