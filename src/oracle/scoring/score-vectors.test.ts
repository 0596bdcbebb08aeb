import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { naiveEpoch, naiveLeafHash, type NaiveInput, type NaiveLeaf } from "../../../test/support/naive-score.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import { hexOf, type Hex } from "../../core/hex.ts";
import { leafHash } from "../../core/merkle/leaf.ts";
import { SeededRandom } from "../../core/seeded-random.ts";
import { ProjectList, type ActiveProject } from "../epochs/project-list.ts";
import { observationHash, observationSchema } from "../observations/observation.ts";
import { loadKeccakHasher, type KeccakHasher } from "../tree/keccak-hasher.ts";
import { LEAF_BYTES, packLeaves } from "../tree/packed-leaves.ts";
import { evaluateEpoch } from "./evaluate-epoch.ts";
import { isHeldOut, parseHeldOut, type HeldOut } from "./held-out.ts";
import { parseScoreDefinition, type ScoreDefinition } from "./score-definition.ts";
import { scoringVersion } from "./score.ts";

interface Vectors {
  readonly scoring: string;
  readonly definitions: readonly unknown[];
  readonly leaves: readonly NaiveLeaf[];
  readonly cases: readonly {
    readonly name: string;
    readonly input: Omit<NaiveInput, "definitions">;
    readonly expected: ReturnType<typeof naiveEpoch>;
  }[];
}

const vectors = JSON.parse(
  readFileSync(new URL("../../../test/vectors/score.json", import.meta.url), "utf8"),
) as Vectors;

let keccak: KeccakHasher;
beforeAll(async () => {
  keccak = await loadKeccakHasher();
});

/** What the product computes, in the form of the vectors; projects and observations in any order. */
function evaluated(input: Omit<NaiveInput, "definitions">, order: <Item>(items: readonly Item[]) => readonly Item[]) {
  const definitions = new Map<Hex, ScoreDefinition>();
  const heldOut = new Map<Hex, HeldOut>();
  for (const document of vectors.definitions) {
    if (isHeldOut(document)) {
      const parsed = parseHeldOut(document);
      if (!parsed.ok) throw new Error(parsed.problem);
      heldOut.set(parsed.commitment, parsed.heldOut);
    } else {
      const parsed = parseScoreDefinition(document);
      if (!parsed.ok) throw new Error(parsed.problem);
      definitions.set(parsed.known.hash, parsed.known.definition);
    }
  }
  const included = input.observations.map((each) => {
    const observation = observationSchema.parse(each.observation);
    return { operator: each.operator as Hex, hash: observationHash(observation), observation };
  });
  const facts = {
    epoch: 1,
    configuration: 1,
    configurationDigest: input.configurationDigest as Hex,
    faults: input.faults,
    threshold: BigInt(input.threshold),
    projects: ProjectList.of(order(input.projects) as readonly ActiveProject[]),
  };
  const evaluation = evaluateEpoch(facts, order(included), { definitions, heldOut }, keccak);
  if (!evaluation.ok) throw new Error(evaluation.reason);
  const { report, tree, manifest } = evaluation;
  return {
    leaves: tree.leaves.map((leaf) => ({ ...leaf, score: leaf.score.toString(), hash: hexOf(leafHash(leaf)) })),
    root: report.root,
    scored: report.scored,
    surviving: report.surviving,
    findings: manifest.findings ?? [],
    manifest: report.manifest,
  };
}

describe("score vectors", () => {
  it("are of the scoring rules that operators run", () => {
    expect(vectors.scoring).toBe(scoringVersion);
  });

  it("cover every outcome, every grade and every way in which a finding comes about", () => {
    const leaves = vectors.cases.flatMap((each) => each.expected.leaves);
    const findings = vectors.cases.flatMap((each) => each.expected.findings.flatMap((of) => of.findings));
    expect(new Set(leaves.map((leaf) => leaf.outcome))).toEqual(new Set(["value", "missing", "refused"]));
    expect(new Set(leaves.map((leaf) => leaf.grade))).toEqual(new Set([0, 1, 2, 3, 4]));
    expect(new Set(findings.map(({ kind }) => kind))).toEqual(
      new Set(["outlier", "spread", "self-dealing", "low-activity", "held-out"]),
    );
    expect(new Set(findings.map(({ reason }) => reason))).toEqual(new Set(["found", "unknown"]));
  });

  it.each(vectors.cases)("iOP-024: given $name, the independent implementation gives what is written", (each) => {
    expect(naiveEpoch({ ...each.input, definitions: vectors.definitions })).toEqual(each.expected);
  });

  it.each(vectors.cases)(
    "iOP-024: given $name, operators compute it to the bit, in any order",
    ({ input, expected }) => {
      const random = new SeededRandom(1);
      const shuffled = <Item>(items: readonly Item[]): readonly Item[] =>
        items
          .map((item) => ({ item, rank: random.next() }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ item }) => item);
      expect(evaluated(input, (items) => items)).toEqual(expected);
      expect(evaluated(input, (items) => items.toReversed())).toEqual(expected);
      expect(evaluated(input, shuffled)).toEqual(expected);
    },
  );

  it.each(vectors.leaves)("given a leaf with score $score, all three ways to hash it agree", (leaf) => {
    const typed = {
      ...leaf,
      project: leaf.project as Hex,
      definition: leaf.definition as Hex,
      score: BigInt(leaf.score),
    };
    expect(naiveLeafHash(leaf)).toBe(leaf.hash);
    expect(hexOf(leafHash(typed))).toBe(leaf.hash);
    const bytes = Buffer.alloc(LEAF_BYTES, 0xff);
    packLeaves([typed]).encode(0, bytes);
    expect(BigInt(`0x${bytes.subarray(-32).toString("hex")}`)).toBe(typed.score);
    expect(bytes[3 * 32 - 1]).toBe(1);
  });

  it("given a score beyond 64 bits, no leaf is written", () => {
    const [leaf] = vectors.leaves;
    if (leaf === undefined) throw new Error("no leaf");
    const typed = { ...leaf, project: documentHash("p"), definition: documentHash("d"), score: 2n ** 64n };
    expect(() => packLeaves([typed])).toThrow(RangeError);
  });
});
