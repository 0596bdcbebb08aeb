import { BaseError, type RpcBlock, type RpcLog } from "viem";
import type { Hex } from "../../core/hex.ts";
import { MandateError, messageOf } from "../../core/errors/mandate-error.ts";
import type { ChainClient } from "../client.ts";
import type { BlockHeader, RawLog } from "./block.ts";

/** Blocks whose logs are asked for: one block by its hash, or a range by numbers, both ends included. */
export type LogRange = { readonly blockHash: Hex } | { readonly fromBlock: bigint; readonly toBlock: bigint };

/** Where the chain stands, read in one request, so that an endpoint that switches chains is noticed each time. */
export interface ChainPosition {
  readonly chainId: number;
  readonly latest: BlockHeader;
  /** Null while the node has finalized nothing. */
  readonly finalized: BlockHeader | null;
}

/** What following a chain asks of a node. */
export interface ChainReader {
  position(): Promise<ChainPosition>;
  /** The canonical blocks with these numbers; null for one that the chain does not have. */
  headers(numbers: readonly bigint[]): Promise<(BlockHeader | null)[]>;
  /** @throws {MandateError} `LogRangeTooLarge` where the node refuses the size of the range or of its answer. */
  logs(addresses: readonly Hex[], range: LogRange): Promise<RawLog[]>;
  /**
   * Storage words at `slot` of each address, in the state after the block; `unavailable` where the node no longer keeps
   * that state.
   */
  storage(addresses: readonly Hex[], slot: Hex, blockHash: Hex): Promise<ReadonlyMap<Hex, Hex> | "unavailable">;
}

/** How nodes and providers word that they do not keep an old state. */
const stateGone =
  /missing trie node|state (?:is )?not available|historical state|pruned|block ?out ?of ?range|no state|state at block/i;
/** How they word that a range is too long, or its answer too large. */
const rangeRefused =
  /range|limit|too (?:many|large|big|long)|exceed|more than|response size|timed? ?out|query returned/i;

function lower(hex: Hex): Hex {
  return hex.toLowerCase() as Hex;
}

function headerOf(block: RpcBlock): BlockHeader {
  if (block.hash === null || block.number === null) {
    throw new MandateError("ChainUnavailable", "the node answered a pending block", { kind: "retry" });
  }
  return {
    number: BigInt(block.number),
    hash: lower(block.hash),
    parentHash: lower(block.parentHash),
    timestamp: BigInt(block.timestamp),
  };
}

function logOf(log: RpcLog): RawLog {
  if (log.blockNumber === null || log.blockHash === null || log.transactionHash === null || log.logIndex === null) {
    throw new MandateError("ChainUnavailable", "the node answered a pending log", { kind: "retry" });
  }
  return {
    address: lower(log.address),
    topics: log.topics.map(lower),
    data: lower(log.data),
    blockNumber: BigInt(log.blockNumber),
    blockHash: lower(log.blockHash),
    transactionHash: lower(log.transactionHash),
    logIndex: Number(log.logIndex),
  };
}

/** The whole text of an RPC failure; viem keeps what the node said in `details`. */
function textOf(thrown: unknown): string {
  return thrown instanceof BaseError ? `${thrown.shortMessage} ${thrown.details}` : messageOf(thrown);
}

function unavailable(thrown: unknown): MandateError {
  return new MandateError("ChainUnavailable", `the node did not answer: ${textOf(thrown)}`, {
    kind: "retry",
    cause: thrown,
  });
}

/** EIP-1898: pinned to the hash, so that a reorg between two requests cannot mix two states. viem types the older form alone. */
interface StorageRequest {
  Method: "eth_getStorageAt";
  Parameters: [address: Hex, slot: Hex, block: { blockHash: Hex; requireCanonical: true }];
  ReturnType: Hex;
}

/** Reads through `client`; requests that belong together are sent as one batch where its transport batches. */
export function createChainReader(client: ChainClient): ChainReader {
  const block = (at: Hex | "latest" | "finalized"): Promise<RpcBlock | null> =>
    client.request<{
      Method: "eth_getBlockByNumber";
      Parameters: [Hex | "latest" | "finalized", false];
      ReturnType: RpcBlock | null;
    }>({ method: "eth_getBlockByNumber", params: [at, false] }, { dedupe: false });

  return {
    async position() {
      try {
        const [chainId, latest, finalized] = await Promise.all([
          client.request({ method: "eth_chainId" }, { dedupe: false }),
          block("latest"),
          block("finalized"),
        ]);
        if (latest === null) throw new Error("no latest block");
        return {
          chainId: Number(chainId),
          latest: headerOf(latest),
          finalized: finalized === null ? null : headerOf(finalized),
        };
      } catch (thrown) {
        throw unavailable(thrown);
      }
    },

    async headers(numbers) {
      try {
        const blocks = await Promise.all(numbers.map((number) => block(`0x${number.toString(16)}`)));
        return blocks.map((each) => (each === null ? null : headerOf(each)));
      } catch (thrown) {
        throw unavailable(thrown);
      }
    },

    async logs(addresses, range) {
      const blocks =
        "blockHash" in range
          ? { blockHash: range.blockHash }
          : {
              fromBlock: `0x${range.fromBlock.toString(16)}` as const,
              toBlock: `0x${range.toBlock.toString(16)}` as const,
            };
      try {
        const logs = await client.request({ method: "eth_getLogs", params: [{ address: [...addresses], ...blocks }] });
        return logs.map(logOf);
      } catch (thrown) {
        if ("fromBlock" in range && rangeRefused.test(textOf(thrown))) {
          throw new MandateError("LogRangeTooLarge", `the node refuses blocks ${range.fromBlock} to ${range.toBlock}`, {
            kind: "retry",
            cause: thrown,
            data: { fromBlock: range.fromBlock, toBlock: range.toBlock },
          });
        }
        throw unavailable(thrown);
      }
    },

    async storage(addresses, slot, blockHash) {
      try {
        const words = addresses.map(async (address): Promise<[Hex, Hex]> => {
          const word = await client.request<StorageRequest>({
            method: "eth_getStorageAt",
            params: [address, slot, { blockHash, requireCanonical: true }],
          });
          return [address, `0x${word.slice(2).padStart(64, "0")}`];
        });
        return new Map(await Promise.all(words));
      } catch (thrown) {
        if (stateGone.test(textOf(thrown))) return "unavailable";
        throw unavailable(thrown);
      }
    },
  };
}
