/**
 * Holds the table of guards against what was compiled and deployed. A function that is not in the table fails; so does a guard
 * that lets an outsider's call through, or refuses it for another reason than the one named.
 */
import { expect } from "chai";
import { id, ZeroAddress, ZeroHash, type BaseContract, type ParamType } from "ethers";
import hre from "hardhat";

import { journaledContracts, permissions, roleId, selectorsOf } from "../../deploy/permissions.ts";
import { capability, emptyGrant, grantable, guards, kernelParameter } from "../support/guard-table.ts";
import { newVault } from "../support/new-vault.ts";
import { harmless, letDecidePolicy, newAuthority, wideLimits } from "../support/new-authority.ts";
import {
  cones,
  everyTrigger,
  impactTerms,
  newPolicy,
  parameter,
  place,
  reversibilityTerms,
} from "../support/policy.ts";
import { parametersFrom } from "../support/oracle-stage.ts";

/** Changing functions of every deployable contract of the project, from what was compiled; libraries and mocks aside. */
async function changingFunctions(): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const name of await hre.artifacts.getAllFullyQualifiedNames()) {
    if (!name.startsWith("contracts/") || name.startsWith("contracts/mocks/")) continue;
    const { abi, bytecode, contractName } = await hre.artifacts.readArtifact(name);
    const functions = (abi as readonly { type: string; name?: string; stateMutability?: string }[])
      .filter(
        ({ type, stateMutability }) =>
          type !== "error" &&
          type !== "event" &&
          type !== "constructor" &&
          stateMutability !== "view" &&
          stateMutability !== "pure",
      )
      .map(({ type, name: functionName }) => functionName ?? type);
    if (bytecode !== "0x" && functions.length > 0) found.set(contractName, functions);
  }
  return found;
}

function emptyValue(type: ParamType): unknown {
  const { arrayChildren } = type;
  if (arrayChildren) return Array.from({ length: Math.max(type.arrayLength ?? 0, 0) }, () => emptyValue(arrayChildren));
  if (type.components) return type.components.map(emptyValue);
  if (type.type === "address") return ZeroAddress;
  if (type.type === "bool") return false;
  if (type.type === "string") return "";
  const bytes = /^bytes(\d*)$/.exec(type.type);
  return bytes ? `0x${"00".repeat(Number(bytes[1]))}` : 0;
}

async function deployAll() {
  const { ethers, networkHelpers } = await hre.network.create();
  const [deployer, anchor, outsider] = await ethers.getSigners();
  if (!deployer || !anchor || !outsider) throw new Error("too few signers");
  const authority = await newAuthority(ethers, deployer, 60);
  const anchors = await ethers.deployContract("Anchors", [authority, 86_400]);
  const catalog = await ethers.deployContract("ActionCatalog", [authority]);
  const { constitution, teams } = await newPolicy(ethers, authority, 60);
  const escalations = await ethers.deployContract("Escalations", [authority, teams, anchors, constitution]);
  const genesis = (await networkHelpers.time.latest()) + 1000;
  const operatorKeys = await ethers.deployContract("OperatorKeys", [authority]);
  const oracle = await ethers.deployContract("HeartbeatOracle", [authority, parametersFrom(genesis)]);
  const calendar = await ethers.deployContract("ReviewCalendar", [authority, genesis, 1000, 100]);
  const fund = await ethers.deployContract("ReportFund", [authority, oracle]);
  const vault = await newVault(ethers, authority, teams, calendar);
  const office = await ethers.getContractAt("BudgetOffice", await vault.office());
  const paymentOffice = await ethers.getContractAt("PaymentOffice", await vault.paymentOffice());
  const challenges = await ethers.deployContract("Challenges", [authority, oracle, vault, anchors, constitution]);
  const breaker = await ethers.deployContract("CircuitBreaker", [authority, vault, anchors, constitution, oracle]);
  const membership = await ethers.deployContract("Membership", [authority]);
  const forks = await ethers.deployContract("StrategyForks", [authority, vault]);
  const governor = await ethers.deployContract("MergeGovernor", [
    membership,
    forks,
    { votingDelaySeconds: 60, votingPeriodSeconds: 3600, executionPeriodSeconds: 3600, quorumShare: 5n * 10n ** 17n },
  ]);
  // One live anchor with one task and one grant: what an outsider meets there is its guard, not emptiness.
  const until = (await networkHelpers.time.latest()) + 86_400;
  await authority.setTargetFunctionRole(
    authority,
    [authority.interface.getFunction("setAnchorLiveness").selector],
    roleId("ANCHORS_ROLE"),
  );
  await authority.grantRole(roleId("ANCHORS_ROLE"), deployer, 0);
  await authority.setAnchorLiveness(anchor, until);
  await letDecidePolicy(authority, deployer);
  await authority.setTeamLimits(1, anchor, wideLimits);
  await authority.connect(anchor).openTask(1, ZeroHash, until);
  // A root office, and a change of the kernel that waits.
  await constitution.defineParameter(kernelParameter, impactTerms, 1000, ZeroHash);
  await constitution.defineParameter(parameter.minReversibility, reversibilityTerms, 0, ZeroHash);
  await teams.openTeam(place("root"), anchor, cones, 0, [1], everyTrigger, ZeroHash);
  for (const [name, stricter] of [
    ["breaker.outflowShare", 0],
    ["breaker.reclaimShare", 0],
    ["breaker.tripSeconds", 1],
    ["enclaves.poolShare", 0],
  ] as const) {
    const terms = { stricter, kernel: false, cone: false, minimum: 1, maximum: 1000 };
    await constitution.defineParameter(id(name), terms, 1000, ZeroHash);
  }
  await constitution.proposeChange(kernelParameter, 2000, ZeroHash);
  await authority.setTargetFunctionRole(grantable.target, [grantable.selector], roleId("GRANT_ROLE"));
  await authority.setActionFacts(grantable.target, grantable.selector, harmless);
  await authority.setCapability(capability.id, capability.hash);
  await authority.setActionGranter(grantable.target, grantable.selector, roleId("GRANTER_ROLE"));
  await authority.grantRole(roleId("GRANTER_ROLE"), deployer, 0);
  await authority.grant({ ...emptyGrant, ...grantable, task: 1, notAfter: until });
  const contracts = {
    Authority: authority,
    Anchors: anchors,
    ActionCatalog: catalog,
    Constitution: constitution,
    Teams: teams,
    Escalations: escalations,
    OperatorKeys: operatorKeys,
    HeartbeatOracle: oracle,
    ReviewCalendar: calendar,
    ReportFund: fund,
    BudgetVault: vault,
    BudgetOffice: office,
    PaymentOffice: paymentOffice,
    Challenges: challenges,
    CircuitBreaker: breaker,
    Membership: membership,
    MergeGovernor: governor,
    StrategyForks: forks,
  };
  for (const permission of permissions) {
    const target = contracts[permission.contract];
    await authority.setTargetFunctionRole(target, selectorsOf(permission), roleId(permission.role));
  }
  await authority.grantRole(roleId("FORKS_ROLE"), deployer, 0);
  const poolArguments = [ZeroHash, ZeroAddress, anchor] as const;
  const pool = await vault.openPool.staticCall(...poolArguments);
  await vault.openPool(...poolArguments);
  const attestorSet = await vault.createAttestorSet.staticCall(ZeroHash, [anchor.address], 1);
  await vault.createAttestorSet(ZeroHash, [anchor.address], 1);
  return {
    contracts: contracts as Record<string, BaseContract>,
    authority,
    outsider,
    pool,
    attestorSet,
    ethers,
  };
}

