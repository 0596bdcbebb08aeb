import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { keyWarnings } from "./key-warnings.ts";

const one = `0x${"11".repeat(20)}` as const;
const two = `0x${"22".repeat(20)}` as const;
let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "mandate-keys-"));
  file = join(directory, "key");
  writeFileSync(file, "");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

it("given one key for signing and gas, it warns; given two, or one that is unknown, it does not", () => {
  const keys = { signing: { env: "A" }, gas: { env: "B" } };
  expect(keyWarnings(keys, [one, one])).toEqual([
    { name: "keys apart", ok: true, warning: true, detail: expect.stringContaining(one) as string },
  ]);
  expect(keyWarnings(keys, [one, two])).toEqual([]);
  expect(keyWarnings(keys, [undefined, undefined])).toEqual([]);
});

it.each([
  [0o600, 0],
  [0o400, 0],
  [0o640, 1],
  [0o604, 1],
  [0o610, 1],
])("given a key file of mode %o, it warns %i times", (mode, count) => {
  chmodSync(file, mode);
  const keys = { signing: { keystore: file, password: { file } }, gas: { file } };
  const warnings = keyWarnings(keys, [one, two]);
  expect(warnings).toHaveLength(count);
  for (const warning of warnings) expect(warning).toMatchObject({ name: "key file", ok: true, warning: true });
});

it("given a file that is not there, the key's own check says so", () => {
  const keys = { signing: { file: join(directory, "nowhere") }, gas: { env: "B" } };
  expect(keyWarnings(keys, [undefined, two])).toEqual([]);
});
