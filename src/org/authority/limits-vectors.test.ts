import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { addressSchema, integerSchema } from "../../core/api/primitives.ts";
import type { Hex } from "../../core/hex.ts";
import { boundaries, checkLimits } from "./check-limits.ts";
import { decideCall } from "./decide-call.ts";
import { GRANT_ROLE } from "./decide-role.ts";
import { actionKey, emptyAuthority, grantKey, impactKinds, type AuthorityState } from "./state.ts";
import { windowSeconds } from "./team-impact.ts";

const whole = z.number().int().nonnegative();
const amount = integerSchema.transform(BigInt);
const vectorsSchema = z.strictObject({
  description: z.string(),
  cases: z.array(
    z.strictObject({
      name: z.string(),
      facts: z.strictObject({
        impact: z.enum(impactKinds),
        scope: whole,
        reversibility: whole,
        fixedImpact: amount,
        amountWord: whole,
        assetWord: whole,
      }),
      limits: z.strictObject({ maxImpact: amount, scopes: whole, minReversibility: whole }),
      grant: z.strictObject({ uses: whole, cap: amount }),
      rate: z.strictObject({ asset: addressSchema, rate: amount, validForSeconds: whole }).nullable(),
      calls: z.array(
        z.strictObject({
          at: whole,
          words: z.array(amount),
          missingBytes: whole,
          boundary: z.enum(boundaries),
          limit: amount,
          actual: amount,
          impact: amount,
          teamImpact: amount,
        }),
      ),
    }),
  ),
});

const { cases } = vectorsSchema.parse(
  JSON.parse(readFileSync(new URL("../../../test/vectors/limits.json", import.meta.url), "utf8")),
);

const start = 40_000 * windowSeconds;
const [caller, target, anchor] = ["0a", "0b", "0c"].map((each): Hex => `0x${each.repeat(20)}`) as [Hex, Hex, Hex];
const selector: Hex = "0x11111111";

function stateOf({ facts, limits, grant, rate }: (typeof cases)[number]): AuthorityState {
  const end = start + 1_000 * windowSeconds;
  return {
    ...emptyAuthority,
    actions: new Map([[actionKey(target, selector), { role: GRANT_ROLE, granterRole: 8n, facts }]]),
    tasks: new Map([[1, { status: "Open", anchor, deadline: end, team: 1 }]]),
    teams: new Map([[1, { anchor, limits, impact: { window: 0, used: [0n, 0n, 0n] } }]]),
    rates: new Map(rate === null ? [] : [[rate.asset, { rate: rate.rate, validUntil: start + rate.validForSeconds }]]),
    grants: new Map([
      [
        grantKey(caller, target, selector),
        {
          notBefore: 0,
          notAfter: end,
          task: 1,
          uses: grant.uses === 0 ? null : grant.uses,
          ended: false,
          cap: grant.cap === 0n ? null : grant.cap,
        },
      ],
    ]),
  };
}

describe("the vectors of limits", () => {
  it.each(cases)("iMO-002: hold in the model: $name", (vector) => {
    let state = stateOf(vector);
    for (const { at, words, missingBytes, ...expected } of vector.calls) {
      const now = start + at;
      const head = words.map((word) => word.toString(16).padStart(64, "0")).join("");
      const data: Hex = `${selector}${head.slice(0, head.length - 2 * missingBytes)}`;
      const { boundary, limit, actual, impact, teamImpact } = checkLimits(state, { caller, target, data }, now);
      const since = (time: bigint): bigint => (boundary === "RateMissing" && time !== 0n ? time - BigInt(start) : time);
      expect({ boundary, limit: since(limit), actual: since(actual), impact, teamImpact }).toEqual(expected);
      const decided = decideCall(state, { caller, target, data }, now);
      expect(decided.passes).toBe(boundary === "None");
      if (decided.passes) state = decided.next;
    }
  });

  it("meet every boundary", () => {
    expect(new Set(cases.flatMap(({ calls }) => calls.map(({ boundary }) => boundary)))).toEqual(new Set(boundaries));
  });
});
