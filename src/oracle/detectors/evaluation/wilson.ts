/** A rate with the interval that holds the true one in 19 of 20 samples (Wilson), each to four places. */
export interface Rate {
  readonly alarms: number;
  readonly runs: number;
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

const Z = 1.959964;

/** @param runs At least 1. */
export function wilsonRate(alarms: number, runs: number): Rate {
  const rate = alarms / runs;
  const z2 = Z * Z;
  const centre = rate + z2 / (2 * runs);
  const margin = Z * Math.sqrt((rate * (1 - rate)) / runs + z2 / (4 * runs * runs));
  const scale = 1 + z2 / runs;
  return {
    alarms,
    runs,
    rate: rounded(rate),
    low: rounded(Math.max(0, (centre - margin) / scale)),
    high: rounded(Math.min(1, (centre + margin) / scale)),
  };
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
