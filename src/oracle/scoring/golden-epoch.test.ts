import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { loadKeccakHasher } from "../tree/keccak-hasher.ts";
import { goldenReport, scoringCodeDigest } from "./golden-epoch.ts";

const vectors = z
  .object({ code: z.string(), root: z.string(), scored: z.number(), surviving: z.number(), manifest: z.string() })
  .parse(JSON.parse(readFileSync(new URL("../../../test/vectors/scoring.json", import.meta.url), "utf8")));

const keccak = await loadKeccakHasher();

describe("the golden epoch", () => {
  it("given this program, it scores as the vector says: whoever changes scoring raises its version with the vector", () => {
    const { root, scored, surviving, manifest } = goldenReport(keccak);
    expect({ root, scored, surviving, manifest }).toEqual({
      root: vectors.root,
      scored: vectors.scored,
      surviving: vectors.surviving,
      manifest: vectors.manifest,
    });
    expect(scoringCodeDigest(keccak)).toBe(vectors.code);
  });
});
