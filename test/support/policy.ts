/** Constitution and teams over a real authority: where the tests of policy begin. */
import { encodeBytes32String, id, type AddressLike, type BigNumberish, type ContractTransactionResponse } from "ethers";
import hre from "hardhat";

import { day, minAdminDelaySeconds, Roles } from "./authority.ts";
import { newAuthority, type Authority } from "./new-authority.ts";

type Ethers = Awaited<ReturnType<typeof hre.network.create>>["ethers"];

/** `IConstitution.Stricter`. */
export const Stricter = { Lower: 0, Higher: 1 } as const;

/** `ITeams.TeamStatus`. */
export const TeamStatus = { None: 0n, Open: 1n, Closed: 2n } as const;

/** `ITeams.Trigger`. */
export const Trigger = { BreakerTripped: 0, AttestationOverturned: 1, ChallengeUpheld: 2 } as const;

export const everyTrigger = 0b111;

/** The roles that offices hold in these tests. */
export const offices = { structure: 13n, policy: 14n, valuation: 15n, ratchet: 16n } as const;

/** Seconds between the announcement of a change and the first in which it can be enacted, in the tests. */
export const changeDelaySeconds = 2 * day;

/** Seconds for which a change can be enacted. */
export const enactableForSeconds = 14 * day;

export const parameter = {
  maxImpact: id("cone.maxImpact"),
  minReversibility: id("cone.minReversibility"),
  deadline: id("escalation.deadlineSeconds"),
  usable: id("escalation.usableSeconds"),
} as const;

/** `IConstitution.Terms`. */
export interface Terms {
  stricter: (typeof Stricter)[keyof typeof Stricter];
  kernel: boolean;
  cone: boolean;
  minimum: number;
  maximum: number;
}

/** Of the parameter on impact, in the tests: values from 100 to 1,000,000; of the kernel. */
export const impactTerms: Terms = {
  stricter: Stricter.Lower,
  kernel: true,
  cone: true,
  minimum: 100,
  maximum: 1_000_000,
};
export const reversibilityTerms: Terms = {
  stricter: Stricter.Higher,
  kernel: true,
  cone: true,
  minimum: 0,
  maximum: 100,
};
/** No kernel: its office value changes without consensus. */
export const deadlineTerms: Terms = {
  stricter: Stricter.Lower,
  kernel: false,
  cone: false,
  minimum: 60,
  maximum: 30 * day,
};

export interface Cone {
  maxImpact: number;
  scopes: number;
  minReversibility: number;
}

/** Three tiers, each contained in the next. */
export const cones: Cone[] = [
  { maxImpact: 0, scopes: 0, minReversibility: 100 },
  { maxImpact: 5_000, scopes: 0b011, minReversibility: 60 },
  { maxImpact: 20_000, scopes: 0b111, minReversibility: 40 },
];

/** A place's name in one word. */
export const place = encodeBytes32String;

/** Constitution and teams, wired to each other and trusted by the authority; nothing defined, nobody opened. */
export async function newPolicy(ethers: Ethers, authority: Authority, delaySeconds: number) {
  const constitution = await ethers.deployContract("Constitution", [authority, delaySeconds]);
  const teams = await ethers.deployContract("Teams", [authority, constitution]);
  for (const [role, contract, name] of [
    [Roles.TEAMS, teams, "setTeamLimits"],
    [Roles.RATES, constitution, "setRate"],
  ] as const) {
    await authority.setTargetFunctionRole(authority, [authority.interface.getFunction(name).selector], role);
    await authority.grantRole(role, contract, 0);
  }
  await constitution.wireTeams(teams);
  return { constitution, teams };
}

/**
 * Deploys on a chain of its own, with four offices and five live anchors: `anchors[0]` is the root's. `liveness` stands for the
 * contract Anchors. Three parameters are defined; no team is open.
 */
