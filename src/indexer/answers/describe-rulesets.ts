import type { RulesetAnswer } from "../../core/api/rulesets.ts";
import type { Entities } from "../fold/rows.ts";
import { epochAt, type OracleClock } from "./oracle-clocks.ts";
import { checksummed } from "./spelling.ts";

/**
 * How the rulesets of one oracle stand at `now`, the newest first. One takes the place of the one before that has not begun when it is named, and else
 * follows it. Pure.
 * @param named In the order in which they were named.
 */
export function describeRulesets(
  named: readonly Entities["ruleset"][],
  clock: OracleClock,
  now: number,
): readonly RulesetAnswer[] {
  const kept: Entities["ruleset"][] = [];
  for (const row of named) {
    const last = kept.at(-1);
    if (last !== undefined && last.fromEpoch > epochAt(clock, row.scheduledAt)) kept.pop();
    kept.push(row);
  }
  const running = epochAt(clock, now);
  const runs = kept.findLast(({ fromEpoch }) => fromEpoch <= running);
  const statusOf = (row: Entities["ruleset"]): RulesetAnswer["status"] => {
    if (!kept.includes(row)) return "replaced";
    if (row.fromEpoch > running) return "scheduled";
    return row === runs ? "running" : "over";
  };
  return named.toReversed().map((row) => ({
    oracle: checksummed(row.oracle),
    ruleset: row.hash,
    fromEpoch: row.fromEpoch,
    status: statusOf(row),
    anchor: checksummed(row.anchor),
    scheduledAt: row.scheduledAt,
  }));
}
