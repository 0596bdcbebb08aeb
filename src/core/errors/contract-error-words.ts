import type { ErrorData } from "./mandate-error.ts";
import { authorityErrorWords } from "./words/authority.ts";
import { challengeErrorWords } from "./words/challenge.ts";
import { escalationErrorWords } from "./words/escalation.ts";
import { oracleErrorWords } from "./words/oracle.ts";
import { policyErrorWords } from "./words/policy.ts";
import { safetyErrorWords } from "./words/safety.ts";
import { strategyErrorWords } from "./words/strategy.ts";
import { treasuryErrorWords } from "./words/treasury.ts";

/** What each error of the contracts means and what to do, in words for people. `docs/errors.md` prints the same. */
export const contractErrorWords: Readonly<Record<string, string>> = {
  ...treasuryErrorWords,
  ...authorityErrorWords,
  ...challengeErrorWords,
  ...escalationErrorWords,
  ...oracleErrorWords,
  ...policyErrorWords,
  ...safetyErrorWords,
  ...strategyErrorWords,
};

/** Arguments that are points in time, in Unix seconds. */
const moments = new Set(["deadline", "payableFrom", "opensAt", "closesAt"]);

/** The last second that a date can have: what lies beyond it is shown as the number it is. */
const LAST_SECOND = 8_640_000_000_000;

function argumentText(name: string, value: ErrorData[string] | undefined): string {
  if (!moments.has(name) || value === undefined || Number(value) > LAST_SECOND) return String(value ?? "?");
  return `${new Date(Number(value) * 1_000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** The words for a contract's error with its arguments filled in; undefined where there are none. */
export function wordsOfContractError(name: string, data: ErrorData): string | undefined {
  return contractErrorWords[name]?.replace(/\{(\w+)\}/g, (_match, argument: string) =>
    argumentText(argument, data[argument]),
  );
}
