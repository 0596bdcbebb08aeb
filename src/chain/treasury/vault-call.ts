import type { ContractFunctionArgs, ContractFunctionName } from "viem";
import { iBudgetVaultAbi } from "../abi.ts";
import type { Hex } from "../../core/hex.ts";

type Writing = "nonpayable" | "payable";

/** Every function of the vault that changes state. */
export type VaultFunction = ContractFunctionName<typeof iBudgetVaultAbi, Writing>;

/** A call of the vault before anybody signs it: what viem's `simulateContract`, `writeContract` and `encodeFunctionData` take. */
export interface VaultCall {
  readonly contract: "BudgetVault";
  readonly address: Hex;
  readonly abi: typeof iBudgetVaultAbi;
  readonly functionName: VaultFunction;
  readonly args: readonly unknown[];
  /** Coins sent along, in wei. */
  readonly value: bigint;
}

/** A call of the vault at `vault`; the compiler holds its arguments against the ABI. Pure. */
export function vaultCall<Name extends VaultFunction>(
  vault: Hex,
  functionName: Name,
  args: ContractFunctionArgs<typeof iBudgetVaultAbi, Writing, Name>,
  value = 0n,
): VaultCall {
  return {
    contract: "BudgetVault",
    address: vault,
    abi: iBudgetVaultAbi,
    functionName,
    args: args as readonly unknown[],
    value,
  };
}
