import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import type { ProjectList } from "../epochs/project-list.ts";
import type { Observation } from "../observations/observation.ts";
import { atOnce } from "../steps/steps.ts";
import { treeOf, type MerkleTree } from "../tree/merkle-tree.ts";
import { packScored } from "../tree/packed-leaves.ts";
import type { KeccakHasher } from "../tree/keccak-hasher.ts";
import type { ObservedDefinition } from "./agreed-metrics.ts";
import { assessDefinition, type Assessment } from "./assess-definition.ts";
import type { Finding } from "./finding.ts";
import { countingIn, heldOutPrefix, type HeldOut } from "./held-out.ts";
import { openDefinition } from "./open-definition.ts";
import { missingScore, type ScoreOutcome } from "./score.ts";
import type { ScoreDefinition } from "./score-definition.ts";

/** An observation in an inclusion set. */
export interface IncludedObservation {
  readonly operator: Hex;
  /** What the inclusion set names it by: the hash of the observation as it was revealed. */
  readonly hash: Hex;
  readonly observation: Observation;
}

/** Documents that scoring needs, by hash. */
export interface ScoringDocuments {
  readonly definitions: ReadonlyMap<Hex, ScoreDefinition>;
  /** By commitment. */
  readonly heldOut: ReadonlyMap<Hex, HeldOut>;
}

/** What all operators know alike when an epoch has closed. */
export interface EpochFacts {
  readonly epoch: number;
  /** Number of the operator set. */
  readonly configuration: number;
  readonly configurationDigest: Hex;
  readonly faults: number;
  /** τ by which survivors are counted. */
  readonly threshold: bigint;
  /** Active projects at the closing block. */
  readonly projects: ProjectList;
}

/** Fields of `IHeartbeatOracle.Report`. */
export interface Report {
  readonly configuration: number;
  readonly epoch: number;
  readonly root: Hex;
  readonly threshold: bigint;
  readonly leafCount: number;
  readonly scored: number;
  readonly surviving: number;
  readonly manifest: Hex;
}

export type EpochEvaluation =
  | {
      readonly ok: true;
      readonly report: Report;
      readonly tree: MerkleTree;
      readonly manifest: Manifest;
      /** Of every definition that an honest operator measured. */
      readonly assessments: ReadonlyMap<Hex, Assessment>;
    }
  | DocumentUnknown;

/** `definition` is the hash of a document that an honest operator has, a definition or one that was held back, and that is not here. */
interface DocumentUnknown {
  readonly ok: false;
  readonly reason: "definition-unknown";
  readonly definition: Hex;
}

/** What a report was computed from; its document hash is the report's `manifest`. */
export interface Manifest {
  /** Hashes of observations as they were revealed, so that the chain binds what their operators had heard as well. */
  readonly inclusion: readonly { readonly operator: Hex; readonly observation: Hex }[];
  readonly configuration: Hex;
  readonly evidence: Hex;
  /** Ascending by definition; left out where nothing was found. */
  readonly findings?: readonly DefinitionFindings[] | undefined;
}

/** What speaks against a definition's score in this epoch. */
export interface DefinitionFindings {
  readonly definition: Hex;
  readonly findings: readonly Finding[];
}

/**
 * The outcome function: from the included observations to leaves, counters and report, in integers alone. Pure; the same
 * for any order of projects and observations.
 *
 * A definition that fewer than f+1 observers had scores as missing. Where more had it, an honest operator has it and serves
 * it, so the caller fetches it and evaluates again. By the same rule what was held back is shown or not.
 */
