import { describe, expect, it } from "vitest";
import { assetSafetySchema, oracleSafetySchema } from "../../core/api/safety.ts";
import type { Hex } from "../../core/hex.ts";
import { nativeAsset } from "./asset-directory.ts";
import { describeAssetSafety, describeOracleSafety } from "./describe-safety.ts";

const word = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;
const account = (n: number): Hex => `0x${n.toString(16).padStart(40, "0")}`;
const asset = { address: nativeAsset, symbol: "ETH", decimals: 18, native: true };
const vault = account(7);
const limits = {
  outflowShare: 20n,
  reclaimShare: 15n,
  reclaimWindow: 600,
  tripSeconds: 100,
  enclaveShare: 5n,
  since: 1,
};
const trip = {
  trippedAt: 100,
  trippedUntil: 200,
  cause: `0x${"9".repeat(64)}`,
  anchor: account(3),
  resetAt: null,
} as const;
const safety = { ...trip, vault, trips: 3 };

describe("an asset's safety in an answer", () => {
  it.each([
    [undefined, 150, ["closed", null, "20", "15"]],
    [safety, 199, ["tripped", 200, "10", "7"]],
    [safety, 200, ["half-open", null, "10", "7"]],
    [{ ...safety, trippedUntil: null, resetAt: 150 }, 160, ["closed", null, "20", "15"]],
  ] as const)("iIX-005: given %o at %i", (known, now, expected) => {
    const answer = assetSafetySchema.parse(
      describeAssetSafety({ asset, vault, safety: known, ruling: undefined, limits, now }),
    );
    expect([answer.state, answer.until, answer.outflowShare, answer.reclaimShare]).toEqual(expected);
  });

  it("given no limits, or a share of zero, it says that there is none", () => {
    const answer = (own: typeof limits | undefined) =>
      describeAssetSafety({ asset, vault, safety, ruling: undefined, limits: own, now: 1 });
    expect(answer(undefined)).toMatchObject({ outflowShare: null, reclaimShare: null, reclaimWindowSeconds: 0 });
    expect(answer({ ...limits, outflowShare: 0n })).toMatchObject({ outflowShare: null, reclaimShare: "7" });
  });

  it("given a ruling of the anchors, it says what payees may take; once a reset ended it, nothing", () => {
    const row = { vault, trip: 2, share: 40n, cause: word(1), since: 120 };
    const answer = (ruling: typeof row | undefined) =>
      assetSafetySchema.parse(describeAssetSafety({ asset, vault, safety, ruling, limits, now: 150 })).ruling;
    expect(answer(row)).toEqual({ trip: 2, share: "40", since: 120 });
    expect([answer({ ...row, share: 0n }), answer(undefined)]).toEqual([null, null]);
  });

  it("given an oracle's trip, it is over by itself", () => {
    const report = { index: 2, threshold: "5", nextThreshold: "4", leafCount: 40, leavesBefore: 100 };
    const at = (now: number) =>
      oracleSafetySchema.parse(describeOracleSafety({ ...trip, report, id: account(4) }, now));
    expect(at(199).lastTrip.report).toEqual(report);
    expect([at(199).state, at(199).until, at(200).state, at(200).until]).toEqual(["tripped", 200, "closed", null]);
  });
});
