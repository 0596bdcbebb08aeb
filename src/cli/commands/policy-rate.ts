import { Command } from "commander";
import { formatUnits, parseUnits } from "viem";
import { iConstitutionAbi } from "../../chain/abi.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { eventsOf } from "../../sdk/events.ts";
import { defineAssetCall, setRateCall } from "../../sdk/policy.ts";
import { act, addActOptions } from "../chain/act.ts";
import { chainTime, read } from "../../sdk/read.ts";
import { addressOf } from "../../sdk/session.ts";
import { addSessionOptions, sessionOf } from "../chain/session-options.ts";
import { outputOf } from "../output.ts";
import { tableText } from "../text/table.ts";
import { assetOf, type Asset } from "../../sdk/asset.ts";
import { durationSeconds } from "../values/duration.ts";
import { reasonHash, type Reason } from "../values/reason.ts";
import { countdownText } from "../values/time.ts";

/** A rate is in parts of the unit of account (4 decimals) for 1e18 base units. */
const PLACES = 22;

/** The price of one whole unit of the asset as a rate, rounded up: against the spender. */
export function rateOfPrice(asset: Pick<Asset, "decimals" | "symbol">, text: string): bigint {
  if (!/^\d{1,20}(?:\.\d{1,18})?$/.test(text)) {
    throw new MandateError("PriceInvalid", `${text} is no price of one ${asset.symbol}: say 1.05`, {
      kind: "input",
      data: { price: text },
    });
  }
  const base = 10n ** BigInt(asset.decimals);
  return (parseUnits(text, PLACES) + base - 1n) / base;
}

/** A rate as the price of one whole unit of the asset. */
export function priceText(asset: Pick<Asset, "decimals">, rate: bigint): string {
  return formatUnits(rate * 10n ** BigInt(asset.decimals), PLACES);
}

function defineCommand(): Command {
  const base = new Command("define").argument("<asset>", "coin, test, or the address of a token");
  const command = addActOptions(base, "governor")
    .description("let an asset be valued, within bounds that never change")
    .requiredOption("--minimum <price>", "least price of one whole unit, in the unit of account")
    .requiredOption("--maximum <price>", "highest price of one whole unit");
  return command.action(async (text: string, options: { minimum: string; maximum: string }) => {
    await act(command, async (session) => {
      const asset = await assetOf(session, text);
      const [minimum, maximum] = [rateOfPrice(asset, options.minimum), rateOfPrice(asset, options.maximum)];
      return {
        call: defineAssetCall(session, asset.address, minimum, maximum),
        done: `${asset.symbol} can be valued: mandate policy rate ${text}`,
        result: { asset: asset.address, minimumRate: minimum, maximumRate: maximum },
      };
    });
  });
}

function listCommand(): Command {
  const command = addSessionOptions(new Command("list"));
  command.description("show the assets that can be valued, their prices and how long those are valid");
  return command.action(async () => {
    const session = await sessionOf(command);
    const [defined, now] = await Promise.all([
      eventsOf(session, addressOf(session, "Constitution"), iConstitutionAbi, "AssetDefined"),
      chainTime(session),
    ]);
    const assets = await Promise.all(
      defined.map(async ({ args }) => {
        const asset = await assetOf(session, args.asset);
        const [rate, validUntil] = await read(session, "Constitution", iConstitutionAbi, "rateOf", [args.asset]);
        const { minimumRate, maximumRate } = args;
        return { asset, rate, validUntil, valid: validUntil > now, minimumRate, maximumRate };
      }),
    );
    const rows = assets.map(({ asset, rate, validUntil, valid, minimumRate, maximumRate }) => [
      asset.symbol,
      validUntil === 0 ? "none" : priceText(asset, rate),
      validUntil === 0 ? "never valued" : `${valid ? "valid, ends" : "ended"} ${countdownText(validUntil, now)}`,
      `${priceText(asset, minimumRate)} to ${priceText(asset, maximumRate)}`,
    ]);
    const text = tableText(["asset", "price of one", "validity", "bounds"], rows, "No asset can be valued yet.");
    outputOf(command).result({ assets }, text);
  });
}

/** `mandate policy asset …` */
export function policyAssetCommand(): Command {
  return new Command("asset")
    .description("assets: what impact in money is measured by")
    .addCommand(listCommand())
    .addCommand(defineCommand());
}

/** `mandate policy rate` */
export function policyRateCommand(): Command {
  const base = new Command("rate").argument("<asset>", "coin, test, or the address of a token");
  const command = addActOptions(base, "finance")
    .description("value an asset in the unit of account; without a valid rate every call that moves it escalates")
    .requiredOption("--price <number>", "of one whole unit: 1.05")
    .requiredOption("--for <duration>", "how long it is valid, 31d at most", durationSeconds)
    .requiredOption("--reason <text>", "its source; the chain keeps the hash of this text");
  return command.action(async (text: string, options: { price: string; for: number; reason: string }) => {
    await act(command, async (session) => {
      const asset = await assetOf(session, text);
      const rate = rateOfPrice(asset, options.price);
      const validUntil = (await chainTime(session)) + options.for;
      return {
        call: setRateCall(session, { asset: asset.address, rate, validUntil }, reasonHash(options.reason)),
        documents: [{ reason: options.reason } satisfies Reason],
        done: `One ${asset.symbol} counts as ${priceText(asset, rate)}.`,
        result: { asset: asset.address, rate, validUntil },
      };
    });
  });
}
