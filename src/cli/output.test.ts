import { describe, expect, it } from "vitest";
import { MandateError } from "../core/errors/mandate-error.ts";
import { exitCodeOf } from "./exit-code.ts";
import { createOutput, errorJson, errorText, jsonLine, type Streams } from "./output.ts";

function recorder(): Streams & { readonly said: { out: string; err: string } } {
  const said = { out: "", err: "" };
  return { said, out: (text) => void (said.out += text), err: (text) => void (said.err += text) };
}

describe("createOutput", () => {
  it("given a person, notes and the result are sentences on standard output", () => {
    const streams = recorder();
    const output = createOutput(false, streams);
    output.note("working");
    output.result({ amount: 1n }, "1 TEST");
    expect(streams.said).toEqual({ out: "working\n1 TEST\n", err: "" });
  });

  it("given a program, standard output holds the result alone, whole numbers as text", () => {
    const streams = recorder();
    const output = createOutput(true, streams);
    output.note("working");
    output.result({ amount: 2n ** 200n }, "many");
    expect(streams.said.err).toBe("working\n");
    expect(JSON.parse(streams.said.out)).toEqual({ amount: (2n ** 200n).toString() });
  });
});

describe("an error", () => {
  const refused = new MandateError("PoolShort", "the pool holds less", {
    kind: "refused",
    data: { available: 1n },
    remedy: "Fund it first.",
    cause: new Error("execution reverted\nRequest Arguments: …"),
  });

  it("is told with its name, the first line of its cause, and what to do", () => {
    expect(errorText(refused)).toBe("PoolShort: the pool holds less (execution reverted)\nFund it first.");
  });

  it("is data for a program, with its arguments", () => {
    expect(jsonLine(errorJson(refused))).toBe(
      '{"error":{"code":"PoolShort","message":"the pool holds less","data":{"available":"1"},"remedy":"Fund it first."}}',
    );
  });

  it("without a type is a defect, and says so", () => {
    expect(errorText(new TypeError("x is undefined"))).toContain("defect");
    expect(errorJson(new TypeError("x is undefined"))).toEqual({
      error: { code: "Defect", message: "x is undefined" },
    });
  });

  it.each([
    ["refused", 1],
    ["input", 2],
    ["environment", 3],
    ["retry", 3],
    ["defect", 70],
  ] as const)("of kind %s ends the program with %i", (kind, code) => {
    expect(exitCodeOf(new MandateError("Any", "any", { kind }))).toBe(code);
  });

  it("without a type ends the program with 70", () => {
    expect(exitCodeOf(new Error("any"))).toBe(70);
  });
});
