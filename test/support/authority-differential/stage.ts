/** The real contracts with which the model is compared, and the state of the model that is the same as theirs. */
import { id, toQuantity, type Interface } from "ethers";
import hre from "hardhat";

import type { Hex } from "../../../src/core/hex.ts";
import { emptyAuthority, memberKey } from "../../../src/org/authority/state.ts";
import type { Stricter } from "../../../src/org/policy/effective-value.ts";
import { newAuthority } from "../new-authority.ts";
import type { ParameterName, World } from "./world.ts";

export const start = 2_000_000_000;
export const day = 86_400;
export const changeDelaySeconds = 3_600;
const granterRole = 40n;
const reason = id("reason");

/** As the constitution defines them; kernel ones take consents. */
const parameters: Record<
  ParameterName,
  { stricter: Stricter; kernel: boolean; cone: boolean; minimum: bigint; maximum: bigint; value: bigint }
> = {
  "cone.maxImpact": {
    stricter: "Lower",
    kernel: true,
    cone: true,
    minimum: 0n,
    maximum: 10n ** 9n,
    value: 5n * 10n ** 8n,
  },
  "cone.minReversibility": { stricter: "Higher", kernel: true, cone: true, minimum: 0n, maximum: 100n, value: 20n },
  "escalation.deadlineSeconds": {
    stricter: "Lower",
    kernel: false,
    cone: false,
    minimum: 600n,
    maximum: 600_000n,
    value: 259_200n,
  },
  "escalation.usableSeconds": {
    stricter: "Lower",
    kernel: false,
    cone: false,
    minimum: 600n,
    maximum: 600_000n,
    value: 86_400n,
  },
};

/** Whom a step can be by. */
export interface People {
  readonly admin: Hex;
  /** Stands for the contract Anchors, as far as it writes who is live. */
  readonly liveness: Hex;
  readonly granters: readonly Hex[];
  readonly anchors: readonly Hex[];
  readonly agents: readonly Hex[];
}

export async function deployStage() {
  const connection = await hre.network.create();
  const { ethers, networkHelpers, provider } = connection;
  const signers = (await ethers.getSigners()).slice(0, 12);
  const [admin, liveness, ...rest] = signers.map(({ address }) => address.toLowerCase() as Hex);
  if (!admin || !liveness) throw new Error("too few signers");
  const people: People = {
    admin,
    liveness,
    granters: rest.slice(0, 2),
    anchors: rest.slice(2, 6),
    agents: rest.slice(6, 9),
  };
  await networkHelpers.time.increaseTo(start);
  const authority = await newAuthority(ethers, admin, 60);
  const constitution = await ethers.deployContract("Constitution", [authority, changeDelaySeconds]);
  const teams = await ethers.deployContract("Teams", [authority, constitution]);
  const anchors = await ethers.deployContract("Anchors", [authority, 30 * day]);
  const escalations = await ethers.deployContract("Escalations", [authority, teams, anchors, constitution]);
  const probe = await ethers.deployContract("DecisionProbe");
  const called = [1, 2].map(() => ethers.deployContract("AnyFunction", [authority]));
  const withCode = await Promise.all(
    (await Promise.all(called)).map(async (each) => (await each.getAddress()).toLowerCase() as Hex),
  );

  const writers = [
    [2n, ["setAnchorLiveness"], liveness],
    [11n, ["setTeamLimits"], teams],
    [12n, ["setRate"], constitution],
  ] as const;
  for (const [role, names, account] of writers) {
    const selectors = names.map((name) => authority.interface.getFunction(name).selector);
    await authority.setTargetFunctionRole(authority, selectors, role);
    await authority.grantRole(role, account, 0);
  }
  await authority.setEscalations(escalations);
  await constitution.wireTeams(teams);
  for (const [name, { stricter, kernel, cone, minimum, maximum, value }] of Object.entries(parameters)) {
    const terms = { stricter: stricter === "Lower" ? 0 : 1, kernel, cone, minimum, maximum };
    await constitution.defineParameter(id(name), terms, value, reason);
  }
  for (const granter of people.granters) await authority.grantRole(granterRole, granter, 0);
  const since = await networkHelpers.time.latest();

  const world: World = {
    authority: {
      ...emptyAuthority,
      members: new Map([
        [memberKey(0n, admin), { since: 0, executionDelay: 0 }],
        ...people.granters.map((granter) => [memberKey(granterRole, granter), { since, executionDelay: 0 }] as const),
      ]),
    },
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([name, { stricter, kernel, minimum, maximum, value }]) => [
        name,
        { terms: { stricter, kernel, minimum, maximum }, values: new Map([[0, value]]), pending: new Map() },
      ]),
    ) as unknown as World["parameters"],
    teams: new Map(),
    escalations: new Map(),
  };

  const addressOf = async (contract: { getAddress(): Promise<string> }) =>
    (await contract.getAddress()).toLowerCase() as Hex;
  const addresses = {
    authority: await addressOf(authority),
    constitution: await addressOf(constitution),
    teams: await addressOf(teams),
    escalations: await addressOf(escalations),
    probe: await addressOf(probe),
  };
  const interfaces = {
    authority: authority.interface as unknown as Interface,
    constitution: constitution.interface as unknown as Interface,
    teams: teams.interface as unknown as Interface,
    escalations: escalations.interface as unknown as Interface,
    probe: probe.interface as unknown as Interface,
  };

  /** What a call at that time would return, or the data with which it would revert. */
  async function callAt(time: number, from: Hex, to: Hex, data: string): Promise<{ done: boolean; data: string }> {
    await networkHelpers.time.setNextBlockTimestamp(time);
    try {
      const returned = await provider.request({ method: "eth_call", params: [{ from, to, data }, "pending"] });
      return { done: true, data: returned as string };
    } catch (error) {
      if (error instanceof Error && "data" in error && typeof error.data === "string") {
        return { done: false, data: error.data };
      }
      throw error;
    }
  }

  /** Makes the call in a block of its own, at that time. */
  async function send(time: number, from: Hex, to: Hex, data: string): Promise<void> {
    await networkHelpers.time.setNextBlockTimestamp(time);
    const transaction = { from, to, data, gas: toQuantity(5_000_000) };
    const hash = await provider.request({ method: "eth_sendTransaction", params: [transaction] });
    const receipt = (await provider.request({ method: "eth_getTransactionReceipt", params: [hash] })) as {
      status: string;
    };
    if (receipt.status !== "0x1") throw new Error("a call that would succeed has failed");
  }

  const latest = () => networkHelpers.time.latest();
  return { people, world, withCode, addresses, interfaces, callAt, send, latest };
}

export type Stage = Awaited<ReturnType<typeof deployStage>>;
