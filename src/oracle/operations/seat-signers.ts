import { zeroAddress } from "viem";
import { heartbeatOracleAbi, iOperatorKeysAbi } from "../../chain/abi.ts";
import type { ChainClient } from "../../chain/client.ts";
import type { Hex } from "../../core/hex.ts";
import type { OperatorSet } from "../epochs/oracle-chain.ts";

/** How the code of an account that acts by another's code begins (EIP-7702): it keeps its key. */
const DELEGATION = "0xef0100";

/** Who signs reports for an operator in sets that are written now: itself where it named nobody. */
export async function signerFor(client: ChainClient, oracle: Hex, operator: Hex): Promise<Hex> {
  const keys = await client.readContract({ address: oracle, abi: heartbeatOracleAbi, functionName: "operatorKeys" });
  if (keys === zeroAddress) return operator;
  return client.readContract({ address: keys, abi: iOperatorKeysAbi, functionName: "delegateOf", args: [operator] });
}

/** Whether an address can sign a report: that is done by a key, and a contract has none. */
export async function hasKey(client: ChainClient, address: Hex): Promise<boolean> {
  const code = (await client.getCode({ address })) ?? "0x";
  return code === "0x" || code.toLowerCase().startsWith(DELEGATION);
}

/** Whether somebody can sign for each seat of a set, and what to do about those for which nobody can. */
export async function describeSeats(
  client: ChainClient,
  { configuration, seats, operators, names, quorum }: OperatorSet,
): Promise<readonly [boolean, string]> {
  const able = await Promise.all(operators.map((each) => hasKey(client, each)));
  const dead = operators.filter((_, place) => able[place] === false).map((each) => names[seats.indexOf(each)] ?? each);
  const signing = operators.length - dead.length;
  const detail = `${signing} of ${seats.length} seats of set ${configuration} can sign, quorum ${quorum}`;
  if (dead.length === 0) return [true, detail];
  const what = dead.length === 1 ? "is a contract and has" : "are contracts and have";
  return [
    false,
    `${detail}; ${dead.join(", ")} ${what} named no key that signs: mandate oracle rotate-key --operator names one, or the office takes the seat by mandate oracle leave`,
  ];
}
