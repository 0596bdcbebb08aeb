import { erc20Abi, formatUnits, isAddress, parseUnits } from "viem";
import { MandateError } from "../core/errors/mandate-error.ts";
import type { Hex } from "../core/hex.ts";
import { addressOf, type Session } from "./session.ts";

/** How contracts name the chain's own coin. */
export const nativeCoin = "0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE";

/** An asset that money is held in. */
export interface Asset {
  readonly address: Hex;
  readonly symbol: string;
  readonly decimals: number;
  readonly native: boolean;
}

/** `coin`, `test` (the local chain's test token), or an address. @throws {MandateError} `AssetUnknown`. */
export async function assetOf(session: Session, text: string): Promise<Asset> {
  const word = text.toLowerCase();
  if (word === "coin" || word === nativeCoin.toLowerCase()) {
    const { symbol, decimals } = session.client.chain.nativeCurrency;
    return { address: nativeCoin, symbol, decimals, native: true };
  }
  const address = word === "test" ? addressOf(session, "TestToken") : text;
  if (!isAddress(address, { strict: false })) {
    throw new MandateError("AssetUnknown", `${text} is no asset: say coin, test, or an address`, {
      kind: "input",
      data: { asset: text },
    });
  }
  try {
    const [symbol, decimals] = await Promise.all([
      session.client.readContract({ address, abi: erc20Abi, functionName: "symbol" }),
      session.client.readContract({ address, abi: erc20Abi, functionName: "decimals" }),
    ]);
    return { address, symbol, decimals, native: false };
  } catch (cause) {
    throw new MandateError("AssetUnknown", `${address} does not answer as an ERC-20 token`, {
      kind: "input",
      data: { asset: address },
      cause,
    });
  }
}

/** A decimal number as base units. @throws {MandateError} `AmountInvalid`: more digits than the asset has, or no number. */
export function amountOf(asset: Asset, text: string): bigint {
  const match = /^\d{1,40}(?:\.(\d+))?$/.exec(text);
  if (match === null || (match[1]?.length ?? 0) > asset.decimals) {
    throw new MandateError(
      "AmountInvalid",
      `${text} is no amount of ${asset.symbol}: a decimal number with at most ${asset.decimals} places`,
      {
        kind: "input",
        data: { amount: text },
      },
    );
  }
  return parseUnits(text, asset.decimals);
}

/** Base units as people write them: `12.5 TEST`. */
export function amountText(asset: Asset, baseUnits: bigint): string {
  return `${formatUnits(baseUnits, asset.decimals)} ${asset.symbol}`;
}

/** What an account owns of an asset, outside of the vault. */
export function walletBalance(session: Session, account: Hex, asset: Asset): Promise<bigint> {
  if (asset.native) return session.client.getBalance({ address: account });
  return session.client.readContract({
    address: asset.address,
    abi: erc20Abi,
    functionName: "balanceOf",
    args: [account],
  });
}
