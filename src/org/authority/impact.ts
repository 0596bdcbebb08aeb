import type { Hex } from "../../core/hex.ts";
import type { ActionFacts, Rate } from "./state.ts";

/** What an amount of 2^128 or more counts as: more than any limit. */
export const MAX_IMPACT = 2n ** 128n - 1n;

const RATE_SCALE = 10n ** 18n;
const LARGEST_ADDRESS = 2n ** 160n - 1n;

/** A call's impact in units of account (4 decimals), or why it is not known, with both sides of that comparison. */
export type Impact =
  | { readonly known: true; readonly impact: bigint }
  | {
      readonly known: false;
      readonly boundary: "Unreadable" | "RateMissing";
      readonly limit: bigint;
      readonly actual: bigint;
    };

/** Reads a call's impact from its data as the catalog says. `data` is selector and arguments. */
export function impactOf(facts: ActionFacts, rates: ReadonlyMap<Hex, Rate>, data: Hex, now: number): Impact {
  const { impact: kind, amountWord, assetWord } = facts;
  if (kind === "Unlisted" || kind === "None") return { known: true, impact: 0n };
  if (kind === "Fixed") return { known: true, impact: facts.fixedImpact };

  const isRated = kind === "AssetAmount";
  const needed = endOfWord(isRated ? Math.max(amountWord, assetWord) : amountWord);
  const length = (data.length - 2) / 2;
  if (length < needed) {
    return { known: false, boundary: "Unreadable", limit: BigInt(needed), actual: BigInt(length) };
  }
  const amount = wordAt(data, amountWord);
  if (!isRated) return { known: true, impact: atMost(amount) };

  const asset = wordAt(data, assetWord);
  if (asset > LARGEST_ADDRESS) return { known: false, boundary: "Unreadable", limit: LARGEST_ADDRESS, actual: asset };
  const { rate, validUntil } = rates.get(`0x${asset.toString(16).padStart(40, "0")}`) ?? { rate: 0n, validUntil: 0 };
  if (rate === 0n || now >= validUntil) {
    const limit = rate === 0n ? 0n : BigInt(validUntil);
    return { known: false, boundary: "RateMissing", limit, actual: BigInt(now) };
  }
  return { known: true, impact: amount > MAX_IMPACT ? MAX_IMPACT : atMost(valueRoundedUp(amount, rate)) };
}

/** Value of `amount` base units in units of account, rounded up: against the spender. */
export function valueRoundedUp(amount: bigint, rate: bigint): bigint {
  return (amount * rate + RATE_SCALE - 1n) / RATE_SCALE;
}

function atMost(impact: bigint): bigint {
  return impact > MAX_IMPACT ? MAX_IMPACT : impact;
}

/** Bytes of call data up to the end of a word of the arguments' head. */
function endOfWord(word: number): number {
  return 4 + 32 * (word + 1);
}

/** `data` must reach so far. */
function wordAt(data: Hex, word: number): bigint {
  const end = 2 + 2 * endOfWord(word);
  return BigInt(`0x${data.slice(end - 64, end)}`);
}
