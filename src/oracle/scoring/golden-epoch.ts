import { documentHash } from "../../core/documents/document-hash.ts";
import { ONE } from "../../core/fixed-point.ts";
import type { Hex } from "../../core/hex.ts";
import { ProjectList } from "../epochs/project-list.ts";
import { observationHash, type Observation, type ObservedMetric } from "../observations/observation.ts";
import type { KeccakHasher } from "../tree/keccak-hasher.ts";
import type { EpochEvaluation, EpochFacts, IncludedObservation } from "./evaluate-epoch.ts";
import { heldOutPrefix, parseHeldOut } from "./held-out.ts";
import { parseScoreDefinition, type ScoreDefinition } from "./score-definition.ts";
import { currentScoring, scoringsOfThisProgram, type Scoring } from "./scorings.ts";

const half = (ONE / 2n).toString();
const onFailure = { unreachable: "missing", declined: "refused" } as const;

function metric(name: string, decimals: number, floor: string, ceiling: string, weight: string): object {
  const source = { kind: "http-json", url: `https://${name}.example/`, pointer: `/${name}` };
  return { name, source, decimals, floor, ceiling, weight, onFailure };
}

/** More is better and less is better, with and without places, with a bound below zero. */
const document = {
  kind: "mandate.score-definition/1",
  title: "golden",
  dimensions: [
    { name: "one", weight: half, metrics: [metric("more", 0, "0", "7", half), metric("less", 4, "0.1", "-0.2", half)] },
    { name: "two", weight: half, metrics: [metric("only", 2, "99", "100", ONE.toString())] },
  ],
};

const source = (name: string): object => ({ kind: "http-json", url: `https://${name}.example/`, pointer: "/n" });
const windowed = { kind: "git", repository: "golden", branch: "main", measure: "commits" };

/** Held back until epoch 1 was over, which is the golden one. */
const heldOut = {
  kind: "mandate.held-out/1",
  salt: documentHash("golden salt"),
  first: 1,
  last: 1,
  probes: [
    { name: "later", source: windowed, decimals: 1 },
    { name: "all", source: windowed, decimals: 0 },
  ],
  checks: [{ name: "follows", part: "later", whole: "all", limit: { atLeast: half } }],
};

/** Sources that must agree, numbers that check others, and what was held back: one shown, one hidden to its end. */
const checked = {
  kind: "mandate.score-definition/1",
  title: "golden d",
  dimensions: [
    {
      name: "three",
      weight: ONE.toString(),
      metrics: [
        {
          name: "agreed",
          sources: ["x", "y", "z"].map((name) => ({ name, source: source(name) })),
          triangulate: { band: { share: (ONE / 10n).toString() }, minimum: 2 },
          decimals: 0,
          floor: "0",
          ceiling: "1000",
          weight: ONE.toString(),
          onFailure,
          centsToFake: 200,
        },
      ],
    },
  ],
  probes: [{ name: "largest", source: source("largest"), decimals: 1 }],
  checks: [
    {
      name: "one-buyer",
      detects: "self-dealing",
      part: "largest",
      whole: "three/agreed",
      limit: { atMost: half },
      from: "10",
    },
  ],
  heldOut: [
    { commitment: documentHash(heldOut), first: 1, last: 1, through: 2 },
    { commitment: documentHash("golden and hidden"), first: 1, last: 1, through: 1 },
  ],
};

const configuration = documentHash("golden configuration");
const stated = (readings: Readonly<Record<string, string>>): ObservedMetric[] =>
  Object.entries(readings).map(([name, text]) => {
    if (text === "missing" || text === "refused") return { metric: name, outcome: text };
    return { metric: name, outcome: "value", value: text, capture: documentHash(`${name} ${text}`) };
  });
const values = (more: string, less: string, only: string): ObservedMetric[] =>
  stated({ "one/more": more, "one/less": less, "two/only": only });

