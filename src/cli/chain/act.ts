import type { Command } from "commander";
import type { TransactionReceipt } from "viem";
import type { DevAccountName } from "../../chain/dev-accounts.ts";
import type { Hex } from "../../core/hex.ts";
import { addDocumentsOption, documentsOf } from "../documents/document-store.ts";
import { outputOf } from "../output.ts";
import type { ContractCall } from "../../sdk/contract-call.ts";
import { previewOf } from "./preview.ts";
import { send, simulate } from "../../sdk/send.ts";
import type { Session } from "../../sdk/session.ts";
import { addSessionOptions, sessionOf } from "./session-options.ts";
import { addSignerOption, signerOf } from "./signer.ts";
import { addressBookOf } from "../values/address-book.ts";

/** Adds the options of every command that sends a transaction. */
export function addActOptions(command: Command, usual: DevAccountName): Command {
  return addSignerOption(addDocumentsOption(addSessionOptions(command)), usual).option(
    "--dry-run",
    "check and show the call, send nothing",
  );
}

type Facts = Readonly<Record<string, unknown>>;

/** What to send, and what to say about it afterwards. */
export interface Action {
  readonly call: ContractCall;
  readonly done: string;
  /** Documents of which the call carries the hashes: kept before it is sent, so that nobody has a hash without a text. */
  readonly documents?: readonly unknown[];
  /** More for a program, beside the transaction: what is known before, and what the events tell. */
  readonly result?: Facts;
  readonly resultOf?: (receipt: TransactionReceipt) => Facts;
}

/** Previews, simulates and sends the call that `prepare` makes; with `--dry-run` it stops before sending. */
export async function act(command: Command, prepare: (session: Session, from: Hex) => Promise<Action>): Promise<void> {
  const output = outputOf(command);
  const session = await sessionOf(command);
  const options = command.optsWithGlobals<{ as: string; dryRun?: boolean }>();
  const account = signerOf(options.as, session.deployment.chainId);
  const { call, done, documents, result, resultOf } = await prepare(session, account.address);
  output.note(previewOf(call, account.address, addressBookOf(session)));
  if (options.dryRun === true) {
    await simulate(session, account, call);
    output.result({ ...result, sent: false }, "It would succeed now. Nothing was sent.");
    return;
  }
  for (const document of documents ?? []) documentsOf(command).put(document);
  const { transaction, block, gasUsed, receipt } = await send(session, account, call);
  const facts = { ...result, ...resultOf?.(receipt) };
  const known = Object.entries(facts).map(([name, value]) => `  ${name.padEnd(18)} ${String(value)}`);
  const text = [done, ...known, `block ${block}, transaction ${transaction}, ${gasUsed} gas`].join("\n");
  output.result({ ...facts, sent: true, transaction, block, gasUsed }, text);
}
