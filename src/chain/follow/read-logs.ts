import type { Hex } from "../../core/hex.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { BlockHeader, ChainLog, RawLog } from "./block.ts";
import type { ChainReader } from "./chain-reader.ts";

function inChainOrder(a: RawLog, b: RawLog): number {
  if (a.blockNumber !== b.blockNumber) return a.blockNumber < b.blockNumber ? -1 : 1;
  return a.logIndex - b.logIndex;
}

/** Logs of a range, halved for as long as the node finds it too large. @throws {MandateError} `ChainUnavailable`. */
async function rawLogs(reader: ChainReader, addresses: readonly Hex[], from: bigint, to: bigint): Promise<RawLog[]> {
  if (addresses.length === 0 || from > to) return [];
  try {
    return await reader.logs(addresses, { fromBlock: from, toBlock: to });
  } catch (thrown) {
    if (!(thrown instanceof MandateError) || thrown.code !== "LogRangeTooLarge") throw thrown;
    if (from === to) {
      throw new MandateError("ChainUnavailable", `the node refuses the logs of the single block ${from}`, {
        kind: "retry",
        cause: thrown,
      });
    }
    const middle = (from + to) / 2n;
    return [
      ...(await rawLogs(reader, addresses, from, middle)),
      ...(await rawLogs(reader, addresses, middle + 1n, to)),
    ];
  }
}

/** Binds logs to the canonical blocks that they claim, and adds the time of each. */
async function bind(reader: ChainReader, logs: readonly RawLog[], known: BlockHeader): Promise<ChainLog[]> {
  const blocks = new Map<bigint, BlockHeader | null>([[known.number, known]]);
  const missing = [...new Set(logs.map((log) => log.blockNumber))].filter((number) => !blocks.has(number));
  (await reader.headers(missing)).forEach((header, index) => blocks.set(missing[index] ?? -1n, header));
  return logs.map((log) => {
    const block = blocks.get(log.blockNumber);
    if (block?.hash !== log.blockHash) {
      throw new MandateError(
        "ChainUnavailable",
        `a log names block ${log.blockHash}, which is not block ${log.blockNumber}`,
        {
          kind: "retry", // the node is in the middle of a reorg, or contradicts itself: the same request decides
          data: { block: log.blockNumber, claimed: log.blockHash, canonical: block?.hash ?? null },
        },
      );
    }
    return { ...log, blockTimestamp: block.timestamp };
  });
}

/** What reading a stretch of the chain needs. */
export interface LogSource {
  readonly reader: ChainReader;
  /** Contracts whose logs are wanted, with the block in which each was found; this function adds to it. */
  readonly watched: Map<Hex, bigint>;
  /** The contract that a log makes known, if it does. Pure. */
  readonly discover: (log: RawLog) => Hex | undefined;
  /** First block in which any contract can have logged. */
  readonly fromBlock: bigint;
}

/**
 * All logs of the watched contracts after `after` up to `block`, ascending; and, of a contract that one of them makes
 * known, all logs since `fromBlock`: what it logged before it was registered comes with its registration.
 */
export async function readLogs(
  source: LogSource,
  stretch: { readonly after: bigint; readonly block: BlockHeader },
): Promise<ChainLog[]> {
  const { reader, watched, discover } = source;
  const single = stretch.block.number === stretch.after + 1n;
  const found =
    single && watched.size > 0
      ? await reader.logs([...watched.keys()], { blockHash: stretch.block.hash })
      : await rawLogs(reader, [...watched.keys()], stretch.after + 1n, stretch.block.number);
  for (let unread = found; unread.length > 0;) {
    const fresh: Hex[] = [];
    for (const log of unread) {
      const address = discover(log);
      if (address === undefined || watched.has(address)) continue;
      watched.set(address, stretch.block.number);
      fresh.push(address);
    }
    unread = await rawLogs(reader, fresh, source.fromBlock, stretch.block.number);
    found.push(...unread);
  }
  return (await bind(reader, found, stretch.block)).sort(inChainOrder);
}
