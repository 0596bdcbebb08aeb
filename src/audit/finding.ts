import type { Hex } from "../core/hex.ts";
import { rules, type RuleId, type Severity } from "./rules.ts";

/** Where on the chain a finding stands. */
export interface Place {
  readonly address: Hex;
  readonly blockNumber?: bigint;
  readonly transaction?: Hex;
  readonly logIndex?: number;
}

/** Something that the chain shows and a rule does not allow. */
export interface Finding {
  readonly rule: RuleId;
  readonly severity: Severity;
  readonly contract: Hex;
  readonly block: string | null;
  readonly transaction: Hex | null;
  readonly logIndex: number | null;
  readonly expected: string;
  readonly actual: string;
}

/** A finding of `rule` at `place`, with both sides of the comparison that failed. */
export function finding(rule: RuleId, place: Place, expected: unknown, actual: unknown): Finding {
  return {
    rule,
    severity: rules[rule].severity,
    contract: place.address,
    block: place.blockNumber?.toString() ?? null,
    transaction: place.transaction ?? null,
    logIndex: place.logIndex ?? null,
    expected: String(expected),
    actual: String(actual),
  };
}
