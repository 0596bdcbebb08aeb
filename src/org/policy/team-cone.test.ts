import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { areAscending, coneOf, contains, loweredTier, raisedTier, tierAfterNewCones, type Cone } from "./team-cone.ts";

const cone: fc.Arbitrary<Cone> = fc.record({
  maxImpact: fc.bigInt(0n, 6n),
  scopes: fc.constantFrom(0, 1, 3, 0x80000000, 0x80000001, 0xffffffff),
  minReversibility: fc.integer({ min: 0, max: 5 }),
});
const wide: Cone = { maxImpact: 100n, scopes: 0xffffffff, minReversibility: 0 };

/** Decisions that a cone lets through: impact, scope, reversibility. */
function allows(limits: Cone, impact: bigint, scope: number, reversibility: number): boolean {
  const isInScope = ((limits.scopes >>> scope) & 1) === 1;
  return isInScope && impact <= limits.maxImpact && reversibility >= limits.minReversibility;
}

describe("cones", () => {
  it("contain each other only where no decision is inside the inner one and outside the outer", () => {
    const decision = fc.tuple(fc.bigInt(0n, 7n), fc.constantFrom(0, 1, 2, 31), fc.integer({ min: 0, max: 6 }));
    fc.assert(
      fc.property(cone, cone, decision, (outer, inner, what) => {
        if (contains(outer, inner) && allows(inner, ...what)) expect(allows(outer, ...what)).toBe(true);
      }),
    );
  });

  it.each<[string, Partial<Cone>, boolean]>([
    ["itself", {}, true],
    ["less impact", { maxImpact: 99n }, true],
    ["more impact", { maxImpact: 101n }, false],
    ["fewer scopes", { scopes: 1 }, true],
    ["another scope", { scopes: 0x80000000 }, false],
    ["more reversibility", { minReversibility: 51 }, true],
    ["less reversibility", { minReversibility: 49 }, false],
  ])("contain %s or not", (_what, changes, is) => {
    const outer = { maxImpact: 100n, scopes: 3, minReversibility: 50 };
    expect(contains(outer, { ...outer, ...changes })).toBe(is);
    expect(areAscending([{ ...outer, ...changes }, outer])).toBe(is);
  });

  it("are no looser than the constitution, and no looser than their tier", () => {
    fc.assert(
      fc.property(cone, fc.bigInt(0n, 6n), fc.bigInt(0n, 100n), (tier, maxImpact, minReversibility) => {
        const result = coneOf(tier, { maxImpact, minReversibility });
        expect(contains(tier, result)).toBe(true);
        expect(result.maxImpact <= maxImpact && result.minReversibility >= Number(minReversibility)).toBe(true);
        expect([tier.maxImpact, maxImpact]).toContain(result.maxImpact);
        expect([tier.minReversibility, Number(minReversibility)]).toContain(result.minReversibility);
      }),
    );
  });
});

describe("a team's tier", () => {
  it("falls by one, down to 0, and rises by one, up to the highest", () => {
    expect([2, 1, 0].map(loweredTier)).toEqual([1, 0, 0]);
    expect([0, 1, 2].map((tier) => raisedTier(tier, 3))).toEqual([1, 2, undefined]);
    expect(raisedTier(0, 1)).toBeUndefined();
  });

  it("is the highest that does not widen what the team may do now, once its cones are replaced", () => {
    const [small, middle, large] = [1n, 2n, 3n].map((maxImpact) => ({ ...wide, maxImpact }));
    if (!small || !middle || !large) throw new Error("three cones");
    expect(tierAfterNewCones(middle, 1, [small, middle, large])).toBe(1);
    expect(tierAfterNewCones(middle, 2, [small, middle, large])).toBe(1);
    expect(tierAfterNewCones(middle, 1, [small])).toBe(0);
    expect(tierAfterNewCones(middle, 0, [small, middle])).toBe(0);
    expect(tierAfterNewCones(small, 2, [middle, large])).toBeUndefined();
  });

  it("never widens by new cones", () => {
    fc.assert(
      fc.property(cone, fc.nat(3), fc.array(cone, { minLength: 1, maxLength: 4 }), (present, tier, cones) => {
        const next = tierAfterNewCones(present, tier, cones);
        const chosen = next === undefined ? undefined : cones[next];
        if (chosen !== undefined) expect(contains(present, chosen)).toBe(true);
        else expect(cones.slice(0, tier + 1).some((each) => contains(present, each))).toBe(false);
      }),
    );
  });
});
