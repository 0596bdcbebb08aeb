/** The same random steps on Authority and on OpenZeppelin's AccessManager: the same results, return data, errors and events. */
import { expect } from "chai";
import { AbiCoder, Interface, keccak256, toQuantity, type Addressable } from "ethers";
import hre from "hardhat";

import { expectJournalComplete } from "../../../support/journal.ts";
import {
  ManagerSteps,
  stepRoles,
  stepSelectors,
  type ManagerStep,
  type ManagerWorld,
} from "../../../support/manager-steps.ts";
import { authorityLibraries, newAuthority } from "../../../support/new-authority.ts";
import { deployOpenZeppelinManager } from "../../../support/open-zeppelin-manager.ts";

const leastAdminDelay = 60;
const start = 2_000_000_000;
const stepsOfRun = 300;
const readEvery = 10;

/** What a step did, all of which must be the same. */
interface Outcome {
  done: boolean;
  returned: string;
  logs: { address: string; topics: readonly string[]; data: string }[];
}

/** A chain of its own on which one of the two managers stands, with the same accounts at the same addresses. */
async function deployChain(which: "Authority" | "AccessManager") {
  const connection = await hre.network.create();
  const { ethers, networkHelpers, provider } = connection;
  const [admin, ...others] = (await ethers.getSigners()).slice(0, 5);
  if (!admin) throw new Error("too few signers");
  const libraries = await authorityLibraries(ethers);
  await networkHelpers.time.increaseTo(start);
  const manager =
    which === "Authority"
      ? await (await newAuthority(ethers, admin, leastAdminDelay, libraries)).getAddress()
      : await deployOpenZeppelinManager(admin, admin.address);
  const probes = [
    await ethers.deployContract("ManagedProbe", [manager], admin),
    await ethers.deployContract("ManagedProbe", [manager], admin),
  ];
  const consumer = await ethers.deployContract("ConsumeProbe", admin);
  const world: ManagerWorld = {
    manager,
    people: [admin, ...others].map(({ address }) => address),
    probes: await Promise.all(probes.map((probe) => probe.getAddress())),
    consumer: await consumer.getAddress(),
  };
  const call = (step: Pick<ManagerStep, "from" | "to" | "data" | "value">, block: "pending" | "latest") =>
    provider.request({
      method: "eth_call",
      params: [{ from: step.from, to: step.to, data: step.data, value: toQuantity(step.value) }, block],
    }) as Promise<string>;

  /** Makes the step if it would succeed; what it returns, or why it fails, is known before. */
  async function take(step: ManagerStep): Promise<Outcome> {
    await networkHelpers.time.setNextBlockTimestamp(step.time);
    let returned: string;
    try {
      returned = await call(step, "pending");
    } catch (error) {
      await networkHelpers.mine();
      return { done: false, returned: revertDataOf(error), logs: [] };
    }
    const sender = await ethers.getSigner(step.from);
    const { to, data, value } = step;
    const sent = await sender.sendTransaction({ to, data, value, gasLimit: 3_000_000 });
    const receipt = await sent.wait();
    const logs = (receipt?.logs ?? []).map((log) => ({ address: log.address, topics: log.topics, data: log.data }));
    return { done: true, returned, logs };
  }
  return { ...connection, world, call, take };
}

function revertDataOf(error: unknown): string {
  if (error instanceof Error && "data" in error && typeof error.data === "string") return error.data;
  throw error;
}

const reads = new Interface([
  "function getRoleAdmin(uint64)",
  "function getRoleGuardian(uint64)",
  "function getRoleGrantDelay(uint64)",
  "function getAccess(uint64, address)",
  "function hasRole(uint64, address)",
  "function isTargetClosed(address)",
  "function getTargetAdminDelay(address)",
  "function getTargetFunctionRole(address, bytes4)",
  "function canCall(address, address, bytes4)",
  "function getSchedule(bytes32)",
  "function getNonce(bytes32)",
  "function hashOperation(address, address, bytes)",
  "function multicall(bytes[])",
]);

