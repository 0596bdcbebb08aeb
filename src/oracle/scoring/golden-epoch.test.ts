import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { loadKeccakHasher } from "../tree/keccak-hasher.ts";
import { goldenEpoch, scoringCodeDigest } from "./golden-epoch.ts";

const vectors = z
  .object({ code: z.string(), root: z.string(), scored: z.number(), surviving: z.number(), manifest: z.string() })
  .parse(JSON.parse(readFileSync(new URL("../../../test/vectors/scoring.json", import.meta.url), "utf8")));

const keccak = await loadKeccakHasher();

describe("the golden epoch", () => {
  it("given this program, it scores as the vector says: whoever changes scoring raises its version with the vector", () => {
    const { root, scored, surviving, manifest } = goldenEpoch(keccak).report;
    expect({ root, scored, surviving, manifest }).toEqual({
      root: vectors.root,
      scored: vectors.scored,
      surviving: vectors.surviving,
      manifest: vectors.manifest,
    });
    expect(scoringCodeDigest(keccak)).toBe(vectors.code);
  });

  it("given what it is for, every way of scoring has a part in it: programs that differ in any have another digest", () => {
    const { tree, manifest } = goldenEpoch(keccak);
    expect(new Set(tree.leaves.map(({ outcome }) => outcome))).toEqual(new Set(["value", "refused", "missing"]));
    const findings = (manifest.findings ?? []).flatMap((each) => each.findings);
    expect(new Set(findings.map(({ kind }) => kind))).toEqual(
      new Set(["spread", "outlier", "self-dealing", "held-out"]),
    );
    expect(new Set(findings.map(({ reason }) => reason))).toEqual(new Set(["found", "unknown"]));
  });
});
