/** Seats, forks and their governor over a double of the vault's pools; for tests of the strategy contracts. */
import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";
import type { NetworkHelpers } from "@nomicfoundation/hardhat-network-helpers/types";
import { concat, id, toBeHex } from "ethers";

interface Connection {
  ethers: HardhatEthers;
  networkHelpers: NetworkHelpers;
}

/** Numbers of the roles, as `contracts/types/Roles.sol` has them. */
export const roles = { merge: 4n, strategy: 5n, membership: 6n };

export const governorParameters = {
  votingDelaySeconds: 60,
  votingPeriodSeconds: 600,
  executionPeriodSeconds: 120,
  quorumShare: 5n * 10n ** 17n,
};

export const parentPool = id("parent pool");
export const forkAsset = "0x00000000000000000000000000000000000a55e7";
export const parentBudget = 1_000_000n;

/** The contracts, wired as the deployment wires them; `seats` accounts are seated and the parent pool is funded. */
export async function deployStrategy({ ethers, networkHelpers }: Connection, seats = 3) {
  const [admin, anchor, office, outsider, ...others] = await ethers.getSigners();
  if (!admin || !anchor || !office || !outsider) throw new Error("no accounts");
  const voters = others.slice(0, seats);
  const authority = await ethers.deployContract("AuthorityDouble", [admin]);
  const pools = await ethers.deployContract("PoolsDouble");
  const membership = await ethers.deployContract("Membership", [authority]);
  const forks = await ethers.deployContract("StrategyForks", [authority, pools]);
  const governor = await ethers.deployContract("MergeGovernor", [membership, forks, governorParameters]);

  const selector = (name: "openFork" | "merge") => forks.interface.getFunction(name).selector;
  await authority.setTargetFunctionRole(forks, [selector("openFork")], roles.strategy);
  await authority.setTargetFunctionRole(forks, [selector("merge")], roles.merge);
  const seating = (["seat", "unseat"] as const).map((name) => membership.interface.getFunction(name).selector);
  await authority.setTargetFunctionRole(membership, seating, roles.membership);
  await authority.grantRole(roles.strategy, office, 0);
  await authority.grantRole(roles.membership, office, 0);
  await authority.grantRole(roles.merge, governor, 0);
  await authority.setAnchorLiveUntil(anchor, (await networkHelpers.time.latest()) + 1_000_000_000);
  for (const voter of voters) await membership.connect(office).seat(voter);
  await pools.mint(parentPool, forkAsset, parentBudget);
  return { admin, anchor, office, outsider, voters, authority, pools, membership, forks, governor };
}

export type StrategyStage = Awaited<ReturnType<typeof deployStrategy>>;

/** Terms of `count` branches with budgets 100, 200, … from the stewards' addresses on. */
export const branchTerms = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    steward: toBeHex(0xb0a7 + i, 20),
    budget: 100n * BigInt(i + 1),
    strategy: id(`strategy ${i}`),
  }));

/** Opens a fork of `count` branches whose deadline lies `openSeconds` ahead. */
export async function openFork(
  { networkHelpers }: Connection,
  { forks, office, anchor }: Pick<StrategyStage, "forks" | "office" | "anchor">,
  count = 2,
  openSeconds = 100_000,
) {
  const deadline = (await networkHelpers.time.latest()) + openSeconds;
  const terms = [parentPool, forkAsset, deadline, anchor.address, branchTerms(count)] as const;
  const fork = await forks.connect(office).openFork.staticCall(...terms);
  const opened = await forks.connect(office).openFork(...terms);
  return { fork, deadline, opened };
}

/** What `execute` of the governor takes for the first proposal on `fork`, or for the one that follows `earlier`. */
export function mergeAction({ forks }: Pick<StrategyStage, "forks">, fork: string, earlier?: bigint) {
  const description =
    `Merge the winner of fork ${fork}` + (earlier === undefined ? "" : ` after proposal ${toBeHex(earlier, 32)}`);
  return {
    targets: [forks.target],
    values: [0n],
    calldatas: [concat([forks.interface.getFunction("merge").selector, fork])],
    description,
    descriptionHash: id(description),
  };
}

/** Proposes the merge of `fork` and moves to the first second in which votes count. */
export async function proposeMerge(
  { networkHelpers }: Connection,
  { governor, voters }: Pick<StrategyStage, "governor" | "voters">,
  fork: string,
) {
  const [proposer] = voters;
  if (proposer === undefined) throw new Error("nobody is seated");
  await governor.connect(proposer).proposeMerge(fork);
  const proposal = await governor.proposalOf(fork);
  await networkHelpers.time.increaseTo((await governor.proposalSnapshot(proposal)) + 1n);
  return proposal;
}

/** Moves to the first second after the vote on `proposal`. */
export async function endVote(
  { networkHelpers }: Connection,
  { governor }: Pick<StrategyStage, "governor">,
  proposal: bigint,
): Promise<void> {
  await networkHelpers.time.increaseTo((await governor.proposalDeadline(proposal)) + 1n);
}
