import { Command } from "commander";
import { vaultCall } from "../../chain/treasury/vault-call.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { addressOf } from "../../sdk/session.ts";
import { addTransactOptions, transact } from "../chain/transact.ts";
import { poolBalance, poolOf, vaultAssets } from "../treasury/vault.ts";
import { amountText } from "../../sdk/asset.ts";

export function closeCommand(): Command {
  const command = addTransactOptions(
    new Command("close").argument("<pool>", "name or id of the pool"),
    "finance",
  ).description("close a pool for good: no deposits, plans or commitments any more; what is in it can still leave");
  return command.action(async (text: string) => {
    await transact(command, async (session) => {
      const [pool, assets] = await Promise.all([poolOf(session, text), vaultAssets(session)]);
      if (pool.closed) {
        throw new MandateError("PoolClosed", `the pool ${pool.name} is closed already`, {
          kind: "refused",
          data: { pool: pool.pool },
        });
      }
      const amounts = await Promise.all(assets.map((asset) => poolBalance(session, pool.pool, asset)));
      const held = assets.flatMap((asset, index) => {
        const amount = amounts[index] ?? 0n;
        return amount > 0n ? [amountText(asset, amount)] : [];
      });
      return {
        call: vaultCall(addressOf(session, "BudgetVault"), "closePool", [pool.pool]),
        title: `Close the pool ${pool.name} for good`,
        preview: [
          ["pool", pool.pool],
          ["keeps", held.join("\n") || "nothing"],
          ["afterwards", "nothing is paid in, planned or committed; money can be withdrawn or moved"],
        ],
        done: `Pool ${pool.name} is closed.`,
        result: { pool: pool.pool },
      };
    });
  });
}
