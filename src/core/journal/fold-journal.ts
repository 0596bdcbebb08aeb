import { bytesOf, hexOf, wordOf, type Hex } from "../hex.ts";
import { keccak256 } from "../keccak.ts";

/** Storage slot of the journal head, the same in every contract: `erc7201("mandate.storage.Journal")`. */
export const journalHeadSlot: Hex = "0x35ad331082fb284865cc8706f16c045273973bb48f79603d43326a9013693900";

/** Head of a journal without events. */
export const emptyJournalHead: Hex = `0x${"0".repeat(64)}`;

/** The parts of a log that its journal binds. */
export interface JournalLog {
  readonly topics: readonly Hex[];
  readonly data: Hex;
  readonly blockNumber: bigint;
  /** Seconds since the Unix epoch. */
  readonly blockTimestamp: bigint;
}

/**
 * The journal head after `log`: `keccak256(head ‖ topics ‖ keccak256(data) ‖ block.number ‖ block.timestamp)`.
 * The number of topics is told by the length of what is hashed. Twin of `Journal._chain`.
 */
export function foldJournal(head: Hex, log: JournalLog): Hex {
  return hexOf(
    keccak256(
      bytesOf(head),
      ...log.topics.map(bytesOf),
      keccak256(bytesOf(log.data)),
      wordOf(log.blockNumber),
      wordOf(log.blockTimestamp),
    ),
  );
}
