import type { Hex } from "../../core/hex.ts";
import type { EpochFaults, FaultProfile } from "./faults.ts";
import type { ModelRefusal } from "./model-oracle.ts";
import type { SuspensionRefusal } from "./model-sets.ts";
import type { SafetyProblem } from "./safety-watch.ts";

/** Something that must not happen, with what is needed to see it again. */
export interface Violation {
  readonly epoch: number;
  readonly problem: SafetyProblem | "not-accepted";
  readonly detail: string;
  /** What happened in the epoch, in order. */
  readonly trace: readonly string[];
}

/** What kinds of faults an epoch can have, for counting. */
export const faultKinds = [
  "silence",
  "equivocation",
  "withholding",
  "nonsense",
  "copying",
  "storm",
  "partition",
  "crash",
  "crash in a write",
  "dead endpoint",
  "lagging endpoint",
  "lying endpoint",
  "gas spike",
  "no funds",
  "skew",
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface SimulationResult {
  readonly seed: number;
  readonly operators: number;
  readonly profile: FaultProfile;
  readonly epochs: number;
  readonly accepted: number;
  /** Accepted reports that the operators signed together. */
  readonly aggregates: number;
  /** Epochs that had to be accepted, by the rule of liveness. */
  readonly promised: number;
  readonly safetyViolations: number;
  readonly livenessViolations: number;
  /** The first three of each kind. */
  readonly violations: readonly Violation[];
  /** Epochs that had a fault of each kind. */
  readonly faults: Readonly<Record<FaultKind, number>>;
  /** Accepted reports by the view in which they were decided. */
  readonly views: Readonly<Record<string, number>>;
  /** Accepted reports with an observation that was copied from a neighbour's, by whether the rule of hearing held in their view. */
  readonly copied: { readonly inStrictViews: number; readonly inLaterViews: number };
  /** Seats that the contract took for two reports of an epoch. */
  readonly suspensions: number;
  /** Operators that the office reinstated. */
  readonly reinstatements: number;
  /** Epochs in whose set a seat was vacant. */
  readonly vacantEpochs: number;
  /** Signing keys that operators rotated. */
  readonly rotations: number;
  /** Calls that the contract refused, by its error. */
  readonly refusals: Readonly<Partial<Record<ModelRefusal | SuspensionRefusal, number>>>;
  /** Hash over the accepted digests: equal runs are equal to the byte. */
  readonly fingerprint: Hex;
}

/** The kinds of faults in an epoch. */
export function kindsOf(faults: EpochFaults): readonly FaultKind[] {
  const endpoints = [...faults.endpoints.values()].map((each) => each.kind);
  const has: Readonly<Record<FaultKind, boolean>> = {
    silence: faults.liars.length > 0 && faults.tactic === "silence",
    equivocation: faults.liars.length > 0 && faults.tactic === "equivocation",
    withholding: faults.liars.length > 0 && faults.tactic === "withholding",
    nonsense: faults.liars.length > 0 && faults.tactic === "nonsense",
    copying: faults.liars.length > 0 && faults.tactic === "copying",
    storm: faults.stormUntilSeconds > 0,
    partition: faults.partition !== undefined,
    crash: faults.crashes.some((each) => each.inStatement === undefined),
    "crash in a write": faults.crashes.some((each) => each.inStatement !== undefined),
    "dead endpoint": endpoints.includes("dead"),
    "lagging endpoint": endpoints.includes("lagging"),
    "lying endpoint": endpoints.includes("lying"),
    "gas spike": faults.gasSpike !== undefined,
    "no funds": faults.penniless.length > 0,
    skew: faults.skews.size > 0,
  };
  return faultKinds.filter((kind) => has[kind]);
}
