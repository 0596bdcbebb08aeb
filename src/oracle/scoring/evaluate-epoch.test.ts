import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { exampleDefinition } from "../../../test/support/score-definition.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import { ProjectList } from "../epochs/project-list.ts";
import { observationHash, type Observation, type ObservedMetric } from "../observations/observation.ts";
import type { Leaf } from "../../core/merkle/leaf.ts";
import { loadKeccakHasher, type KeccakHasher } from "../tree/keccak-hasher.ts";
import { evaluateEpoch, type EpochFacts, type IncludedObservation } from "./evaluate-epoch.ts";
import { parseScoreDefinition, type ScoreDefinition } from "./score-definition.ts";

let keccak: KeccakHasher;
beforeAll(async () => {
  keccak = await loadKeccakHasher();
});

const parsed = parseScoreDefinition(exampleDefinition);
if (!parsed.ok) throw new Error(parsed.problem);
const { hash: definition } = parsed.known;
const definitions: ReadonlyMap<Hex, ScoreDefinition> = new Map([[definition, parsed.known.definition]]);
const unknown = documentHash("a definition that nobody has");
const configuration = documentHash("configuration");

const facts: EpochFacts = {
  epoch: 3,
  configuration: 1,
  configurationDigest: configuration,
  faults: 1,
  threshold: 500_000_000_000_000_000n,
  projects: ProjectList.of([
    { project: documentHash("b"), definition },
    { project: documentHash("a"), definition },
    { project: documentHash("c"), definition: unknown },
  ]),
};

function included(index: number, metrics: readonly ObservedMetric[] | undefined): IncludedObservation {
  const observation: Observation = {
    kind: "mandate.observation/1",
    configuration,
    epoch: 3,
    block: { number: 9, hash: documentHash("block") },
    definitions: metrics === undefined ? [] : [{ definition, metrics: [...metrics] }],
  };
  return { operator: `0x${String(index).repeat(40)}`, hash: observationHash(observation), observation };
}

const measured = (commits: bigint, calls: bigint, errors: bigint): ObservedMetric[] =>
  Object.entries({ "delivery/commits": commits, "service/calls": calls, "service/errors": errors }).map(
    ([metric, value]) => ({
      metric,
      outcome: "value",
      value: value.toString(),
      capture: documentHash(value.toString()),
    }),
  );

function evaluate(observations: readonly IncludedObservation[], changes: Partial<EpochFacts> = {}) {
  const evaluated = evaluateEpoch({ ...facts, ...changes }, observations, { definitions, heldOut: new Map() }, keccak);
  if (!evaluated.ok) throw new Error(evaluated.reason);
  return evaluated;
}

const honest = [
  included(1, measured(5n, 500n, 500n)),
  included(2, measured(6n, 500n, 500n)),
  included(3, measured(7n, 500n, 500n)),
];

