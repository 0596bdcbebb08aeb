import { describe, expect, it } from "vitest";
import { decideLease, type LeaseInput } from "./lease.ts";

const input: LeaseInput = {
  paidThrough: 5n,
  renewalWindow: 30n,
  latestReport: 4n,
  latestAcceptedAt: 1_000n,
  now: 10_000n,
};

describe("lease decision", () => {
  it("runs for any time while the latest report is before the paid one: a silent oracle reclaims nobody", () => {
    expect(decideLease({ ...input, now: 2n ** 40n })).toEqual({ running: true, reason: "paid" });
  });

  it("runs until one second before the end of the renewal window, and not at it", () => {
    const last = { ...input, latestReport: 5n };
    expect(decideLease({ ...last, now: 1_029n })).toEqual({ running: true, reason: "renewal-window", until: 1_030n });
    expect(decideLease({ ...last, now: 1_030n })).toEqual({ running: false, reason: "renewal-window-over" });
  });

  it("does not run once a later report is accepted", () => {
    expect(decideLease({ ...input, latestReport: 6n, now: 1_000n })).toEqual({
      running: false,
      reason: "report-missed",
    });
  });
});