const agreed = (x: string, y: string, z: string, largest: string, later: string): ObservedMetric[] =>
  stated({
    "three/agreed/x": x,
    "three/agreed/y": y,
    "three/agreed/z": z,
    largest,
    [`${heldOutPrefix(documentHash(heldOut))}later`]: later,
    [`${heldOutPrefix(documentHash(heldOut))}all`]: "100",
  });

/**
 * For each observer what it found by four definitions: values that round, refusals of f + 1, values of fewer than 2f + 1, and sources of which
 * one strays, with findings of every kind of check.
 */
const found: readonly (readonly ObservedMetric[])[][] = [
  [
    values("3", "-777", "9950"),
    values("1", "0", "refused"),
    values("1", "missing", "1"),
    agreed("96", "100", "300", "600", "400"),
  ],
  [
    values("4", "333", "9999"),
    values("1", "0", "refused"),
    values("1", "missing", "1"),
    agreed("97", "101", "300", "600", "400"),
  ],
  [
    values("9", "1500", "10100"),
    values("1", "0", "9900"),
    values("1", "5", "1"),
    agreed("20", "160", "310", "610", "410"),
  ],
  [
    values("-2", "-3000", "9901"),
    values("missing", "0", "9900"),
    values("1", "5", "1"),
    agreed("160", "20", "missing", "9", "5"),
  ],
];

/** The golden epoch, a fixed input in which every rule of scoring has a part, as a way to score makes of it. */
export function goldenEpoch(
  keccak: KeccakHasher,
  { evaluate }: Pick<Scoring, "evaluate"> = currentScoring,
): Extract<EpochEvaluation, { ok: true }> {
  const definitions = new Map<Hex, ScoreDefinition>();
  for (const each of [...["golden a", "golden b", "golden c"].map((title) => ({ ...document, title })), checked]) {
    const parsed = parseScoreDefinition(each);
    if (!parsed.ok) throw new TypeError(parsed.problem);
    definitions.set(parsed.known.hash, parsed.known.definition);
  }
  const shown = parseHeldOut(heldOut);
  if (!shown.ok) throw new TypeError(shown.problem);
  const hashes = [...definitions.keys()];
  const included = found.map((byDefinition, index): IncludedObservation => {
    const observation: Observation = {
      kind: "mandate.observation/1",
      configuration,
      epoch: 1,
      block: { number: 1, hash: documentHash("golden block") },
      definitions: hashes
        .map((definition, place) => ({ definition, metrics: [...(byDefinition[place] ?? [])] }))
        .sort((a, b) => (a.definition < b.definition ? -1 : 1)), // hashes are distinct
    };
    return { operator: `0x${String(index + 1).repeat(40)}`, hash: observationHash(observation), observation };
  });
  const facts: EpochFacts = {
    epoch: 1,
    configuration: 1,
    configurationDigest: configuration,
    faults: 1,
    threshold: ONE / 2n,
    projects: ProjectList.of(
      hashes.map((definition, index) => ({ project: documentHash(`golden project ${index}`), definition })),
    ),
  };
  const documents = { definitions, heldOut: new Map([[shown.commitment, shown.heldOut]]) };
  const evaluated = evaluate(facts, included, documents, keccak);
  if (!evaluated.ok) throw new TypeError("the golden epoch has all its definitions");
  return evaluated;
}

/**
 * Digest of a way to score: the versions of its rules, and what it makes of the golden epoch. Not of source files, which
 * change by a comment: programs that score alike have the same one, whoever wrote them.
 */
export function scoringCodeDigest(keccak: KeccakHasher, scoring: Scoring = currentScoring): Hex {
  const { root, scored, surviving, manifest } = goldenEpoch(keccak, scoring).report;
  const golden = { root, scored, surviving, manifest };
  const { scoring: version, adapters } = scoring.versions; // how operators agree is no part of it
  return documentHash({ kind: "mandate.scoring-code/1", scoring: version, adapters, golden });
}

/** All ways to score that this program has, by their digests. */
export function scoringsByDigest(keccak: KeccakHasher): ReadonlyMap<Hex, Scoring> {
  return new Map(scoringsOfThisProgram.map((each) => [scoringCodeDigest(keccak, each), each]));
}
