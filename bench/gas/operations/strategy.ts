import hre from "hardhat";
import { deployStrategy, openFork, proposeMerge } from "../../../test/support/strategy-stage.ts";
import { gasOf, type GasTable } from "../measurement.ts";

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
  return { voteFirst: { gas: voteFirst, peers: {} }, voteLater: { gas: voteLater, peers: {} } };
}
