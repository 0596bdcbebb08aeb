import { expect } from "chai";
import { ethers as library } from "ethers";
import hre from "hardhat";

import { expectJournalComplete, foldJournal, journaledLogs, journalHeadSlot } from "../../support/journal.ts";

const { ethers } = await hre.network.create();
const { id, toBeHex, ZeroHash } = library;

const topics = (count: number): string[] => Array.from({ length: count }, (_, i) => id(`topic ${i}`));

describe("Journal", () => {
  it("keeps its head at the ERC-7201 slot that every contract of the system shares", () => {
    const inner = BigInt(id("mandate.storage.Journal")) - 1n;
    const slot = BigInt(library.keccak256(toBeHex(inner, 32))) & ~0xffn;
    expect(toBeHex(slot, 32)).to.equal(journalHeadSlot);
  });

  it("given no event, the head is zero", async () => {
    const journal = await ethers.deployContract("JournalMock");
    expect(await journal.journalHead()).to.equal(ZeroHash);
  });

  for (const count of [1, 2, 3, 4]) {
    it(`iJO-001: the head equals the fold of all logs, with ${count} topics and data of any length`, async () => {
      const journal = await ethers.deployContract("JournalMock");
      for (const data of ["0x", "0x01", `0x${"ab".repeat(32)}`, `0x${"cd".repeat(45)}`]) {
        await journal.record(topics(count), data);
        await expectJournalComplete(ethers.provider, journal);
      }
      const logs = await journaledLogs(ethers.provider, await journal.getAddress());
      expect(logs).to.have.lengthOf(4);
      expect(logs[0]?.topics).to.deep.equal(topics(count));
    });

    it(`iJO-002: with ${count} topics, chaining gives the head that recording gives`, async () => {
      const recording = await ethers.deployContract("JournalMock");
      const chaining = await ethers.deployContract("JournalMock");
      const data = "0x0102030405";
      await ethers.provider.send("evm_setAutomine", [false]);
      const sent = [await recording.record(topics(count), data), await chaining.chain(topics(count), data)];
      await ethers.provider.send("evm_mine", []);
      await ethers.provider.send("evm_setAutomine", [true]);
      const receipts = await Promise.all(sent.map((transaction) => transaction.wait()));
      expect(receipts[0]?.blockNumber).to.equal(receipts[1]?.blockNumber);
      expect(receipts[1]?.logs).to.have.lengthOf(0);
      expect(await chaining.journalHead()).to.equal(await recording.journalHead());
      expect(await chaining.journalHead()).not.to.equal(ZeroHash);
    });
  }

  it("iJO-003: a re-entering call cannot make two events continue the same head", async () => {
    const journal = await ethers.deployContract("JournalMock");
    const visitor = await ethers.deployContract("JournalReentrantVisitor", [journal, 3]);
    await journal.recordAround(id("before"), visitor, id("after"));
    await expectJournalComplete(ethers.provider, journal);
    const logs = await journaledLogs(ethers.provider, await journal.getAddress());
    expect(logs.map((log) => log.topics.length)).to.deep.equal([1, 2, 2, 2, 1]);
  });

  describe("given a log that is hidden, added, altered or moved", () => {
    async function twoEvents() {
      const journal = await ethers.deployContract("JournalMock");
      await journal.record(topics(2), "0x01");
      await journal.record(topics(2), "0x02");
      const [first, second] = await journaledLogs(ethers.provider, await journal.getAddress());
      if (first === undefined || second === undefined) throw new Error("two logs expected");
      return { head: await journal.journalHead(), first, second };
    }

    it("iJO-001: the fold differs from the head", async () => {
      const { head, first, second } = await twoEvents();
      expect(foldJournal([first, second])).to.equal(head);
      const forged = {
        hidden: [second],
        "last hidden": [first],
        added: [first, second, second],
        moved: [second, first],
        "other data": [first, { ...second, data: "0x03" }],
        "other topic": [first, { ...second, topics: [id("topic 0"), id("other")] }],
        "topic dropped": [first, { ...second, topics: [id("topic 0")] }],
        "other block": [first, { ...second, blockNumber: second.blockNumber + 1 }],
        "other time": [first, { ...second, timestamp: second.timestamp + 1 }],
      };
      for (const [name, logs] of Object.entries(forged)) expect(foldJournal(logs), name).not.to.equal(head);
    });
  });

  it("refuses more than four topics", async () => {
    const journal = await ethers.deployContract("JournalMock");
    await expect(journal.record(topics(5), "0x"))
      .to.be.revertedWithCustomError(journal, "JournalMockTooManyTopics")
      .withArgs(5);
  });
});
