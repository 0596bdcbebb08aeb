import { describe, expect, it } from "vitest";
import { MandateError } from "./mandate-error.ts";
import { typedCauseOf } from "./typed-cause.ts";

describe("typedCauseOf", () => {
  it("given a typed error, however deep, it is found; given none, what was thrown stays", () => {
    const typed = new MandateError("PortInUse", "taken", { kind: "environment" });
    expect(typedCauseOf(typed)).toBe(typed);
    expect(typedCauseOf(new Error("outer", { cause: new Error("inner", { cause: typed }) }))).toBe(typed);
    const untyped = new Error("outer", { cause: "text" });
    expect(typedCauseOf(untyped)).toBe(untyped);
    expect(typedCauseOf("text")).toBe("text");
  });
});
