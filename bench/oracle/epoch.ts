import { createHash } from "node:crypto";
import { ONE } from "../../src/core/fixed-point.ts";
import type { Hex } from "../../src/core/hex.ts";
import { SeededRandom } from "../../src/core/seeded-random.ts";
import { ProjectList, type ActiveProject } from "../../src/oracle/epochs/project-list.ts";
import type { Observation } from "../../src/oracle/observations/observation.ts";
import { revealHash } from "../../src/oracle/observations/reveal.ts";
import type { EpochFacts, IncludedObservation } from "../../src/oracle/scoring/evaluate-epoch.ts";
import { parseScoreDefinition, type ScoreDefinition } from "../../src/oracle/scoring/score-definition.ts";
import { storedProjects } from "./project-file.ts";

const SEED = 3;
const FAULTS = 1;
/** Of every observation. */
export const benchSalt: Hex = `0x${"5a".repeat(32)}`;

export interface BenchEpoch {
  readonly facts: Omit<EpochFacts, "projects">;
  /** One object at a time, as an operator reads them. */
  readonly projects: Iterable<ActiveProject>;
  readonly included: readonly IncludedObservation[];
  readonly definitions: ReadonlyMap<Hex, ScoreDefinition>;
  /** As they were published. */
  readonly documents: ReadonlyMap<Hex, unknown>;
}

/** A seeded epoch of four operators; the projects share `definitionCount` definitions, each of four metrics. */
export function benchEpoch(projectCount: number, definitionCount: number, order: "shuffled" | "ascending"): BenchEpoch {
  const random = new SeededRandom(SEED);
  const definitions = new Map<Hex, ScoreDefinition>();
  const documents = new Map<Hex, unknown>();
  for (let index = 0; index < definitionCount; index += 1) {
    const document = documentOf(index);
    const parsed = parseScoreDefinition(document);
    if (!parsed.ok) throw new TypeError(parsed.problem);
    documents.set(parsed.known.hash, document);
    definitions.set(parsed.known.hash, parsed.known.definition);
  }
  const hashes = [...definitions.keys()].sort();
  const configuration = word("configuration");
  const values = hashes.map(() => METRICS.map(() => 1 + random.below(99)));
  const included = Array.from({ length: 2 * FAULTS + 2 }, (_, place): IncludedObservation => {
    const observation: Observation = {
      kind: "mandate.observation/1",
      configuration,
      epoch: 1,
      block: { number: 1, hash: word("block") },
      definitions: hashes.map((definition, index) => ({
        definition,
        metrics: METRICS.map((name, at) => ({
          metric: `all/${name}`,
          outcome: "value",
          value: String((values[index]?.[at] ?? 0) + (random.chance(0.1) ? place : 0)),
          capture: word(`capture ${place} ${index} ${at}`),
        })),
      })),
    };
    const hash = revealHash({ observation, salt: benchSalt, heard: [] });
    return { operator: `0x${String(place + 1).repeat(40)}`, hash, observation };
  });
  function* shuffled(): Generator<ActiveProject> {
    for (let index = 0; index < projectCount; index += 1) {
      yield { project: word(`project ${index}`), definition: hashes[random.below(hashes.length)] ?? word("none") };
    }
  }
  const projects = storedProjects(order === "ascending" ? ProjectList.of(shuffled()) : shuffled());
  return {
    facts: {
      epoch: 1,
      configuration: 1,
      configurationDigest: configuration,
      faults: FAULTS,
      threshold: ONE / 2n,
    },
    projects,
    included,
    definitions,
    documents,
  };
}

const METRICS = ["commits", "users", "uptime", "issues"] as const;

function documentOf(index: number): unknown {
  const weight = (ONE / BigInt(METRICS.length)).toString();
  return {
    kind: "mandate.score-definition/1",
    title: `bench ${index}`,
    dimensions: [
      {
        name: "all",
        weight: ONE.toString(),
        metrics: METRICS.map((name) => ({
          name,
          source: { kind: "http-json", url: "https://bench.example/", pointer: `/${name}` },
          decimals: 0,
          floor: "0",
          ceiling: "100",
          weight,
          onFailure: { unreachable: "missing", declined: "refused" },
        })),
      },
    ],
  };
}

/** Ids only have to be spread evenly. */
function word(name: string): Hex {
  return `0x${createHash("sha256").update(name).digest("hex")}`;
}
