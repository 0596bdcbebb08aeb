import type { TreasuryBench } from "../treasury-stage.ts";
import { gasOf } from "../measurement.ts";
import { timelockPayment, vestingWalletPayment } from "./open-zeppelin.ts";
import { safePayment } from "./safe.ts";

/** What a peer pays with: the token of our own payments, to the payee of our own payments. */
export interface Payments {
  readonly token: TreasuryBench["token"];
  readonly office: TreasuryBench["office"];
  readonly payee: TreasuryBench["payee"];
  /** Unix seconds of the latest block. */
  readonly now: number;
}

/** Whole-transaction gas of one payment by each peer: none has a milestone, a lease, or evidence. */
export async function measurePayments(payments: Payments) {
  return {
    transfer: { "bare ERC-20 transfer": await gasOf(payments.token.transfer(payments.payee, 1n)) },
    safe2of3: { "Safe payment 2-of-3, no milestone": await safePayment(payments, [2, 3]) },
    safe3of5: { "Safe payment 3-of-5, no milestone": await safePayment(payments, [3, 5]) },
    vesting: { "OpenZeppelin VestingWallet, no signature": await vestingWalletPayment(payments) },
    timelock: { "OpenZeppelin Timelock, schedule and execute": await timelockPayment(payments) },
  };
}
