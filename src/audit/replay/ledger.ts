import type { Hex } from "../../core/hex.ts";

/** Where money of one asset stands inside a vault; base units. */
export interface Holdings {
  readonly credited: bigint;
  readonly pools: bigint;
  readonly committed: bigint;
  readonly proved: bigint;
  readonly claimable: bigint;
}

/** Places between which money moves; `outside` is the world. */
export type Account =
  | { readonly in: "outside" }
  | { readonly in: "pool"; readonly pool: Hex }
  | { readonly in: "committed"; readonly project: Hex }
  | { readonly in: "proved"; readonly project: Hex }
  | { readonly in: "claimable"; readonly payee: Hex };

/** One movement of money. */
export interface Posting {
  readonly asset: Hex;
  readonly amount: bigint;
  readonly from: Account;
  readonly to: Account;
}

/** Money of a vault, replayed posting by posting: every posting takes from one account what it gives to another. */
export interface Ledger {
  /** Moves money; answers how much the giving account is short of the amount. */
  post(posting: Posting): bigint;
  balance(account: Account, asset: Hex): bigint;
  holdings(asset: Hex): Holdings;
  assets(): readonly Hex[];
}

const partOf = { pool: "pools", committed: "committed", proved: "proved", claimable: "claimable" } as const;

export function accountName(account: Account): string {
  switch (account.in) {
    case "outside":
      return "outside";
    case "pool":
      return `pool:${account.pool}`;
    case "claimable":
      return `claimable:${account.payee}`;
    default:
      return `${account.in}:${account.project}`;
  }
}

export function createLedger(): Ledger {
  const balances = new Map<string, bigint>();
  const totals = new Map<Hex, Holdings>();
  const empty: Holdings = { credited: 0n, pools: 0n, committed: 0n, proved: 0n, claimable: 0n };
  const keyOf = (account: Account, asset: Hex): string => `${asset} ${accountName(account)}`;
  const balance = (account: Account, asset: Hex): bigint => balances.get(keyOf(account, asset)) ?? 0n;

  function add(account: Account, asset: Hex, amount: bigint): void {
    const holdings = totals.get(asset) ?? empty;
    if (account.in === "outside") {
      totals.set(asset, { ...holdings, credited: holdings.credited - amount });
      return;
    }
    const part = partOf[account.in];
    balances.set(keyOf(account, asset), balance(account, asset) + amount);
    totals.set(asset, { ...holdings, [part]: holdings[part] + amount });
  }

  return {
    post({ asset, amount, from, to }) {
      const available = from.in === "outside" ? amount : balance(from, asset);
      add(from, asset, -amount);
      add(to, asset, amount);
      return available < amount ? amount - available : 0n;
    },
    balance,
    holdings: (asset) => totals.get(asset) ?? empty,
    assets: () => [...totals.keys()],
  };
}
