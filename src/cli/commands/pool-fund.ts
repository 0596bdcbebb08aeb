import { Command } from "commander";
import type { Hex } from "../../core/hex.ts";
import { depositCall, newIntent } from "../../sdk/pool.ts";
import { addTransactOptions, transact } from "../chain/transact.ts";
import { addAmountOptions, positiveAmount, type AmountOptions } from "../treasury/amount-options.ts";
import { addWalletOptions, allowanceFor, intentFact, type WalletOptions } from "../treasury/wallet-payment.ts";
import { changeText, poolBalance, poolOf, requireUnusedIntent } from "../treasury/vault.ts";
import { addressBookOf } from "../values/address-book.ts";
import { amountText, assetOf, walletBalance } from "../../sdk/asset.ts";

export function fundCommand(): Command {
  const command = addWalletOptions(
    addAmountOptions(addTransactOptions(new Command("fund").argument("<pool>", "name or id of the pool"), "finance")),
  )
    .alias("deposit")
    .description("put money into a pool")
    .addHelpText(
      "after",
      `
Examples:
  $ mandate pool fund main --amount 1000 --asset test --as finance
  $ mandate pool fund main --amount 0.5 --asset coin --dry-run
  $ mandate pool fund main --amount 1000 --asset 0x… --permit --as treasurer.key
  $ mandate pool fund main --amount 1000 --asset 0x… --sender <safe> --export deposit.json`,
    );
  return command.action(async (text: string, options: AmountOptions & WalletOptions) => {
    await transact(command, async (session, from) => {
      const [pool, asset] = await Promise.all([poolOf(session, text), assetOf(session, options.asset)]);
      const amount = positiveAmount(asset, options.amount);
      const intent: Hex = options.intent ?? newIntent();
      await requireUnusedIntent(session, from, intent);
      const { before, permit, facts } = await allowanceFor(session, { from, asset, amount }, options);
      const [inPool, owned] = await Promise.all([
        poolBalance(session, pool.pool, asset),
        walletBalance(session, from, asset),
      ]);
      return {
        call: depositCall(session, { pool: pool.pool, asset, amount, intent, permit }),
        before,
        title: `Put ${amountText(asset, amount)} into the pool ${pool.name}`,
        preview: [
          ["moves", amountText(asset, amount)],
          ["from", changeText(addressBookOf(session).full(from), asset, owned, -amount)],
          ["to", changeText(`pool ${pool.name}`, asset, inPool, amount)],
          ...facts,
          intentFact(intent),
        ],
        done: `${amountText(asset, amount)} is in the pool ${pool.name}.`,
        result: { pool: pool.pool, asset: asset.address, amount, intent },
      };
    });
  });
}
