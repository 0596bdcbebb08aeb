import type { Command } from "commander";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { amountOf, type Asset } from "../../sdk/asset.ts";

export interface AmountOptions {
  readonly amount: string;
  readonly asset: string;
}

export function addAmountOptions(command: Command): Command {
  return command
    .requiredOption("--amount <number>", "amount, in the asset's own unit: 12.5")
    .option("--asset <asset>", "coin, test, or the address of a token", "test");
}

/** An amount that is more than nothing. @throws {MandateError} `AmountInvalid`. */
export function positiveAmount(asset: Asset, text: string): bigint {
  const amount = amountOf(asset, text);
  if (amount > 0n) return amount;
  throw new MandateError("AmountInvalid", `${text} moves nothing`, { kind: "input", data: { amount: text } });
}
