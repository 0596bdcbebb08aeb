import type { Log } from "viem";
import { iBudgetVaultAbi } from "../chain/abi.ts";
import type { Hex } from "../core/hex.ts";
import { isRulingHeld, ruledAmount } from "../org/safety/shortfall.ts";
import type { Asset } from "./asset.ts";
import { shortfallOf } from "./breaker.ts";
import { contractCall, type ContractCall } from "./contract-call.ts";
import { read } from "./read.ts";
import { addressOf, type Session } from "./session.ts";
import { vaultEventsIn } from "../chain/treasury/vault-events.ts";

/** What a payee is owed, and what of it {@link claimCall} would send now; base units. */
export interface Claim {
  readonly owed: bigint;
  /** Less than `owed` while money of the asset is missing: what anchors ruled, once, or nothing. */
  readonly payable: bigint;
}

/** A payee's claim in an asset: payments that could not be pushed to it. */
export async function readClaim(session: Session, payee: Hex, asset: Asset): Promise<Claim> {
  const [owed, { balance, credited, ruling, takenIn }] = await Promise.all([
    read(session, "BudgetVault", iBudgetVaultAbi, "claimable", [payee, asset.address]),
    shortfallOf(session, asset, payee),
  ]);
  if (balance >= credited) return { owed, payable: owed };
  const mayTake = isRulingHeld(ruling, balance) && takenIn !== ruling.trip;
  return { owed, payable: mayTake ? ruledAmount(owed, ruling.share) : 0n };
}

/** Sends the caller's claim to an address that can receive it. */
export function claimCall(session: Session, asset: Asset, to: Hex): ContractCall {
  return contractCall(session, "BudgetVault", iBudgetVaultAbi, "claim", [asset.address, to]);
}

/** How much of claims was paid, in base units, from the vault's events in a transaction. Pure. */
export function claimedIn(session: Session, logs: readonly Log[]): bigint {
  return vaultEventsIn(logs, addressOf(session, "BudgetVault")).reduce(
    (sum, event) => sum + (event.eventName === "Claimed" ? event.args.amount : 0n),
    0n,
  );
}
