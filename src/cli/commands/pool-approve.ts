import { Command } from "commander";
import { vaultCall } from "../../chain/treasury/vault-call.ts";
import type { Hex } from "../../core/hex.ts";
import { chainTime } from "../../sdk/read.ts";
import { addressOf } from "../../sdk/session.ts";
import { addressOrName } from "../chain/signer.ts";
import { addTransactOptions, transact } from "../chain/transact.ts";
import { momentText, poolOf } from "../treasury/vault.ts";
import { addressBookOf } from "../values/address-book.ts";
import { amountOf, amountText, assetOf } from "../../sdk/asset.ts";
import { durationSeconds } from "../values/duration.ts";

interface ApproveOptions {
  readonly asset: string;
  readonly amount: string;
  readonly to: Hex;
  readonly validFor: number;
  readonly revoke?: boolean;
}

export function approveWithdrawalCommand(): Command {
  const command = addTransactOptions(new Command("approve-withdrawal"), "anchor")
    .argument("<pool>", "name or id of the pool")
    .description("as the pool's anchor, let exactly one withdrawal pass the circuit breaker, once")
    .requiredOption("--amount <amount>", "how much, in whole units of the asset")
    .requiredOption("--to <account>", "who receives it", addressOrName)
    .option("--asset <asset>", "coin, test, or the address of a token", "test")
    .option("--valid-for <duration>", "how long it can be used", durationSeconds, 86_400)
    .option("--revoke", "take the approval back");
  return command.action(async (text: string, options: ApproveOptions) => {
    await transact(command, async (session) => {
      const [{ pool, name }, asset, now] = await Promise.all([
        poolOf(session, text),
        assetOf(session, options.asset),
        chainTime(session),
      ]);
      const amount = amountOf(asset, options.amount);
      const until = options.revoke === true ? 0 : now + options.validFor;
      const what = `the withdrawal of ${amountText(asset, amount)} out of pool ${name}`;
      return {
        call: vaultCall(addressOf(session, "BudgetVault"), "approveWithdrawal", [
          pool,
          asset.address,
          options.to,
          amount,
          until,
        ]),
        title: options.revoke === true ? `Take back the approval of ${what}` : `Approve ${what}`,
        preview: [
          ["to", addressBookOf(session).full(options.to)],
          ["usable until", until === 0 ? "not any more" : momentText(until, now)],
          ["moves", "nothing yet: who holds a grant for it withdraws"],
        ],
        done: options.revoke === true ? "The approval is taken back." : "Approved, once.",
        result: { pool, asset: asset.address, amount, to: options.to, usableUntil: until },
      };
    });
  });
}
