import { Command } from "commander";
import { iBudgetVaultAbi } from "../../chain/abi.ts";
import { enclaveLimit } from "../../org/enclave-limit.ts";
import { eventsOf } from "../../sdk/events.ts";
import { read } from "../../sdk/read.ts";
import { addressOf, type Session } from "../../sdk/session.ts";
import { addSessionOptions, sessionOf } from "../chain/session-options.ts";
import { outputOf } from "../output.ts";
import { factsText, plainText } from "../text/table.ts";
import { allPools, poolBalance, poolOf, vaultAssets, type Pool } from "../treasury/vault.ts";
import { addressBookOf } from "../values/address-book.ts";
import { amountText, type Asset } from "../../sdk/asset.ts";

async function withBalances(session: Session, pool: Pool, assets: readonly Asset[]) {
  const balances = await Promise.all(
    assets.map(async (asset) => {
      const amount = await poolBalance(session, pool.pool, asset);
      return { asset: asset.address, symbol: asset.symbol, amount, text: amountText(asset, amount) };
    }),
  );
  return { ...pool, balances };
}

/** What the pool's enclaves hold of each asset of which they hold anything, and may hold. */
async function withEnclaves(session: Session, pool: Pool, assets: readonly Asset[]) {
  const { balances, ...rest } = await withBalances(session, pool, assets);
  const { enclaveShare } = await read(session, "BudgetVault", iBudgetVaultAbi, "limits", []);
  const held = await Promise.all(
    assets.map(({ address }) =>
      read(session, "BudgetVault", iBudgetVaultAbi, "enclaveCommitted", [pool.pool, address]),
    ),
  );
  const enclaves = assets.flatMap((asset, index) => {
    const [amount, balance] = [held[index] ?? 0n, balances[index]?.amount ?? 0n];
    const limit = enclaveLimit(balance + amount, enclaveShare);
    const text = `${amountText(asset, amount)}${limit === undefined ? "" : ` of at most ${amountText(asset, limit)}`}`;
    return amount === 0n ? [] : [{ asset: asset.address, symbol: asset.symbol, amount, limit: limit ?? null, text }];
  });
  return { ...rest, balances, enclaves };
}

export function poolListCommand(): Command {
  const command = addSessionOptions(new Command("list")).description("show every pool and what it holds");
  return command.action(async () => {
    const session = await sessionOf(command);
    const [all, assets] = await Promise.all([allPools(session), vaultAssets(session)]);
    const pools = await Promise.all(all.map((pool) => withBalances(session, pool, assets)));
    const lines = pools.map(({ pool, name, closed, balances }) => {
      return `${plainText(name).padEnd(20)} ${closed ? "closed, " : ""}${balances.map(({ text }) => text).join(", ") || "nothing"}\n  ${pool}`;
    });
    outputOf(command).result({ pools }, lines.join("\n") || "There is no pool yet.");
  });
}

export function poolShowCommand(): Command {
  const command = addSessionOptions(new Command("show").argument("<pool>", "name or id of the pool"));
  command.description("show a pool: what it holds, who answers for it, which projects draw on it");
  return command.action(async (text: string) => {
    const session = await sessionOf(command);
    const [found, assets, opened] = await Promise.all([
      poolOf(session, text),
      vaultAssets(session),
      eventsOf(session, addressOf(session, "BudgetVault"), iBudgetVaultAbi, "ProjectOpened"),
    ]);
    const pool = await withEnclaves(session, found, assets);
    const projects = opened.filter(({ args }) => args.plan.pool === found.pool).map(({ args }) => args.project);
    const book = addressBookOf(session);
    outputOf(command).result(
      { ...pool, projects },
      factsText([
        ["pool", `${pool.name}\n${pool.pool}`],
        ["status", pool.closed ? "closed: what is in it can be withdrawn or moved" : "open"],
        ["holds", pool.balances.map((each) => each.text).join("\n") || "nothing"],
        ["in enclaves", pool.enclaves.map((each) => each.text).join("\n") || "nothing"],
        ["anchor", book.full(pool.anchor)],
        ["steward", book.full(pool.steward)],
        ["projects", projects.join("\n") || "none"],
      ]),
    );
  });
}
