import { emptyJournalHead, foldJournal } from "../../core/journal/fold-journal.ts";
import type { Hex } from "../../core/hex.ts";
import { finding, type Finding } from "../finding.ts";
import type { BlockStore } from "./block-store.ts";
import { inParallel } from "./in-parallel.ts";
import type { LogSource, ReportedLog } from "./log-source.ts";
import type { PlacedLog } from "./verified-block.ts";

/** Head of a contract's journal at the end of a block, proved; undefined where no node keeps that state any more. */
export type HeadAt = (address: Hex, blockNumber: bigint) => Promise<Hex | undefined>;

export interface JournalInput {
  readonly contract: Hex;
  readonly fromBlock: bigint;
  readonly toBlock: bigint;
  /** Proved head at `toBlock`. */
  readonly head: Hex;
  readonly source: LogSource;
  readonly blocks: BlockStore;
  readonly headAt: HeadAt;
  /** Blocks whose bloom filter may hold a log of the contract: the slow way, where old state is gone. */
  readonly blocksWithBloom: (address: Hex, fromBlock: bigint, toBlock: bigint) => Promise<readonly bigint[]>;
}

/** The contract's events as the chain proves them, and how the source differed. */
export interface Journal {
  readonly contract: Hex;
  readonly logs: readonly PlacedLog[];
  /** Whether the logs fold to the proved head. */
  readonly complete: boolean;
  readonly findings: readonly Finding[];
}

function describe(log: { readonly topics: readonly Hex[]; readonly data: Hex }): string {
  return `${log.topics[0] ?? "no topic"} with ${(log.data.length - 2) / 2} bytes of data`;
}

function sameLog(reported: ReportedLog, proved: PlacedLog): boolean {
  return (
    reported.logIndex === proved.logIndex &&
    reported.transaction === proved.transaction &&
    reported.data === proved.data &&
    reported.topics.length === proved.topics.length &&
    reported.topics.every((topic, i) => topic === proved.topics[i])
  );
}

/** What of `proved` the source did not report, and what it reported that is not there. Both lists are of one block. */
export function compareLogs(
  contract: Hex,
  reported: readonly ReportedLog[],
  proved: readonly PlacedLog[],
): readonly Finding[] {
  const withheld = proved.filter((log) => !reported.some((each) => sameLog(each, log)));
  const forged = reported.filter((each) => !proved.some((log) => sameLog(each, log)));
  const missing = "not reported by the source";
  const absent = "not in the block's receipts";
  return [
    ...withheld.map((log) =>
      finding("journal-log-withheld", { ...log, address: contract }, `the log ${describe(log)}`, missing),
    ),
    ...forged.map((log) =>
      finding("journal-log-forged", { ...log, address: contract }, absent, `the log ${describe(log)}`),
    ),
  ];
}

function groupByBlock(logs: readonly ReportedLog[]): Map<bigint, ReportedLog[]> {
  const groups = new Map<bigint, ReportedLog[]>();
  for (const log of logs) groups.set(log.blockNumber, [...(groups.get(log.blockNumber) ?? []), log]);
  return groups;
}

/** Blocks whose logs are known, and the head after each. */
function foldBlocks(known: ReadonlyMap<bigint, readonly PlacedLog[]>) {
  const numbers = [...known.keys()].sort((a, b) => (a < b ? -1 : 1));
  let head = emptyJournalHead;
  const heads = numbers.map((number) => {
    for (const log of known.get(number) ?? []) head = foldJournal(head, log);
    return { number, head };
  });
  return {
    last: head,
    headAfter(block: bigint): Hex {
      return heads.findLast(({ number }) => number <= block)?.head ?? emptyJournalHead;
    },
  };
}

/**
 * The first block whose proved head differs from the folded one. A head binds everything before it, so that from the first
 * difference on all differ, and halving finds it.
 */
async function firstDifference(input: JournalInput, headAfter: (block: bigint) => Hex): Promise<bigint | undefined> {
  let low = input.fromBlock - 1n; // the last block known to agree
  let high = input.toBlock; // the first block known to differ
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    const proved = await input.headAt(input.contract, middle);
    if (proved === undefined) return undefined;
    if (proved === headAfter(middle)) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * Brings together what the source reports and what the chain proves: each block that the source names is read from
 * receipts; where the fold of it all misses the proved head, the blocks that the source kept silent about are found.
 */
export async function completeJournal(input: JournalInput): Promise<Journal> {
  const { contract, blocks } = input;
  const reported = groupByBlock(await input.source.logs(contract, input.fromBlock, input.toBlock));
  const known = new Map<bigint, readonly PlacedLog[]>();
  const findings: Finding[] = [];

  /** Reads the contract's logs of a block from its receipts; tells whether they were new. */
  const learn = async (number: bigint): Promise<boolean> => {
    if (known.has(number)) return false;
    const proved = (await blocks.block(number)).logs.filter(({ address }) => address === contract);
    known.set(number, proved);
    findings.push(...compareLogs(contract, reported.get(number) ?? [], proved));
    return proved.length > 0;
  };

  await inParallel([...reported.keys()], (number) => blocks.block(number));
  for (const number of reported.keys()) await learn(number);
  let fold = foldBlocks(known);
  while (fold.last !== input.head) {
    const current = fold;
    const suspect = await firstDifference(input, (block) => current.headAfter(block));
    const candidates =
      suspect === undefined ? await input.blocksWithBloom(contract, input.fromBlock, input.toBlock) : [suspect];
    let learned = false;
    for (const number of candidates) learned = (await learn(number)) || learned;
    if (!learned) {
      const place = suspect === undefined ? { address: contract } : { address: contract, blockNumber: suspect };
      findings.push(finding("journal-head", place, input.head, fold.last));
      break;
    }
    fold = foldBlocks(known);
  }
  const logs = [...known.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, each]) => each);
  return { contract, logs, complete: fold.last === input.head, findings };
}
