/**
 * The journal's rule in TypeScript, for tests: the head that a contract keeps in storage must equal the fold of all its logs.
 */
import { expect } from "chai";
import { concat, keccak256, toBeHex, ZeroHash } from "ethers";

/** erc7201("mandate.storage.Journal"): where every contract of the system keeps its head. */
export const journalHeadSlot = "0x35ad331082fb284865cc8706f16c045273973bb48f79603d43326a9013693900";

/** What of a log enters the head. `timestamp` is its block's, in seconds. */
export interface JournaledLog {
  topics: readonly string[];
  data: string;
  blockNumber: number;
  timestamp: number;
}

/** The part of an ethers provider that reading a journal needs. */
export interface JournalProvider {
  getLogs(filter: {
    address: string;
    fromBlock: number;
    toBlock: number | "latest";
  }): Promise<readonly { topics: readonly string[]; data: string; blockNumber: number; index: number }[]>;
  getBlock(block: number): Promise<{ timestamp: number } | null>;
  getStorage(address: string, position: string): Promise<string>;
}

/** A contract as ethers gives it. */
export interface JournaledContract {
  getAddress(): Promise<string>;
  journalHead(): Promise<string>;
}

/** Continues `head` by `logs` in their order. Pure. */
export function foldJournal(logs: readonly JournaledLog[], head: string = ZeroHash): string {
  return logs.reduce(
    (previous, log) =>
      keccak256(
        concat([
          previous,
          ...log.topics,
          keccak256(log.data),
          toBeHex(log.blockNumber, 32),
          toBeHex(log.timestamp, 32),
        ]),
      ),
    head,
  );
}

/** Every log that the contract at `address` has written since its creation, in order. */
export async function journaledLogs(provider: JournalProvider, address: string): Promise<JournaledLog[]> {
  const logs = [...(await provider.getLogs({ address, fromBlock: 0, toBlock: "latest" }))].sort(
    (a, b) => a.blockNumber - b.blockNumber || a.index - b.index,
  );
  const timestamps = new Map<number, number>();
  for (const { blockNumber } of logs) {
    if (timestamps.has(blockNumber)) continue;
    const block = await provider.getBlock(blockNumber);
    if (block === null) throw new Error(`block ${blockNumber} holds a log but cannot be read`);
    timestamps.set(blockNumber, block.timestamp);
  }
  return logs.map(({ topics, data, blockNumber }) => ({
    topics,
    data,
    blockNumber,
    timestamp: timestamps.get(blockNumber) ?? 0,
  }));
}

/**
 * Asserts that a contract's head, read by function and from storage, is the fold of all its logs, and that there are some.
 * Call it after every mutating function: an event outside the journal, or one chained with other topics or data, fails.
 */
export async function expectJournalComplete(provider: JournalProvider, contract: JournaledContract): Promise<void> {
  const address = await contract.getAddress();
  const logs = await journaledLogs(provider, address);
  const head = await contract.journalHead();
  expect(logs, `no logs of ${address}`).not.to.have.lengthOf(0);
  expect(head, `journal head of ${address} after ${logs.length} logs`).to.equal(foldJournal(logs));
  expect(await provider.getStorage(address, journalHeadSlot), `journal slot of ${address}`).to.equal(head);
}
