import type { Hex } from "viem";
import { devAccount } from "../../../src/chain/dev-accounts.ts";
import * as fork from "../../../src/sdk/fork.ts";
import { send } from "../../../src/sdk/send.ts";
import { addressOf } from "../../../src/sdk/session.ts";
import { publishDocument } from "../../local/publish-document.ts";
import { readPoolBalance } from "../balances.ts";
import { claim, need, sessionOf, type Step } from "../step.ts";
import { waitFor } from "../wait-for.ts";

const FORK_SECONDS = 86_400;
const VOTE_TIMEOUT_MS = 40_000;
const ether = 10n ** 18n;

/** Two of three seats prefer the second branch. */
const votes = [
  { seat: "seatOne", branch: 0 },
  { seat: "seatTwo", branch: 1 },
  { seat: "seatThree", branch: 1 },
] as const;
const winner = 1;

export const forkAndMerge: Step = {
  name: "fork-and-merge",
  title: "A fork opens two branches with budgets; three seats vote; the winner is merged, the loser's money returns",
  run: async (stage) => {
    const { layout, narrator, supervisor } = stage;
    const session = sessionOf(stage);
    const { pool } = need(stage.foundation, "foundation").organization;
    const finance = devAccount("finance");
    const strategy = (text: string): Hex => publishDocument(layout.documents, { kind: "mandate.strategy/1", text });
    const before = await readPoolBalance(session, pool, "test");
    const { timestamp } = await session.client.getBlock();
    const opened = await send(
      session,
      finance,
      fork.openForkCall(session, {
        parentPool: pool,
        asset: addressOf(session, "TestToken"),
        deadline: Number(timestamp) + FORK_SECONDS,
        anchor: devAccount("anchor").address,
        branches: [
          { steward: devAccount("stewardOne").address, budget: 300n * ether, strategy: strategy("Buy it.") },
          { steward: devAccount("stewardTwo").address, budget: 500n * ether, strategy: strategy("Build it.") },
        ],
      }),
    );
    const id = opened.result as Hex;
    const { branches } = await fork.readFork(session, id);
    const budgets = await Promise.all(branches.map((branch) => readPoolBalance(session, branch.pool, "test")));
    claim(budgets[0] === 300n * ether && budgets[1] === 500n * ether, "each branch holds its own budget");
    claim(before - (await readPoolBalance(session, pool, "test")) === 800n * ether, "the budgets came from the pool");
    narrator.say("Two branches work in isolation, with 300 and 500 TEST of their own.");

    const proposed = await send(session, devAccount("seatOne"), fork.proposeMergeCall(session, id));
    const proposal = proposed.result as bigint;
    const inState = (state: string) =>
      waitFor(`the proposal to be ${state}`, { timeoutMs: VOTE_TIMEOUT_MS, signal: supervisor.signal }, async () =>
        (await fork.readProposalState(session, proposal)) === state ? true : undefined,
      );
    await inState("active");
    await Promise.all(
      votes.map(({ seat, branch }) => send(session, devAccount(seat), fork.castVoteCall(session, proposal, branch))),
    );
    narrator.say("Three seats voted, one for the first branch, two for the second.");
    await inState("succeeded");
    const executed = await send(session, devAccount("agent"), await fork.executeProposalCall(session, proposal));

    const merged = await fork.readFork(session, id);
    claim(merged.status === 2 && merged.winner === winner, "the second branch is merged");
    const after = await readPoolBalance(session, pool, "test");
    const loser = branches[0];
    claim(
      loser !== undefined && (await readPoolBalance(session, loser.pool, "test")) === 0n,
      "the loser's pool is empty",
    );
    claim(before - after === 500n * ether, "the loser's money is back in the pool, the winner's is with the winner");
    narrator.say("The winner is merged; the loser's 300 TEST are back in the pool.");
    return {
      fork: id,
      proposal,
      votes,
      budgets,
      winner,
      pool: { before, after },
      transactions: [opened.transaction, executed.transaction],
    };
  },
};
