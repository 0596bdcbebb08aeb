import { documentHash } from "../../core/documents/document-hash.ts";
import { ONE } from "../../core/fixed-point.ts";
import type { Hex } from "../../core/hex.ts";
import { rulesOfThisProgram } from "../configuration/configuration-digest.ts";
import { ProjectList } from "../epochs/project-list.ts";
import { observationHash, type Observation, type ObservedMetric } from "../observations/observation.ts";
import type { KeccakHasher } from "../tree/keccak-hasher.ts";
import { evaluateEpoch, type EpochFacts, type IncludedObservation, type Report } from "./evaluate-epoch.ts";
import { parseScoreDefinition, type ScoreDefinition } from "./score-definition.ts";

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

const configuration = documentHash("golden configuration");
const values = (more: string, less: string, only: string): ObservedMetric[] =>
  Object.entries({ "one/more": more, "one/less": less, "two/only": only }).map(([name, text]) => {
    if (text === "missing" || text === "refused") return { metric: name, outcome: text };
    return { metric: name, outcome: "value", value: text, capture: documentHash(`${name} ${text}`) };
  });

/** For each observer what it found by three definitions: values that round, refusals of f + 1, values of fewer than 2f + 1. */
const found: readonly (readonly ObservedMetric[])[][] = [
  [values("3", "-777", "9950"), values("1", "0", "refused"), values("1", "missing", "1")],
  [values("4", "333", "9999"), values("1", "0", "refused"), values("1", "missing", "1")],
  [values("9", "1500", "10100"), values("1", "0", "9900"), values("1", "5", "1")],
  [values("-2", "-3000", "9901"), values("missing", "0", "9900"), values("1", "5", "1")],
];

/** The report of the golden epoch: a fixed input in which every rule of scoring has a part, scored by this program. */
export function goldenReport(keccak: KeccakHasher): Report {
  const definitions = new Map<Hex, ScoreDefinition>();
  for (const title of ["golden a", "golden b", "golden c"]) {
    const parsed = parseScoreDefinition({ ...document, title });
    if (!parsed.ok) throw new TypeError(parsed.problem);
    definitions.set(parsed.known.hash, parsed.known.definition);
  }
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
  const evaluated = evaluateEpoch(facts, included, definitions, keccak);
  if (!evaluated.ok) throw new TypeError("the golden epoch has all its definitions");
  return evaluated.report;
}

/**
 * Digest of how this program scores: the versions of its rules, and what it makes of the golden epoch. Not of source files, which
 * change by a comment: programs that score alike have the same one, whoever wrote them.
 */
export function scoringCodeDigest(keccak: KeccakHasher): Hex {
  const { root, scored, surviving, manifest } = goldenReport(keccak);
  const golden = { root, scored, surviving, manifest };
  return documentHash({ kind: "mandate.scoring-code/1", ...rulesOfThisProgram, golden });
}
