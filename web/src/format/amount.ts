import { formatUnits } from "viem";
import type { AssetAnswer } from "../../../src/core/api/primitives.ts";

/** An amount of base units in words: every digit that counts, grouped, with the symbol that the token claims. */
export function amountText(baseUnits: string | bigint, asset: AssetAnswer): string {
  const [whole = "0", fraction] = formatUnits(BigInt(baseUnits), asset.decimals).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${grouped}${fraction === undefined ? "" : `.${fraction}`} ${asset.symbol}`;
}

/** A fixed-point share (1e18 = 1) as per cent with two decimals, rounded down. */
export function shareText(fixedPoint: string | bigint): string {
  const hundredths = (BigInt(fixedPoint) * 10_000n) / 10n ** 18n;
  return `${hundredths / 100n}.${(hundredths % 100n).toString().padStart(2, "0")} %`;
}