export async function deployPolicy() {
  const connection = await hre.network.create();
  const { ethers, networkHelpers } = connection;
  const [admin, liveness, structure, policy, valuation, ratchet, outsider, ...people] = await ethers.getSigners();
  if (!admin || !liveness || !structure || !policy || !valuation || !ratchet || !outsider) {
    throw new Error("too few signers");
  }
  const authority = await newAuthority(ethers, admin, minAdminDelaySeconds);
  const { constitution, teams } = await newPolicy(ethers, authority, changeDelaySeconds);
  const setLiveness = authority.interface.getFunction("setAnchorLiveness").selector;
  await authority.setTargetFunctionRole(authority, [setLiveness], Roles.ANCHORS);
  await authority.grantRole(Roles.ANCHORS, liveness, 0);

  const permit = async (
    contract: typeof constitution | typeof teams,
    role: bigint,
    names: readonly string[],
    member: AddressLike,
  ) => {
    const selectors = names.map((name) => contract.interface.getFunction(name as never).selector);
    await authority.setTargetFunctionRole(contract, selectors, role);
    await authority.grantRole(role, member, 0);
  };
  await permit(constitution, offices.structure, ["defineParameter", "defineAsset"], structure);
  await permit(constitution, offices.policy, ["proposeChange"], policy);
  await permit(constitution, offices.valuation, ["setRate"], valuation);
  const structural = ["openTeam", "closeTeam", "setAnchor", "setPath", "setCones", "setTriggers", "addMember"];
  await permit(teams, offices.structure, [...structural, "removeMember"], structure);
  await permit(teams, offices.ratchet, ["lowerTier", "lowerTierAt"], ratchet);

  const anchors = people.slice(0, 5);
  const liveUntil = (await networkHelpers.time.latest()) + 300 * day;
  for (const anchor of anchors) await authority.connect(liveness).setAnchorLiveness(anchor, liveUntil);

  const office = constitution.connect(structure);
  await office.defineParameter(parameter.maxImpact, impactTerms, 100_000, id("first"));
  await office.defineParameter(parameter.minReversibility, reversibilityTerms, 20, id("first"));
  await office.defineParameter(parameter.deadline, deadlineTerms, 3 * day, id("first"));

  const anchorAt = (index: number) => {
    const found = anchors[index];
    if (!found) throw new Error(`no anchor ${index}`);
    return found;
  };

  /** Opens a team as the structure office: at the highest tier, answered for by the anchor of its number. */
  async function openTeam(
    changes: {
      place?: string;
      anchor?: AddressLike;
      cones?: Cone[];
      tier?: number;
      path?: number[];
      triggers?: number;
    } = {},
  ): Promise<ContractTransactionResponse> {
    const number = Number(await teams.teamCount()) + 1;
    return teams
      .connect(structure)
      .openTeam(
        changes.place ?? place(`P${number}`),
        changes.anchor ?? anchorAt((number - 1) % anchors.length),
        changes.cones ?? cones,
        changes.tier ?? 2,
        changes.path ?? [1],
        changes.triggers ?? everyTrigger,
        id("reason"),
      );
  }

  /** What a call's `cause` is. */
  const callId = (
    contract: typeof constitution | typeof teams,
    caller: AddressLike,
    name: string,
    args: unknown[],
  ): Promise<string> =>
    authority.hashOperation(caller, contract, contract.interface.encodeFunctionData(name as never, args as never));

  /** The limits that the authority holds a team to, and the anchor that may open its tasks. */
  async function enforced(team: BigNumberish) {
    const { anchor, limits } = await authority.teamLimits(team);
    const { maxImpact, scopes, minReversibility } = limits;
    return {
      anchor,
      cone: {
        maxImpact: Number(maxImpact),
        scopes: Number(scopes),
        minReversibility: Number(minReversibility),
      },
    };
  }

  /** Ends an anchor's life at once. */
  const lapse = (anchor: AddressLike) => authority.connect(liveness).setAnchorLiveness(anchor, 0);

  return {
    ...connection,
    provider: ethers.provider,
    ...{ admin, liveness, structure, policy, valuation, ratchet, outsider, anchors, liveUntil, anchorAt },
    ...{ authority, constitution, teams, openTeam, callId, enforced, lapse },
  };
}
