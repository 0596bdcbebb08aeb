import { readBlock, type VerifiedBlock } from "./verified-block.ts";
import type { RpcRequest } from "./rpc.ts";

/** Blocks of one audit, each read and verified once. */
export interface BlockStore {
  block(number: bigint): Promise<VerifiedBlock>;
}

export function createBlockStore(rpc: RpcRequest): BlockStore {
  const blocks = new Map<bigint, Promise<VerifiedBlock>>();
  return {
    block(number) {
      const known = blocks.get(number);
      if (known !== undefined) return known;
      const loading = readBlock(rpc, number);
      blocks.set(number, loading);
      return loading;
    },
  };
}
