import { formatEther, isAddressEqual } from "viem";
import { reportFundAbi } from "../../chain/abi.ts";
import type { ChainClient } from "../../chain/client.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";

/** Whether a fund pays what reports cost, and of what it has how much. */
export interface FundFinding {
  readonly pays: boolean;
  readonly detail: string;
}

/**
 * What a fund of refunds would do for reports of `oracle`. One that pays nothing still hands reports on.
 * @throws {MandateError} `FundOfAnotherOracle`, as it would hand reports on where none is accepted.
 */
export async function checkFund(client: ChainClient, fund: Hex, oracle: Hex): Promise<FundFinding> {
  const contract = { address: fund, abi: reportFundAbi } as const;
  const [served, [limitGwei, maxTipWei], balance] = await Promise.all([
    client.readContract({ ...contract, functionName: "oracle" }),
    client.readContract({ ...contract, functionName: "terms" }),
    client.getBalance({ address: fund }),
  ]);
  if (!isAddressEqual(served, oracle)) {
    throw new MandateError("FundOfAnotherOracle", `${fund} hands reports on to ${served}, not to ${oracle}`, {
      kind: "refused",
      data: { fund, served, oracle },
      remedy: "Name the fund of this oracle, or none.",
    });
  }
  const held = `${formatEther(balance)} coin`;
  if (limitGwei === 0) return { pays: false, detail: `it has ${held}, and no terms by which it refunds` };
  const terms = `refunds up to ${limitGwei} gwei a report, ${maxTipWei} wei beyond the base fee`;
  const isEmpty = balance < BigInt(limitGwei) * 10n ** 9n;
  return { pays: !isEmpty, detail: isEmpty ? `it has ${held}, less than one refund; ${terms}` : `${held}; ${terms}` };
}
