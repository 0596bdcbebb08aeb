import { describe, expect, it } from "vitest";
import { decideRenewal, type ProvedLeaf, type RenewableLease } from "./renewal.ts";

const tenth = 10n ** 17n;
const terms = { leaseReports: 4, maxMissing: 2, maxRise: 3n * tenth };
const stored: RenewableLease = {
  paidThrough: 9,
  lastProvedReport: 5,
  score: 5n * tenth,
  missing: 0,
  isRising: false,
};
const leaf = (changes: Partial<ProvedLeaf> = {}): ProvedLeaf => ({
  report: 6,
  threshold: 5n * tenth,
  outcome: "value",
  score: 6n * tenth,
  ...changes,
});
const jump = 9n * tenth;

describe("the renewal of a lease", () => {
  it.each([
    [{ report: 5 }, true, "not-newer"],
    [{ report: 4, outcome: "refused" }, false, "not-newer"],
    [{ outcome: "refused" }, false, "lapsed"],
    [{ outcome: "refused", score: 10n ** 18n }, true, "refused"],
    [{ score: 5n * tenth - 1n }, true, "below-threshold"],
  ] as const)("given %o of a lease that runs: %s, then it is refused as %s", (changes, isRunning, reason) => {
    expect(decideRenewal(stored, terms, leaf(changes), isRunning)).toEqual({ renewed: false, reason });
  });

  it("given a value at τ, then it is stored and renews for leaseReports from its report", () => {
    expect(decideRenewal(stored, terms, leaf({ score: 5n * tenth }), true)).toEqual({
      renewed: true,
      ground: "value",
      lease: { paidThrough: 10, lastProvedReport: 6, score: 5n * tenth, missing: 0, isRising: false },
    });
  });

  it("given missing, then it renews as often in a row as it may, and keeps the score", () => {
    const missing = leaf({ outcome: "missing", score: 0n });
    expect(decideRenewal({ ...stored, missing: 1 }, terms, missing, true)).toMatchObject({
      ground: "missing",
      lease: { paidThrough: 10, score: 5n * tenth, missing: 2, isRising: false },
    });
    expect(decideRenewal({ ...stored, missing: 2 }, terms, missing, true)).toMatchObject({
      reason: "too-many-missing",
    });
  });

  it.each([
    ["no score yet", { score: 0n, lastProvedReport: 0 }, jump, "value", 10, jump],
    ["only missing so far", { score: 0n, missing: 2 }, jump, "value", 10, jump],
    ["a rise of exactly the most", {}, 8n * tenth, "value", 10, 8n * tenth],
    ["a unit more", {}, 8n * tenth + 1n, "rise", 9, 5n * tenth],
    ["a unit more, where less is paid for", { paidThrough: 6 }, 8n * tenth + 1n, "rise", 7, 5n * tenth],
    ["a fall", { score: 10n ** 18n }, 5n * tenth, "value", 10, 5n * tenth],
  ] as const)("given %s (%o), when %i is proved, then the ground is %s", (_, lease, score, ground, paid, kept) => {
    expect(decideRenewal({ ...stored, ...lease }, terms, leaf({ score }), true)).toEqual({
      renewed: true,
      ground,
      lease: { paidThrough: paid, lastProvedReport: 6, score: kept, missing: 0, isRising: ground === "rise" },
    });
  });

  describe("given a rise in quarantine", () => {
    const rising = { ...stored, paidThrough: 6, isRising: true };

    it("when the next report shows one as well, it is confirmed: the score is stored, the whole lease is paid", () => {
      expect(decideRenewal(rising, terms, leaf({ score: 8n * tenth + 1n }), true)).toMatchObject({
        ground: "value",
        lease: { paidThrough: 10, score: 8n * tenth + 1n, isRising: false },
      });
    });

    it("when the score is back, it is over", () => {
      expect(decideRenewal(rising, terms, leaf({ score: 8n * tenth }), true)).toMatchObject({
        ground: "value",
        lease: { paidThrough: 10, score: 8n * tenth, isRising: false },
      });
    });

    it("when a report was left out, a rise is a new one", () => {
      const later = { ...rising, paidThrough: 7 };
      expect(decideRenewal(later, terms, leaf({ report: 7, score: jump }), true)).toMatchObject({
        ground: "rise",
        lease: { paidThrough: 8, score: 5n * tenth, isRising: true },
      });
    });

    it("when the next report says missing, it waits on for one report; after a gap, missing ends it", () => {
      const missing = { outcome: "missing", score: 0n } as const;
      expect(decideRenewal(rising, terms, leaf(missing), true)).toMatchObject({
        ground: "missing",
        lease: { paidThrough: 7, lastProvedReport: 6, missing: 1, isRising: true },
      });
      expect(decideRenewal({ ...rising, paidThrough: 7 }, terms, leaf({ ...missing, report: 7 }), true)).toMatchObject({
        ground: "missing",
        lease: { paidThrough: 11, missing: 1, isRising: false },
      });
    });
  });
});
