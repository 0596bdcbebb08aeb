import { describe, expect, it } from "vitest";
import { bytesOf, compareBytes, hexOf, wordOf } from "./hex.ts";

describe("hexadecimal bytes", () => {
  it("round-trips bytes and reads upper case", () => {
    expect(hexOf(bytesOf("0x00ABff"))).toBe("0x00abff");
    expect(hexOf(new Uint8Array())).toBe("0x");
  });

  it.each(["0x0", "0xzz", "00", "0x 0"])("refuses %s", (text) => {
    expect(() => bytesOf(text as `0x${string}`)).toThrow(RangeError);
  });

  it("makes a word of the smallest and the largest value and refuses their outer neighbours", () => {
    expect(hexOf(wordOf(0n))).toBe(`0x${"00".repeat(32)}`);
    expect(hexOf(wordOf(2n ** 256n - 1n))).toBe(`0x${"ff".repeat(32)}`);
    expect(() => wordOf(-1n)).toThrow(RangeError);
    expect(() => wordOf(2n ** 256n)).toThrow(RangeError);
  });

  it("orders bytes as unsigned numbers", () => {
    expect(compareBytes(bytesOf("0x80"), bytesOf("0x7f"))).toBeGreaterThan(0);
    expect(compareBytes(bytesOf("0x0102"), bytesOf("0x0102"))).toBe(0);
  });
});
