import { zeroAddress } from "viem";
import { heartbeatOracleAbi, operatorKeysAbi } from "../../chain/abi.ts";
import type { ChainClient } from "../../chain/client.ts";
import type { Hex } from "../../core/hex.ts";

/** The operator that an account signs for, and who signs for that operator from its next seat on. */
export interface Delegation {
  readonly operator: Hex;
  readonly delegate: Hex;
}

/** Whose delegate an account is: its own where no operator named it. */
export async function delegationOf(client: ChainClient, oracle: Hex, account: Hex): Promise<Delegation> {
  const address = await client.readContract({ address: oracle, abi: heartbeatOracleAbi, functionName: "operatorKeys" });
  if (address === zeroAddress) return { operator: account, delegate: account };
  const keys = { address, abi: operatorKeysAbi } as const;
  const named = await client.readContract({ ...keys, functionName: "operatorOf", args: [account] });
  const operator = named === zeroAddress ? account : named;
  const delegate = await client.readContract({ ...keys, functionName: "delegateOf", args: [operator] });
  return { operator, delegate };
}

/** That sets which are written from now on take this account's signatures. @throws {Error} Where they take another one's. */
export function describeDelegation({ operator, delegate }: Delegation, account: Hex): readonly [true, string] {
  if (delegate !== account) {
    throw new Error(`${operator} has named ${delegate}, which takes the seat of ${account} when it is rotated in`);
  }
  return [true, operator === account ? `${account} signs for itself` : `${account} signs for ${operator}`];
}
