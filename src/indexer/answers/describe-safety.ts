import type { AssetAnswer } from "../../core/api/primitives.ts";
import type { AssetSafetyAnswer, OracleSafetyAnswer, SafetyAnswer } from "../../core/api/safety.ts";
import type { Hex } from "../../core/hex.ts";
import type { Entities, TripRow } from "../fold/rows.ts";
import type { Identified } from "./snapshot.ts";
import { checksummed } from "./spelling.ts";

function describeTrip({ trippedAt, cause, anchor }: TripRow) {
  return { trippedAt, cause, anchor: checksummed(anchor) };
}

/** How an asset stands at `now`. A vault without limits has no shares. Pure. */
export function describeAssetSafety(input: {
  readonly asset: AssetAnswer;
  readonly vault: Hex;
  readonly safety: Entities["assetSafety"] | undefined;
  readonly ruling: Entities["ruling"] | undefined;
  readonly limits: Entities["vaultLimits"] | undefined;
  readonly now: number;
}): AssetSafetyAnswer {
  const { asset, vault, safety, ruling, limits, now } = input;
  const until = safety?.trippedUntil ?? null;
  const isWatched = until !== null;
  const isTripped = isWatched && now < until;
  /** Half of it while nobody has reset the asset. */
  const shareOf = (share = 0n): string | null => {
    if (share === 0n) return null;
    return (isWatched ? share / 2n : share).toString();
  };
  return {
    asset,
    vault: checksummed(vault),
    state: isTripped ? "tripped" : isWatched ? "half-open" : "closed",
    until: isTripped ? until : null,
    trips: safety?.trips ?? 0,
    lastTrip: safety === undefined ? null : describeTrip(safety),
    resetAt: safety?.resetAt ?? null,
    ruling:
      ruling === undefined || ruling.share === 0n
        ? null
        : { trip: ruling.trip, share: ruling.share.toString(), since: ruling.since },
    outflowShare: shareOf(limits?.outflowShare),
    reclaimShare: shareOf(limits?.reclaimShare),
    reclaimWindowSeconds: limits?.reclaimWindow ?? 0,
  };
}

/** How an oracle that tripped stands at `now`: it closes by itself when the trip is over. Pure. */
export function describeOracleSafety(safety: Identified<"oracleSafety">, now: number): OracleSafetyAnswer {
  const { trippedUntil } = safety;
  const isTripped = trippedUntil !== null && now < trippedUntil;
  return {
    oracle: checksummed(safety.id as Hex),
    state: isTripped ? "tripped" : "closed",
    until: isTripped ? trippedUntil : null,
    lastTrip: { ...describeTrip(safety), report: safety.report },
    resetAt: safety.resetAt,
  };
}

export function describeLimits(limits: Identified<"vaultLimits">): SafetyAnswer["limits"][number] {
  return {
    vault: checksummed(limits.id as Hex),
    outflowShare: limits.outflowShare.toString(),
    reclaimShare: limits.reclaimShare.toString(),
    reclaimWindowSeconds: limits.reclaimWindow,
    tripSeconds: limits.tripSeconds,
    enclaveShare: limits.enclaveShare.toString(),
    since: limits.since,
  };
}
