import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openOutboxStore, type OutboxStore } from "./outbox-store.ts";
import type { IntentStatus } from "./intent.ts";

let directory: string;
let path: string;
let store: OutboxStore;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "mandate-outbox-"));
  path = join(directory, "outbox.sqlite");
  store = openOutboxStore(path);
});
afterEach(() => {
  store.close();
  rmSync(directory, { recursive: true, force: true });
});

function addWith(id: string, status: IntentStatus): void {
  store.add({ id, to: "0x01", data: "0x", value: 0n, validUntilSeconds: 1 });
  store.update(id, { status });
}

const idsWith = (...statuses: IntentStatus[]): string[] => store.withStatus(...statuses).map((each) => each.id);

describe("the outbox on disk", () => {
  it("given intents of several states, it has those that are asked for, in the order in which they came", () => {
    addWith("one", "pending");
    addWith("two", "settled");
    addWith("three", "queued");
    addWith("four", "pending");
    expect(idsWith("queued", "pending")).toEqual(["one", "three", "four"]);
    expect(idsWith("pending", "queued")).toEqual(["one", "three", "four"]);
    expect(idsWith("settled")).toEqual(["two"]);
    expect(idsWith("expired")).toEqual([]);
    expect(idsWith()).toEqual([]);
    store.update("one", { status: "mined" });
    expect(idsWith("queued", "pending")).toEqual(["three", "four"]);
  });

  it("given a file of a release that had no index of states, it opens it and has the same", () => {
    addWith("one", "pending");
    store.close();
    const database = new DatabaseSync(path);
    database.exec("DROP INDEX intent_status");
    database.close();
    store = openOutboxStore(path);
    expect(idsWith("pending")).toEqual(["one"]);
  });
});
