import type { ErrorData } from "./mandate-error.ts";
import { authorityErrorWords } from "./words/authority.ts";
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
  ...escalationErrorWords,
  ...oracleErrorWords,
  ...policyErrorWords,
  ...safetyErrorWords,
  ...strategyErrorWords,
};

/** The words for a contract's error with its arguments filled in; undefined where there are none. */
export function wordsOfContractError(name: string, data: ErrorData): string | undefined {
  return contractErrorWords[name]?.replace(/\{(\w+)\}/g, (_match, argument: string) => String(data[argument] ?? "?"));
}
