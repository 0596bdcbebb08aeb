import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import type { TransactionReceipt } from "viem";
import type { DevAccountName } from "../../chain/dev-accounts.ts";
import { systemClock } from "../../core/clock.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { documentsOf } from "../documents/document-store.ts";
import { outputOf } from "../output.ts";
import { factsText } from "../text/table.ts";
import { addressBookOf } from "../values/address-book.ts";
import { amountText, assetOf } from "../../sdk/asset.ts";
import { addActOptions } from "./act.ts";
import { confirm } from "./confirm.ts";
import type { ContractCall } from "../../sdk/contract-call.ts";
import { previewOf } from "./preview.ts";
import { send } from "../../sdk/send.ts";
import type { Session } from "../../sdk/session.ts";
import { sessionOf } from "./session-options.ts";
import { addressOrName, signerOf } from "./signer.ts";
import { simulateAll } from "../../sdk/simulate-all.ts";
import { transactionFile } from "./transaction-file.ts";

/** Adds the options of every command that moves money or decides about it. */
export function addTransactOptions(command: Command, usual: DevAccountName): Command {
  return addActOptions(command, usual)
    .option("--yes", "send without asking")
    .option("--export <file>", "write the unsigned transaction (EIP-5792, Safe Transaction Builder), send nothing")
    .option("--sender <account>", "with --export or --dry-run: who will send it, without a key here", addressOrName);
}

type Facts = Readonly<Record<string, unknown>>;

/** What to send, and how to say it before and afterwards. */
export interface Transaction {
  readonly call: ContractCall;
  /** What it does, for the question and the file: `Pay 100 TEST out of pool main`. */
  readonly title: string;
  /** What moves, from where, to whom, until when. */
  readonly preview: readonly (readonly [name: string, value: string])[];
  /** Calls that have to be sent first: an approval. */
  readonly before?: readonly ContractCall[];
  readonly done: string;
  /** Documents of which the call carries the hashes: kept before it is sent. */
  readonly documents?: readonly unknown[];
  readonly result?: Facts;
  readonly resultOf?: (receipt: TransactionReceipt) => Facts;
  /** Where the transaction may succeed and do something else than `done` says: what it did. */
  readonly doneOf?: (receipt: TransactionReceipt) => string;
}

interface TransactOptions {
  readonly as: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly export?: string;
  readonly sender?: Hex;
}

async function gasText(session: Session, gas: bigint): Promise<string> {
  const [price, coin] = await Promise.all([session.client.getGasPrice(), assetOf(session, "coin")]);
  return `about ${gas}, for ${amountText(coin, gas * price)} at the price of now`;
}

function exportTo(path: string, content: unknown): void {
  try {
    writeFileSync(path, `${JSON.stringify(content, undefined, 2)}\n`);
  } catch (cause) {
    throw new MandateError("FileUnwritable", `cannot write ${path}`, { kind: "environment", data: { path }, cause });
  }
}

const valueText = (value: unknown): string => (Array.isArray(value) ? value.join("\n") || "none" : String(value));

/**
 * Simulates the transaction that `prepare` makes, shows what it does, asks, and sends it. `--dry-run` stops after the
 * simulation, `--export` writes it to a file instead; neither changes anything on the chain.
 */
export async function transact(
  command: Command,
  prepare: (session: Session, from: Hex) => Promise<Transaction>,
): Promise<void> {
  const output = outputOf(command);
  const session = await sessionOf(command);
  const options = command.optsWithGlobals<TransactOptions>();
  const only = options.dryRun === true || options.export !== undefined;
  if (options.sender !== undefined && !only) {
    throw new MandateError("SenderWithoutKey", "--sender names an account without its key: nothing can be sent as it", {
      kind: "input",
      remedy: "Add --dry-run or --export <file>, or name a key with --as <file>.",
    });
  }
  const from = options.sender ?? signerOf(options.as, session.deployment.chainId).address;
  const {
    call,
    title,
    preview,
    before = [],
    done,
    documents = [],
    result,
    resultOf,
    doneOf,
  } = await prepare(session, from);
  const calls = [...before, call];
  const book = addressBookOf(session);
  output.note([title, factsText(preview), "", ...calls.map((each) => previewOf(each, from, book)), ""].join("\n"));
  const gas = await simulateAll(session, from, calls);
  output.note(factsText([["gas", await gasText(session, gas)]]));
  if (options.export !== undefined) {
    for (const document of documents) documentsOf(command).put(document);
    const { chainId } = session.deployment;
    const createdAtMs = systemClock.nowMs();
    exportTo(options.export, transactionFile({ chainId, from, name: title, description: title, createdAtMs, calls }));
    const text = `It would succeed now. The unsigned transaction is in ${options.export}; nothing was sent.`;
    output.result({ ...result, sent: false, exported: options.export, gas }, text);
    return;
  }
  if (options.dryRun === true) {
    output.result({ ...result, sent: false, gas }, "It would succeed now. Nothing was sent.");
    return;
  }
  await confirm(`${title}?`, options.yes === true);
  const account = signerOf(options.as, session.deployment.chainId);
  for (const document of documents) documentsOf(command).put(document);
  for (const each of before) await send(session, account, each);
  const { transaction, block, gasUsed, receipt } = await send(session, account, call);
  const facts = { ...result, ...resultOf?.(receipt) };
  const known = Object.entries(facts).map(([name, value]) => [name, valueText(value)] as const);
  const text = [doneOf?.(receipt) ?? done, ...(known.length === 0 ? [] : [factsText(known)])].join("\n");
  output.result(
    { ...facts, sent: true, transaction, block, gasUsed },
    `${text}\nblock ${block}, transaction ${transaction}, ${gasUsed} gas`,
  );
}
