import { InvalidArgumentError } from "commander";
import { describe, expect, it } from "vitest";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { amountOf, amountText, type Asset } from "../../sdk/asset.ts";
import { poolNameOf } from "../../sdk/word.ts";
import { bytes32 } from "./bytes32.ts";
import { countOf } from "./count.ts";
import { durationSeconds } from "./duration.ts";

const token: Asset = {
  address: "0x00000000000000000000000000000000000000aa",
  symbol: "SIX",
  decimals: 6,
  native: false,
};

describe("amountOf", () => {
  it.each([
    ["0", 0n],
    ["12", 12_000_000n],
    ["12.5", 12_500_000n],
    ["0.000001", 1n],
  ])("reads %s as %i base units, and back", (text, units) => {
    expect(amountOf(token, text)).toBe(units);
    expect(amountText(token, units)).toBe(`${text} SIX`);
  });

  it.each(["0.0000001", "-1", "1e3", "1,5", "", ".5", "0x10"])(
    "refuses %s, for it would mean a rounded or another amount",
    (text) => {
      expect(() => amountOf(token, text)).toThrow(MandateError);
      expect(() => amountOf(token, text)).toThrow(
        expect.objectContaining({ code: "AmountInvalid", data: { amount: text } }),
      );
    },
  );
});

describe("options of the command line", () => {
  it.each([
    ["90s", 90],
    ["10m", 600],
    ["2h", 7_200],
    ["30d", 2_592_000],
  ])("read the duration %s as %i seconds", (text, seconds) => {
    expect(durationSeconds(text)).toBe(seconds);
  });

  it.each(["10", "m", "1.5h", "-1s", "10 m", "1w"])("refuse the duration %s", (text) => {
    expect(() => durationSeconds(text)).toThrow(InvalidArgumentError);
  });

  it("read whole numbers, and refuse what only looks like one", () => {
    expect(countOf("0")).toBe(0);
    expect(countOf("42")).toBe(42);
    for (const text of ["", "-1", "1.0", "1e3", "0x1", "99999999999999999"])
      expect(() => countOf(text)).toThrow(InvalidArgumentError);
  });

  it("read 32 bytes and names of at most 31 bytes, the last of which tells the end", () => {
    expect(bytes32(`0x${"ab".repeat(32)}`)).toBe(`0x${"ab".repeat(32)}`);
    expect(() => bytes32("0xab")).toThrow(InvalidArgumentError);
    expect(poolNameOf("main")).toBe(`0x6d61696e${"00".repeat(28)}`);
    expect(poolNameOf("a".repeat(31))).toBe(`0x${"61".repeat(31)}00`);
    expect(() => poolNameOf("a".repeat(32))).toThrow(MandateError);
    expect(() => poolNameOf("ä".repeat(16))).toThrow(MandateError);
  });
});
