import { describe, expect, it } from "vitest";
import type { Hex } from "../../core/hex.ts";
import { emptyJournalHead, foldJournal } from "../../core/journal/fold-journal.ts";
import type { ChainLog } from "../follow/block.ts";
import { advanceJournals, checkJournals } from "./advance-journals.ts";

const one: Hex = `0x${"1".repeat(40)}`;
const two: Hex = `0x${"2".repeat(40)}`;
const hash: Hex = `0x${"3".repeat(64)}`;

function log(address: Hex, data: Hex): ChainLog {
  return {
    address,
    topics: [hash],
    data,
    blockNumber: 5n,
    blockHash: hash,
    blockTimestamp: 9n,
    transactionHash: hash,
    logIndex: 0,
  };
}

describe("journals of several contracts", () => {
  it("advances each by its own logs, in order", () => {
    const logs = [log(one, "0x01"), log(two, "0x02"), log(one, "0x03")];
    const advanced = advanceJournals(new Map(), [one, two], logs);
    const expected = [logs[0], logs[2]].reduce(
      (head, each) => (each === undefined ? head : foldJournal(head, each)),
      emptyJournalHead,
    );
    expect(advanced.get(one)).toEqual({ head: expected, events: 2n });
    expect(advanced.get(two)?.events).toBe(1n);
  });

  it("given a contract without logs, it stands at the empty head", () => {
    expect(advanceJournals(new Map(), [one], []).get(one)).toEqual({ head: emptyJournalHead, events: 0n });
  });

  it("given a storage head that the logs do not explain, it names the contract and both heads", () => {
    const journals = advanceJournals(new Map(), [one], [log(one, "0x01")]);
    const folded = journals.get(one)?.head;
    expect(checkJournals(journals, new Map([[one, folded ?? hash]]))).toEqual({ complete: true });
    expect(checkJournals(journals, new Map([[one, hash]]))).toEqual({
      complete: false,
      contract: one,
      folded,
      stored: hash,
    });
    expect(checkJournals(journals, new Map())).toMatchObject({ complete: false, stored: emptyJournalHead });
  });
});
