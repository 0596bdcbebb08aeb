import type { ContractTransactionResponse } from "ethers";

/** Gas by key, as `bench/results/gas.json` holds it. */
export type GasTable = Record<string, { readonly gas: number; readonly peers: Readonly<Record<string, number>> }>;

/** Whole-transaction gas (21,000 and calldata included) of a sent transaction. */
export async function gasOf(sent: Promise<ContractTransactionResponse>): Promise<number> {
  const receipt = await (await sent).wait();
  if (receipt === null) throw new Error("the transaction has no receipt");
  return Number(receipt.gasUsed);
}
