import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { availableNow } from "./available-now.ts";

const WINDOW_MS = 86_400_000n;
const now = 1_800_000_000n;

describe("what may leave now", () => {
  it.each([
    ["an empty bucket", 0n, 200n],
    ["one that was empty this second", now * 1000n, 200n],
    ["one that is half full", now * 1000n + WINDOW_MS / 2n, 100n],
    ["a full one", now * 1000n + WINDOW_MS, 0n],
  ])("given %s", (_name, outflowEmptyAtMs, expected) => {
    expect(availableNow({ outflowLimit: 200n, outflowEmptyAtMs }, now)).toBe(expected);
  });

  it("is what the contract's arithmetic lets pass, and one unit more is not", () => {
    const amounts = fc.bigInt({ min: 1n, max: 2n ** 100n });
    const fills = fc.bigInt({ min: 0n, max: WINDOW_MS });
    fc.assert(
      fc.property(amounts, fills, (outflowLimit, fillMs) => {
        const outflowEmptyAtMs = now * 1000n + fillMs;
        const fits = (amount: bigint) => fillMs + (amount * WINDOW_MS + outflowLimit - 1n) / outflowLimit <= WINDOW_MS;
        const available = availableNow({ outflowLimit, outflowEmptyAtMs }, now);
        expect(fits(available)).toBe(true);
        expect(fits(available + 1n)).toBe(false);
      }),
    );
  });
});
