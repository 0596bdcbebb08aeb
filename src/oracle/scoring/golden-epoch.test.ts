import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { loadKeccakHasher } from "../tree/keccak-hasher.ts";
import { goldenEpoch, scoringCodeDigest, scoringsByDigest } from "./golden-epoch.ts";
import { currentScoring, type Scoring } from "./scorings.ts";

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

  it("given a way to score of other versions, or with another outcome, its digest is another one", () => {
    const { versions, evaluate } = currentScoring;
    const others: Scoring[] = [
      { versions: { ...versions, scoring: "other" }, evaluate },
      { versions, evaluate: (facts, included, ...rest) => evaluate(facts, included.slice(1), ...rest) },
    ];
    const digests = [currentScoring, ...others].map((each) => scoringCodeDigest(keccak, each));
    expect(new Set(digests).size).toBe(3);
  });

  it("given what this program has, it is found by the digest that a ruleset names", () => {
    expect([...scoringsByDigest(keccak)]).toEqual([[vectors.code, currentScoring]]);
  });
});
