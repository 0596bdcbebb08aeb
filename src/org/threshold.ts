import { clamp, ONE } from "../core/fixed-point.ts";

/** Parameters of the threshold controller; all fixed point, 1e18 = 1. */
export interface ThresholdParameters {
  readonly minimum: bigint;
  readonly maximum: bigint;
  /** Largest change in one report. */
  readonly step: bigint;
  readonly gain: bigint;
  readonly targetSurvival: bigint;
}

/**
 * τ after a report: `clamp(τ + clamp(k·(survival − target), ±step), min, max)`, survival = surviving / scored.
 * Divisions truncate toward zero, as Solidity's do. Without scored projects τ stays. Twin of `ThresholdController.next`.
 */
export function nextThreshold(
  parameters: ThresholdParameters,
  threshold: bigint,
  counters: { readonly scored: bigint; readonly surviving: bigint },
): bigint {
  if (counters.scored === 0n) return threshold;
  const survival = (counters.surviving * ONE) / counters.scored;
  const change = (parameters.gain * (survival - parameters.targetSurvival)) / ONE;
  return clamp(threshold + clamp(change, -parameters.step, parameters.step), parameters.minimum, parameters.maximum);
}
