import type { Address, PublicClient } from "viem";
import type { Hex } from "../../core/hex.ts";

/** What the check of a signature reads from the chain: code and static calls, pinned to one block by whoever makes it. */
export interface SignatureReader {
  /** Code at `address`; `0x` where there is none. */
  code(address: Address): Promise<Hex>;
  /** What a static call returns; undefined where it reverts. */
  call(to: Address, data: Hex): Promise<Hex | undefined>;
}

/** A reader at a block of `client`, by default the latest. */
export function signatureReaderOf(
  client: Pick<PublicClient, "getCode" | "call">,
  blockNumber?: bigint,
): SignatureReader {
  const pin = blockNumber === undefined ? {} : { blockNumber };
  return {
    async code(address) {
      return (await client.getCode({ address, ...pin })) ?? "0x";
    },
    async call(to, data) {
      try {
        const { data: answer } = await client.call({ to, data, ...pin });
        return answer;
      } catch (error) {
        if (isRevert(error)) return undefined;
        throw error;
      }
    },
  };
}

/** JSON-RPC code by which most nodes answer that a call reverted; the others say so in words. */
const REVERTED = 3;

/** Whether a node answered that the call reverted, as opposed to not answering. */
export function isRevert(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (!("code" in each) || typeof each.code !== "number") continue;
    if (each.code === REVERTED || (each.code < 0 && /revert/i.test(each.message))) return true;
  }
  return false;
}
