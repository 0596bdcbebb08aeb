import type { Hex } from "../../core/hex.ts";
import { emptyJournalHead, foldJournal } from "../../core/journal/fold-journal.ts";
import type { ChainLog } from "../follow/block.ts";

/** A contract's journal as far as it was folded. */
export interface Journal {
  readonly head: Hex;
  readonly events: bigint;
}

/** The journals after `logs`, which ascend; contracts of `contracts` that have none yet start empty. Pure. */
export function advanceJournals(
  journals: ReadonlyMap<Hex, Journal>,
  contracts: Iterable<Hex>,
  logs: readonly ChainLog[],
): Map<Hex, Journal> {
  const advanced = new Map(journals);
  for (const contract of contracts) {
    if (!advanced.has(contract)) advanced.set(contract, { head: emptyJournalHead, events: 0n });
  }
  for (const log of logs) {
    const { head, events } = advanced.get(log.address) ?? { head: emptyJournalHead, events: 0n };
    advanced.set(log.address, { head: foldJournal(head, log), events: events + 1n });
  }
  return advanced;
}

export type JournalCheck =
  | { readonly complete: true }
  | { readonly complete: false; readonly contract: Hex; readonly folded: Hex; readonly stored: Hex };

/** Whether each folded head equals the head in storage. Pure. */
export function checkJournals(journals: ReadonlyMap<Hex, Journal>, stored: ReadonlyMap<Hex, Hex>): JournalCheck {
  for (const [contract, { head }] of journals) {
    const inStorage = stored.get(contract) ?? emptyJournalHead;
    if (head !== inStorage) return { complete: false, contract, folded: head, stored: inStorage };
  }
  return { complete: true };
}
