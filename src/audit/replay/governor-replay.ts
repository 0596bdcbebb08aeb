import { strategyForksAbi } from "../../chain/abi.ts";
import { ONE } from "../../core/fixed-point.ts";
import type { Hex } from "../../core/hex.ts";
import type { PlacedLog } from "../reader/verified-block.ts";
import type { EventArgs, EventOf } from "./audited-event.ts";
import { findCalls } from "./find-calls.ts";
import type { RuleContext } from "./rule-context.ts";
import type { SeatReplay } from "./seat-replay.ts";

/** The vote on a merge as it stands. */
export interface MergeVote {
  /** The fork whose winner it merges; undefined where the proposal does something else. */
  readonly fork: Hex | undefined;
  /** Votes cast in all, and how many must be. */
  readonly cast: bigint;
  readonly quorum: bigint;
  /** The branch with strictly the most votes; undefined on a tie or without votes. */
  readonly leader: number | undefined;
  ended(time: bigint): boolean;
}

interface Proposal {
  readonly fork: Hex | undefined;
  readonly snapshot: bigint;
  readonly end: bigint;
  readonly votes: Map<number, bigint>;
  readonly voters: Set<Hex>;
  executed: boolean;
}

/** The history of one governor of merges. */
export interface GovernorReplay {
  apply(event: EventOf<"MergeGovernor">): void;
  voteOf(proposal: bigint): MergeVote | undefined;
}

/** The branch with strictly the most votes. */
export function leaderOf(votes: ReadonlyMap<number, bigint>): number | undefined {
  const [first, second] = [...votes].sort(([, a], [, b]) => (a > b ? -1 : 1));
  return first === undefined || first[1] === 0n || first[1] === second?.[1] ? undefined : first[0];
}

/** @param quorumShare Share of the seats that must vote, fixed point. */
export function replayGovernor(
  context: RuleContext,
  seats: SeatReplay | undefined,
  quorumShare: bigint,
): GovernorReplay {
  const proposals = new Map<bigint, Proposal>();
  const rule = "strategy-vote";

  function created(log: PlacedLog, args: EventArgs<"MergeGovernor", "ProposalCreated">): void {
    const { proposalId, calldatas, voteStart, voteEnd } = args;
    context.require(!proposals.has(proposalId), rule, log, "a new proposal", proposalId);
    const merges = calldatas.flatMap((data) => findCalls(data, strategyForksAbi, "merge"));
    const single = calldatas.length === 1 && merges.length === 1;
    context.require(single, rule, log, "one action, a merge", `${calldatas.length} actions`);
    const fork = merges[0]?.[0];
    const empty = { votes: new Map<number, bigint>(), voters: new Set<Hex>(), executed: false };
    proposals.set(proposalId, { fork, snapshot: voteStart, end: voteEnd, ...empty });
  }

  function voted(log: PlacedLog, args: EventArgs<"MergeGovernor", "VoteCast">): void {
    const { voter, proposalId, support, weight } = args;
    const proposal = proposals.get(proposalId);
    context.require(proposal !== undefined, rule, log, "a known proposal", proposalId);
    if (proposal === undefined) return;
    const { snapshot, end } = proposal;
    const now = log.blockTimestamp;
    context.require(now > snapshot && now <= end, rule, log, `a vote in (${snapshot}, ${end}]`, now);
    context.require(!proposal.voters.has(voter), rule, log, "one vote of each seat", `a second of ${voter}`);
    context.requireEqual(rule, log, "weight", 1n, weight);
    if (seats === undefined) context.unchecked(rule, log, "no membership is in the registry");
    else context.require(seats.wasSeated(voter, snapshot), rule, log, `a seat at ${snapshot}`, `${voter} had none`);
    proposal.voters.add(voter);
    proposal.votes.set(support, (proposal.votes.get(support) ?? 0n) + weight);
  }

  return {
    apply(event) {
      switch (event.eventName) {
        case "ProposalCreated": {
          created(event.log, event.args);
          return;
        }
        case "VoteCast":
        case "VoteCastWithParams": {
          voted(event.log, event.args);
          return;
        }
        case "ProposalExecuted": {
          const proposal = proposals.get(event.args.proposalId);
          const once = proposal !== undefined && !proposal.executed;
          context.require(once, rule, event.log, "a proposal executed once", event.args.proposalId);
          if (proposal !== undefined) proposal.executed = true;
          return;
        }
        default: // changes nothing that a rule reads
          return;
      }
    },
    voteOf(id) {
      const proposal = proposals.get(id);
      if (proposal === undefined) return undefined;
      const { fork, votes, snapshot, end } = proposal;
      const electorate = BigInt(seats?.seats(snapshot) ?? 0);
      const share = (electorate * quorumShare + ONE - 1n) / ONE; // rounded up, against the proposal
      return {
        fork,
        cast: [...votes.values()].reduce((sum, each) => sum + each, 0n),
        quorum: share === 0n ? 1n : share,
        leader: leaderOf(votes),
        ended: (time) => time > end,
      };
    },
  };
}
