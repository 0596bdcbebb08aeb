import hre from "hardhat";
import { deployStrategy, openFork, proposeMerge } from "../../../test/support/strategy-stage.ts";
import { gasOf, type GasTable } from "../measurement.ts";

type Connection = Awaited<ReturnType<typeof hre.network.create>>;
type Stage = Awaited<ReturnType<typeof deployStrategy>>;
type Voters = readonly [first: Stage["outsider"], second: Stage["outsider"], third: Stage["outsider"]];

/** OpenZeppelin's Governor, counting the same seats by its own module: the first and a later vote on a proposal. */
async function plainGovernorPeer(
  { ethers, networkHelpers }: Connection,
  { membership, outsider }: Stage,
  [first, second, third]: Voters,
): Promise<{ first: number; later: number }> {
  const governor = await ethers.deployContract("PlainGovernor", [membership]);
  const propose = async (description: string): Promise<bigint> => {
    const [targets, values, calls] = [[outsider.address], [0n], ["0x"]];
    const proposal = await governor.propose.staticCall(targets, values, calls, description);
    await governor.propose(targets, values, calls, description);
    await networkHelpers.time.increaseTo((await governor.proposalSnapshot(proposal)) + 1n);
    return proposal;
  };
  const warmed = await propose("warms the accounts");
  for (const voter of [first, second, third]) await governor.connect(voter).castVote(warmed, 1);
  const proposal = await propose("is measured");
  const gas = { first: await gasOf(governor.connect(first).castVote(proposal, 1)), later: 0 };
  await governor.connect(second).castVote(proposal, 1);
  gas.later = await gasOf(governor.connect(third).castVote(proposal, 1));
  return gas;
}

/** Votes on a fork: the first on its proposal, and a later one for the same branch. */
export async function measureVotes(): Promise<GasTable> {
  const connection = await hre.network.create();
  const stage = await deployStrategy(connection, 5);
  const [first, second, third] = stage.voters;
  if (first === undefined || second === undefined || third === undefined) throw new Error("too few voters");

  // A fork that is voted on already, so that the governor's journal and the voters' accounts are warm.
  const warm = await openFork(connection, stage, 2, 100_000);
  const warmed = await proposeMerge(connection, stage, warm.fork);
  for (const voter of [first, second, third]) await stage.governor.connect(voter).castVote(warmed, 0);

  const { fork } = await openFork(connection, stage, 3, 100_000);
  const proposal = await proposeMerge(connection, stage, fork);
  const voteFirst = await gasOf(stage.governor.connect(first).castVote(proposal, 1));
  await stage.governor.connect(second).castVote(proposal, 1);
  const voteLater = await gasOf(stage.governor.connect(third).castVote(proposal, 1));
  const peer = await plainGovernorPeer(connection, stage, [first, second, third]);
  const name = "OpenZeppelin Governor, no journal";
  return {
    voteFirst: { gas: voteFirst, peers: { [name]: peer.first } },
    voteLater: { gas: voteLater, peers: { [name]: peer.later } },
  };
}
