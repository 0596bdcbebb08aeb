import type { Hex } from "../../core/hex.ts";
import { need, seconds, type Handlers } from "./handler.ts";
import type { Rows, TrippingReport } from "./rows.ts";

/** The report that the trip names by its digest; null where the cause is a guardian's reason. */
function trippingReport(rows: Rows, oracle: Hex, index: number, cause: Hex): TrippingReport | null {
  const report = rows.get("report", `${oracle}/${index}`);
  if (report?.digest !== cause) return null;
  return {
    index,
    threshold: report.threshold.toString(),
    nextThreshold: report.nextThreshold.toString(),
    leafCount: report.leafCount,
    leavesBefore: rows.get("report", `${oracle}/${index - 1}`)?.leafCount ?? 0,
  };
}

/** Limits of vaults, and trips and resets of assets and oracles. */
export const safetyHandlers: Handlers = {
  LimitsSet: {
    fold: (_rows, { outflowShare, reclaimShare, reclaimWindow, tripSeconds, enclaveShare }, log) => [
      {
        entity: "vaultLimits",
        id: log.address,
        row: { outflowShare, reclaimShare, reclaimWindow, tripSeconds, enclaveShare, since: seconds(log) },
      },
    ],
  },
  AssetTripped: {
    reads: ({ asset }) => [{ entity: "assetSafety", id: asset }],
    fold: (rows, { asset, until, trips, cause, anchor }, log) => {
      const resetAt = rows.get("assetSafety", asset)?.resetAt ?? null;
      const row = { vault: log.address, trippedAt: seconds(log), trippedUntil: until, trips, cause, anchor, resetAt };
      return [{ entity: "assetSafety", id: asset, row }];
    },
  },
  AssetReset: {
    reads: ({ asset }) => [
      { entity: "assetSafety", id: asset },
      { entity: "ruling", id: asset },
    ],
    fold: (rows, { asset }, log) => {
      const row = { ...need(rows, "assetSafety", asset), trippedUntil: null, resetAt: seconds(log) };
      const ruling = rows.get("ruling", asset);
      return [
        { entity: "assetSafety", id: asset, row },
        ...(ruling === undefined ? [] : [{ entity: "ruling", id: asset, row: { ...ruling, share: 0n } } as const]),
      ];
    },
  },
  ShortfallRuled: {
    fold: (_rows, { asset, trip, share, cause }, log) => {
      const row = { vault: log.address, trip, share, cause, since: seconds(log) };
      return [{ entity: "ruling", id: asset, row }];
    },
  },
  OracleTripped: {
    reads: ({ report }, log) => [
      { entity: "oracleSafety", id: log.address },
      { entity: "report", id: `${log.address}/${report}` },
      { entity: "report", id: `${log.address}/${report - 1}` },
    ],
    fold: (rows, { report: index, until, cause, anchor }, log) => {
      const resetAt = rows.get("oracleSafety", log.address)?.resetAt ?? null;
      const report = trippingReport(rows, log.address, index, cause);
      const row = { trippedAt: seconds(log), trippedUntil: until, cause, anchor, resetAt, report };
      return [{ entity: "oracleSafety", id: log.address, row }];
    },
  },
  OracleReset: {
    reads: (_args, log) => [{ entity: "oracleSafety", id: log.address }],
    fold: (rows, _args, log) => {
      const row = { ...need(rows, "oracleSafety", log.address), trippedUntil: null, resetAt: seconds(log) };
      return [{ entity: "oracleSafety", id: log.address, row }];
    },
  },
};
