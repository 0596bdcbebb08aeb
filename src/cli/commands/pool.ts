import { Command } from "commander";
import { addTransactOptions, transact } from "../chain/transact.ts";
import { vaultCall } from "../../chain/treasury/vault-call.ts";
import type { Hex } from "../../core/hex.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { openPoolCall, poolId } from "../../sdk/pool.ts";
import { addressOf } from "../../sdk/session.ts";
import { addressOrName } from "../chain/signer.ts";
import { addAmountOptions, positiveAmount, type AmountOptions } from "../treasury/amount-options.ts";
import { isWithdrawalHeld } from "../treasury/payment-result.ts";
import { changeText, poolBalance, poolOf } from "../treasury/vault.ts";
import { addressBookOf } from "../values/address-book.ts";
import { amountText, assetOf, walletBalance } from "../../sdk/asset.ts";
import { read } from "../../sdk/read.ts";
import { iBudgetVaultAbi } from "../../chain/abi.ts";
import { closeCommand } from "./pool-close.ts";
import { fundCommand } from "./pool-fund.ts";
import { approveWithdrawalCommand } from "./pool-approve.ts";
import { poolListCommand, poolShowCommand } from "./pool-show.ts";

function openCommand(): Command {
  const command = addTransactOptions(
    new Command("open").argument("<name>", "name of the pool, at most 31 bytes"),
    "finance",
  )
    .description("open a pool")
    .requiredOption("--anchor <account>", "the accountable human", addressOrName, addressOrName("anchor"))
    .option("--steward <account>", "the only one who may open projects from it", addressOrName);
  return command.action(async (name: string, options: { anchor: Hex; steward?: Hex }) => {
    await transact(command, (session) => {
      const pool = poolId(session, name);
      const book = addressBookOf(session);
      return Promise.resolve({
        call: openPoolCall(session, { name, ...options }),
        title: `Open the pool ${name}`,
        preview: [
          ["pool", pool],
          ["answers for it", book.full(options.anchor)],
          [
            "opens projects",
            options.steward === undefined ? "who may open projects at all" : book.full(options.steward),
          ],
          ["moves", "nothing"],
        ],
        done: `Pool ${name} is open.`,
        result: { pool },
      });
    });
  });
}

function withdrawCommand(): Command {
  const command = addAmountOptions(
    addTransactOptions(new Command("withdraw").argument("<pool>", "name or id of the pool"), "agent"),
  )
    .description("pay money out of a pool, by a grant of it for a task: no office holds that right for good")
    .requiredOption("--to <account>", "who receives it", addressOrName);
  return command.action(async (text: string, options: AmountOptions & { to: Hex }) => {
    await transact(command, async (session) => {
      const [pool, asset] = await Promise.all([poolOf(session, text), assetOf(session, options.asset)]);
      const amount = positiveAmount(asset, options.amount);
      const to = addressBookOf(session).full(options.to);
      const args = [pool.pool, asset.address, options.to, amount] as const;
      return {
        call: vaultCall(addressOf(session, "BudgetVault"), "withdraw", args),
        title: `Pay ${amountText(asset, amount)} out of the pool ${pool.name}`,
        preview: [
          ["moves", amountText(asset, amount)],
          ["from", changeText(`pool ${pool.name}`, asset, await poolBalance(session, pool.pool, asset), -amount)],
          ["to", to],
        ],
        done: `${amountText(asset, amount)} left the pool ${pool.name} for ${to}.`,
        result: { pool: pool.pool, asset: asset.address, amount, to: options.to },
        resultOf: (receipt) => ({ outcome: isWithdrawalHeld(session, receipt) ? "held" : "paid" }),
        doneOf: (receipt) =>
          isWithdrawalHeld(session, receipt)
            ? `Nothing left: ${asset.symbol} is tripped, because this would have met the limit (mandate breaker status). The pool's anchor can approve exactly this withdrawal: mandate pool approve-withdrawal.`
            : `${amountText(asset, amount)} left the pool ${pool.name} for ${to}.`,
      };
    });
  });
}

