import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { createChainClient } from "../../chain/client.ts";
import { systemClock } from "../../core/clock.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import { addressOf, fromBlockOf, type Session } from "../../sdk/session.ts";
import { addSessionOptions, sessionOf } from "../chain/session-options.ts";
import { addressOrName, signerOf } from "../chain/signer.ts";
import { exitCodes } from "../exit-code.ts";
import { dataOf } from "../chain/transaction-file.ts";
import { batchFile } from "../offboarding/batch-file.ts";
import { findHoldings } from "../offboarding/find-holdings.ts";
import type { Leaver } from "../offboarding/finders/finder.ts";
import { isDone, planOf, type Plan } from "../offboarding/plan.ts";
import { outcomesText, planText } from "../offboarding/plan-text.ts";
import { sendPlan, type StepOutcome } from "../offboarding/send-plan.ts";
import { SystemView } from "../offboarding/system-view.ts";
import { outputOf } from "../output.ts";

interface OffboardOptions {
  readonly as?: string;
  readonly successor?: Hex;
  readonly operator?: Hex;
  readonly reason: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly out?: string;
}

/** Each round can make another call possible: a removal after its quorum, a call after its announcement. */
const MOST_ROUNDS = 4;

function lower(address: Hex): Hex {
  return address.toLowerCase() as Hex;
}

function leaverOf(session: Session, account: Hex, options: OffboardOptions): Leaver {
  return {
    account: lower(account),
    successor: options.successor === undefined ? undefined : lower(options.successor),
    operator: options.operator === undefined ? undefined : lower(options.operator),
    timelock: lower(addressOf(session, "TimelockController")),
    reason: documentHash({ reason: options.reason }),
  };
}

/** The plan at the newest block, from a record that is proved complete. */
async function planNow(
  session: Session,
  leaver: Leaver,
  signer: Hex | undefined,
): Promise<{ view: SystemView; plan: Plan }> {
  const { chain } = session.client;
  const rpcUrl = chain.rpcUrls.default.http[0] ?? "";
  const client = createChainClient({ chainId: chain.id, rpcUrl, batch: true });
  const view = await SystemView.read(client, {
    authority: addressOf(session, "Authority"),
    fromBlock: fromBlockOf(session),
  });
  return { view, plan: planOf(await findHoldings(view, leaver), leaver.account, signer) };
}

function planJson(plan: Plan): Record<string, unknown> {
  const told = ({ kind, id, sentence }: { kind: string; id: string; sentence: string }) => ({ kind, id, sentence });
  return {
    calls: plan.groups.flatMap(({ sender, steps }) =>
      steps.map(({ holding, way }) => ({
        ...told(holding),
        sender,
        right: way.right,
        delaySeconds: way.delaySeconds,
        contract: way.call.contract,
        function: way.call.functionName,
        to: way.call.address,
        data: dataOf(way.call),
      })),
    ),
    follows: plan.follows.map(told),
    open: plan.open.map(({ holding, what }) => ({ ...told(holding), what })),
    stays: plan.stays.map(({ holding, why }) => ({ ...told(holding), why })),
  };
}

async function offboard(command: Command, account: Hex, options: OffboardOptions): Promise<void> {
  const output = outputOf(command);
  const session = await sessionOf(command);
  const signer = options.as === undefined ? undefined : signerOf(options.as, session.deployment.chainId);
  const signerAddress = signer === undefined ? undefined : lower(signer.address);
  const leaver = leaverOf(session, account, options);
  const first = await planNow(session, leaver, signerAddress);
  const { authority } = first.view;
  if (options.out !== undefined) {
    const { chainId } = session.deployment;
    const file = batchFile({
      plan: first.plan,
      account: leaver.account,
      authority,
      chainId,
      createdAtMs: systemClock.nowMs(),
    });
    writeFileSync(options.out, `${JSON.stringify(file, undefined, 2)}\n`);
    output.note(`The batch is in ${options.out}.`);
  }
  const facts = { account: leaver.account, block: first.view.block.number };
  if (options.yes !== true || options.dryRun === true || signer === undefined) {
    const hint = isDone(first.plan) ? "" : "\n\nNothing was sent. To send what an account may: --as <account> --yes";
    const text = `${planText(first.plan, leaver.account, first.view.block.number)}${hint}`;
    output.result({ ...facts, sent: [], done: isDone(first.plan), ...planJson(first.plan) }, text);
    return;
  }
  output.note(planText(first.plan, leaver.account, first.view.block.number));
  const sent: StepOutcome[] = [];
  let now = first;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const outcomes = await sendPlan(session, authority, signer, now.plan);
    sent.push(...outcomes);
    if (outcomes.length > 0) output.note(`\n${outcomesText(outcomes)}`);
    if (!outcomes.some(({ outcome }) => outcome === "ended")) break;
    now = await planNow(session, leaver, signerAddress);
  }
  const last = await planNow(session, leaver, signerAddress);
  const done = isDone(last.plan);
  const result = { ...facts, provedAt: last.view.block.number, sent, done, ...planJson(last.plan) };
  const verdict = done ? "Nothing is left that can be ended." : "Not everything is ended. What is left:";
  output.result(result, `\n${verdict}\n${planText(last.plan, leaver.account, last.view.block.number)}`);
  if (!done) process.exitCode = exitCodes.refused;
}

/** `mandate offboard <address>` */
export function offboardCommand(): Command {
  const command = addSessionOptions(
    new Command("offboard").argument("<address>", "whose holdings end: an address or a name", addressOrName),
  )
    .description(
      "list everything that an address holds or is, and end it in one reviewed batch; shows the plan unless --yes",
    )
    .option("--as <account>", "who sends: a file with a private key, or on a development chain a name")
    .option("--successor <address>", "live anchor that takes over its teams and operator sets", addressOrName)
    .option("--operator <address>", "operator that takes over its seat", addressOrName)
    .option("--reason <text>", "why, in a document of which the chain keeps the hash", "offboarding")
    .option("--out <file>", "write the batch for those who sign elsewhere (EIP-5792, Safe Transaction Builder)")
    .option("--dry-run", "show the plan, send nothing (as without --yes)")
    .option(
      "--yes",
      "send what --as may send, then read the chain again and prove what is left (exit 1 where something is)",
    )
    .addHelpText(
      "after",
      `
Examples:
  $ mandate offboard 0x90F79bf6EB2c4f870365E785982E1f101E93b906
  $ mandate offboard agent --out batch.json
  $ mandate offboard agent --successor anchor --as governor --yes`,
    );
  return command.action((account: Hex, options: OffboardOptions) => offboard(command, account, options));
}
