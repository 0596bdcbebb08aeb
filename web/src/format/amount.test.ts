import { describe, expect, it } from "vitest";
import { amountText, shareText } from "./amount.ts";

const token = {
  address: "0x0000000000000000000000000000000000000001",
  symbol: "TEST",
  decimals: 6,
  native: false,
} as const;

describe("amounts in words", () => {
  it("shows every base unit, never rounded", () => {
    expect(amountText("1234567000001", token)).toBe("1,234,567.000001 TEST");
    expect(amountText("1", { ...token, decimals: 18 })).toBe("0.000000000000000001 TEST");
    expect(amountText("0", token)).toBe("0 TEST");
    expect(amountText("5", { ...token, decimals: 0 })).toBe("5 TEST");
  });

  it("rounds shares down", () => {
    expect(shareText(10n ** 18n)).toBe("100.00 %");
    expect(shareText(999_999_999_999_999_999n)).toBe("99.99 %");
    expect(shareText(0n)).toBe("0.00 %");
  });
});
