import { expect, it } from "vitest";
import { intentOf } from "./intent.ts";

it("says what a call does, and nothing of calls that no person signs or contracts it does not know", () => {
  expect(intentOf("BudgetVault", "withdraw")).toBe("Pay out of a pool");
  expect(intentOf("Escalations", "consume")).toBeUndefined();
  expect(intentOf("Unknown", "withdraw")).toBeUndefined();
});
