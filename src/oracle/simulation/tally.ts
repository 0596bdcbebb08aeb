import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import type { EpochFaults } from "./faults.ts";
import type { ModelRefusal } from "./model-oracle.ts";
import type { SuspensionRefusal } from "./model-sets.ts";
import { faultKinds, kindsOf, type FaultKind, type SimulationResult, type Violation } from "./simulation-result.ts";

/** Violations of a kind that are kept with their traces, so that no kind hides another; all are counted. */
const KEPT_OF_A_KIND = 3;

/** An accepted report, for counting. */
export interface AcceptedTally {
  readonly digest: Hex;
  /** The view in which it was decided; undefined where no honest operator can tell. */
  readonly view: number | undefined;
  readonly isAggregate: boolean;
  /** Whether the rule of hearing held in its view. */
  readonly isStrict: boolean;
  readonly hasCopy: boolean;
}

/** Counts what happens in a run. */
export class Tally {
  readonly #violations: Violation[] = [];
  readonly #faults = new Map<FaultKind, number>();
  readonly #views = new Map<string, number>();
  readonly #refusals: Partial<Record<ModelRefusal | SuspensionRefusal, number>> = {};
  readonly #copied = { inStrictViews: 0, inLaterViews: 0 };
  #fingerprint: Hex = documentHash("no report yet");
  #accepted = 0;
  #aggregates = 0;
  #promised = 0;
  #safetyViolations = 0;
  #livenessViolations = 0;
  #suspensions = 0;
  #reinstatements = 0;
  #vacantEpochs = 0;
  #rotations = 0;

  epoch(faults: EpochFaults, vacant: number): void {
    for (const kind of kindsOf(faults)) this.#faults.set(kind, (this.#faults.get(kind) ?? 0) + 1);
    if (vacant > 0) this.#vacantEpochs += 1;
  }

  accepted({ digest, view, isAggregate, isStrict, hasCopy }: AcceptedTally): void {
    this.#accepted += 1;
    if (isAggregate) this.#aggregates += 1;
    this.#fingerprint = documentHash([this.#fingerprint, digest]);
    if (hasCopy) this.#copied[isStrict ? "inStrictViews" : "inLaterViews"] += 1;
    const name = String(view ?? "unknown");
    this.#views.set(name, (this.#views.get(name) ?? 0) + 1);
  }

  refused(reason: ModelRefusal | SuspensionRefusal): void {
    this.#refusals[reason] = (this.#refusals[reason] ?? 0) + 1;
  }

  promised(): void {
    this.#promised += 1;
  }

  suspended(): void {
    this.#suspensions += 1;
  }

  reinstated(count: number): void {
    this.#reinstatements += count;
  }

  rotated(): void {
    this.#rotations += 1;
  }

  violated(violation: Violation): void {
    if (violation.problem === "not-accepted") this.#livenessViolations += 1;
    else this.#safetyViolations += 1;
    const known = this.#violations.filter(({ problem }) => problem === violation.problem);
    if (known.length < KEPT_OF_A_KIND) this.#violations.push(violation);
  }

  result(run: Pick<SimulationResult, "seed" | "operators" | "profile" | "epochs">): SimulationResult {
    const { seed, operators, profile, epochs } = run;
    const faults = Object.fromEntries(faultKinds.map((kind) => [kind, this.#faults.get(kind) ?? 0]));
    return {
      ...{ seed, operators, profile, epochs },
      accepted: this.#accepted,
      aggregates: this.#aggregates,
      promised: this.#promised,
      safetyViolations: this.#safetyViolations,
      livenessViolations: this.#livenessViolations,
      violations: this.#violations,
      faults: faults as Record<FaultKind, number>,
      views: Object.fromEntries([...this.#views].sort(([a], [b]) => Number(a) - Number(b))),
      copied: this.#copied,
      suspensions: this.#suspensions,
      reinstatements: this.#reinstatements,
      vacantEpochs: this.#vacantEpochs,
      rotations: this.#rotations,
      refusals: this.#refusals,
      fingerprint: this.#fingerprint,
    };
  }
}
