import { DatabaseSync } from "node:sqlite";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { decodeFunctionData } from "viem";
import { z } from "zod";
import { heartbeatOracleAbi } from "../../src/chain/abi.ts";
import { devAccount } from "../../src/chain/dev-accounts.ts";
import { openOutboxStore } from "../../src/chain/outbox/outbox-store.ts";
import { evidenceOf, statementDatabasePath } from "../../src/oracle/run-operator.ts";
import { operatorNames, type OperatorName, type OracleNetwork } from "../../test/support/oracle-network.ts";

/** What operators log where they would have signed a second statement, or saw one of another. */
const CONTRADICTION = /refused a second|contradicted itself/;

interface Submission {
  readonly from: string;
  readonly functionName: "submit" | "submitAggregate";
  readonly epoch: number;
}

const statementRow = z.object({ epoch: z.number(), kind: z.string(), view: z.number(), digest: z.string() });

/**
 * Holds chain and disks against each other after a run in which every epoch from `first` on but those `missed` was to be accepted. Operators may run: it
 * only reads.
 * @returns What does not hold, one sentence each.
 */
export async function checkRecord(
  network: OracleNetwork,
  logs: readonly (readonly string[])[],
  first: number,
  missed: readonly number[] = [],
): Promise<readonly string[]> {
  const { client, deployment } = network;
  const problems: string[] = [];
  const reports = await client.getContractEvents({
    address: deployment.contracts.HeartbeatOracle,
    abi: heartbeatOracleAbi,
    eventName: "ReportAccepted",
    fromBlock: 0n,
    strict: true,
  });
  const accepted = new Map<number, string>();
  for (const { args } of reports) {
    if (accepted.has(args.epoch)) problems.push(`epoch ${args.epoch} has two accepted reports`);
    accepted.set(args.epoch, args.cause);
  }
  const last = await network.lastEpoch();
  for (let epoch = first; epoch <= last; epoch += 1) {
    if (!accepted.has(epoch) && !missed.includes(epoch)) problems.push(`epoch ${epoch} has no accepted report`);
  }
  for (const line of logs.flat()) if (CONTRADICTION.test(line)) problems.push(`an operator logged: ${line}`);

  const submissions = await submissionsOn(network);
  for (const name of operatorNames.filter((each) => existsSync(statementDatabasePath(join(network.directory, each))))) {
    const data = join(network.directory, name);
    for (const { epoch, kind, digest } of statementsIn(data)) {
      if (kind === "report" && accepted.has(epoch) && accepted.get(epoch) !== digest)
        problems.push(`${name} signed ${digest} for epoch ${epoch}, which was not accepted`);
    }
    problems.push(...(await outboxProblems(network, name, data)), ...unreadable(name, data));
    const { address } = devAccount(name);
    const own = submissions.filter(({ from }) => from === address.toLowerCase());
    const calls = own.map((each) => `${each.functionName} for the report of epoch ${each.epoch}`);
    for (const call of new Set(calls)) {
      const count = calls.filter((each) => each === call).length;
      if (count > 1) problems.push(`${name} has ${count} transactions in the chain with ${call}`);
    }
  }
  return problems;
}

/** What an operator has stated, read beside the running process. */
function statementsIn(data: string): readonly z.infer<typeof statementRow>[] {
  const database = new DatabaseSync(statementDatabasePath(data), { readOnly: true });
  try {
    return database
      .prepare("SELECT epoch, kind, view, digest FROM statement")
      .all()
      .map((row) => statementRow.parse(row));
  } finally {
    database.close();
  }
}

/** Every nonce from 0 on was used, one attempt of each in the chain, and no intent waits whose time is over. */
async function outboxProblems(network: OracleNetwork, name: OperatorName, data: string): Promise<readonly string[]> {
  const store = openOutboxStore(join(data, "outbox.sqlite"));
  try {
    const problems: string[] = [];
    const nonces = store.occupied(0);
    const used = await network.client.getTransactionCount({ address: devAccount(name).address });
    if (nonces.some((nonce, index) => nonce !== index))
      problems.push(`${name} has a gap in its nonces: ${nonces.join(", ")}`);
    if (used > nonces.length) problems.push(`${name} used ${used} nonces and knows of ${nonces.length}`);
    return problems;
  } finally {
    store.close();
  }
}

/** Every file that the operator keeps is one that it can read. */
function unreadable(name: string, data: string): readonly string[] {
  const evidence = evidenceOf(data);
  return evidence.epochs().flatMap((epoch) => {
    try {
      evidence.opening(epoch);
      evidence.record(epoch);
      evidence.accepted(epoch);
      evidence.agreed(epoch);
      evidence.captures(epoch);
      evidence.messages(epoch);
      return [];
    } catch (error) {
      return [`${name} cannot read what it keeps of epoch ${epoch}: ${String(error)}`];
    }
  });
}

/** Every transaction in the chain that submits a report, by single signatures or a common one, whether it succeeded or not. */
async function submissionsOn({ client, deployment }: OracleNetwork): Promise<readonly Submission[]> {
  const oracle = deployment.contracts.HeartbeatOracle.toLowerCase();
  const latest = await client.getBlockNumber();
  const found: Submission[] = [];
  for (let number = BigInt(deployment.fromBlock); number <= latest; number += 1n) {
    const { transactions } = await client.getBlock({ blockNumber: number, includeTransactions: true });
    for (const { to, from, input } of transactions) {
      if (to?.toLowerCase() !== oracle) continue;
      const call = decodeFunctionData({ abi: heartbeatOracleAbi, data: input });
      if (call.functionName !== "submit" && call.functionName !== "submitAggregate") continue;
      found.push({ from: from.toLowerCase(), functionName: call.functionName, epoch: call.args[0].epoch });
    }
  }
  return found;
}
