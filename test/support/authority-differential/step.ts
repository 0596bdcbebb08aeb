/** What a random step is, and what every kind of step needs to make one. */
import type { Hex } from "../../../src/core/hex.ts";
import type { Change } from "../../../src/org/authority/task-life.ts";
import type { SeededRandom } from "../../../src/core/seeded-random.ts";
import type { Stage } from "./stage.ts";
import type { World } from "./world.ts";

/** The world after a step, or the name of the error with which it is refused. */
export type Expected = { readonly world: World } | { readonly error: string };

export interface Step {
  readonly name: string;
  readonly from: Hex;
  readonly to: Hex;
  readonly data: string;
  readonly expected: Expected;
}

export interface StepContext {
  readonly stage: Stage;
  readonly random: SeededRandom;
  readonly targets: readonly Hex[];
}

/** Makes a step for the world as it is and the time at which it is made; undefined where there is nothing to do. */
export type StepMaker = (context: StepContext, world: World, now: number) => Step | undefined;

export function stepOf(
  context: StepContext,
  name: string,
  from: Hex,
  contract: keyof Stage["addresses"],
  args: readonly unknown[],
  expected: Expected,
): Step {
  const data = context.stage.interfaces[contract].encodeFunctionData(name, args);
  return { name, from, to: context.stage.addresses[contract], data, expected };
}

export function afterChange(world: World, change: Change): Expected {
  return change.done ? { world: { ...world, authority: change.state } } : { error: change.error };
}

export function anybody(context: StepContext): Hex {
  const { people } = context.stage;
  return context.random.pick([...people.anchors, ...people.agents, ...people.granters]);
}

export function mostly(context: StepContext, usual: Hex): Hex {
  return context.random.chance(0.93) ? usual : anybody(context);
}
