/** A whole organization over the real contracts: authority, constitution, teams, catalog, escalations, and a target. */
import { encodeBytes32String, id, ZeroAddress, type AddressLike } from "ethers";
import hre from "hardhat";

import { day, minAdminDelaySeconds, Roles } from "./authority.ts";
import { ImpactKind } from "./catalog.ts";
import { Parameters } from "./escalations.ts";
import { newAuthority } from "./new-authority.ts";

/** Seconds between the announcement of a change of the constitution and its effect. */
export const changeDelaySeconds = 2 * day;

/** What the teams of the organization may do by themselves: 1,000 units of account a day (as they are, without decimals). */
export const dailyImpact = 1000;

/** Teams: the root office, and two that escalate to it. Each has an anchor of its own. */
export const office = { root: 1, first: 2, second: 3 } as const;

const deadlineSeconds = 3 * day;
const usableSeconds = day;

/**
 * Deploys on a chain of its own. `admin` is the first admin, who has not renounced, and holds the offices; `liveness` stands for
 * the contract Anchors; `granter` gives grants for `guarded` of the target, whose impact is its argument.
 */
export async function deployOrganization() {
  const connection = await hre.network.create();
  const { ethers, networkHelpers } = connection;
  const [admin, liveness, granter, agent, colleague, root, first, second, outsider] = await ethers.getSigners();
  if (!admin || !liveness || !granter || !agent || !colleague || !root || !first || !second || !outsider) {
    throw new Error("too few signers");
  }
  const authority = await newAuthority(ethers, admin, minAdminDelaySeconds);
  const constitution = await ethers.deployContract("Constitution", [authority, changeDelaySeconds]);
  const teams = await ethers.deployContract("Teams", [authority, constitution]);
  await constitution.wireTeams(teams);
  const catalog = await ethers.deployContract("ActionCatalog", [authority]);
  const anchors = await ethers.deployContract("Anchors", [authority, 30 * day]);
  const escalations = await ethers.deployContract("Escalations", [authority, teams, anchors, constitution]);
  await authority.setEscalations(escalations);
  const target = await ethers.deployContract("ManagedMock", [authority]);
  const guarded = target.interface.getFunction("guarded").selector;

  const stands: [name: string, role: bigint, holder: AddressLike][] = [
    ["setAnchorLiveness", 2n, liveness],
    ["setActionFacts", 10n, catalog],
    ["setCapability", 10n, catalog],
    ["setTeamLimits", 11n, teams],
    ["setRate", 12n, constitution],
  ];
  for (const [name, role, holder] of stands) {
    const { selector } = authority.interface.getFunction(name as "setRate");
    await authority.setTargetFunctionRole(authority, [selector], role);
    await authority.grantRole(role, holder, 0);
  }
  await authority.grantRole(Roles.GRANTER, granter, 0);
  await authority.setTargetFunctionRole(target, [guarded], Roles.GRANT);
  await authority.setActionGranter(target, guarded, Roles.GRANTER);
  await catalog.registerAction(
    {
      target: target.target,
      signature: "guarded(uint256)",
      impact: ImpactKind.Amount,
      fixedImpact: 0,
      amountWord: 0,
      assetWord: 0,
      scope: encodeBytes32String("work"),
      reversibility: 80,
      inverseTarget: ZeroAddress,
      inverseSelector: "0x00000000",
    },
    id("reason"),
  );

  const percent = { stricter: 1, kernel: true, cone: true, minimum: 0, maximum: 100 };
  const impact = { ...percent, stricter: 0, maximum: 10n ** 12n };
  const seconds = { ...impact, cone: false, minimum: 60, maximum: 30 * day };
  for (const [parameter, terms, value] of [
    [Parameters.CONE_MAX_IMPACT, impact, 100_000],
    [Parameters.CONE_MIN_REVERSIBILITY, percent, 0],
    [Parameters.ESCALATION_DEADLINE_SECONDS, seconds, deadlineSeconds],
    [Parameters.ESCALATION_USABLE_SECONDS, seconds, usableSeconds],
  ] as const) {
    await constitution.defineParameter(parameter, terms, value, id("reason"));
  }
  const now = await networkHelpers.time.latest();
  for (const anchor of [root, first, second]) {
    await authority.connect(liveness).setAnchorLiveness(anchor, now + 300 * day);
  }
  const cones = [
    { maxImpact: 0, scopes: 0, minReversibility: 100 },
    { maxImpact: dailyImpact, scopes: 1, minReversibility: 50 },
    { maxImpact: 5 * dailyImpact, scopes: 1, minReversibility: 50 },
  ];

  /** Opens a team at the middle tier that escalates to the root; returns its number. */
  async function openTeam(place: string, anchor: AddressLike): Promise<number> {
    const everyTrigger = 7;
    await teams.openTeam(encodeBytes32String(place), anchor, cones, 1, [office.root], everyTrigger, id("reason"));
    return Number(await teams.teamCount());
  }
  await openTeam("ROOT", root);
  await openTeam("FIRST", first);
  await openTeam("SECOND", second);

  /** Opens a task of a team by its anchor; it lasts a week. */
  async function openTask(team: number, by: typeof root) {
    const deadline = (await networkHelpers.time.latest()) + 7 * day;
    const task = await authority.connect(by).openTask.staticCall(team, id("purpose"), deadline);
    await authority.connect(by).openTask(team, id("purpose"), deadline);
    return { task, deadline };
  }

  const holder = agent.address; // narrowed for the closure below
  /** Gives `agent`, unless told otherwise, a grant for `guarded` that ends with the task. */
  async function give(
    { task, deadline }: { task: bigint; deadline: number },
    changes: { grantee?: string; uses?: number; cap?: number } = {},
  ) {
    const request = { grantee: holder, uses: 0, cap: 0, ...changes };
    const window = { notBefore: 0, notAfter: deadline };
    await authority.connect(granter).grant({ task, target: target.target, selector: guarded, ...window, ...request });
  }

  const people = { admin, liveness, granter, agent, colleague, root, first, second, outsider };
  const contracts = { authority, constitution, teams, catalog, escalations, target };
  return {
    ...connection,
    ...people,
    ...contracts,
    guarded,
    cones,
    openTeam,
    openTask,
    give,
    provider: ethers.provider,
  };
}