/** Every getter, for everything that the world holds, as one call. */
function readEverything({ world, scheduled }: { world: ManagerWorld; scheduled: ManagerSteps["scheduled"] }): string {
  const accounts = [...world.people, ...world.probes, world.consumer, world.manager];
  const calls: string[] = [];
  const read = (name: string, ...args: unknown[]) => calls.push(reads.encodeFunctionData(name, args));
  for (const role of stepRoles) {
    for (const name of ["getRoleAdmin", "getRoleGuardian", "getRoleGrantDelay"]) read(name, role);
    for (const account of accounts) for (const name of ["getAccess", "hasRole"]) read(name, role, account);
  }
  for (const target of [...world.probes, world.manager, world.consumer]) {
    for (const name of ["isTargetClosed", "getTargetAdminDelay"]) read(name, target);
    for (const selector of stepSelectors) {
      read("getTargetFunctionRole", target, selector);
      for (const account of accounts) read("canCall", account, target, selector);
    }
  }
  for (const { caller, target, data } of scheduled) {
    read("hashOperation", caller, target, data);
    for (const name of ["getSchedule", "getNonce"]) read(name, operationOf(caller, target, data));
  }
  return reads.encodeFunctionData("multicall", [calls]);
}

function operationOf(caller: string, target: string | Addressable, data: string): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(["address", "address", "bytes"], [caller, target, data]));
}

describe("Authority and AccessManager, step by step", function () {
  this.timeout(300_000);
  const seen = { done: 0, refused: new Map<string, number>(), events: new Map<string, number>() };
  const count = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1);

  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    it(`given ${stepsOfRun} random steps (seed ${seed}): the same results, return data, errors, events and state`, async () => {
      const [ours, original] = [await deployChain("Authority"), await deployChain("AccessManager")];
      expect(ours.world).to.deep.equal(original.world);
      const { world } = ours;
      const now = Math.max(await ours.networkHelpers.time.latest(), await original.networkHelpers.time.latest());
      const steps = new ManagerSteps(seed, world, now, leastAdminDelay);
      const { scheduled } = steps;
      const read = (chain: typeof ours, data: string) =>
        chain.call({ from: world.people[0] ?? "", to: world.manager, data, value: 0n }, "latest");

      for (let index = 1; index <= stepsOfRun; index++) {
        const step = await steps.next(async (operation) =>
          Number(await read(original, reads.encodeFunctionData("getSchedule", [operation]))),
        );
        const expected = await original.take(step);
        const outcome = await ours.take(step);
        expect(
          outcome,
          `step ${index}: ${JSON.stringify(step, (_, value: unknown) => (typeof value === "bigint" ? Number(value) : value))}`,
        ).to.deep.equal(expected);
        if (expected.done) {
          steps.done(step);
          seen.done += 1;
        } else count(seen.refused, expected.returned.slice(0, 10));
        for (const { topics } of expected.logs) count(seen.events, topics[0] ?? "");
        if (index % readEvery !== 0) continue;
        const everything = readEverything({ world, scheduled });
        expect(await read(ours, everything), `state after step ${index}`).to.equal(await read(original, everything));
      }
      const authority = await ours.ethers.getContractAt("Authority", world.manager);
      await expectJournalComplete(ours.ethers.provider, authority);
    });
  }

  it("the steps above met every event of AccessManager and every refusal of a caller", async () => {
    const { abi } = await hre.artifacts.readArtifact("Authority");
    const manager = new Interface(abi);
    const events = [
      ...["OperationScheduled", "OperationExecuted", "OperationCanceled", "RoleLabel", "RoleGranted", "RoleRevoked"],
      ...["RoleAdminChanged", "RoleGuardianChanged", "RoleGrantDelayChanged", "TargetClosed"],
      ...["TargetFunctionRoleUpdated", "TargetAdminDelayUpdated"],
    ];
    for (const name of events) expect(seen.events, name).to.include.keys(manager.getEvent(name)?.topicHash ?? name);
    const refusals = [
      ...["AlreadyScheduled", "NotScheduled", "NotReady", "Expired", "LockedRole", "LockedFunction"],
      ...["BadConfirmation", "UnauthorizedAccount", "UnauthorizedCall", "UnauthorizedConsume", "UnauthorizedCancel"],
    ];
    for (const name of refusals) {
      expect(seen.refused, name).to.include.keys(manager.getError(`AccessManager${name}`)?.selector ?? name);
    }
    expect(seen.done, "steps that did something").to.be.greaterThan(400);
  });
});
