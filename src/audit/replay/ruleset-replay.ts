import { hexToBigInt } from "viem";
import type { Hex } from "../../core/hex.ts";
import type { EventArgs } from "./audited-event.ts";
import type { RuleContext } from "./rule-context.ts";
import type { PlacedLog } from "../reader/verified-block.ts";

interface RulesetWorld {
  readonly isLive: (anchor: Hex, time: bigint) => boolean;
  /** The epoch that is running at a time. */
  readonly epochAt: (time: bigint) => number;
}

/** That a ruleset was named for epochs that had not begun, by a document, with a human who answers for it. */
export function checkRuleset(
  context: RuleContext,
  log: PlacedLog,
  { ruleset, fromEpoch, anchor }: EventArgs<"HeartbeatOracle", "RulesetScheduled">,
  { isLive, epochAt }: RulesetWorld,
): void {
  const rule = "oracle-ruleset";
  const running = epochAt(log.blockTimestamp);
  context.require(fromEpoch > running, rule, log, `an epoch after ${running}`, `epoch ${fromEpoch}`);
  context.require(hexToBigInt(ruleset) !== 0n, rule, log, "the hash of a document", ruleset);
  context.require(isLive(anchor, log.blockTimestamp), rule, log, "a live anchor", anchor);
}
