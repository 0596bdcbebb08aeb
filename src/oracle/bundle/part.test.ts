import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { keccak256Text } from "../../core/keccak.ts";
import { atOnce } from "../steps/steps.ts";
import { loadKeccakHasher } from "../tree/keccak-hasher.ts";
import { parseBundleFile, writeBundleFile } from "./bundle-file.ts";
import { measurePart, textOf, type Part } from "./part.ts";

const keccak = await loadKeccakHasher();
const directory = mkdtempSync(join(tmpdir(), "mandate-part-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** With characters of one to four bytes, longer than what is decoded at once, and with what JSON escapes. */
const text = `"\\\n\u0000\u2028 ${"aä€😀".repeat(150_000)}`;
const parts: readonly (readonly [string, Part])[] = [
  ["a text", text],
  ["bytes", Buffer.from(text)],
  ["pieces", { pieces: () => ["", text.slice(0, 6), text.slice(6)] }],
];

describe("a part", () => {
  it.each(parts)("given %s, it has the text, its hash and its bytes, each time that it is read", (_, part) => {
    for (const time of [1, 2]) {
      expect(textOf(part) === text, `time ${time}`).toBe(true);
      expect(atOnce(measurePart(part, keccak))).toEqual({ hash: keccak256Text(text), bytes: Buffer.byteLength(text) });
    }
  });

  it.each(parts)(
    "given %s in one file, the file is as if each entry were written as a whole, and is read as it",
    (_, part) => {
      const path = join(directory, "bundle.ndjson");
      const hash = keccak256Text(text);
      const seal = { kind: "mandate.evidence-bundle-seal/1", operator: "0x", bundle: "0x", signature: "0x" } as const;
      writeBundleFile(path, { text: "{}", seal, parts: new Map([[hash, part]]) });
      const bytes = readFileSync(path);
      expect(bytes.toString().split("\n").at(-2) === JSON.stringify({ name: `parts/${hash}`, text })).toBe(true);
      expect(Buffer.from(parseBundleFile(bytes).get(`parts/${hash}`) ?? []).equals(Buffer.from(text))).toBe(true);
    },
  );

  it("given bytes that are no text, it says so", () => {
    expect(() => textOf(Buffer.from([0xff]))).toThrow(TypeError);
    expect(() => textOf(Buffer.from("ä").subarray(0, 1))).toThrow(TypeError);
  });
});
