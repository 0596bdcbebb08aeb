/** What a renewal reads and writes of a project's lease. Scores are fixed point, 1e18 = 1. */
export interface RenewableLease {
  readonly paidThrough: number;
  /** 0 before the first proof. */
  readonly lastProvedReport: number;
  /** The last value that was proved and is not in quarantine; 0 before the first. */
  readonly score: bigint;
  /** Proofs in a row that said "missing". */
  readonly missing: number;
  /** Whether the last value that was proved is in quarantine. */
  readonly isRising: boolean;
}

export interface RenewalTerms {
  readonly leaseReports: number;
  readonly maxMissing: number;
  /** Largest rise of the score that is stored at once. */
  readonly maxRise: bigint;
}

/** What an accepted report says of a project, and by which τ it judges. */
export interface ProvedLeaf {
  readonly report: number;
  readonly threshold: bigint;
  readonly outcome: "value" | "missing" | "refused";
  readonly score: bigint;
}

/** Grounds of a renewal by the vault's numbers for them. */
export const leaseGrounds = ["none", "value", "missing", "rise"] as const;

export type LeaseGround = Exclude<(typeof leaseGrounds)[number], "none">;

export interface Renewal {
  readonly ground: LeaseGround;
  readonly lease: RenewableLease;
}

export type RenewalDecision =
  | ({ readonly renewed: true } & Renewal)
  | {
      readonly renewed: false;
      readonly reason: "not-newer" | "lapsed" | "below-threshold" | "refused" | "too-many-missing";
    };

/**
 * Whether a leaf renews a lease, and where it leaves it. Twin of the vault's `Renewals.decide`.
 * @param isRunning Whether the lease runs when the proof comes (`decideLease`).
 */
export function decideRenewal(
  lease: RenewableLease,
  terms: RenewalTerms,
  leaf: ProvedLeaf,
  isRunning: boolean,
): RenewalDecision {
  if (leaf.report <= lease.lastProvedReport) return { renewed: false, reason: "not-newer" };
  if (!isRunning) return { renewed: false, reason: "lapsed" };
  if (leaf.outcome === "refused") return { renewed: false, reason: "refused" };
  if (leaf.outcome === "missing") {
    if (lease.missing >= terms.maxMissing) return { renewed: false, reason: "too-many-missing" };
    return { renewed: true, ...renewLease(lease, terms, leaf.report, "missing") };
  }
  if (leaf.score < leaf.threshold) return { renewed: false, reason: "below-threshold" };
  return { renewed: true, ...renewLease(lease, terms, leaf.report, leaf.score) };
}

/**
 * Where a proof that renews leaves the lease. A value more than `maxRise` above the stored one waits in quarantine, in which each proof renews
 * for its own report only, until the next report shows such a value as well; a report that nobody proved ends that.
 */
export function renewLease(
  lease: RenewableLease,
  terms: Pick<RenewalTerms, "leaseReports" | "maxRise">,
  report: number,
  measured: bigint | "missing",
): Renewal {
  const follows = lease.isRising && report === lease.lastProvedReport + 1;
  const isMissing = measured === "missing";
  const rises = !isMissing && lease.score !== 0n && measured > lease.score + terms.maxRise;
  const isRising = isMissing ? follows : rises && !follows;
  return {
    ground: isMissing ? "missing" : isRising ? "rise" : "value",
    lease: {
      paidThrough: Math.max(lease.paidThrough, report + (isRising ? 1 : terms.leaseReports)),
      lastProvedReport: report,
      score: isMissing || isRising ? lease.score : measured,
      missing: isMissing ? lease.missing + 1 : 0,
      isRising,
    },
  };
}
