import { describe, expect, it } from "vitest";
import { MemoryRows } from "../../../test/support/memory-rows.ts";
import type { DecodedEvent } from "../../chain/events/decode-event.ts";
import type { ChainLog } from "../../chain/follow/block.ts";
import type { Hex } from "../../core/hex.ts";
import { foldEvent } from "./fold-event.ts";

const word = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;
const account = (n: number): Hex => `0x${n.toString(16).padStart(40, "0")}`;
const [emitter, asset, anchor, project] = [account(0xc0), account(0xa5), account(3), word(2)];

/** Folds events in turn, at second 1, 2, and so on. */
function folded(...events: readonly (readonly [name: string, args: Record<string, unknown>])[]): MemoryRows {
  const rows = new MemoryRows();
  events.forEach(([name, args], index) => {
    const log = { address: emitter, blockTimestamp: BigInt(index + 1), transactionHash: word(index) } as ChainLog;
    const event: DecodedEvent = { name, args, log };
    rows.apply(foldEvent(rows, event));
  });
  return rows;
}

const trip = (trips: number) => ["AssetTripped", { asset, until: 100 + trips, trips, cause: word(9), anchor }] as const;
const opened = [
  "ProjectOpened",
  { project, payee: account(1), plan: { milestones: [{ amount: 10n }], reclaimTo: word(1), asset } },
] as const;
const proved = (digest: number) =>
  [
    "MilestoneProved",
    { project, milestone: 0, evidence: word(4), attestors: 3n, payableFrom: 1, cause: word(digest) },
  ] as const;
const coSigned = (digest: number) =>
  ["PaymentCoSigned", { project, milestone: 0, by: anchor, cause: word(digest), anchor }] as const;

describe("the fold of limits, trips and resets", () => {
  it("given a trip, a trip within it and a reset, it keeps the last trip and when it was reset", () => {
    const row = { vault: emitter, trips: 2, trippedAt: 2, trippedUntil: 102, cause: word(9), anchor, resetAt: null };
    expect(folded(trip(1), trip(2)).get("assetSafety", asset)).toEqual(row);
    const reset = folded(trip(1), trip(2), ["AssetReset", { asset, trips: 2, cause: word(8), by: anchor }]);
    expect(reset.get("assetSafety", asset)).toEqual({ ...row, trippedUntil: null, resetAt: 3 });
    expect(() => folded(["AssetReset", { asset }])).toThrow(expect.objectContaining({ code: "FoldImpossible" }));
  });

  it("given an oracle's trip and reset, and limits, it keeps them by who spoke", () => {
    const oracle = folded(["OracleTripped", { report: 4, until: 50, cause: word(9), anchor }], ["OracleReset", {}]);
    const row = { trippedAt: 1, trippedUntil: null, cause: word(9), anchor, resetAt: 2 };
    expect(oracle.get("oracleSafety", emitter)).toEqual(row);
    const limits = { outflowShare: 2n, reclaimShare: 0n, reclaimWindow: 600, tripSeconds: 7, enclaveShare: 5n };
    expect(folded(["LimitsSet", limits]).get("vaultLimits", emitter)).toEqual({ ...limits, since: 1 });
  });

  it("given an extension, the lease is paid for longer and nothing counts as proved", () => {
    const rows = folded(opened, ["LeaseExtended", { project, report: 3, paidThrough: 5, cause: word(1), anchor }]);
    expect(rows.get("project", project)).toMatchObject({ paidThrough: 5, lastProvedReport: 0, score: null });
  });

  it("given a co-signature, it stays with the milestone and names its proof, whichever comes first", () => {
    const kept = { by: anchor, digest: word(7), transaction: word(1) };
    const before = folded(opened, coSigned(7), proved(7)).get("project", project)?.milestones[0];
    expect(before).toMatchObject({ status: "proved", proof: { digest: word(7) }, coSigned: [kept] });
    const over = folded(opened, coSigned(7), proved(7), ["MilestoneOverturned", { project, milestone: 0 }]);
    expect(over.get("project", project)?.milestones[0]).toMatchObject({
      status: "pending",
      proof: null,
      coSigned: [kept],
    });
    const two = folded(opened, coSigned(7), proved(7), coSigned(8)).get("project", project)?.milestones[0];
    expect(two?.coSigned.map(({ digest }) => digest)).toEqual([word(7), word(8)]);
  });
});
