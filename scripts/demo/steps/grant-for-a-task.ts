import { parseEventLogs } from "viem";
import { z } from "zod";
import { localRecords, recordResource } from "../../../deploy/modules/local.ts";
import { iAuthorityAbi, iBudgetVaultAbi } from "../../../src/chain/abi.ts";
import { devAccount } from "../../../src/chain/dev-accounts.ts";
import { completeTaskCall, grantCall, openTaskCall } from "../../../src/sdk/task.ts";
import { contractCall } from "../../../src/sdk/contract-call.ts";
import { receiptOf, send, simulate, submit } from "../../../src/sdk/send.ts";
import { addressOf } from "../../../src/sdk/session.ts";
import { actionOf } from "../../../src/cli/values/action.ts";
import { urlOf } from "../../local/layout.ts";
import { readTokenBalance } from "../balances.ts";
import { signIn } from "../gateway-client.ts";
import { runMandate } from "../run-mandate.ts";
import { claim, need, refusal, sessionOf, type Step } from "../step.ts";
import { waitFor } from "../wait-for.ts";
import { escalateBeyondALimit } from "./escalate-beyond-a-limit.ts";

const GRANT_SECONDS = 600;
const MIRROR_TIMEOUT_MS = 20_000;
const ether = 10n ** 18n;

/** Largest impact of the grant, in units of account with 4 decimals: 120 units, one for a test token. */
const CAP = 120_0000;

/** Enough for the withdrawal, so that nobody is asked to estimate it once it is refused. */
const WITHDRAW_GAS = 300_000n;

const whySchema = z.looseObject({ answer: z.string(), verdict: z.string(), target: z.string() });

export const grantForATask: Step = {
  name: "grant-for-a-task",
  title:
    "A task grants an agent one function up to a cap and one database row; beyond the cap a human decides; both end with the task",
  run: async (stage) => {
    const { layout, narrator, supervisor } = stage;
    const session = sessionOf(stage);
    const { chain, organization } = need(stage.foundation, "foundation");
    const [agent, anchor, granter] = [devAccount("agent"), devAccount("anchor"), devAccount("granter")];
    const [record] = localRecords;
    const resource = recordResource(record.id);
    await need(stage.services, "services").gateway;
    const reader = await signIn(urlOf(layout.ports.acl), agent, session.client.chain.id);
    claim((await reader.query(resource)).rows.length === 0, "without a grant the row is not there");

    const { timestamp } = await session.client.getBlock();
    const notAfter = Number(timestamp) + GRANT_SECONDS;
    const opened = await send(
      session,
      anchor,
      openTaskCall(session, {
        team: need(organization.teams["finance"], "finance team"),
        purpose: "pay the conference fee",
        deadline: notAfter,
      }),
    );
    const [event] = parseEventLogs({ abi: iAuthorityAbi, eventName: "TaskOpened", logs: opened.receipt.logs });
    const task = need(event, "TaskOpened event").args.task;
    const terms = { task, grantee: agent.address, notBefore: Number(timestamp), notAfter, uses: 0, cap: 0 };
    const grants = [
      { ...actionOf(session, "BudgetVault", "withdraw(bytes32,address,address,uint256)"), cap: CAP },
      actionOf(session, resource, undefined),
    ];
    for (const grant of grants) await send(session, granter, grantCall(session, { ...terms, ...grant }));
    narrator.say(
      `Task ${task}: the agent may withdraw from a pool and read ${resource}, until ${new Date(notAfter * 1_000).toISOString()}.`,
    );

    const token = addressOf(session, "TestToken");
    const withdrawalOf = (amount: bigint) =>
      contractCall(session, "BudgetVault", iBudgetVaultAbi, "withdraw", [
        organization.pool,
        token,
        agent.address,
        amount,
      ]);
    const withdraw = withdrawalOf(50n * ether);
    const before = await readTokenBalance(session, agent.address);
    const withdrawn = await send(session, agent, withdraw);
    claim(
      (await readTokenBalance(session, agent.address)) - before === 50n * ether,
      "the granted call moved the money",
    );
    const row = await waitFor(
      "the mirrored grant",
      { timeoutMs: MIRROR_TIMEOUT_MS, signal: supervisor.signal },
      async () => {
        const { rows, verdict } = await reader.query(resource);
        return rows.length === 1 ? { rows, verdict } : undefined;
      },
    );
    narrator.say("Both work: 50 TEST were withdrawn, and SQL returns the row.");
    const escalation = await escalateBeyondALimit(session, narrator, withdrawalOf(200n * ether));

    const [completed, repeated] = await chain.minedTogether(async () => [
      await submit(session, anchor, completeTaskCall(session, task)),
      await submit(session, agent, withdraw, WITHDRAW_GAS),
    ]);
    const [end, late] = [await receiptOf(session, completed), await receiptOf(session, repeated)];
    claim(end.status === "success" && late.blockNumber === end.blockNumber, "completion and call are in one block");
    claim(late.transactionIndex > end.transactionIndex && late.status === "reverted", "the call after it was refused");
    const refused = await refusal("AccessManagedUnauthorized", () => simulate(session, agent, withdraw));
    narrator.say(
      `The task was completed, and the same call, later in block ${end.blockNumber}, was refused: ${refused.code}.`,
    );

    await waitFor(
      "the mirror's look at that block",
      { timeoutMs: MIRROR_TIMEOUT_MS, signal: supervisor.signal },
      async () => {
        const { at } = await reader.status();
        return at !== null && BigInt(at.number) >= end.blockNumber ? at : undefined;
      },
    );
    const next = await reader.query(resource);
    claim(next.rows.length === 0, "the next SQL statement returns nothing");

    const asks = ["why", "--caller", "agent", "--deployment", layout.deployment, "--rpc-url", chain.rpcUrl];
    const why = await Promise.all([
      runMandate(
        [...asks, "--target", "BudgetVault", "--function", "withdraw(bytes32,address,address,uint256)"],
        supervisor.signal,
      ),
      runMandate([...asks, "--target", resource], supervisor.signal),
    ]);
    const answers = why.map(({ exitCode, result }) => ({ exitCode, ...whySchema.parse(result) }));
    for (const answer of answers) {
      claim(
        answer.exitCode === 1 && answer.answer === "denied" && answer.verdict === "task-completed",
        "why: the task is completed",
      );
    }
    narrator.say("The next SQL statement returns nothing, and `mandate why` says: the task is completed.");
    return {
      task,
      withdrawal: { transaction: withdrawn.transaction, amount: 50n * ether },
      escalation,
      read: { resource, ...row },
      completedIn: { block: end.blockNumber, position: end.transactionIndex },
      refusedIn: {
        block: late.blockNumber,
        position: late.transactionIndex,
        transaction: repeated,
        code: refused.code,
      },
      readAfter: { at: next.at?.number ?? null, rows: next.rows.length, verdict: next.verdict },
      why: answers.map(({ answer, verdict, target }) => ({ answer, verdict, target })),
    };
  },
};
