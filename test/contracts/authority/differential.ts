/**
 * The model in `src/org` and the real contracts (Authority, Teams, Constitution, Escalations), changed by the same random
 * steps: the same refusals, and the same answers to 100,000 random calls at random times.
 */
import { expect } from "chai";
import { Interface } from "ethers";

import { boundaries } from "../../../src/org/authority/check-limits.ts";
import { decideCall } from "../../../src/org/authority/decide-call.ts";
import type { AuthorityState, Call } from "../../../src/org/authority/state.ts";
import { verdicts } from "../../../src/org/authority/verdict.ts";
import { answerOf, askContracts, encodeAnswer, someCalls } from "../../support/authority-differential/questions.ts";
import { someSeconds } from "../../support/authority-differential/scenery.ts";
import { deployStage, type Stage } from "../../support/authority-differential/stage.ts";
import { contextOf, nextStep, openingSteps } from "../../support/authority-differential/steps.ts";
import type { Step } from "../../support/authority-differential/step.ts";
import { authorityAt, type World } from "../../support/authority-differential/world.ts";
import { SeededRandom } from "../../../src/core/seeded-random.ts";

const pairs = 100_000;
const seeds = [1, 2, 3, 4];
const pairsOfRun = pairs / seeds.length;
const callsOfBatch = 250;
const stepsBetweenBatches = 5;

/** How often each outcome was met, so that a generator that never meets one is found out. */
class Tally {
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    this.#counts.set(name, this.of(name) + 1);
  }

  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  entries(): [string, number][] {
    return [...this.#counts].sort();
  }
}

const errorsOf = new Interface([
  "error AuthorityOutsideLimits(address caller, address target, bytes4 selector, uint8 boundary, uint256 limit, uint256 actual)",
]);

/** The name of the error in revert data, among those of the contracts. */
function errorNameIn(stage: Stage, data: string): string {
  const managed = new Interface([
    "error AccessManagedUnauthorized(address)",
    "error AccessManagerNotScheduled(bytes32)",
  ]);
  for (const known of [...Object.values(stage.interfaces), errorsOf, managed]) {
    const parsed = known.parseError(data);
    if (parsed !== null) return parsed.name;
  }
  return data;
}

/** Takes a step on both sides and holds the outcomes against each other. */
async function take(stage: Stage, world: World, step: Step, now: number, about: string): Promise<World> {
  const outcome = await stage.callAt(now, step.from, step.to, step.data);
  const { expected } = step;
  if ("error" in expected) {
    expect(outcome.done ? "done" : errorNameIn(stage, outcome.data), about).to.equal(expected.error);
    return world;
  }
  expect(outcome.done ? "done" : errorNameIn(stage, outcome.data), about).to.equal("done");
  await stage.send(now, step.from, step.to, step.data);
  return expected.world;
}

/** A time at which something ends or begins, one second before it, or some time ahead. */
function momentAfter(random: SeededRandom, { authority, escalations }: World, latest: number): number {
  const grants = [...authority.grants.values()].slice(-12);
  const instants = [
    ...grants.flatMap(({ notBefore, notAfter }) => [notBefore, notAfter]),
    ...[...authority.rates.values()].map(({ validUntil }) => validUntil),
    ...[...escalations.values()].slice(-6).map(({ escalation }) => escalation.until),
    (Math.floor(latest / 43_200) + 1) * 43_200,
  ].filter((instant) => instant > latest + 1);
  if (instants.length > 0 && random.chance(0.5)) return random.pick(instants) - random.below(2);
  return latest + someSeconds(random);
}

/** The names under which a pair is counted. */
function outcomesOf(state: AuthorityState, call: Call, now: number): string[] {
  const decided = decideCall(state, call, now);
  if (!decided.passes && decided.because === "data-too-short") return ["data too short"];
  const verdict = `verdict ${decided.verdict}`;
  if (!decided.passes) return decided.because === "limit" ? [verdict, `boundary ${decided.check.boundary}`] : [verdict];
  if (decided.by === "role") return [verdict];
  if (decided.by === "approval") return [verdict, "passes by approval"];
  const charges = decided.charge.impact > 0n ? ["charges impact"] : [];
  return [verdict, "boundary None", decided.canCall.immediate ? "at once" : "consumes", ...charges];
}

describe("Authority and its model", function () {
  this.timeout(600_000);
  const asked = new Tally();
  const taken = new Tally();
  let answered = 0;

  for (const seed of seeds) {
    it(`iMO-001: given random steps (seed ${seed}): the same refusals and the same answers`, async () => {
      const stage = await deployStage();
      const random = new SeededRandom(seed);
      const context = contextOf(stage, random);
      let world = stage.world;
      let time = await stage.latest();
      for (const make of openingSteps(context)) {
        const step = make(context, world, ++time);
        if (step === undefined) throw new Error("an opening step that cannot be made");
        world = await take(stage, world, step, time, `seed ${seed}, opening: ${step.name}`);
      }
      for (let batch = 0; batch < pairsOfRun / callsOfBatch; batch++) {
        for (let each = 0; each < stepsBetweenBatches; each++) {
          const now = random.chance(0.06) ? time + someSeconds(random) : time + 1 + random.below(90);
          const step = nextStep(context, world, now);
          const about = `seed ${seed}, batch ${batch}, step ${each} at ${now}: ${step.name} ${step.data}`;
          world = await take(stage, world, step, now, about);
          taken.add("error" in step.expected ? `${step.name} refused: ${step.expected.error}` : step.name);
          time = await stage.latest();
        }
        const now = momentAfter(random, world, time);
        const state = authorityAt(world, now);
        const calls = someCalls(random, stage, world, now, callsOfBatch);
        const answers = await askContracts(stage, calls, now);
        calls.forEach((call, index) => {
          const answer = answerOf(state, call, now);
          if (encodeAnswer(answer) !== answers[index]) {
            const about = `seed ${seed}, batch ${batch}, call ${index} at ${now}: ${JSON.stringify(call)}`;
            expect(answers[index]?.match(/.{64}/g), about).to.deep.equal(encodeAnswer(answer).match(/.{64}/g));
          }
          for (const outcome of outcomesOf(state, call, now)) asked.add(outcome);
          answered += 1;
        });
      }
    });
  }

  it(`iMO-001: given all of them, it was ${pairs} pairs, and every verdict and boundary was met often enough`, () => {
    const counts = [...asked.entries(), ...taken.entries()].map(([name, count]) => `${name}: ${count}`).join("\n");
    if (process.env["MANDATE_SHOW_COUNTS"] !== undefined) console.log(counts);
    expect(answered).to.equal(pairs);
    const least = pairs / 1_000;
    const rare = [
      ...verdicts.map((verdict) => `verdict ${verdict}`),
      ...boundaries.map((boundary) => `boundary ${boundary}`),
      "at once",
      "consumes",
      "charges impact",
    ].filter((name) => asked.of(name) < least);
    expect(rare, counts).to.deep.equal([]);
    expect(asked.of("passes by approval"), counts).to.be.at.least(20);
  });
});
