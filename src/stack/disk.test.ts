import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { diskFull, isDiskFull, replaceFile } from "./disk.ts";

describe("replaceFile", () => {
  let directory: string;
  beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), "mandate-"))));
  afterEach(() => rmSync(directory, { recursive: true }));

  it("given an older file, when it is replaced, it holds the new content and leaves nothing else", () => {
    const path = join(directory, "state");
    writeFileSync(path, "old");
    replaceFile(path, "new");
    expect(readFileSync(path, "utf8")).toBe("new");
    expect(existsSync(`${path}.partial`)).toBe(false);
  });

  it("given that writing fails, the old content is still there and no part is left", () => {
    const path = join(directory, "state");
    writeFileSync(path, "old");
    mkdirSync(`${path}.partial`); // cannot be opened for writing
    expect(() => replaceFile(path, "new")).toThrow();
    expect(readFileSync(path, "utf8")).toBe("old");
  });
});

describe("diskFull", () => {
  it("is told from other failures, and names the file and what to do", () => {
    const cause = Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
    expect(isDiskFull(cause)).toBe(true);
    expect(isDiskFull(Object.assign(new Error("denied"), { code: "EACCES" }))).toBe(false);
    const remedy = expect.stringContaining("Free some space");
    expect(diskFull("/state", cause)).toMatchObject({
      code: "DiskFull",
      kind: "environment",
      data: { path: "/state" },
      remedy,
    });
  });
});
