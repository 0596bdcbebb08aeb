/** Many random calls asked at once, of the contracts and of the model: the same answers, word by word. */
import type { Hex } from "../../../src/core/hex.ts";
import { boundaries, checkLimits, type LimitCheck } from "../../../src/org/authority/check-limits.ts";
import { decideCall } from "../../../src/org/authority/decide-call.ts";
import type { AuthorityState, Call } from "../../../src/org/authority/state.ts";
import { verdicts, type Verdict } from "../../../src/org/authority/verdict.ts";
import type { SeededRandom } from "../../../src/core/seeded-random.ts";
import { someData } from "./call-data.ts";
import { selectors, targetsOf } from "./scenery.ts";
import type { Stage } from "./stage.ts";
import { approvedCalls, authorityAt, effectiveGrants, everyGrant, type World } from "./world.ts";

/** What is asked of each call, as `DecisionProbe.Decision`. */
export interface Answer {
  readonly verdict: Verdict;
  readonly immediate: boolean;
  readonly delay: number;
  /** Null where the data is too short for limits to be checked. */
  readonly check: LimitCheck | null;
}

/** Calls that are mostly within a grant that has effect, and near its limits. */
export function someCalls(random: SeededRandom, stage: Stage, world: World, now: number, count: number): Call[] {
  const state = authorityAt(world, now);
  const approved = approvedCalls(world, now);
  const given = everyGrant(state);
  const effective = effectiveGrants(state, now);
  const { people } = stage;
  return Array.from({ length: count }, () => {
    if (approved.length > 0 && random.chance(0.02)) return random.pick(approved);
    const way = random.next();
    const [caller = "0x", target = "0x", selector = "0x"] =
      way < 0.6 && effective.length > 0
        ? random.pick(effective)
        : way < 0.85 && given.length > 0
          ? random.pick(given)
          : [
              random.pick([...people.agents, ...people.anchors, people.admin]),
              random.pick(targetsOf(stage)),
              random.chance(0.95) ? random.pick(selectors) : "0x00000000",
            ];
    const data: Hex = random.chance(0.01)
      ? `0x${selector.slice(2, random.pick([2, 4, 8]))}`
      : someData(random, state, { caller, target, selector }, now);
    return { caller, target, data };
  });
}

/** What the model answers. Asked in words of 32 bytes, so that it is compared with what the contracts return as it is. */
export function answerOf(state: AuthorityState, call: Call, now: number): Answer {
  const decided = decideCall(state, call, now);
  if (decided.passes || decided.because !== "data-too-short") {
    const { verdict, canCall } = decided;
    return { verdict, ...canCall, check: checkLimits(state, call, now) };
  }
  // The contracts read what is missing of a selector as zeros.
  const padded = { ...call, data: call.data.padEnd(10, "0") as Hex };
  const whole = decideCall(state, padded, now);
  if (!whole.passes && whole.because === "data-too-short") throw new Error("padded data is long enough");
  return { verdict: whole.verdict, ...whole.canCall, check: null };
}

const nothing: LimitCheck = {
  boundary: "None",
  limit: 0n,
  actual: 0n,
  impact: 0n,
  teamImpact: 0n,
  teamLimit: 0n,
  team: 0,
  task: 0,
  anchor: `0x${"00".repeat(20)}`,
  usedByHalfDay: 0n,
};

const wordsOfAnswer = 14;

export function encodeAnswer({ verdict, immediate, delay, check }: Answer): string {
  const { boundary, limit, actual, impact, teamImpact, teamLimit, team, task, anchor, usedByHalfDay } =
    check ?? nothing;
  const head = [verdicts.indexOf(verdict), Number(immediate), delay, Number(check !== null)];
  const figures = [
    boundaries.indexOf(boundary),
    limit,
    actual,
    impact,
    teamImpact,
    teamLimit,
    team,
    task,
    anchor,
    usedByHalfDay,
  ];
  return [...head, ...figures].map((word) => BigInt(word).toString(16).padStart(64, "0")).join("");
}

/** Asks the contracts about all of the calls at that time; one string of words for each. */
export async function askContracts(stage: Stage, calls: readonly Call[], time: number): Promise<string[]> {
  const { interfaces, addresses, people, callAt } = stage;
  const questions = calls.map(({ caller, target, data }) => ({ caller, target, data }));
  const data = interfaces.probe.encodeFunctionData("decide", [addresses.authority, questions]);
  const answered = await callAt(time, people.admin, addresses.probe, data);
  if (!answered.done) throw new Error(`the probe failed: ${answered.data}`);
  const words = answered.data.slice(2);
  const wordAt = (index: number): number => Number(BigInt(`0x${words.slice(64 * index, 64 * index + 64)}`));
  if (wordAt(0) !== time) throw new Error(`asked at ${wordAt(0)} instead of ${time}`);
  if (wordAt(2) !== calls.length) throw new Error(`${wordAt(2)} answers to ${calls.length} questions`);
  const width = 64 * wordsOfAnswer;
  return calls.map((_, index) => words.slice(64 * 3 + index * width, 64 * 3 + (index + 1) * width));
}
