import { z } from "zod";
import type { Hex } from "../../core/hex.ts";
import { rpcLogSchema } from "../proof/receipt.ts";
import type { RpcRequest } from "./rpc.ts";

/** A log as a source reports it; nothing of it is believed before the chain proves it. */
export interface ReportedLog {
  readonly topics: readonly Hex[];
  readonly data: Hex;
  readonly blockNumber: bigint;
  readonly transaction: Hex;
  readonly logIndex: number;
}

/** Where an audit first learns of logs: a node, an archive, an indexer. It may lie; the journal heads tell. */
export interface LogSource {
  /** Logs of `address` in `[fromBlock, toBlock]`, in order. */
  logs(address: Hex, fromBlock: bigint, toBlock: bigint): Promise<readonly ReportedLog[]>;
}

/** Blocks asked for at once: what public endpoints commonly allow. */
const BLOCKS_PER_REQUEST = 10_000n;

function quantity(number: bigint): Hex {
  return `0x${number.toString(16)}`;
}

/** Logs as a node answers them. */
export function nodeLogSource(rpc: RpcRequest): LogSource {
  return {
    async logs(address, fromBlock, toBlock) {
      const all: ReportedLog[] = [];
      for (let from = fromBlock; from <= toBlock; from += BLOCKS_PER_REQUEST) {
        const last = from + BLOCKS_PER_REQUEST - 1n;
        const to = last < toBlock ? last : toBlock;
        const answer = await rpc("eth_getLogs", [{ address, fromBlock: quantity(from), toBlock: quantity(to) }]);
        for (const log of z.array(rpcLogSchema).parse(answer)) {
          all.push({
            topics: log.topics,
            data: log.data,
            blockNumber: BigInt(log.blockNumber),
            transaction: log.transactionHash,
            logIndex: Number(log.logIndex),
          });
        }
      }
      return all;
    },
  };
}
