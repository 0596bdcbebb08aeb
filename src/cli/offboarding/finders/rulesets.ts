import { iHeartbeatOracleAbi } from "../../../chain/abi.ts";
import type { Hex } from "../../../core/hex.ts";
import type { Holding } from "../holding.ts";
import { callOf, type SystemView } from "../system-view.ts";
import { restricted } from "../ways.ts";
import type { Finder, Leaver } from "./finder.ts";

async function inRulesets(view: SystemView, oracle: Hex, leaver: Leaver): Promise<Holding[]> {
  const { account, successor } = leaver;
  const scheduled = view.eventsNamed("RulesetScheduled").filter(({ contract }) => contract === oracle);
  const newest = scheduled.at(-1)?.args;
  if (newest === undefined) return [];
  const running = await view.read(oracle, iHeartbeatOracleAbi, "epochAt", [view.block.timestamp]);
  const holding = { kind: "ruleset", id: `ruleset/${oracle}`, sentence: "answers for the oracle's ruleset" } as const;
  if (newest.anchor !== account) {
    const active = scheduled.findLast(({ args }) => args.fromEpoch <= running)?.args;
    if (active?.anchor !== account) return [];
    const what = `ends with epoch ${newest.fromEpoch - 1}: somebody else answers for the ruleset after it`;
    return [{ ...holding, ending: { kind: "follows", what } }];
  }
  if (successor === undefined) {
    const what = "a live anchor has to answer for the ruleset: name one with --successor";
    return [{ ...holding, ending: { kind: "open", what } }];
  }
  const args = [newest.ruleset, Math.max(running + 1, newest.fromEpoch), successor] as const;
  const call = callOf("HeartbeatOracle", oracle, iHeartbeatOracleAbi, "scheduleRuleset", args);
  return [{ ...holding, ending: { kind: "call", ways: await restricted(view, call) } }];
}

/** The answer for the rules by which operators measure and score. */
export const findRulesets: Finder = async (view, leaver) =>
  (await Promise.all(view.all("HeartbeatOracle").map((oracle) => inRulesets(view, oracle, leaver)))).flat();
