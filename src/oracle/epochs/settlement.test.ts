import { describe, expect, it } from "vitest";
import { assertSettlementFits, settlementSchema } from "./settlement.ts";

const calendar = { genesis: 0, epochSeconds: 100, reportDeadlineSeconds: 60 };

describe("settlement", () => {
  it("given nothing, it is the finalized block, without a wait", () => {
    expect(settlementSchema.parse({})).toEqual({ block: "finalized", seconds: 0 });
  });

  it.each([
    { block: "latest" },
    { block: { confirmations: 0 } },
    { block: { confirmations: 10_001 } },
    { seconds: -1 },
  ])("given %j, it is refused", (settlement) => expect(settlementSchema.safeParse(settlement).success).toBe(false));

  it("given a deadline, at least fourteen seconds are left to agree", () => {
    assertSettlementFits({ block: "safe", seconds: 46 }, calendar);
    expect(() => assertSettlementFits({ block: "safe", seconds: 47 }, calendar)).toThrow(
      expect.objectContaining({
        code: "SettlementTooLong",
        data: { reportDeadlineSeconds: 60, seconds: 47, minimum: 14 },
      }),
    );
  });
});
