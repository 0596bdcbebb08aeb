/** Random steps with the constitution's values and the teams' tiers and cones. */
import { id } from "ethers";

import type { Hex } from "../../../src/core/hex.ts";
import {
  cancelChange,
  consent,
  enactChange,
  proposeChange,
  setTeamValue,
  type ParameterChange,
} from "../../../src/org/policy/constitution.ts";
import { loweredTier, raisedTier, tierAfterNewCones, type Cone } from "../../../src/org/policy/team-cone.ts";
import { reason, teamNumbers } from "./scenery.ts";
import { changeDelaySeconds } from "./stage.ts";
import { anybody, stepOf, type Expected, type Step, type StepContext } from "./step.ts";
import { withParameter, withTeam, type ParameterName, type World } from "./world.ts";

export function changeSomeParameter(context: StepContext, world: World, now: number): Step | undefined {
  const random = context.random;
  const name = random.pick([
    "cone.maxImpact",
    "cone.maxImpact",
    "cone.minReversibility",
    "escalation.usableSeconds",
  ] as const);
  const parameter = world.parameters[name];
  const team = random.pick(teamNumbers);
  const anchor = world.teams.get(team)?.anchor ?? anybody(context);
  const isLive = (world.authority.anchors.get(anchor) ?? 0) > now;
  const { minimum, maximum } = parameter.terms;
  const value = random.pick([minimum, maximum, minimum + random.belowBig(maximum - minimum + 1n), maximum + 1n]);
  const make = (made: string, from: Hex, args: readonly unknown[], change: ParameterChange): Step =>
    stepOf(context, made, from, "constitution", args, afterParameterChange(world, name, change));
  const pendingOffice = parameter.pending.has(0);
  const way = random.next();
  if (way < 0.2) {
    const terms = { value, openTeams: world.teams.size, teamCount: world.teams.size, delay: changeDelaySeconds };
    return make(
      "proposeChange",
      context.stage.people.admin,
      [id(name), value, reason],
      proposeChange(parameter, terms, now),
    );
  }
  if (way < 0.45 && pendingOffice && isLive) {
    return make("consent", anchor, [id(name), team], consent(parameter, team, now));
  }
  const of = random.pick([0, 0, team]);
  if (way < 0.5 && isLive) {
    return make("cancelChange", anchor, [id(name), team, reason], cancelChange(parameter, team, now));
  }
  if (way < 0.75) return make("enactChange", anybody(context), [id(name), of], enactChange(parameter, of, now));
  if (!isLive) return undefined;
  const change = setTeamValue(parameter, { team, value, delay: changeDelaySeconds }, now);
  return make("setTeamValue", anchor, [team, id(name), value, reason], change);
}

function afterParameterChange(world: World, name: ParameterName, change: ParameterChange): Expected {
  return change.done ? { world: withParameter(world, name, change.parameter) } : { error: change.error };
}

export function changeSomeTier(context: StepContext, world: World, now: number): Step | undefined {
  const random = context.random;
  const team = random.pick(teamNumbers);
  const terms = world.teams.get(team);
  const present = terms?.cones[terms.tier];
  if (terms === undefined || present === undefined) return undefined;
  const { admin, anchors } = context.stage.people;
  const way = random.next();
  if (way < 0.12) {
    const lowered = withTeam(world, team, { ...terms, tier: loweredTier(terms.tier) });
    return stepOf(context, "lowerTier", admin, "teams", [team, random.below(3), reason], { world: lowered });
  }
  if (way < 0.8) {
    const root = anchors[0] ?? admin;
    if ((world.authority.anchors.get(root) ?? 0) <= now) return undefined;
    const tier = raisedTier(terms.tier, terms.cones.length);
    const expected =
      tier === undefined ? { error: "TeamsInvalidTier" } : { world: withTeam(world, team, { ...terms, tier }) };
    return stepOf(context, "raiseTier", root, "teams", [team, reason], expected);
  }
  const cones = someCones(context);
  const tier = tierAfterNewCones(present, terms.tier, cones);
  const expected =
    tier === undefined ? { error: "TeamsConesWiden" } : { world: withTeam(world, team, { ...terms, cones, tier }) };
  return stepOf(context, "setCones", admin, "teams", [team, cones, reason], expected);
}

/** Three tiers, the lowest of them empty so that new cones can always be set. */
export function someCones(context: StepContext): readonly Cone[] {
  const random = context.random;
  const maxImpact = random.pick([10n ** 8n, 10n ** 9n, 3n * 10n ** 8n]);
  const scopes = random.pick([0xffffffff, 0xffffffff, 0b100111, 0x80000003]);
  const minReversibility = random.pick([0, 0, 30, 50]);
  return [
    { maxImpact: 0n, scopes: 0, minReversibility: 100 },
    {
      maxImpact: maxImpact / 2n,
      scopes: scopes & 0x7fffffff,
      minReversibility: Math.min(100, minReversibility + 10),
    },
    { maxImpact, scopes, minReversibility },
  ];
}
