import { Command } from "commander";
import { claimCall, claimedIn, readClaim } from "../../sdk/claim.ts";
import type { Hex } from "../../core/hex.ts";
import { addSessionOptions, sessionOf } from "../chain/session-options.ts";
import { addressOrName } from "../chain/signer.ts";
import { addTransactOptions, transact } from "../chain/transact.ts";
import { outputOf } from "../output.ts";
import { tableText } from "../text/table.ts";
import { vaultAssets } from "../treasury/vault.ts";
import { addressBookOf } from "../values/address-book.ts";
import { amountText, assetOf } from "../../sdk/asset.ts";

function showCommand(): Command {
  const command = addSessionOptions(
    new Command("show").argument("<payee>", "address, or the name of a development account", addressOrName),
  ).description("show payments that could not be pushed to a payee and wait for it");
  return command.action(async (payee: Hex) => {
    const session = await sessionOf(command);
    const found = await Promise.all(
      (await vaultAssets(session)).map(async (asset) => {
        const { owed: amount } = await readClaim(session, payee, asset);
        return { asset: asset.address, symbol: asset.symbol, amount, text: amountText(asset, amount) };
      }),
    );
    const claims = found.filter(({ amount }) => amount > 0n);
    const rows = claims.map(({ text, asset }) => [text, asset]);
    outputOf(command).result({ payee, claims }, tableText(["amount", "asset"], rows, "Nothing waits for this payee."));
  });
}

function sendCommand(): Command {
  const command = addTransactOptions(new Command("send"), "payeeOne")
    .description("send what waits for the caller to an address that can receive it; the payee alone may")
    .requiredOption("--to <account>", "who receives it", addressOrName)
    .option("--asset <asset>", "coin, test, or the address of a token", "test");
  return command.action(async (options: { to: Hex; asset: string }) => {
    await transact(command, async (session, payee) => {
      const asset = await assetOf(session, options.asset);
      const { owed, payable: amount } = await readClaim(session, payee, asset);
      const rest = amountText(asset, owed - amount);
      const book = addressBookOf(session);
      return {
        call: claimCall(session, asset, options.to),
        title: `Send the claim of ${amountText(asset, amount)}`,
        preview: [
          ["moves", amountText(asset, amount)],
          ["from", `what waits for ${book.full(payee)}`],
          ["to", book.full(options.to)],
          ...(amount < owed ? ([["stays a claim", `${rest}: money of this asset is missing`]] as const) : []),
        ],
        done: `The claim was sent to ${book.full(options.to)}.`,
        doneOf: (receipt) =>
          `${amountText(asset, claimedIn(session, receipt.logs))} was sent to ${book.full(options.to)}.`,
        result: { asset: asset.address, to: options.to },
        resultOf: (receipt) => ({ amount: claimedIn(session, receipt.logs) }),
      };
    });
  });
}

/** `mandate claim …` */
export function claimCommand(): Command {
  return new Command("claim")
    .description("claims: payments that a payee could not receive, and that it directs elsewhere")
    .addCommand(showCommand())
    .addCommand(sendCommand())
    .addHelpText(
      "after",
      `
Examples:
  $ mandate claim show 0x…
  $ mandate claim send --asset coin --to 0x… --as payee.key
  $ mandate claim send --asset coin --to 0x… --sender <safe> --export claim.json`,
    );
}
