import { describe, expect, it } from "vitest";
import { groupGenerator, groupOrder, keyFrom, modulo } from "../../../test/support/schnorr.ts";
import type { MandateError } from "../../core/errors/mandate-error.ts";
import { NoncePair } from "./nonce-pair.ts";
import { parsePoint } from "./points.ts";

const challenge = { b: 7n, e: 11n };

describe("NoncePair", () => {
  it("given a challenge, its answer opens R1 + b·R2 + e·X", () => {
    const pair = new NoncePair();
    const [r1, r2] = [parsePoint(pair.points.r1), parsePoint(pair.points.r2)];
    if (r1 === undefined || r2 === undefined) throw new Error("no points");
    const s = pair.answer(challenge, 5n);
    const { x, y } = keyFrom(5n);
    const key = groupGenerator.multiply(5n);
    expect({ x, y }).toEqual(key.toAffine());
    expect(groupGenerator.multiply(s).equals(r1.add(r2.multiply(7n)).add(key.multiply(11n)))).toBe(true);
    expect(s).toBe(modulo(s, groupOrder));
  });

  it("PITFALLS: given a second challenge, or the same one again, it answers nothing", () => {
    for (const second of [challenge, { b: 7n, e: 12n }]) {
      const pair = new NoncePair();
      pair.answer(challenge, 5n);
      expect(() => pair.answer(second, 5n)).toThrow(expect.objectContaining({ code: "NonceSpent" }) as MandateError);
    }
  });

  it("given two pairs, all four points differ, and nothing of them can be read but the points", () => {
    const [first, second] = [new NoncePair(), new NoncePair()];
    const points = [first, second].flatMap(({ points: { r1, r2 } }) => [r1, r2]);
    expect(new Set(points).size).toBe(4);
    expect(Object.keys(first)).toEqual(["points"]);
    expect(JSON.parse(JSON.stringify(first))).toEqual({ points: first.points });
  });
});
