import { walletBalance } from "../../sdk/asset.ts";
import { Command, Option } from "commander";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { newIntent } from "../../sdk/pool.ts";
import { commitProjectCall, fundProjectCall } from "../../sdk/project.ts";
import type { Session } from "../../sdk/session.ts";
import { addTransactOptions, transact, type Transaction } from "../chain/transact.ts";
import { planFacts, projectTerms } from "../treasury/project-terms.ts";
import { changeText, poolBalance, requireUnusedIntent } from "../treasury/vault.ts";
import { addWalletOptions, allowanceFor, intentFact, type WalletOptions } from "../treasury/wallet-payment.ts";
import { bytes32 } from "../values/bytes32.ts";

async function committed(session: Session, id: Hex): Promise<Transaction> {
  const terms = await projectTerms(session, id);
  const { asset, total, totalText, source, found } = terms;
  return {
    call: commitProjectCall(session, id),
    title: `Commit ${totalText} to the project`,
    preview: [
      ["moves", totalText],
      ["from", changeText(source, asset, await poolBalance(session, found.pool, asset), -total)],
      ["to", "the project, inside the vault; the lease starts"],
      ...planFacts(terms),
    ],
    done: `The project is funded with ${totalText} from its pool.`,
    result: { project: id, amount: total },
  };
}

async function fundedFromWallet(session: Session, from: Hex, id: Hex, options: WalletOptions): Promise<Transaction> {
  const terms = await projectTerms(session, id);
  const { asset, total, totalText, book } = terms;
  const intent = options.intent ?? newIntent();
  await requireUnusedIntent(session, from, intent);
  const { before, permit, facts } = await allowanceFor(session, { from, asset, amount: total }, options);
  return {
    call: fundProjectCall(session, { project: id, intent, value: asset.native ? total : 0n, permit }),
    before,
    title: `Fund the project with ${totalText} of your own`,
    preview: [
      ["moves", totalText],
      ["from", changeText(book.full(from), asset, await walletBalance(session, from, asset), -total)],
      ["to", "the project, inside the vault; the lease starts"],
      ...facts,
      intentFact(intent),
      ...planFacts(terms),
    ],
    done: `The project is funded with ${totalText}.`,
    result: { project: id, amount: total, intent },
  };
}

export function commitCommand(): Command {
  const command = addTransactOptions(
    new Command("commit").argument("<project>", "id of the project", bytes32),
    "finance",
  );
  command.description("commit an accepted project's total from its plan's pool; the lease starts");
  return command.action((id: Hex) => transact(command, (session) => committed(session, id)));
}

interface FundOptions extends WalletOptions {
  readonly from: "pool" | "wallet";
}

export function fundCommand(): Command {
  const command = addWalletOptions(
    addTransactOptions(new Command("fund").argument("<project>", "id of the project", bytes32), "finance"),
  )
    .description("fund an accepted project with its total, from its pool or from your wallet; the lease starts")
    .addOption(new Option("--from <source>", "where the money comes from").choices(["pool", "wallet"]).default("pool"))
    .addHelpText(
      "after",
      `
--intent and --permit are for --from wallet.

Examples:
  $ mandate project fund 0x… --dry-run
  $ mandate project fund 0x… --from wallet --as donor.key
  $ mandate project fund 0x… --from wallet --permit --as donor.key`,
    );
  return command.action((id: Hex, options: FundOptions) => {
    if (options.from === "pool" && (options.permit === true || options.intent !== undefined)) {
      throw new MandateError("OptionsDiffer", "--intent and --permit are about a wallet, and --from is a pool", {
        kind: "input",
        remedy: "Add --from wallet, or leave them out.",
      });
    }
    return transact(command, (session, from) =>
      options.from === "pool" ? committed(session, id) : fundedFromWallet(session, from, id, options),
    );
  });
}
