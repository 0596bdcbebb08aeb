import { heartbeatOracleAbi, iHeartbeatOracleAbi, iMembershipAbi } from "../../../chain/abi.ts";
import type { Hex } from "../../../core/hex.ts";
import type { Holding } from "../holding.ts";
import { callOf, type SystemView } from "../system-view.ts";
import { restricted } from "../ways.ts";
import type { Finder, Leaver } from "./finder.ts";

/** A seat among those who vote on merges. */
export const findMembership: Finder = async (view, { account }) => {
  const found = await Promise.all(
    view.all("Membership").map(async (membership): Promise<Holding[]> => {
      if (!(await view.read(membership, iMembershipAbi, "isSeated", [account]))) return [];
      const call = callOf("Membership", membership, iMembershipAbi, "unseat", [account]);
      const ending = { kind: "call", ways: await restricted(view, call) } as const;
      return [
        { kind: "seat", id: `seat/${membership}`, sentence: "has a seat among those who vote on merges", ending },
      ];
    }),
  );
  return found.flat();
};

async function inOperatorSet(view: SystemView, oracle: Hex, leaver: Leaver): Promise<Holding[]> {
  const { account, successor, operator } = leaver;
  const scheduled = view.eventsNamed("OperatorSetScheduled").filter(({ contract }) => contract === oracle);
  const newest = scheduled.at(-1)?.args;
  if (newest === undefined) return [];
  const running = await view.read(oracle, iHeartbeatOracleAbi, "epochAt", [view.block.timestamp]);
  const active = scheduled.findLast(({ args }) => args.fromEpoch <= running)?.args;
  const isIn = (set: typeof newest | undefined): boolean =>
    set !== undefined && (set.operators.includes(account) || set.anchor === account);
  const name = newest.operators[newest.delegates.indexOf(account)];
  if (name !== undefined && name !== account) {
    const what = `${name} has to name another delegate (mandate oracle rotate-key), or to leave (mandate oracle leave)`;
    const sentence = "signs reports in an oracle operator's seat";
    return [{ kind: "operator", id: `operator/${oracle}`, sentence, ending: { kind: "open", what } }];
  }
  if (!isIn(newest)) {
    if (!isIn(active)) return [];
    const what = `ends with epoch ${newest.fromEpoch - 1}: the set after it is without the address`;
    const sentence = "is in the running set of oracle operators, or answers for it";
    return [{ kind: "operator", id: `operator/${oracle}`, sentence, ending: { kind: "follows", what } }];
  }
  const isSeated = newest.operators.includes(account);
  const isAnchor = newest.anchor === account;
  const sentence = [
    ...(isSeated ? ["signs reports as an oracle operator"] : []),
    ...(isAnchor ? ["answers for the set of oracle operators"] : []),
  ].join(" and ");
  const holding = { kind: "operator", id: `operator/${oracle}`, sentence } as const;
  // A suspended operator is seated again by a decision about it, not by the way.
  const seated = newest.operators.filter((_, seat) => ((newest.vacant >> BigInt(seat)) & 1n) === 0n);
  const rest = seated.filter((each) => each !== account);
  const operators = [...new Set([...rest, ...(isSeated && operator !== undefined ? [operator] : [])])].sort();
  const least = Number(await view.read(oracle, heartbeatOracleAbi, "MIN_OPERATORS", []));
  if (operators.length < least) {
    const what = `a set has at least ${least} operators, and ${operators.length} would be left: name another with --operator`;
    return [{ ...holding, ending: { kind: "open", what } }];
  }
  const anchor = isAnchor ? successor : newest.anchor;
  if (anchor === undefined) {
    const what = "a live anchor has to answer for the operators: name one with --successor";
    return [{ ...holding, ending: { kind: "open", what } }];
  }
  const args = [operators, running + 1, anchor] as const;
  const call = callOf("HeartbeatOracle", oracle, iHeartbeatOracleAbi, "scheduleOperatorSet", args);
  return [{ ...holding, ending: { kind: "call", ways: await restricted(view, call) } }];
}

/** A seat among the oracle's operators, or the answer for them. */
export const findOperatorSeat: Finder = async (view, leaver) =>
  (await Promise.all(view.all("HeartbeatOracle").map((oracle) => inOperatorSet(view, oracle, leaver)))).flat();
