import { describe, expect, it } from "vitest";
import { asciiWordOf, isAsciiWord, textOfAsciiWord } from "./ascii-word.ts";

describe("names in 32 bytes", () => {
  it("stand at the left", () => {
    expect(asciiWordOf("G1.U1.P3")).toBe("0x47312e55312e5033000000000000000000000000000000000000000000000000");
    expect(textOfAsciiWord(asciiWordOf("hiring below L5"))).toBe("hiring below L5");
  });

  it.each(["a", "~", "!", "a b", "x".repeat(32)])("can be %j", (text) => {
    expect(isAsciiWord(text)).toBe(true);
    expect(textOfAsciiWord(asciiWordOf(text))).toBe(text);
  });

  it.each(["", " a", "a ", " ", "x".repeat(33), "ä", "a\nb", "a\0"])("cannot be %j", (text) => {
    expect(isAsciiWord(text)).toBe(false);
    expect(() => asciiWordOf(text)).toThrow(RangeError);
  });
});
