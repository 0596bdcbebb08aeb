import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Hex } from "../../core/hex.ts";
import { impactOf, MAX_IMPACT, valueRoundedUp } from "./impact.ts";
import { unlisted, type ActionFacts, type Rate } from "./state.ts";

const selector = "0x12345678";
const asset: Hex = `0x${"ab".repeat(20)}`;
const now = 1_000;
const amountOnly: ActionFacts = { ...unlisted, impact: "Amount", amountWord: 1 };
const rated: ActionFacts = { ...unlisted, impact: "AssetAmount", amountWord: 2, assetWord: 0 };
const rates = new Map<Hex, Rate>([[asset, { rate: 10n ** 18n, validUntil: now + 1 }]]);

function dataOf(...words: readonly (bigint | Hex)[]): Hex {
  return `${selector}${words.map((word) => BigInt(word).toString(16).padStart(64, "0")).join("")}`;
}

function impact(facts: ActionFacts, data: Hex, table: ReadonlyMap<Hex, Rate> = rates) {
  return impactOf(facts, table, data, now);
}

describe("a call's impact", () => {
  it("is none, or what is fixed, whatever the arguments say", () => {
    expect(impact({ ...unlisted, fixedImpact: 9n }, dataOf(5n))).toEqual({ known: true, impact: 0n });
    expect(impact({ ...unlisted, impact: "None" }, selector)).toEqual({ known: true, impact: 0n });
    expect(impact({ ...unlisted, impact: "Fixed", fixedImpact: 9n }, selector)).toEqual({ known: true, impact: 9n });
  });

  it("stands in the word that the catalog names", () => {
    expect(impact(amountOnly, dataOf(1n, 2n, 3n))).toEqual({ known: true, impact: 2n });
    expect(impact(rated, dataOf(asset, 7n, 5n))).toEqual({ known: true, impact: 5n });
  });

  it.each([
    ["an amount of one word too few", amountOnly, 68],
    ["an asset behind its amount", { ...rated, amountWord: 0, assetWord: 3 }, 132],
    ["an amount behind its asset", rated, 100],
    ["the last word that can be named", { ...amountOnly, amountWord: 255 }, 8_196],
  ])("is unreadable one byte before the end of what is read: %s", (_what, facts, needed) => {
    const whole = dataOf(...Array.from({ length: (needed - 4) / 32 }, () => BigInt(asset)));
    expect(impact(facts, whole)).toMatchObject({ known: true });
    expect(impact(facts, whole.slice(0, -2) as Hex)).toEqual({
      known: false,
      boundary: "Unreadable",
      limit: BigInt(needed),
      actual: BigInt(needed - 1),
    });
  });

  it("is unreadable where an asset has more than an address's bits", () => {
    const dirty = BigInt(asset) + 2n ** 160n;
    expect(impact(rated, dataOf(dirty, 0n, 1n))).toEqual({
      known: false,
      boundary: "Unreadable",
      limit: 2n ** 160n - 1n,
      actual: dirty,
    });
  });

  it("takes a rate in its last second, and not in the second in which it is over, not even for an amount of 0", () => {
    const until = (validUntil: number) => new Map<Hex, Rate>([[asset, { rate: 1n, validUntil }]]);
    expect(impact(rated, dataOf(asset, 0n, 0n), until(now + 1))).toEqual({ known: true, impact: 0n });
    expect(impact(rated, dataOf(asset, 0n, 0n), until(now))).toEqual({
      known: false,
      boundary: "RateMissing",
      limit: BigInt(now),
      actual: BigInt(now),
    });
    expect(impact(rated, dataOf(asset, 0n, 0n), new Map())).toMatchObject({ boundary: "RateMissing", limit: 0n });
    const zero = new Map<Hex, Rate>([[asset, { rate: 0n, validUntil: now + 9 }]]);
    expect(impact(rated, dataOf(asset, 0n, 1n), zero)).toMatchObject({ boundary: "RateMissing", limit: 0n });
  });

  it.each([2n ** 128n - 1n, 2n ** 128n, 2n ** 128n + 1n, 2n ** 255n, 2n ** 256n - 1n])(
    "counts an amount of %i as more than any limit, and never as small",
    (amount) => {
      expect(impact(amountOnly, dataOf(0n, amount))).toEqual({ known: true, impact: MAX_IMPACT });
      const tiny = new Map<Hex, Rate>([[asset, { rate: 1n, validUntil: now + 1 }]]);
      const read = impact(rated, dataOf(asset, 0n, amount), tiny);
      // What still fits 128 bits is valued: its value is what it is.
      const expected = amount < 2n ** 128n ? valueRoundedUp(amount, 1n) : MAX_IMPACT;
      expect(read).toEqual({ known: true, impact: expected });
    },
  );

  it("iMO-004: is rounded up: never below the exact value, and less than one above it", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 128n - 1n), fc.bigInt(1n, 2n ** 128n - 1n), (amount, rate) => {
        const value = valueRoundedUp(amount, rate) * 10n ** 18n;
        expect(value >= amount * rate && value < amount * rate + 10n ** 18n).toBe(true);
      }),
    );
    expect([valueRoundedUp(0n, 1n), valueRoundedUp(1n, 1n), valueRoundedUp(10n ** 18n, 1n)]).toEqual([0n, 1n, 1n]);
    expect(valueRoundedUp(10n ** 18n + 1n, 1n)).toBe(2n);
  });

  it("iMO-004: of parts is at least that of the whole: splitting an amount never makes it cheaper", () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt(0n, 10n ** 30n), { minLength: 1, maxLength: 8 }),
        fc.bigInt(1n, 10n ** 24n),
        (parts, rate) => {
          const whole = valueRoundedUp(
            parts.reduce((sum, part) => sum + part, 0n),
            rate,
          );
          const split = parts.reduce((sum, part) => sum + valueRoundedUp(part, rate), 0n);
          expect(split >= whole && split < whole + BigInt(parts.length)).toBe(true);
        },
      ),
    );
  });
});
