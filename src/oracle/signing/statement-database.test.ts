import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import { lockDataDirectory } from "./data-directory-lock.ts";
import { openStatementDatabase, type StatementDatabase } from "./statement-database.ts";

const contract: Hex = `0x${"11".repeat(20)}`;
const operator: Hex = `0x${"22".repeat(20)}`;
const scope = { chainId: 1, contract, operator };
const one = documentHash("one");
const two = documentHash("two");

let directory: string;
let path: string;
const opened: StatementDatabase[] = [];

function open(changes: Partial<typeof scope> = {}): StatementDatabase {
  const database = openStatementDatabase(path, { ...scope, ...changes });
  opened.push(database);
  return database;
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "mandate-statements-"));
  path = join(directory, "statements.sqlite");
});
afterEach(() => {
  for (const database of opened.splice(0)) database.close();
  rmSync(directory, { recursive: true, force: true });
});

describe("a statement database", () => {
  const report = { epoch: 5, kind: "report", view: 0 } as const;

  it("iOP-001: given a report that was claimed, it grants the same again and refuses every other, naming the one it holds", () => {
    const database = open();
    expect(database.claim(report, one, { root: one })).toEqual({ granted: true });
    expect(database.claim(report, one, { root: one })).toEqual({ granted: true });
    expect(database.claim(report, two, { root: two })).toEqual({ granted: false, held: one });
    expect(database.statements(5)).toEqual([{ ...report, digest: one, content: { root: one } }]);
  });

  it("given another epoch, kind, view, operator, contract or chain, the slot is another one", () => {
    open().claim(report, one, {});
    expect(open().claim({ ...report, epoch: 6 }, two, {})).toEqual({ granted: true });
    expect(open().claim({ epoch: 5, kind: "prepare", view: 0 }, two, {})).toEqual({ granted: true });
    expect(open().claim({ epoch: 5, kind: "prepare", view: 1 }, one, {})).toEqual({ granted: true });
    expect(open({ operator: contract }).claim(report, two, {})).toEqual({ granted: true });
    expect(open({ contract: operator }).claim(report, two, {})).toEqual({ granted: true });
    expect(open({ chainId: 2 }).claim(report, two, {})).toEqual({ granted: true });
    expect(
      open()
        .statements(5)
        .map(({ kind, view }) => [kind, view]),
    ).toEqual([
      ["prepare", 0],
      ["report", 0],
      ["prepare", 1],
    ]);
  });

  it("given a database that was made before there were commitments, it keeps what it holds, and takes them from then on", () => {
    const former = new DatabaseSync(path);
    former.exec(`CREATE TABLE statement (
      chain_id INTEGER NOT NULL, contract TEXT NOT NULL, operator TEXT NOT NULL, epoch INTEGER NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('observation', 'proposal', 'prepare', 'commit', 'report')),
      view INTEGER NOT NULL, digest TEXT NOT NULL, content TEXT NOT NULL,
      PRIMARY KEY (chain_id, contract, operator, epoch, kind, view)
    ) STRICT`);
    const row = "INSERT INTO statement VALUES (1, ?, ?, 5, 'report', 0, ?, '{}')";
    former.prepare(row).run(contract, operator, one);
    former.close();
    const commitment = { epoch: 5, kind: "commitment", view: 0 } as const;
    expect(open().claim(report, two, {})).toEqual({ granted: false, held: one });
    expect(open().claim(commitment, two, { salt: one })).toEqual({ granted: true });
    expect(open().claim(commitment, one, {})).toEqual({ granted: false, held: two });
    expect(open().statements(5)).toEqual([
      { ...commitment, digest: two, content: { salt: one } },
      { ...report, digest: one, content: {} },
    ]);
  });

  it("given two connections that claim different roots, exactly one is granted", () => {
    const [first, second] = [open(), open()];
    const claims = [first.claim(report, one, {}), second.claim(report, two, {})];
    expect(claims).toEqual([{ granted: true }, { granted: false, held: one }]);
  });

  it("iOP-003: given kill -9 in the middle of claiming, everything that was granted is there afterwards", async () => {
    const module = pathToFileURL(join(import.meta.dirname, "statement-database.ts")).href;
    const program = `
      import { openStatementDatabase } from ${JSON.stringify(module)};
      const database = openStatementDatabase(${JSON.stringify(path)}, ${JSON.stringify(scope)});
      for (let epoch = 1; ; epoch += 1) {
        const digest = "0x" + epoch.toString(16).padStart(64, "0");
        if (database.claim({ epoch, kind: "report", view: 0 }, digest, { epoch }).granted) process.stdout.write(epoch + "\\n");
      }`;
    const child = spawn(process.execPath, ["--input-type=module-typescript", "--eval", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = new Promise((resolve) => child.once("close", resolve));
    const granted: number[] = [];
    createInterface({ input: child.stdout }).on("line", (line) => {
      granted.push(Number(line));
      if (granted.length === 25) child.kill("SIGKILL");
    });
    await ended;
    expect(granted.length).toBeGreaterThanOrEqual(25);
    const database = open();
    for (const epoch of granted) {
      const digest: Hex = `0x${epoch.toString(16).padStart(64, "0")}`;
      expect(database.claim({ epoch, kind: "report", view: 0 }, two, {})).toEqual({ granted: false, held: digest });
    }
  });
});

describe("a statement database that takes over another machine's history", () => {
  const report = { epoch: 5, kind: "report", view: 0 } as const;
  const prepare = { epoch: 5, kind: "prepare", view: 2 } as const;
  const history = {
    watermark: 6,
    statements: [
      { ...report, digest: one },
      { ...prepare, digest: two },
    ],
  };

  it("iOP-001: given its watermark, it grants at and below it only what is listed, and above it everything", () => {
    const database = open();
    expect(database.merge(history)).toBe(2);
    expect(database.claim(report, one, {})).toEqual({ granted: true });
    expect(database.claim(report, two, {})).toEqual({ granted: false, held: one });
    expect(database.claim({ ...prepare, view: 1 }, two, {})).toEqual({ granted: false, held: null });
    expect(database.claim({ ...report, epoch: 4 }, one, {})).toEqual({ granted: false, held: null });
    expect(database.claim({ ...report, epoch: 6 }, one, {})).toEqual({ granted: false, held: null });
    expect(database.claim({ ...report, epoch: 7 }, one, {})).toEqual({ granted: true });
    expect(database.statements(5)).toEqual([
      { ...report, digest: one, content: null },
      { ...prepare, digest: two, content: null },
    ]);
  });

  it("given a watermark without statements, nothing at or below it is granted", () => {
    const database = open();
    expect(database.merge({ watermark: 9, statements: [] })).toBe(0);
    expect(database.claim({ ...report, epoch: 9 }, one, {})).toEqual({ granted: false, held: null });
    expect(database.claim({ ...report, epoch: 10 }, one, {})).toEqual({ granted: true });
  });

  it("given the same history again, or an older one, it changes nothing", () => {
    const database = open();
    database.merge(history);
    const before = database.history();
    expect(before).toEqual({ watermark: 6, statements: [history.statements[0], history.statements[1]] });
    expect(database.merge(history)).toBe(0);
    expect(database.merge({ watermark: 5, statements: history.statements.slice(0, 1) })).toBe(0);
    expect(database.history()).toEqual(before);
    expect(database.claim({ ...report, epoch: 6 }, one, {})).toEqual({ granted: false, held: null });
  });

  it("given own statements, it keeps them with their content, and its history ends with the latest of both", () => {
    const database = open();
    database.claim({ ...report, epoch: 8 }, two, { own: true });
    database.claim(report, one, { own: true });
    expect(database.merge(history)).toBe(1);
    expect(database.count()).toBe(3);
    expect(database.history().watermark).toBe(8);
    expect(database.statements(5)[0]).toMatchObject({ content: { own: true } });
    expect(database.claim({ ...report, epoch: 8 }, two, {})).toEqual({ granted: true });
    expect(database.claim({ ...report, epoch: 7 }, two, {})).toEqual({ granted: true });
  });

  it("given a contradiction, it refuses all of it, and what it grants stays the same", () => {
    const database = open();
    database.claim(prepare, one, {});
    expect(() => database.merge(history)).toThrow(
      expect.objectContaining({
        code: "InterchangeContradicts",
        data: { ...prepare, file: two, held: one },
      }),
    );
    expect(database.history()).toEqual({ watermark: 5, statements: [{ ...prepare, digest: one }] });
    expect(database.claim(report, two, {})).toEqual({ granted: true });
    expect(database.claim({ ...report, epoch: 6 }, two, {})).toEqual({ granted: true });
  });

  it("given another operator, its watermark and statements are its own", () => {
    open().merge(history);
    expect(open({ operator: contract }).claim(report, two, {})).toEqual({ granted: true });
    expect(open({ operator: contract }).history().statements).toHaveLength(1);
    expect(open().history().statements).toHaveLength(2);
  });
});

describe("lockDataDirectory", () => {
  it("given a directory that another operator holds, it refuses; once released, it does not", () => {
    const held = lockDataDirectory(directory);
    expect(() => lockDataDirectory(directory)).toThrow(
      expect.objectContaining({ code: "OperatorAlreadyRunning", data: { directory } }),
    );
    held.release();
    lockDataDirectory(directory).release();
  });
});
