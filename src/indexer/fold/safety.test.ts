import { describe, expect, it } from "vitest";
import { MemoryRows } from "../../../test/support/memory-rows.ts";
import type { DecodedEvent } from "../../chain/events/decode-event.ts";
import type { ChainLog } from "../../chain/follow/block.ts";
import type { Hex } from "../../core/hex.ts";
import { foldEvent } from "./fold-event.ts";

const word = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;
const account = (n: number): Hex => `0x${n.toString(16).padStart(40, "0")}`;
const [emitter, asset, anchor, project] = [account(0xc0), account(0xa5), account(3), word(2)];

type Happening = readonly [name: string, args: Record<string, unknown>];

/** Folds events in turn, at second 1, 2, and so on. */
function folded(...events: readonly Happening[]): MemoryRows {
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
    const row = { trippedAt: 1, trippedUntil: null, cause: word(9), anchor, resetAt: 2, report: null };
    expect(oracle.get("oracleSafety", emitter)).toEqual(row);
    const limits = { outflowShare: 2n, reclaimShare: 0n, reclaimWindow: 600, tripSeconds: 7, enclaveShare: 5n };
    expect(folded(["LimitsSet", limits]).get("vaultLimits", emitter)).toEqual({ ...limits, since: 1 });
  });

  it("given an oracle that its report tripped, it keeps what shows why: τ and the leaves of it and of the one before", () => {
    const counts = { threshold: 5n, nextThreshold: 4n, scored: 0, surviving: 0 };
    const report = (index: number, leafCount: number) =>
      ["ReportAccepted", { ...counts, index, epoch: index, leafCount, cause: word(0x70 + index), anchor }] as const;
    const tripped = (index: number, cause = word(0x70 + index)) =>
      ["OracleTripped", { report: index, until: 50, cause, anchor }] as const;
    const kept = (...events: readonly Happening[]) => folded(...events).get("oracleSafety", emitter)?.report;
    const why = { threshold: "5", nextThreshold: "4" };
    expect(kept(report(1, 100), report(2, 40), tripped(2))).toEqual({
      ...why,
      index: 2,
      leafCount: 40,
      leavesBefore: 100,
    });
    expect(kept(report(1, 100), tripped(1))).toEqual({ ...why, index: 1, leafCount: 100, leavesBefore: 0 });
    expect(kept(report(1, 100), report(2, 40), tripped(2, word(9)))).toBeNull();
  });

  it("given a sudden rise, it waits beside the score, through missing ones that follow at once, until a value comes", () => {
    const renewed = (report: number, ground: number, score: bigint) =>
      ["LeaseRenewed", { project, report, paidThrough: report + 1, ground, score, missing: 0 }] as const;
    const [value, missing, rise] = [1, 2, 3];
    const scores = (...events: readonly Happening[]) => {
      const row = folded(opened, ...events).get("project", project);
      return [row?.score, row?.risenTo];
    };
    const risen = [renewed(1, value, 5n), renewed(2, rise, 9n)] as const;
    expect(scores(...risen)).toEqual([5n, 9n]);
    expect(scores(...risen, renewed(3, missing, 5n))).toEqual([5n, 9n]);
    expect(scores(...risen, renewed(4, missing, 5n))).toEqual([5n, null]);
    expect(scores(...risen, renewed(3, missing, 5n), renewed(4, value, 8n))).toEqual([8n, null]);
    expect(scores(...risen, renewed(4, rise, 10n))).toEqual([5n, 10n]);
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
