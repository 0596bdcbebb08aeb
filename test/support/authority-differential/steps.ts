/** Random steps of people and contracts: what is sent, and what the model says of it. */
import type { Hex } from "../../../src/core/hex.ts";
import type { SeededRandom } from "../../../src/core/seeded-random.ts";
import {
  closeOrReopen,
  factsStep,
  granterStep,
  joinOrLeave,
  rateStep,
  roleStep,
  setSomeFacts,
  setSomeGranter,
  setSomeRate,
  setSomeRole,
  someFacts,
} from "./action-steps.ts";
import { escalateSomething } from "./escalation-steps.ts";
import { changeSomeParameter, changeSomeTier, someCones } from "./policy-steps.ts";
import { assets, GRANT, granterRole, reason, selectors, targetsOf, teamNumbers } from "./scenery.ts";
import { day, type Stage } from "./stage.ts";
import { stepOf, type Step, type StepContext, type StepMaker } from "./step.ts";
import {
  callSomething,
  endSomeGrant,
  endSomeTask,
  giveSomeGrant,
  livenessStep,
  openSomeTask,
  setSomeLiveness,
} from "./task-steps.ts";
import { withTeam, type World } from "./world.ts";

/** How often each kind of step is thought of. */
const makers: readonly (readonly [number, StepMaker])[] = [
  [10, openSomeTask],
  [2, endSomeTask],
  [26, giveSomeGrant],
  [2, endSomeGrant],
  [4, setSomeLiveness],
  [7, setSomeFacts],
  [4, setSomeRole],
  [1, setSomeGranter],
  [2, closeOrReopen],
  [2, joinOrLeave],
  [30, callSomething],
  [6, setSomeRate],
  [6, changeSomeParameter],
  [5, changeSomeTier],
  [14, escalateSomething],
];

/** The next step for the world as it is, made at `now`. */
export function nextStep(context: StepContext, world: World, now: number): Step {
  const total = makers.reduce((sum, [weight]) => sum + weight, 0);
  for (;;) {
    let ticket = context.random.below(total);
    const made = makers.find(([weight]) => (ticket -= weight) < 0)?.[1](context, world, now);
    if (made !== undefined) return made;
  }
}

export function contextOf(stage: Stage, random: SeededRandom): StepContext {
  return { stage, random, targets: targetsOf(stage) };
}

/** Steps with which every run begins: live anchors, three teams, functions under grants, assets. */
export function openingSteps(context: StepContext): readonly StepMaker[] {
  const { people } = context.stage;
  const anchors = people.anchors.map((anchor): StepMaker => {
    return (_, world, now) => livenessStep(context, world, now, anchor, now + 20 * day);
  });
  const teams = teamNumbers.map((team): StepMaker => {
    return (_, world) => {
      const anchor = people.anchors[team - 1] ?? people.admin;
      const path = team === 3 ? [2, 1] : [1];
      const cones = someCones(context);
      const place = `0x${Buffer.from(`G1.U1.P${team}`).toString("hex").padEnd(64, "0")}`;
      const args = [place, anchor, cones, 2, path, 7, reason];
      const opened = withTeam(world, team, { anchor, cones, tier: 2, path });
      return stepOf(context, "openTeam", people.admin, "teams", args, { world: opened });
    };
  });
  const everyFunction = (make: (world: World, target: Hex, selector: Hex) => Step): StepMaker[] =>
    context.targets.flatMap((target) =>
      selectors.map(
        (selector): StepMaker =>
          (_, world) =>
            make(world, target, selector),
      ),
    );
  const defined = assets.map((asset): StepMaker => {
    const args = [asset, 1n, 2n ** 128n - 1n];
    return (_, world) => stepOf(context, "defineAsset", people.admin, "constitution", args, { world });
  });
  const rates = assets.slice(0, 2).map(
    (asset): StepMaker =>
      (_, world, now) =>
        rateStep(context, world, now, asset),
  );
  return [
    ...anchors,
    ...teams,
    ...everyFunction((world, target, selector) => roleStep(context, world, target, selector, GRANT)),
    ...everyFunction((world, target, selector) => granterStep(context, world, target, selector, granterRole)),
    ...everyFunction((world, target, selector) => factsStep(context, world, target, selector, someFacts(context, 0))),
    ...defined,
    ...rates,
  ];
}
