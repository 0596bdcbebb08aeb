import { aggregateMessage, type SchnorrSignature } from "../../chain/signature/aggregate-signature.ts";
import type { Hex } from "../../core/hex.ts";
import { losesMany, movesTooFar, type SanityBounds } from "../../org/sanity-bounds.ts";
import { nextThreshold, type ThresholdParameters } from "../../org/threshold.ts";
import { epochWindow, type EpochCalendar } from "../epochs/epoch-clock.ts";
import type { Report } from "../scoring/evaluate-epoch.ts";
import type { ModelSets } from "./model-sets.ts";

export interface ModelOracleTerms {
  readonly calendar: EpochCalendar;
  readonly threshold: ThresholdParameters & { readonly initial: bigint };
  readonly bounds: SanityBounds;
  readonly sets: ModelSets;
  readonly digestOf: (report: Report) => Hex;
  /** Whether 64 bytes are the signer's signature of a digest. */
  readonly isSignature: (signer: Hex, digest: Hex, signature: Hex) => boolean;
  /** Whether operators, by name, signed a message together. */
  readonly isAggregate: (names: readonly Hex[], message: Hex, signature: SchnorrSignature) => boolean;
}

/** The contract's errors about all but signatures, without `HeartbeatOracle`, in the order in which it looks for them. */
export type ReportRefusal =
  | "EpochNotNewer"
  | "OutsideWindow"
  | "WrongThreshold"
  | "InvalidCounters"
  | "EmptyRoot"
  | "WrongConfiguration"
  | "UnknownSeat"
  | "VacantSeat"
  | "QuorumNotReached";

/** Then about single signatures, or about a common one. */
export type SignatureRefusal = "InvalidSignatureLength" | "InvalidSignature";
export type AggregateRefusal = "InvalidAggregate";

export type ModelRefusal = ReportRefusal | SignatureRefusal | AggregateRefusal;

/** How a report is signed: by 64 bytes of each seat in a bitmap, or by all of them together. */
export type ModelCall =
  | { readonly report: Report; readonly signers: bigint; readonly signatures: Hex }
  | { readonly report: Report; readonly signers: bigint; readonly aggregate: SchnorrSignature };

export type ModelAnswer =
  | { readonly accepted: true; readonly epoch: number; readonly digest: Hex; readonly trips: boolean }
  | { readonly accepted: false; readonly reason: ModelRefusal };

const SIGNATURE_DIGITS = 128;
const ZERO_WORD = `0x${"0".repeat(64)}`;

/** What `HeartbeatOracle.submit` and `submitAggregate` accept: their checks in their order, τ and what trips by the shared rules. */
export class ModelOracle {
  readonly #terms: ModelOracleTerms;
  #lastEpoch = 0;
  #leafCount = 0;
  #threshold: bigint;

  constructor(terms: ModelOracleTerms) {
    this.#terms = terms;
    this.#threshold = terms.threshold.initial;
  }

  get lastEpoch(): number {
    return this.#lastEpoch;
  }

  /** τ by which the next report is judged. */
  get threshold(): bigint {
    return this.#threshold;
  }

  /** @param chainSeconds Time of the block that the call is in. */
  submit(call: ModelCall, chainSeconds: number): ModelAnswer {
    const { report } = call;
    const reason = this.refusalOf(call, chainSeconds);
    if (reason !== undefined) return { accepted: false, reason };
    this.#lastEpoch = report.epoch;
    const counters = { scored: BigInt(report.scored), surviving: BigInt(report.surviving) };
    this.#threshold = nextThreshold(this.#terms.threshold, this.#threshold, counters);
    const { bounds } = this.#terms;
    const trips =
      movesTooFar(bounds, report.threshold, this.#threshold) || losesMany(bounds, this.#leafCount, report.leafCount);
    this.#leafCount = report.leafCount;
    return { accepted: true, epoch: report.epoch, digest: this.#terms.digestOf(report), trips };
  }

  /** Why a report would be refused; undefined where it would not. */
  refusalOf(call: ModelCall, chainSeconds: number): ModelRefusal | undefined {
    const reason = this.#reportRefusal(call, chainSeconds);
    if (reason !== undefined) return reason;
    const { sets, digestOf, isSignature, isAggregate } = this.#terms;
    const { report, signers } = call;
    const { seats, names } = sets.find(report.epoch);
    const digest = digestOf(report);
    const isNamed = (_: Hex, seat: number): boolean => ((signers >> BigInt(seat)) & 1n) === 1n;
    if ("aggregate" in call) {
      const message = aggregateMessage(digest, signers);
      return isAggregate(names.filter(isNamed), message, call.aggregate) ? undefined : "InvalidAggregate";
    }
    const named = seats.filter(isNamed);
    const digits = call.signatures.slice(2);
    if (digits.length !== named.length * SIGNATURE_DIGITS) return "InvalidSignatureLength";
    const areTheirs = named.every((operator, place) =>
      isSignature(operator, digest, `0x${digits.slice(place * SIGNATURE_DIGITS, (place + 1) * SIGNATURE_DIGITS)}`),
    );
    return areTheirs ? undefined : "InvalidSignature";
  }

  #reportRefusal({ report, signers }: ModelCall, chainSeconds: number): ReportRefusal | undefined {
    const { calendar, sets } = this.#terms;
    if (report.epoch <= this.#lastEpoch) return "EpochNotNewer";
    const opensAt = epochWindow(calendar, report.epoch).endSeconds;
    if (chainSeconds < opensAt || chainSeconds >= opensAt + calendar.reportDeadlineSeconds) return "OutsideWindow";

    if (report.threshold !== this.#threshold) return "WrongThreshold";
    if (report.surviving > report.scored || report.scored > report.leafCount) return "InvalidCounters";
    if (report.leafCount !== 0 && report.root === ZERO_WORD) return "EmptyRoot";

    const set = sets.find(report.epoch);
    if (report.configuration !== set.configuration) return "WrongConfiguration";

    if (signers >> BigInt(set.seats.length) !== 0n) return "UnknownSeat";
    const named = set.seats.filter((_, seat) => ((signers >> BigInt(seat)) & 1n) === 1n);
    if (!named.every((operator) => set.operators.includes(operator))) return "VacantSeat";
    return named.length < set.quorum ? "QuorumNotReached" : undefined;
  }
}