function moveCommand(): Command {
  const command = addAmountOptions(
    addTransactOptions(
      new Command("move").argument("<from>", "pool that gives").argument("<to>", "pool that takes"),
      "finance",
    ),
  ).description("move money between two pools; it stays in the vault");
  return command.action(async (fromText: string, toText: string, options: AmountOptions) => {
    await transact(command, async (session) => {
      const [from, to, asset] = await Promise.all([
        poolOf(session, fromText),
        poolOf(session, toText),
        assetOf(session, options.asset),
      ]);
      const amount = positiveAmount(asset, options.amount);
      const [has, takes] = await Promise.all([
        poolBalance(session, from.pool, asset),
        poolBalance(session, to.pool, asset),
      ]);
      const args = [from.pool, to.pool, asset.address, amount] as const;
      return {
        call: vaultCall(addressOf(session, "BudgetVault"), "movePool", args),
        title: `Move ${amountText(asset, amount)} from the pool ${from.name} to the pool ${to.name}`,
        preview: [
          ["moves", amountText(asset, amount)],
          ["from", changeText(`pool ${from.name}`, asset, has, -amount)],
          ["to", changeText(`pool ${to.name}`, asset, takes, amount)],
        ],
        done: `${amountText(asset, amount)} is in the pool ${to.name}.`,
        result: { from: from.pool, to: to.pool, asset: asset.address, amount },
      };
    });
  });
}

function creditSurplusCommand(): Command {
  const command = addTransactOptions(
    new Command("credit-surplus").argument("<pool>", "name or id of the pool that takes it"),
    "relayer",
  )
    .description("credit a pool with what reached the vault without a deposit; anyone may")
    .option("--asset <asset>", "coin, test, or the address of a token", "test");
  return command.action(async (text: string, options: { asset: string }) => {
    await transact(command, async (session) => {
      const [pool, asset] = await Promise.all([poolOf(session, text), assetOf(session, options.asset)]);
      const vault = addressOf(session, "BudgetVault");
      const [held, credited, inPool] = await Promise.all([
        walletBalance(session, vault, asset),
        read(session, "BudgetVault", iBudgetVaultAbi, "credited", [asset.address]),
        poolBalance(session, pool.pool, asset),
      ]);
      const amount = held - credited;
      if (amount <= 0n) {
        throw new MandateError(
          "NoSurplus",
          `every ${asset.symbol} in the vault belongs to a pool, a project or a claim`,
          {
            kind: "refused",
            data: { asset: asset.address, held, credited },
            remedy: "Name another asset with --asset, or put money in with mandate pool fund.",
          },
        );
      }
      return {
        call: vaultCall(vault, "creditSurplus", [pool.pool, asset.address]),
        title: `Credit ${amountText(asset, amount)} to the pool ${pool.name}`,
        preview: [
          ["moves", amountText(asset, amount)],
          ["from", "what the vault holds beyond every pool, project and claim"],
          ["to", changeText(`pool ${pool.name}`, asset, inPool, amount)],
        ],
        done: `The surplus is in the pool ${pool.name}.`,
        result: { pool: pool.pool, asset: asset.address, amount },
      };
    });
  });
}

/** `mandate pool …` */
export function poolCommand(): Command {
  const command = new Command("pool").description("pools: money that projects are committed from");
  for (const verb of [
    poolListCommand(),
    poolShowCommand(),
    openCommand(),
    fundCommand(),
    withdrawCommand(),
    approveWithdrawalCommand(),
    moveCommand(),
    creditSurplusCommand(),
    closeCommand(),
  ])
    command.addCommand(verb);
  return command.addHelpText(
    "after",
    `
Examples:
  $ mandate pool list
  $ mandate pool open main --anchor anchor --as finance
  $ mandate pool fund main --amount 1000 --asset test --as finance
  $ mandate pool fund main --amount 1000 --asset 0x… --permit --as treasurer.key
  $ mandate pool withdraw main --amount 12.5 --to 0x… --dry-run
  $ mandate pool withdraw main --amount 12.5 --to 0x… --sender <safe> --export withdrawal.json
  $ mandate pool move main grants --amount 100 --yes --json
  $ mandate pool credit-surplus main --asset coin
  $ mandate pool close grants --dry-run`,
  );
}
