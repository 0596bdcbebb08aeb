import { describe, expect, it } from "vitest";
import { factsText, plainText, tableText } from "./table.ts";

describe("tableText", () => {
  it("has a head, columns as wide as they need, no trailing space", () => {
    const text = tableText(["name", "value"], [["a", "1"], ["longer", "2"]], "nothing"); // prettier-ignore
    expect(text.split("\n")).toEqual(["NAME    VALUE", "a       1", "longer  2"]);
  });

  it("says so where there is nothing", () => {
    expect(tableText(["name"], [], "There is nothing.")).toBe("There is nothing.");
  });

  it("shows what others wrote without obeying it: a terminal is no place for their escape sequences", () => {
    expect(tableText(["name"], [["\u001b[2J\u202egood"]], "")).toBe("NAME\n?[2J?good");
    expect(plainText("a\rb\u0007")).toBe("a?b?");
  });
});

describe("factsText", () => {
  it("aligns names, and the further lines of a value below its first", () => {
    expect(factsText([["a", "1\n2"], ["name", "x"]])).toBe("a     1\n      2\nname  x"); // prettier-ignore
  });
});
