import { Command, Option } from "commander";
import type { Hex } from "../../core/hex.ts";
import { newIntent } from "../actions/pool.ts";
import { commitProjectCall, fundProjectCall } from "../actions/project.ts";
import type { Session } from "../chain/session.ts";
import { addTransactOptions, transact, type Transaction } from "../chain/transact.ts";
import { planFacts, projectTerms } from "../treasury/project-terms.ts";
import { approvalFor, changeText, poolBalance, requireUnusedIntent, walletBalance } from "../treasury/vault.ts";
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

async function fundedFromWallet(session: Session, from: Hex, id: Hex, intent: Hex): Promise<Transaction> {
  const terms = await projectTerms(session, id);
  const { asset, total, totalText, book } = terms;
  await requireUnusedIntent(session, from, intent);
  const before = await approvalFor(session, from, asset, total);
  return {
    call: fundProjectCall(session, { project: id, intent, value: asset.native ? total : 0n }),
    before,
    title: `Fund the project with ${totalText} of your own`,
    preview: [
      ["moves", totalText],
      ["from", changeText(book.full(from), asset, await walletBalance(session, from, asset), -total)],
      ["to", "the project, inside the vault; the lease starts"],
      ["intent", `${intent} (with --intent it can be repeated without paying twice)`],
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

export function fundCommand(): Command {
  const command = addTransactOptions(new Command("fund").argument("<project>", "id of the project", bytes32), "finance")
    .description("fund an accepted project with its total, from its pool or from your wallet; the lease starts")
    .addOption(new Option("--from <source>", "where the money comes from").choices(["pool", "wallet"]).default("pool"))
    .option(
      "--intent <bytes32>",
      "number of a payment from a wallet; sent twice, it pays once (default: new)",
      bytes32,
    );
  return command.action((id: Hex, options: { from: string; intent?: Hex }) =>
    transact(command, (session, from) =>
      options.from === "pool"
        ? committed(session, id)
        : fundedFromWallet(session, from, id, options.intent ?? newIntent()),
    ),
  );
}