describe("evaluateEpoch", () => {
  it("given three observations, it scores by their medians and counts survivors by the threshold", () => {
    const { report, tree, manifest } = evaluate(honest);
    expect(tree.leaves.map(({ outcome, score }) => [outcome, score])).toEqual(
      tree.leaves.map(({ definition: each }) =>
        each === unknown ? ["missing", 0n] : ["value", 560_000_000_000_000_000n],
      ),
    );
    expect(report).toMatchObject({
      epoch: 3,
      configuration: 1,
      root: tree.root,
      leafCount: 3,
      scored: 2,
      surviving: 2,
    });
    expect(report.manifest).toBe(documentHash(manifest));
    expect(manifest.inclusion).toEqual(honest.map(({ operator, hash }) => ({ operator, observation: hash })));
  });

  it.each([
    [560_000_000_000_000_000n, 2],
    [560_000_000_000_000_001n, 0],
  ])("given a threshold of %s, a score at it survives, below it not", (threshold, surviving) => {
    expect(evaluate(honest, { threshold }).report).toMatchObject({ threshold, surviving });
  });

  it("given observers that have no document, a definition that one alone has is missing; from f+1 on it is needed", () => {
    const alone = [included(1, measured(5n, 5n, 5n)), included(2, undefined), included(3, undefined)];
    expect(evaluate(alone).report.scored).toBe(0);
    const two = [included(1, measured(5n, 5n, 5n)), included(2, measured(5n, 5n, 5n)), included(3, undefined)];
    expect(evaluateEpoch(facts, two, { definitions: new Map(), heldOut: new Map() }, keccak)).toEqual({
      ok: false,
      reason: "definition-unknown",
      definition,
    });
  });

  it("iOP-005: given any values and any order of projects and observations, it gives the same report", () => {
    const amount = fc.bigInt(0n, 2000n);
    const values = fc.array(fc.tuple(amount, amount, amount), { minLength: 3, maxLength: 7 });
    fc.assert(
      fc.property(values, fc.infiniteStream(fc.nat(1_000)), (observed, order) => {
        const observations = observed.map((each, index) => included(index + 1, measured(...each)));
        const shuffled = <Item>(items: readonly Item[]): Item[] =>
          items
            .map((item) => ({ item, rank: Number(order.next().value) }))
            .sort((a, b) => a.rank - b.rank)
            .map(({ item }) => item);
        const expected = evaluate(observations).report;
        expect(
          evaluate(shuffled(observations), { projects: ProjectList.of(shuffled([...facts.projects])) }).report,
        ).toEqual(expected);
      }),
    );
  });

  it("given one liar among four, whatever it says, the honest observations' score stands", () => {
    const outcome = fc.oneof(
      fc.bigInt(-(10n ** 30n), 10n ** 30n).map((value) => measured(value, value, value)),
      fc.constant(
        ["delivery/commits", "service/calls"].map((metric): ObservedMetric => ({ metric, outcome: "refused" })),
      ),
      fc.constant(undefined),
    );
    const same = [1, 2, 3].map((index) => included(index, measured(5n, 500n, 500n)));
    fc.assert(
      fc.property(outcome, (lie) => {
        const scores = evaluate([...same, included(4, lie)]).tree.leaves.filter(
          (leaf) => leaf.definition === definition,
        );
        for (const leaf of scores) expect(leaf).toMatchObject({ outcome: "value", score: 500_000_000_000_000_000n });
      }),
    );
  });

  it("given other captures behind the same values, the manifest differs: the evidence is signed as well", () => {
    const [first, ...others] = honest;
    const metrics = measured(5n, 500n, 500n).map((each) =>
      each.outcome === "value" ? { ...each, capture: documentHash("other") } : each,
    );
    expect(first).toBeDefined();
    const { report } = evaluate([included(1, metrics), ...others]);
    expect(report.root).toBe(evaluate(honest).report.root);
    expect(report.manifest).not.toBe(evaluate(honest).report.manifest);
  });

  it("iOP-022: given operators that read far apart, the finding lowers the grade, is signed with the manifest, and leaves the score", () => {
    const apart = [
      honest[0],
      included(2, measured(6n, 500n, 500n)),
      included(3, measured(7n, 500n, 500n)),
      included(4, measured(9n, 500n, 500n)),
    ];
    const observations = apart.flatMap((each) => each ?? []);
    const close = observations.map((_, index) => included(index + 1, measured(6n, 500n, 500n)));
    const { manifest, tree, report } = evaluate(observations);
    const gradesOf = (leaves: readonly Leaf[]) =>
      leaves.filter((each) => each.outcome === "value").map((each) => each.grade);
    expect(manifest.findings).toEqual([
      { definition, findings: [{ kind: "spread", subject: "delivery/commits", reason: "found" }] },
    ]);
    expect(report.manifest).toBe(documentHash(manifest));
    expect(gradesOf(tree.leaves)).toEqual([3, 3]);
    const calm = evaluate(close);
    expect(calm.manifest).not.toHaveProperty("findings");
    expect(gradesOf(calm.tree.leaves)).toEqual([2, 2]);
    expect(tree.leaves.map((each) => each.score)).toEqual(calm.tree.leaves.map((each) => each.score));
  });

  it("given no project, it reports an empty tree", () => {
    expect(evaluate(honest, { projects: ProjectList.of([]) }).report).toMatchObject({
      leafCount: 0,
      scored: 0,
      surviving: 0,
      root: `0x${"00".repeat(32)}`,
    });
  });
});
