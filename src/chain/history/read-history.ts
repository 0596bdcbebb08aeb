import type { Hex } from "../../core/hex.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { journalHeadSlot } from "../../core/journal/fold-journal.ts";
import { decodeEvent, type DecodedEvent } from "../events/decode-event.ts";
import { registeredBy } from "../events/registered-by.ts";
import type { BlockHeader, ChainLog } from "../follow/block.ts";
import type { ChainReader } from "../follow/chain-reader.ts";
import { readLogs } from "../follow/read-logs.ts";
import { advanceJournals, checkJournals } from "../projection/advance-journals.ts";

/** Everything that the system's contracts recorded up to a block. */
export interface SystemRecord {
  readonly block: BlockHeader;
  /** Events of the authority and of every contract that it registered, in the order of the chain. */
  readonly events: readonly DecodedEvent[];
}

/**
 * Reads the whole record up to the newest block, and proves it complete: each contract's events fold to the journal head in
 * its storage at that block.
 * @throws {MandateError} `JournalMismatch` where an event is missing or altered, `StateUnavailable`, `ChainUnavailable`.
 */
export async function readHistory(
  reader: ChainReader,
  place: { readonly authority: Hex; readonly fromBlock: bigint },
): Promise<SystemRecord> {
  const authority = place.authority.toLowerCase() as Hex;
  const { latest: block } = await reader.position();
  const watched = new Map<Hex, bigint>([[authority, 0n]]);
  const source = { reader, watched, discover: registeredBy(authority), fromBlock: place.fromBlock };
  const logs = await readLogs(source, { after: place.fromBlock > 0n ? place.fromBlock - 1n : -1n, block });
  await requireComplete(reader, watched.keys(), logs, block);
  return { block, events: logs.map(decodeEvent) };
}

/**
 * Proves that `logs` are all events of `contracts` up to `block`: they fold to the journal heads in their storage.
 * @throws {MandateError} `JournalMismatch` where an event is missing or altered, `StateUnavailable`.
 */
export async function requireComplete(
  reader: ChainReader,
  contracts: Iterable<Hex>,
  logs: readonly ChainLog[],
  block: BlockHeader,
): Promise<void> {
  const known = [...contracts];
  const journals = advanceJournals(new Map(), known, logs);
  const stored = await reader.storage(known, journalHeadSlot, block.hash);
  if (stored === "unavailable") {
    throw new MandateError("StateUnavailable", `the node does not keep the state of block ${block.number}`, {
      kind: "retry",
      data: { block: block.number },
    });
  }
  const check = checkJournals(journals, stored);
  if (!check.complete) {
    const { contract, folded, stored: head } = check;
    throw new MandateError(
      "JournalMismatch",
      `the events of ${contract} up to block ${block.number} fold to ${folded}, its storage says ${head}: an event was withheld or altered`,
      { kind: "retry", data: { block: block.number, contract, folded, stored: head }, remedy: "Ask another node." },
    );
  }
}
