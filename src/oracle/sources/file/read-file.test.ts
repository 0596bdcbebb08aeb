import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileSource } from "./file-source.ts";
import { readFileSource } from "./read-file.ts";

const window = { epoch: 1, startSeconds: 1_700_000_000, endSeconds: 1_700_000_060 };
let directory: string;
let outside: string;

const json = (path: string, pointer = "/a") => ({ path, content: { format: "json", pointer } });
const ndjson = (path: string, rest: object = {}) => ({
  path,
  content: { format: "ndjson", time: { pointer: "/at", format: "unix-seconds" }, measure: "count", ...rest },
});

function read(source: { path: string; content: unknown }, decimals = 0) {
  const parsed = fileSource.parse({ kind: "file", directory: "events", ...source });
  return readFileSource(parsed, directory, window, decimals, { maximumBytes: 2_000 });
}

function put(path: string, ...lines: readonly string[]): string {
  writeFileSync(join(directory, path), lines.map((line) => `${line}\n`).join(""));
  return path;
}

beforeAll(() => {
  const root = mkdtempSync(join(tmpdir(), "mandate-file-"));
  directory = join(root, "events");
  outside = join(root, "events-of-others");
  mkdirSync(join(directory, "inner"), { recursive: true });
  mkdirSync(outside);
  writeFileSync(join(outside, "secret.json"), '{"a":1}');
});
afterAll(() => rmSync(join(directory, ".."), { recursive: true, force: true }));

describe("readFileSource", () => {
  it("given one JSON document, it reads the number exactly", async () => {
    put("one.json", '{"a":0.1234567890123456789}');
    expect(await read(json("one.json"), 18)).toMatchObject({ ok: true, value: 123456789012345678n });
    expect(await read(json("one.json", "/b"))).toMatchObject({ ok: false, failure: "declined" });
  });

  it("given records around the window, it counts those from its first second to the last before its end", async () => {
    const times = [-1, 0, 59, 60].map((second) => `{"at":${window.startSeconds + second}}`);
    put("times", ...times, '{"at":"1700000059.999"}', '{"at":1.70000003e9}');
    const reading = await read(ndjson("times"), 1);
    expect(reading).toMatchObject({ ok: true, value: 40n });
    expect(reading.ok && reading.capture.text.split("\n")).toHaveLength(4);
  });

  it("given times in RFC 3339 with offsets, it places them", async () => {
    put(
      "dates",
      '{"at":"2023-11-14T22:13:20Z"}',
      '{"at":"2023-11-14T23:14:19.999+01:00"}',
      '{"at":"2023-11-14T22:14:20Z"}',
    );
    const time = { pointer: "/at", format: "rfc-3339" };
    expect(await read(ndjson("dates", { time }))).toMatchObject({ ok: true, value: 2n });
  });

  it("given a field to sum and conditions, it adds exactly what meets them, each rounded down", async () => {
    const at = window.startSeconds;
    put(
      "sums",
      `{"at":${at},"kind":"sale","amount":0.1}`,
      `{"at":${at},"kind":"sale","amount":"0.29"}`,
      `{"at":${at},"kind":"sale","amount":90071992547409931}`,
      `{"at":${at},"kind":"refund","amount":7}`,
      `{"at":${at - 1},"kind":"sale","amount":1000}`,
    );
    const where = [{ pointer: "/kind", equals: "sale" }];
    expect(await read(ndjson("sums", { where, measure: { sum: "/amount" } }), 1)).toMatchObject({
      ok: true,
      value: 900719925474099313n,
    });
    expect(await read(ndjson("sums", { where: [{ pointer: "/kind", equals: "other" }] }))).toMatchObject({ value: 0n });
  });

  it.each([
    ["a line that is cut off", ['{"at":1700000000}', '{"at":17'], "line 2 is not JSON"],
    ["a blank line", ['{"at":1700000000}', "", '{"at":1700000000}'], "line 2 is not JSON"],
    ["a record without a time", ['{"on":1700000000}'], 'line 1 has no time at "/at"'],
    ["a time that is no number", ['{"at":"yesterday"}'], 'line 1 has no time at "/at"'],
  ])("given %s, it declines the whole file", async (_, lines, detail) => {
    expect(await read(ndjson(put("broken", ...lines)))).toEqual({ ok: false, failure: "declined", detail });
  });

  it("given a last line without an end, or a summand that is none, it declines", async () => {
    writeFileSync(join(directory, "torn"), '{"at":1700000000}\n{"at":1700000000}');
    expect(await read(ndjson("torn"))).toMatchObject({ failure: "declined", detail: "the last line has no end" });
    put("odd", '{"at":1700000000,"n":"many"}');
    expect(await read(ndjson("odd", { measure: { sum: "/n" } }))).toMatchObject({
      failure: "declined",
      detail: 'line 1 has no number at "/n"',
    });
    put("empty");
    expect(await read(ndjson("empty"))).toMatchObject({ ok: false, failure: "declined" });
  });

  it("given a file longer than allowed, it declines", async () => {
    writeFileSync(join(directory, "long"), " ".repeat(2_001));
    expect(await read(json("long"))).toEqual({ ok: false, failure: "declined", detail: "more than 2000 bytes" });
  });

  it("given a link that stays inside, it follows; one that leads out, it does not", async () => {
    put("inner/real.json", '{"a":5}');
    symlinkSync("inner/real.json", join(directory, "latest.json"));
    expect(await read(json("latest.json"))).toMatchObject({ ok: true, value: 5n });
    symlinkSync(join(outside, "secret.json"), join(directory, "escape.json"));
    symlinkSync(outside, join(directory, "way-out"));
    symlinkSync("/", join(directory, "root"));
    for (const path of ["escape.json", "way-out/secret.json", "root/etc/hostname"]) {
      const reading = await read(json(path));
      expect(reading).toMatchObject({ ok: false, failure: "unreachable" });
      expect(reading.ok ? "" : reading.detail).toContain(path);
    }
  });

  it("given nothing, a directory or a pipe in its place, it is unreachable and does not wait", async () => {
    execFileSync("mkfifo", [join(directory, "pipe")]);
    for (const path of ["nowhere.json", "inner", "pipe"]) {
      const reading = await read(json(path));
      expect(reading).toMatchObject({ ok: false, failure: "unreachable" });
      expect(reading.ok ? "" : reading.detail).not.toContain(directory);
    }
  });

  it.each(["../secret.json", "/etc/passwd", "a/../../b", "a//b", ".hidden", "a/.git/config", "", "a/", "a\\b", "a\0b"])(
    "given the path %j, the definition is refused",
    (path) => expect(() => read(json(path))).toThrow(),
  );
});
