import { erc20Abi, hexToString } from "viem";
import { iBudgetVaultAbi } from "../../chain/abi.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { eventsOf } from "../../sdk/events.ts";
import { poolId } from "../../sdk/pool.ts";
import type { ContractCall } from "../../sdk/contract-call.ts";
import { read } from "../../sdk/read.ts";
import { addressOf, type Session } from "../../sdk/session.ts";
import { addressBookOf } from "../values/address-book.ts";
import { amountText, assetOf, type Asset, walletBalance } from "../../sdk/asset.ts";
import { timeText, countdownText } from "../values/time.ts";

/** A pool as its opening describes it. */
export interface Pool {
  readonly pool: Hex;
  readonly name: string;
  readonly steward: Hex;
  readonly anchor: Hex;
  readonly closed: boolean;
}

/** A pool's name where it is text, else its id: the vault takes any 32 bytes for a name. */
function nameText(name: Hex, pool: Hex): string {
  const text = hexToString(name, { size: 32 });
  // eslint-disable-next-line no-control-regex -- zeros inside and control characters are what is looked for
  return text === "" || /[\u0000-\u001f\u007f-\u009f\ufffd]/.test(text) ? pool : text;
}

export async function allPools(session: Session): Promise<Pool[]> {
  const vault = addressOf(session, "BudgetVault");
  const [opened, ended] = await Promise.all([
    eventsOf(session, vault, iBudgetVaultAbi, "PoolOpened"),
    eventsOf(session, vault, iBudgetVaultAbi, "PoolClosed"),
  ]);
  const closed = new Set(ended.map(({ args }) => args.pool));
  return opened.map(({ args: { pool, name, steward, anchor } }) => ({
    pool,
    name: nameText(name, pool),
    steward,
    anchor,
    closed: closed.has(pool),
  }));
}

/** A pool by name or id. @throws {MandateError} `PoolUnknown`. */
export async function poolOf(session: Session, text: string): Promise<Pool> {
  const id = /^0x[0-9a-fA-F]{64}$/.test(text) ? text.toLowerCase() : poolId(session, text);
  const found = (await allPools(session)).find(({ pool }) => pool === id);
  if (found !== undefined) return found;
  throw new MandateError("PoolUnknown", `there is no pool ${text}`, {
    kind: "input",
    data: { pool: text },
    remedy: "mandate pool list shows every pool; mandate pool open opens one.",
  });
}

/** Every asset that the vault was ever told to take. */
export async function vaultAssets(session: Session): Promise<Asset[]> {
  const allowed = await eventsOf(session, addressOf(session, "BudgetVault"), iBudgetVaultAbi, "AssetAllowed");
  return Promise.all([...new Set(allowed.map(({ args }) => args.asset))].map((asset) => assetOf(session, asset)));
}

export function poolBalance(session: Session, pool: Hex, asset: Asset): Promise<bigint> {
  return read(session, "BudgetVault", iBudgetVaultAbi, "poolBalance", [pool, asset.address]);
}

/** `pool main (has 5000 TEST, then 4900 TEST)`: a balance before and after `change`; or what it lacks. Pure. */
export function changeText(name: string, asset: Asset, balance: bigint, change: bigint): string {
  const after = balance + change;
  if (after < 0n) return `${name} (has ${amountText(asset, balance)}, ${amountText(asset, -after)} too little)`;
  return `${name} (has ${amountText(asset, balance)}, then ${amountText(asset, after)})`;
}

/** A moment with how far it lies from the chain's clock. */
export function momentText(at: number | bigint, now: number): string {
  return `${timeText(at)}, ${countdownText(at, now)}`;
}

/**
 * What the vault needs before it can take `amount` from `from`: nothing, or the approval of exactly that amount.
 * @throws {MandateError} `WalletShort` where `from` does not own so much.
 */
export async function approvalFor(
  session: Session,
  from: Hex,
  asset: Asset,
  amount: bigint,
): Promise<readonly ContractCall[]> {
  const owned = await walletBalance(session, from, asset);
  if (owned < amount) {
    const text = `${addressBookOf(session).full(from)} has ${amountText(asset, owned)}, not ${amountText(asset, amount)}`;
    throw new MandateError("WalletShort", text, {
      kind: "refused",
      data: { account: from, asset: asset.address, available: owned, required: amount },
      remedy: "Send it what is missing, or name a smaller amount.",
    });
  }
  if (asset.native) return [];
  const spender = addressOf(session, "BudgetVault");
  const allowed = await session.client.readContract({
    address: asset.address,
    abi: erc20Abi,
    functionName: "allowance",
    args: [from, spender],
  });
  if (allowed >= amount) return [];
  return [
    {
      contract: asset.symbol,
      address: asset.address,
      abi: erc20Abi,
      functionName: "approve",
      args: [spender, amount],
      value: 0n,
    },
  ];
}

/** An intent that was used already has paid: said before anything is approved. @throws {MandateError} `IntentUsed`. */
export async function requireUnusedIntent(session: Session, from: Hex, intent: Hex): Promise<void> {
  if (!(await read(session, "BudgetVault", iBudgetVaultAbi, "isIntentUsed", [from, intent]))) return;
  throw new MandateError("IntentUsed", `${from} has paid with the intent ${intent} already; it pays once`, {
    kind: "refused",
    data: { account: from, intent },
    remedy:
      "The payment went through: look at mandate pool show or mandate project show. For another one, leave --intent out.",
  });
}