/** The role that deployment gives a function, if any. */
const roleOf = (contract: string, name: string) =>
  permissions.find((permission) => permission.contract === contract && permission.functions.includes(name))?.role;

describe("Guards", () => {
  it("every function that can change state is in the table, and nothing else is", async () => {
    const found = await changingFunctions();
    const listed = new Map(Object.entries(guards).map(([contract, functions]) => [contract, Object.keys(functions)]));
    const sorted = (map: Map<string, string[]>) =>
      Object.fromEntries([...map].sort().map(([contract, names]) => [contract, [...new Set(names)].sort()]));
    expect(sorted(listed)).to.deep.equal(sorted(found));
  });

  it("the functions with a role are those to which deployment gives one", () => {
    const deployed: readonly string[] = journaledContracts;
    const withRole = Object.entries(guards).flatMap(([contract, functions]) =>
      Object.entries(functions).flatMap(([name, { guard }]) =>
        guard === "role" && deployed.includes(contract) ? [`${contract}.${name}`] : [],
      ),
    );
    const given = permissions.flatMap(({ contract, functions }) => functions.map((name) => `${contract}.${name}`));
    expect(withRole.sort()).to.deep.equal(given.sort());
  });

  for (const [contractName, functions] of Object.entries(guards)) {
    describe(contractName, () => {
      let stage: Awaited<ReturnType<typeof deployAll>>;
      before(async () => {
        stage = await deployAll();
      });

      for (const [name, guard] of Object.entries(functions)) {
        const { refusal } = guard;
        const role = roleOf(contractName, name);
        const title = [name, guard.guard, role, guard.by].filter((part) => part !== undefined).join(", ");
        it(title, async () => {
          const { contracts, authority, outsider, ethers } = stage;
          const contract = contracts[contractName];
          if (contract === undefined) throw new Error(`${contractName} is not deployed`);
          const attempt = () => {
            if (name === "receive") return outsider.sendTransaction({ to: contract, value: 1 });
            const fragment = contract.interface.getFunction(name);
            if (fragment === null) throw new Error(`${contractName} has no function ${name}`);
            const args = guard.args?.(stage) ?? fragment.inputs.map(emptyValue);
            return contract
              .connect(outsider)
              .getFunction(fragment)
              .staticCall(...args);
          };
          if (refusal === undefined) {
            await attempt();
            return;
          }
          const refusing = contracts[guard.refusedBy ?? contractName] ?? contract;
          await expect(attempt()).to.be.revertedWithCustomError(refusing, refusal);
          if (refusal !== "AccessManagedUnauthorized" || role === undefined || role === "GRANT_ROLE") return;
          // With the role the guard is passed, whatever the function then thinks of empty arguments.
          const snapshot = await ethers.provider.send("evm_snapshot", []);
          await authority.grantRole(roleId(role), outsider, 0);
          const outcome = await attempt().then(
            () => "passed",
            (error: unknown) => String(error),
          );
          expect(outcome).not.to.include(refusal);
          await ethers.provider.send("evm_revert", [snapshot]);
        });
      }
    });
  }
});
