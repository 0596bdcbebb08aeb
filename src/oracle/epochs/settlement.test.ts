import { describe, expect, it } from "vitest";
import { settlementProblem, settlementSchema } from "./settlement.ts";

const calendar = { genesis: 0, epochSeconds: 100, reportDeadlineSeconds: 60 };

describe("settlement", () => {
  it.each([
    { block: "finalized", seconds: 0 },
    { block: "safe", seconds: 86_400 },
    { block: { confirmations: 1 }, seconds: 1 },
    { block: { confirmations: 10_000 }, seconds: 1 },
  ])("given %j, it is taken as it is", (settlement) => expect(settlementSchema.parse(settlement)).toEqual(settlement));

  it.each([
    {},
    { block: "finalized" },
    { seconds: 0 },
    { block: "latest", seconds: 0 },
    { block: { confirmations: 0 }, seconds: 0 },
    { block: { confirmations: 10_001 }, seconds: 0 },
    { block: "safe", seconds: -1 },
    { block: "safe", seconds: 86_401 },
  ])("given %j, it is refused", (settlement) => expect(settlementSchema.safeParse(settlement).success).toBe(false));

  it("given a deadline, at least fourteen seconds are left to agree", () => {
    expect(settlementProblem({ block: "safe", seconds: 46 }, calendar)).toBeUndefined();
    expect(settlementProblem({ block: "safe", seconds: 47 }, calendar)).toMatch(/60 s .* 47 s .* 14 s/);
  });
});
