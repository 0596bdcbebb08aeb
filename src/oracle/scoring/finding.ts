/** What speaks against a score, found in an epoch's inclusion set. */
export const findingKinds = [
  /** Much of a period's activity within a short part of it. */
  "burst",
  /** Accounts that act together. */
  "lockstep",
  /** Accounts that do nothing but what is counted. */
  "low-activity",
  /** Metrics that should move together do not. */
  "divergence",
  /** One party on both sides, or one party for most of it. */
  "self-dealing",
  /** What was held back speaks against it, or was not shown by the last epoch in which it counts. */
  "held-out",
  /** Honest operators read numbers that are far apart. */
  "spread",
  /** A source lies outside the band of those that agree. */
  "outlier",
] as const;

export type FindingKind = (typeof findingKinds)[number];

export interface Finding {
  readonly kind: FindingKind;
  /** Name of the check, or key of the metric. */
  readonly subject: string;
  /** `unknown`: what the check needs had no value. It counts like a finding: a project must not gain by hiding it. */
  readonly reason: "found" | "unknown";
}

/** Ascending by kind and subject, so that all operators list them alike. */
export function sortedFindings(findings: readonly Finding[]): readonly Finding[] {
  const order = ({ kind, subject }: Finding): string => `${kind} ${subject}`;
  return [...findings].sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0));
}
