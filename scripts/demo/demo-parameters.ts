import type { Parameters } from "../../deploy/parameters.ts";

/** Time between a proof of an epoch's report and the end of a lease that it was the last to pay for. */
export const renewalWindowSeconds = 6;

/** Short epochs and votes, in real time; everything else is as `npm start` deploys it. */
export const demoParameters: Parameters = {
  Oracle: { epochSeconds: 24, reportDeadlineSeconds: 15 },
  Strategy: { votingDelaySeconds: 1, votingPeriodSeconds: 6 },
};
