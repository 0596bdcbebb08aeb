import { InvalidArgumentError } from "commander";
import { describe, expect, it } from "vitest";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { parameterIds } from "../../org/policy/parameters.ts";
import { priceText, rateOfPrice } from "../commands/policy-rate.ts";
import { coneOf, coneText, coneWords } from "./cone.ts";
import { parameterName, parameterOf, valueOf, valueText } from "./parameter.ts";
import { countdownText, durationText, timeText } from "./time.ts";
import { units48, unitsOf, unitsText } from "./units.ts";

describe("amounts in the unit of account", () => {
  it.each([
    ["0", 0n],
    ["500", 5_000_000n],
    ["12.3456", 123_456n],
    ["28147497671.0655", 2n ** 48n - 1n],
  ])("reads %s as %i, and back", (text, units) => {
    expect(unitsOf(text)).toBe(units);
    expect(unitsText(units)).toBe(text);
    expect(units48(text)).toBe(Number(units));
  });

  it.each(["0.00001", "28147497671.0656", "-1", "1e3", "1,5", "", ".5", "0x10"])("refuses %s", (text) => {
    expect(() => unitsOf(text)).toThrow(InvalidArgumentError);
  });
});

describe("values of parameters", () => {
  const impact = parameterIds["cone.maxImpact"];
  const seconds = parameterIds["escalation.deadlineSeconds"];

  it.each([
    [impact, "50000.5", 500_005_000n, "50000.5"],
    [parameterIds["cone.minReversibility"], "80%", 80n, "80 %"],
    [seconds, "72h", 259_200n, "3 d (259200 s)"],
    [seconds, "259200", 259_200n, "3 d (259200 s)"],
  ])("are read and written in the unit of %s", (parameter, text, value, shown) => {
    expect(valueOf(parameter, text)).toBe(value);
    expect(valueText(parameter, value)).toBe(shown);
  });

  it("are whole numbers where no contract of this version enforces the parameter", () => {
    const unknown = parameterOf("team.size");
    expect(valueOf(unknown, "7")).toBe(7n);
    expect(valueText(unknown, 7n)).toBe("7");
    expect(parameterName(unknown)).toBe(unknown);
    expect(parameterName(impact)).toBe("cone.maxImpact");
    expect(parameterOf(impact)).toBe(impact);
  });

  it.each([
    [impact, "much"],
    [impact, "0.00001"],
    [seconds, "soon"],
    [parameterIds["cone.minReversibility"], "0.5"],
  ])("of %s, %s is refused", (parameter, text) => {
    expect(() => valueOf(parameter, text)).toThrow(expect.objectContaining({ code: "ValueInvalid" }));
  });
});

describe("cones", () => {
  const scopes = ["refunds", "budget allocation"];

  it("are written as impact, scopes and reversibility, tier by tier", () => {
    const [strict, wide] = coneText("5000:refunds,budget allocation:90", coneText("0::100"));
    expect(strict).toEqual({ maxImpact: 0, scopes: [], minReversibility: 100 });
    expect(wide === undefined ? undefined : coneOf(wide, scopes)).toEqual({
      maxImpact: 50_000_000,
      scopes: 0b11,
      minReversibility: 90,
    });
    expect(coneWords({ maxImpact: 50_000_000, scopes: 0b10, minReversibility: 90 }, scopes)).toBe(
      "budget allocation; impact 5000 in 24 hours; reversibility 90 % at least",
    );
  });

  it.each(["5000:refunds", "5000:refunds:101", "a:refunds:90", "5000:refunds:90:1"])("refuse %s", (text) => {
    expect(() => coneText(text)).toThrow(InvalidArgumentError);
  });

  it("refuse a scope that no action was registered with, which would silently permit nothing", () => {
    const unknown = { maxImpact: 0, scopes: ["pricing"], minReversibility: 0 };
    expect(() => coneOf(unknown, scopes)).toThrow(MandateError);
  });

  it("take the highest of the 32 scopes as a positive number", () => {
    const names = Array.from({ length: 32 }, (_none, index) => `s${index}`);
    expect(coneOf({ maxImpact: 0, scopes: ["s31"], minReversibility: 0 }, names).scopes).toBe(2 ** 31);
  });
});

describe("prices", () => {
  it.each([
    [18, "1.05", 10_500n],
    [6, "1.00", 10_000n * 10n ** 12n],
    [18, "0.00001", 1n],
  ])("of an asset with %i decimals, %s, are rates, rounded up against the spender", (decimals, text, rate) => {
    expect(rateOfPrice({ decimals, symbol: "X" }, text)).toBe(rate);
  });

  it("are told back, and refused where they are no number", () => {
    expect(priceText({ decimals: 6 }, 10_000n * 10n ** 12n)).toBe("1");
    expect(() => rateOfPrice({ decimals: 6, symbol: "X" }, "1e3")).toThrow(
      expect.objectContaining({ code: "PriceInvalid" }),
    );
  });
});

describe("times", () => {
  it.each([
    [0, "0 s"],
    [59, "59 s"],
    [60, "1 min"],
    [3_661, "1 h 1 min"],
    [86_400, "1 d"],
    [90_000, "1 d 1 h"],
  ])("%i seconds are %s", (seconds, text) => {
    expect(durationText(seconds)).toBe(text);
  });

  it("count down to what is ahead, and say how long ago the rest was", () => {
    expect(countdownText(160, 100)).toBe("in 1 min");
    expect(countdownText(100, 100)).toBe("0 s ago");
    expect(countdownText(100, 160)).toBe("1 min ago");
    expect(timeText(0)).toBe("1970-01-01 00:00:00 UTC");
  });
});
