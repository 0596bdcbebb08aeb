import { InvalidArgumentError } from "commander";
import { formatUnits, parseUnits } from "viem";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { keccak256Text } from "../../core/keccak.ts";
import { parameterIds, parameterNames, type ParameterName } from "../../org/policy/parameters.ts";
import { durationSeconds } from "./duration.ts";
import { durationText } from "./time.ts";
import { unitsOf, unitsText } from "./units.ts";

/** How people write and read a parameter's values. */
type Unit = "amount" | "percent" | "share" | "seconds" | "number";

/** A share counts 1e18 as the whole; people say percent. */
const SHARE_DECIMALS = 16;

/** The unit of each parameter that contracts enforce. */
const units = {
  "cone.maxImpact": "amount",
  "cone.minReversibility": "percent",
  "escalation.deadlineSeconds": "seconds",
  "escalation.usableSeconds": "seconds",
  "breaker.outflowShare": "share",
  "breaker.reclaimShare": "share",
  "breaker.tripSeconds": "seconds",
  "enclaves.poolShare": "share",
} as const satisfies Record<ParameterName, Unit>;

const names = new Map<Hex, ParameterName>(parameterNames.map((name) => [parameterIds[name], name]));

/** A parameter by name, or by its 32 bytes; for option parsing. */
export function parameterOf(text: string): Hex {
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase() as Hex;
  if (/^[a-z][\w.]*$/i.test(text)) return keccak256Text(text);
  throw new InvalidArgumentError("not the name of a parameter such as cone.maxImpact, and not 32 bytes");
}

/** The parameter's name; its 32 bytes where no contract of this version enforces it. */
export function parameterName(parameter: Hex): string {
  return names.get(parameter.toLowerCase() as Hex) ?? parameter;
}

function unitOf(parameter: Hex): Unit {
  const name = names.get(parameter.toLowerCase() as Hex);
  return name === undefined ? "number" : units[name];
}

/** A parameter's value in its unit. */
export function valueText(parameter: Hex, value: bigint): string {
  switch (unitOf(parameter)) {
    case "amount":
      return unitsText(value);
    case "percent":
      return `${value} %`;
    case "share":
      return `${formatUnits(value, SHARE_DECIMALS)} %`;
    case "seconds":
      return `${durationText(value)} (${value} s)`;
    case "number":
      return `${value}`;
  }
}

/**
 * Reads a value as people write it in the parameter's unit: `50000.5`, `80`, `72h`.
 * @throws {MandateError} `ValueInvalid`.
 */
export function valueOf(parameter: Hex, text: string): bigint {
  const unit = unitOf(parameter);
  try {
    if (unit === "amount") return unitsOf(text);
    if (unit === "seconds" && !/^\d+$/.test(text)) return BigInt(durationSeconds(text));
  } catch (cause) {
    throw invalid(parameter, text, unit, cause);
  }
  if (unit === "share") {
    const percent = text.replace(/\s*%$/, "");
    if (!/^\d{1,6}(\.\d{1,16})?$/.test(percent)) throw invalid(parameter, text, unit);
    return parseUnits(percent, SHARE_DECIMALS);
  }
  const digits = unit === "percent" ? text.replace(/\s*%$/, "") : text;
  if (!/^\d{1,38}$/.test(digits)) throw invalid(parameter, text, unit);
  return BigInt(digits);
}

function invalid(parameter: Hex, text: string, unit: Unit, cause?: unknown): MandateError {
  const examples = {
    amount: "50000 or 12.5",
    percent: "80",
    share: "20 or 12.5 (percent)",
    seconds: "72h or 259200",
    number: "a whole number",
  };
  return new MandateError("ValueInvalid", `${text} is no value of ${parameterName(parameter)}: say ${examples[unit]}`, {
    kind: "input",
    data: { parameter: parameterName(parameter), value: text },
    ...(cause === undefined ? {} : { cause }),
  });
}