export function evaluateEpoch(
  facts: EpochFacts,
  included: readonly IncludedObservation[],
  documents: ScoringDocuments,
  keccak: KeccakHasher,
): EpochEvaluation {
  const ordered = [...included].sort((a, b) => (a.operator < b.operator ? -1 : a.operator > b.operator ? 1 : 0));
  const scores: ScoreOutcome[] = [];
  const assessments = new Map<Hex, Assessment>();
  const findings: DefinitionFindings[] = [];
  const observed = ordered.map(({ observation }) => byDefinition(observation));
  for (const definition of facts.projects.definitions) {
    const entries = observed.flatMap((each) => each.get(definition) ?? []);
    if (entries.length < facts.faults + 1) {
      scores.push(missingScore);
      continue;
    }
    const known = documents.definitions.get(definition);
    if (known === undefined) return { ok: false, reason: "definition-unknown", definition };
    const shown = shownHeldOut(known, facts, entries, documents);
    if (!shown.ok) return shown;
    const opened = openDefinition(known, facts.epoch, shown.heldOut);
    const assessment = assessDefinition(opened, entries, facts.faults, shown.findings);
    assessments.set(definition, assessment);
    scores.push(assessment.score);
    if (assessment.findings.length > 0) findings.push({ definition, findings: assessment.findings });
  }

  const { scored, surviving } = countScored(facts, scores);
  const tree = atOnce(treeOf(packScored(facts.projects, scores), keccak));
  const manifest: Manifest = {
    inclusion: ordered.map(({ operator, hash }) => ({ operator, observation: hash })),
    configuration: facts.configurationDigest,
    evidence: evidenceDigest(ordered),
    ...(findings.length === 0 ? {} : { findings: findings.sort((a, b) => (a.definition < b.definition ? -1 : 1)) }),
  };
  return {
    ok: true,
    tree,
    manifest,
    assessments,
    report: {
      configuration: facts.configuration,
      epoch: facts.epoch,
      root: tree.root,
      threshold: facts.threshold,
      leafCount: tree.packed.count,
      scored,
      surviving,
      manifest: documentHash(manifest),
    },
  };
}

/**
 * What was held back and 2f+1 observers speak of: as many as its numbers need, so that a document which reached some operators too late
 * counts an epoch later and not against the project. Where it is hidden until the last epoch in which it counts, that is a finding: to show
 * only what suits must gain nothing.
 */
function shownHeldOut(
  definition: ScoreDefinition,
  { epoch, faults }: EpochFacts,
  entries: readonly ObservedDefinition[],
  documents: ScoringDocuments,
):
  | { readonly ok: true; readonly heldOut: ReadonlyMap<Hex, HeldOut>; readonly findings: readonly Finding[] }
  | DocumentUnknown {
  const shown = new Map<Hex, HeldOut>();
  const findings: Finding[] = [];
  for (const { commitment, through } of countingIn(definition.heldOut, epoch)) {
    const prefix = heldOutPrefix(commitment);
    const stating = entries.filter(({ metrics }) => metrics.some(({ metric }) => metric.startsWith(prefix))).length;
    if (stating >= 2 * faults + 1) {
      const heldOut = documents.heldOut.get(commitment);
      if (heldOut === undefined) return { ok: false, reason: "definition-unknown", definition: commitment };
      shown.set(commitment, heldOut);
    } else if (epoch === through) {
      findings.push({ kind: "held-out", subject: commitment, reason: "unknown" });
    }
  }
  return { ok: true, heldOut: shown, findings };
}

/** How many projects have a score, and how many of these one that is not below τ. */
function countScored(
  { projects, threshold }: EpochFacts,
  scores: readonly ScoreOutcome[],
): Pick<Report, "scored" | "surviving"> {
  const isScored = scores.map(({ outcome }) => outcome === "value");
  const survives = scores.map(({ outcome, score }) => outcome === "value" && score >= threshold);
  let [scored, surviving] = [0, 0];
  for (let index = 0; index < projects.length; index += 1) {
    const number = projects.numberAt(index);
    if (isScored[number] === true) scored += 1;
    if (survives[number] === true) surviving += 1;
  }
  return { scored, surviving };
}

/** An observation's entries; of two of one definition the first counts. */
function byDefinition(observation: Observation): ReadonlyMap<Hex, ObservedDefinition> {
  const entries = new Map<Hex, ObservedDefinition>();
  for (const entry of observation.definitions) {
    if (!entries.has(entry.definition)) entries.set(entry.definition, entry);
  }
  return entries;
}

/** Hash of the captures that the included operators say they read their values from. */
function evidenceDigest(ordered: readonly IncludedObservation[]): Hex {
  return documentHash(
    ordered.map(({ operator, observation }) => ({
      operator,
      captures: [
        ...new Set(
          observation.definitions.flatMap((entry) =>
            entry.metrics.flatMap((each) => (each.outcome === "value" ? [each.capture] : [])),
          ),
        ),
      ].sort(),
    })),
  );
}
