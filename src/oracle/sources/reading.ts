import type { Hex } from "../../core/hex.ts";

/** Why a source gave no usable value. `unreachable`: nobody answered. `declined`: an answer without a usable value. */
export type SourceFailure = "unreachable" | "declined";

/** What one operator read from one source, before the definition's rule turns a failure into an outcome. */
export type SourceReading =
  | {
      readonly ok: true;
      /** Integer fixed point with the metric's decimals. */
      readonly value: bigint;
      /** What the value was read from. */
      readonly capture: Capture;
    }
  | FailedSource;

export interface FailedSource {
  readonly ok: false;
  readonly failure: SourceFailure;
  /** For the operator's log, free of secrets. Not part of the observation. */
  readonly detail: string;
}

/** An answer without a usable value. */
export function declined(detail: string): FailedSource {
  return { ok: false, failure: "declined", detail };
}

/** No answer. */
export function unreachable(detail: string): FailedSource {
  return { ok: false, failure: "unreachable", detail };
}

/** Evidence of a reading: the text it was read from, and its hash in the observation. */
export interface Capture {
  readonly text: string;
  readonly hash: Hex;
}

/** The half-open window `[startSeconds, endSeconds)` of chain time that an epoch measures. */
export interface EpochWindow {
  readonly epoch: number;
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** What operators agree on before they read: the window, and the block that closed the epoch. */
export interface EpochMoment extends EpochWindow {
  readonly block: { readonly number: number; readonly hash: Hex };
}
