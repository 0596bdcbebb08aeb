import { signedContracts, type SignedContract } from "./signed-calls.ts";

/** What a call does, in the words that a wallet shows; `undefined` where no person signs it. */
export function intentOf(contract: string, functionName: string): string | undefined {
  const contracts: Readonly<Record<string, SignedContract>> = signedContracts;
  return contracts[contract]?.calls[functionName]?.intent;
}
