import { Command } from "commander";
import { hexToString } from "viem";
import { iBudgetVaultAbi } from "../../chain/abi.ts";
import { depositCall, newIntent, openPoolCall, poolId, approveVault } from "../actions/pool.ts";
import { eventsOf } from "../actions/events.ts";
import { act, addActOptions } from "../chain/act.ts";
import { addressOf, addSessionOptions, sessionOf, type Session } from "../chain/session.ts";
import { addressOrName, signerOf } from "../chain/signer.ts";
import { outputOf } from "../output.ts";
import { amountOf, amountText, assetOf } from "../values/asset.ts";
import { bytes32 } from "../values/bytes32.ts";

async function poolsOf(session: Session) {
  const vault = addressOf(session, "BudgetVault");
  const allowed = await eventsOf(session, vault, iBudgetVaultAbi, "AssetAllowed");
  const assets = await Promise.all(
    [...new Set(allowed.map(({ args }) => args.asset))].map((asset) => assetOf(session, asset)),
  );
  const opened = await eventsOf(session, vault, iBudgetVaultAbi, "PoolOpened");
  return Promise.all(
    opened.map(async ({ args }) => {
      const balances = await Promise.all(
        assets.map(async (asset) => {
          const call = {
            address: vault,
            abi: iBudgetVaultAbi,
            functionName: "poolBalance",
            args: [args.pool, asset.address],
          } as const;
          const amount = await session.client.readContract(call);
          return { asset: asset.address, symbol: asset.symbol, amount, text: amountText(asset, amount) };
        }),
      );
      return {
        pool: args.pool,
        name: hexToString(args.name, { size: 32 }),
        steward: args.steward,
        anchor: args.anchor,
        balances,
      };
    }),
  );
}

function listCommand(): Command {
  const command = addSessionOptions(new Command("list")).description("show every pool and what it holds");
  return command.action(async () => {
    const pools = await poolsOf(await sessionOf(command));
    const lines = pools.map(({ pool, name, balances }) => {
      return `${name.padEnd(20)} ${balances.map(({ text }) => text).join(", ") || "nothing"}\n  ${pool}`;
    });
    outputOf(command).result({ pools }, lines.join("\n") || "There is no pool yet.");
  });
}

function openCommand(): Command {
  const command = addActOptions(new Command("open").argument("<name>", "name of the pool, at most 31 bytes"), "finance")
    .description("open a pool")
    .requiredOption("--anchor <account>", "the accountable human", addressOrName, addressOrName("anchor"))
    .option("--steward <account>", "the only one who may open projects from it", addressOrName);
  return command.action(async (name: string, options: { anchor: `0x${string}`; steward?: `0x${string}` }) => {
    await act(command, (session) => {
      const pool = poolId(session, name);
      return Promise.resolve({
        call: openPoolCall(session, { name, ...options }),
        done: `Pool ${name} is open: ${pool}`,
        result: { pool },
      });
    });
  });
}

function fundCommand(): Command {
  const command = addActOptions(new Command("fund").argument("<pool>", "name or id of the pool"), "finance")
    .description("put money into a pool")
    .requiredOption("--amount <number>", "amount, in the asset's own unit: 12.5")
    .option("--asset <asset>", "coin, test, or the address of a token", "test")
    .option("--intent <bytes32>", "number of this payment; sent twice, it pays once (default: a new one)", bytes32);
  return command.action(
    async (
      name: string,
      options: { amount: string; asset: string; intent?: `0x${string}`; dryRun?: boolean; as: string },
    ) => {
      await act(command, async (session) => {
        const asset = await assetOf(session, options.asset);
        const amount = amountOf(asset, options.amount);
        const pool = /^0x[0-9a-fA-F]{64}$/.test(name) ? (name as `0x${string}`) : poolId(session, name);
        const intent = options.intent ?? newIntent();
        if (options.dryRun !== true)
          await approveVault(session, signerOf(options.as, session.deployment.chainId), asset, amount);
        const call = depositCall(session, { pool, asset, amount, intent });
        return {
          call,
          done: `${amountText(asset, amount)} is in the pool ${name}`,
          result: { pool, asset: asset.address, amount, intent },
        };
      });
    },
  );
}

/** `mandate pool …` */
export function poolCommand(): Command {
  return new Command("pool")
    .description("pools: money that projects are committed from")
    .addCommand(listCommand())
    .addCommand(openCommand())
    .addCommand(fundCommand())
    .addHelpText(
      "after",
      "\nExamples:\n  $ mandate pool list\n  $ mandate pool fund main --amount 1000 --asset test --as finance",
    );
}
