import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextFees } from "./fees.ts";

const gwei = 10n ** 9n;
const market = { maxFeePerGas: 20n * gwei, maxPriorityFeePerGas: gwei };

describe("nextFees", () => {
  it("given no earlier attempt, it offers what the market asks", () => {
    expect(nextFees(market, undefined, 100n * gwei)).toEqual({ send: true, fees: market });
  });

  it("given an earlier attempt above a market that fell, it still escalates from that attempt", () => {
    const last = { maxFeePerGas: 80n, maxPriorityFeePerGas: 8n };
    expect(nextFees({ maxFeePerGas: 1n, maxPriorityFeePerGas: 1n }, last, 1_000n)).toEqual({
      send: true,
      fees: { maxFeePerGas: 91n, maxPriorityFeePerGas: 10n },
    });
  });

  it("given a market that rose, it offers at least that", () => {
    const last = { maxFeePerGas: 8n, maxPriorityFeePerGas: 8n };
    expect(nextFees(market, last, 100n * gwei)).toEqual({ send: true, fees: market });
  });

  it("given the limit, it offers up to it and not a wei more", () => {
    expect(nextFees(market, undefined, 20n * gwei)).toMatchObject({ send: true });
    expect(nextFees(market, undefined, 20n * gwei - 1n)).toEqual({
      send: false,
      reason: "fee-limit",
      required: 20n * gwei,
      limit: 20n * gwei - 1n,
    });
  });

  it("given any attempt, the next one is at least an eighth higher on both fees, as every node's replacement rule asks", () => {
    const fee = fc.bigInt(0n, 10n ** 20n);
    fc.assert(
      fc.property(fee, fee, fee, fee, (a, b, c, d) => {
        const last = { maxFeePerGas: a, maxPriorityFeePerGas: b };
        const decided = nextFees({ maxFeePerGas: c, maxPriorityFeePerGas: d }, last, 10n ** 30n);
        if (!decided.send) throw new Error(decided.reason);
        expect(decided.fees.maxFeePerGas * 8n).toBeGreaterThan(a * 9n);
        expect(decided.fees.maxPriorityFeePerGas * 8n).toBeGreaterThan(b * 9n);
      }),
    );
  });
});
