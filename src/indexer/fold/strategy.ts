import { need, seconds, type Handlers } from "./handler.ts";

/** Selector and argument of the one action that a proposal can have: `merge(bytes32 fork)`. */
const MERGE_CALL_LENGTH = 2 + 2 * (4 + 32);

/** Forks with their branches, seats, and the votes on merges. */
export const strategyHandlers: Handlers = {
  ForkOpened: {
    fold: (_rows, { fork, parentPool, asset, deadline, branches, anchor }, log) => [
      {
        entity: "fork",
        id: fork,
        row: {
          status: "open",
          parentPool,
          asset,
          deadline,
          anchor,
          winner: null,
          branches: branches.map((branch) => ({ ...branch, budget: branch.budget.toString(), swept: "0" })),
          proposal: null,
          openedAt: seconds(log),
        },
      },
    ],
  },
  ForkMerged: {
    reads: ({ fork }) => [{ entity: "fork", id: fork }],
    fold: (rows, { fork, branch }) => [
      { entity: "fork", id: fork, row: { ...need(rows, "fork", fork), status: "merged", winner: branch } },
    ],
  },
  ForkArchived: {
    reads: ({ fork }) => [{ entity: "fork", id: fork }],
    fold: (rows, { fork }) => [{ entity: "fork", id: fork, row: { ...need(rows, "fork", fork), status: "archived" } }],
  },
  BranchSwept: {
    reads: ({ fork }) => [{ entity: "fork", id: fork }],
    fold: (rows, { fork, branch, amount }) => {
      const before = need(rows, "fork", fork);
      const branches = before.branches.map((each, place) =>
        place === branch ? { ...each, swept: (BigInt(each.swept) + amount).toString() } : each,
      );
      return [{ entity: "fork", id: fork, row: { ...before, branches } }];
    },
  },
  SeatGranted: { fold: (_rows, { member, seats }) => [{ entity: "member", id: member, row: { seats } }] },
  SeatRevoked: { fold: (_rows, { member, seats }) => [{ entity: "member", id: member, row: { seats } }] },
  ProposalCreated: {
    reads: ({ calldatas }) => {
      const call = calldatas[0] ?? "";
      return call.length === MERGE_CALL_LENGTH ? [{ entity: "fork", id: `0x${call.slice(10)}` }] : [];
    },
    fold: (rows, { proposalId, proposer, calldatas, voteStart, voteEnd }, log) => {
      const id = `${log.address}/${proposalId}`;
      const forkId = `0x${(calldatas[0] ?? "").slice(10)}`;
      const fork = need(rows, "fork", forkId);
      const votes = fork.branches.map(() => "0");
      return [
        {
          entity: "proposal",
          id,
          row: { proposer, voteStart: Number(voteStart), voteEnd: Number(voteEnd), executed: false, votes },
        },
        { entity: "fork", id: forkId, row: { ...fork, proposal: id } },
      ];
    },
  },
  VoteCast: {
    reads: ({ proposalId }, log) => [{ entity: "proposal", id: `${log.address}/${proposalId}` }],
    fold: (rows, { proposalId, support, weight }, log) => {
      const id = `${log.address}/${proposalId}`;
      const before = need(rows, "proposal", id);
      const votes = before.votes.map((each, option) =>
        option === support ? (BigInt(each) + weight).toString() : each,
      );
      return [{ entity: "proposal", id, row: { ...before, votes } }];
    },
  },
  ProposalExecuted: {
    reads: ({ proposalId }, log) => [{ entity: "proposal", id: `${log.address}/${proposalId}` }],
    fold: (rows, { proposalId }, log) => {
      const id = `${log.address}/${proposalId}`;
      return [{ entity: "proposal", id, row: { ...need(rows, "proposal", id), executed: true } }];
    },
  },
};
