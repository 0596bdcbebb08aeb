import { expect } from "chai";
import type { BaseWallet } from "ethers";
import hre from "hardhat";

import { contradiction as evidenceAgainst } from "../../support/contradiction.ts";
import { expectJournalComplete } from "../../support/journal.ts";
import { operatorWallets, signReport, type Report } from "../../support/oracle.ts";
import { deployOracle, epochEnd, reportOn, submitReport, type OracleStage } from "../../support/oracle-stage.ts";

const connection = await hre.network.create();
const { ethers, networkHelpers } = connection;
const { chainId } = await ethers.provider.getNetwork();

const deploySeven = async () => deployOracle(connection, 7);
const given = async () => networkHelpers.loadFixture(deploySeven);
const addresses = (wallets: readonly BaseWallet[]): string[] => wallets.map(({ address }) => address);
const LIAR = 2;

/** Two reports on epoch 1 that `seat` signed, as `suspend` takes them. */
const contradiction = async (stage: OracleStage, seat = LIAR, changes: Partial<Report> = {}) =>
  evidenceAgainst(stage, chainId, seat, changes);

describe("HeartbeatOracle.suspend", () => {
  it("given two reports of an epoch that a seat signed, it signs nothing from the next epoch on, and the quorum stays", async () => {
    const stage = await given();
    const { oracle, outsider, anchor, operators } = stage;
    const { digests, args } = await contradiction(stage);
    const liar = operators[LIAR]?.address;
    const sent = oracle.connect(outsider).suspend(...args);
    await expect(sent).to.emit(oracle, "OperatorSuspended").withArgs(liar, 1, 1, digests[1], digests[0], anchor);
    await expect(sent)
      .to.emit(oracle, "OperatorSetScheduled")
      .withArgs(2, 2, addresses(operators), addresses(operators), 2, 5, 1n << BigInt(LIAR), digests[0], anchor);
    await expectJournalComplete(ethers.provider, oracle);
    const seated = [addresses(operators), addresses(operators)];
    expect(await oracle.operatorSet(1)).to.deep.equal([1n, 1n, 2n, 5n, anchor.address, 0n, ...seated]);
    expect(await oracle.operatorSet(2)).to.deep.equal([2n, 2n, 2n, 5n, anchor.address, 4n, ...seated]);

    await submitReport(connection, stage, await reportOn(stage, 1), [0, 1, 2, 3, 4]); // its set signs epoch 1 to the end
    const report = await reportOn(stage, 2, [], { configuration: 2 });
    await expect(submitReport(connection, stage, report, [0, 1, 2, 3, 4]))
      .to.be.revertedWithCustomError(oracle, "HeartbeatOracleVacantSeat")
      .withArgs(0b11111n, 1n << BigInt(LIAR));
    await expect(submitReport(connection, stage, report, [0, 1, 3, 4]))
      .to.be.revertedWithCustomError(oracle, "HeartbeatOracleQuorumNotReached")
      .withArgs(4, 5);
    await submitReport(connection, stage, report, [0, 1, 3, 4, 6]);
    expect(await oracle.lastEpoch()).to.equal(2n);
  });

  it("iOR-004: given a set that is scheduled for later, the operator loses its seat in both, and each set keeps its epochs", async () => {
    const stage = await given();
    const { oracle, anchor, operators } = stage;
    const later = [...operators.slice(2), ...operatorWallets(2, 300)].sort((a, b) =>
      a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1,
    );
    await oracle.scheduleOperatorSet(addresses(later), 5, anchor);
    await oracle.suspend(...(await contradiction(stage)).args);
    const seatLater = BigInt(later.findIndex(({ address }) => address === operators[LIAR]?.address));
    const found = await Promise.all([1, 2, 4, 5, 9].map((epoch) => oracle.operatorSet(epoch)));
    expect(found.map(({ configuration, vacant }) => [configuration, vacant])).to.deep.equal([
      [1n, 0n],
      [3n, 4n],
      [3n, 4n],
      [4n, 1n << seatLater],
      [4n, 1n << seatLater],
    ]);
    expect(found.map(({ fromEpoch }) => fromEpoch)).to.deep.equal([1n, 2n, 2n, 5n, 5n]);
    await expectJournalComplete(ethers.provider, oracle);
  });

  it("given that a set for later does not name it, that set follows the one without it", async () => {
    const stage = await given();
    const { oracle, anchor } = stage;
    await oracle.scheduleOperatorSet(addresses(operatorWallets(4, 300)), 5, anchor);
    await oracle.suspend(...(await contradiction(stage)).args);
    const found = await Promise.all([1, 2, 5].map((epoch) => oracle.operatorSet(epoch)));
    expect(found.map(({ configuration, vacant }) => [configuration, vacant])).to.deep.equal([
      [1n, 0n],
      [3n, 4n],
      [4n, 0n],
    ]);
  });

  it("given a set for the next epoch that names it, that one alone is written anew", async () => {
    const stage = await given();
    const { oracle, anchor, operators } = stage;
    await oracle.scheduleOperatorSet(addresses(operators), 2, anchor);
    await oracle.suspend(...(await contradiction(stage)).args);
    const found = await Promise.all([1, 2].map((epoch) => oracle.operatorSet(epoch)));
    expect(found.map(({ configuration, vacant }) => [configuration, vacant])).to.deep.equal([
      [1n, 0n],
      [3n, 4n],
    ]);
  });

  it("given a set for later alone that names it, that one is written anew, and the one before it stays", async () => {
    const stage = await given();
    const { oracle, anchor, operators, genesis } = stage;
    const args = (await contradiction(stage)).args;
    await oracle.scheduleOperatorSet(addresses(operatorWallets(4, 300)), 2, anchor);
    await networkHelpers.time.increaseTo(epochEnd(genesis, 1) + 1);
    await oracle.scheduleOperatorSet(addresses(operators), 6, anchor);
    await oracle.suspend(...args);
    const found = await Promise.all([1, 2, 5, 6].map((epoch) => oracle.operatorSet(epoch)));
    expect(found.map(({ configuration, vacant }) => [configuration, vacant])).to.deep.equal([
      [1n, 0n],
      [2n, 0n],
      [2n, 0n],
      [4n, 4n],
    ]);
  });

  it("given several liars, each seat is taken, and without a quorum no report is accepted", async () => {
    const stage = await given();
    const { oracle } = stage;
    for (const seat of [0, 1, 2]) await oracle.suspend(...(await contradiction(stage, seat)).args);
    expect((await oracle.operatorSet(2)).vacant).to.equal(7n);
    const report = await reportOn(stage, 2, [], { configuration: 4 });
    await expect(submitReport(connection, stage, report, [3, 4, 5, 6])).to.be.revertedWithCustomError(
      oracle,
      "HeartbeatOracleQuorumNotReached",
    );
  });

  it("PITFALLS: what is no evidence takes no seat", async () => {
    const stage = await given();
    const { oracle, operators } = stage;
    const [one, two, seat, first, second] = (await contradiction(stage)).args;
    const refused = async (error: string, ...args: Parameters<typeof oracle.suspend>) =>
      expect(oracle.suspend(...args)).to.be.revertedWithCustomError(oracle, error);
    await refused("HeartbeatOracleNoContradiction", one, one, seat, first, first);
    const otherEpoch = { ...two, epoch: 2 };
    const signed = await signReport(oracle, chainId, operators, [LIAR], otherEpoch);
    await refused("HeartbeatOracleNoContradiction", one, otherEpoch, seat, first, signed.signatures);
    const otherSet = { ...two, configuration: 2 };
    const signedOther = await signReport(oracle, chainId, operators, [LIAR], otherSet);
    await refused("HeartbeatOracleNoContradiction", one, otherSet, seat, first, signedOther.signatures);
    await refused("HeartbeatOracleInvalidSignature", one, two, seat, first, first);
    await refused("HeartbeatOracleInvalidSignature", one, two, seat, second, second);
    await refused("HeartbeatOracleInvalidSignature", one, two, 3, first, second);
    await refused("HeartbeatOracleUnknownSeat", one, two, 7, first, second);
    await refused("HeartbeatOracleUnknownSeat", one, two, 255, first, second);
    await refused("HeartbeatOracleInvalidSignatureLength", one, two, seat, `${first}00`, second);
    await refused("HeartbeatOracleInvalidSignatureLength", one, two, seat, first, second.slice(0, -2));
    const unknown = { configuration: 9 };
    await refused(
      "HeartbeatOracleWrongConfiguration",
      { ...one, ...unknown },
      { ...two, ...unknown },
      seat,
      first,
      second,
    );
    expect((await oracle.operatorSet(9)).configuration).to.equal(1n);
  });

  it("given two reports of an epoch, they are evidence from its begin to the end of the eighth epoch after it, in its set alone", async () => {
    const stage = await given();
    const { oracle, operators, anchor, genesis } = stage;
    await oracle.scheduleOperatorSet(addresses(operators), 3, anchor);
    const of = async (epoch: number, configuration: number, seat = LIAR) =>
      (await contradiction(stage, seat, { epoch, configuration })).args;
    const [early, late] = [await of(2, 1), await of(2, 1, 3)];
    await networkHelpers.time.setNextBlockTimestamp(epochEnd(genesis, 1) - 1);
    await expect(oracle.suspend(...early))
      .to.be.revertedWithCustomError(oracle, "HeartbeatOracleEvidenceOutOfTime")
      .withArgs(2, 1);
    for (const [epoch, configuration, required] of [
      [2, 2, 1],
      [3, 1, 2],
    ] as const) {
      await networkHelpers.time.increaseTo(epochEnd(genesis, epoch - 1));
      await expect(oracle.suspend(...(await of(epoch, configuration))))
        .to.be.revertedWithCustomError(oracle, "HeartbeatOracleWrongConfiguration")
        .withArgs(configuration, required);
    }
    await networkHelpers.time.setNextBlockTimestamp(epochEnd(genesis, 10) - 1);
    await expect(oracle.suspend(...early)).to.emit(oracle, "OperatorSuspended");
    await networkHelpers.time.setNextBlockTimestamp(epochEnd(genesis, 10));
    await expect(oracle.suspend(...late))
      .to.be.revertedWithCustomError(oracle, "HeartbeatOracleEvidenceOutOfTime")
      .withArgs(2, 11);
  });

  it("iOR-011: given that it is reinstated and seated again, what it signed before counts no more, and what it signs since does", async () => {
    const stage = await given();
    const { oracle, anchor, operators, genesis } = stage;
    const { args } = await contradiction(stage);
    await oracle.suspend(...args);
    await expect(oracle.suspend(...args))
      .to.be.revertedWithCustomError(oracle, "HeartbeatOracleSuspendedAlready")
      .withArgs(operators[LIAR]?.address, 1);
    await networkHelpers.time.increaseTo(epochEnd(genesis, 1) + 1);
    await oracle.reinstate(operators[LIAR]?.address ?? "", anchor);
    await expect(oracle.suspend(...args))
      .to.be.revertedWithCustomError(oracle, "HeartbeatOracleSuspendedAlready")
      .withArgs(operators[LIAR]?.address, 2);
    await oracle.scheduleOperatorSet(addresses(operators), 3, anchor);
    expect((await oracle.operatorSet(2)).vacant).to.equal(4n);
    await networkHelpers.time.increaseTo(epochEnd(genesis, 2) + 1);
    await expect(oracle.suspend(...args)).to.be.revertedWithCustomError(oracle, "HeartbeatOracleSuspendedAlready");
    expect((await oracle.operatorSet(3)).vacant).to.equal(0n);
    await oracle.suspend(...(await contradiction(stage, LIAR, { configuration: 3, epoch: 3 })).args);
    expect((await oracle.operatorSet(4)).vacant).to.equal(4n);
  });

  it("iOR-010: given a suspension, no set for later that is scheduled in the same epoch gives the seat back until it signs", async () => {
    const stage = await given();
    const { oracle, anchor, operators, genesis } = stage;
    const others = addresses(operatorWallets(4, 300));
    await oracle.scheduleOperatorSet(addresses(operators), 2, anchor); // the one that is rewritten: the active one is not
    await oracle.suspend(...(await contradiction(stage)).args);
    const rewritten = (await oracle.operatorSet(2)).configuration;
    await oracle.scheduleOperatorSet(others, 9, anchor);
    await networkHelpers.time.increaseTo(epochEnd(genesis, 1) - 2);
    await oracle.scheduleOperatorSet(others, 3, anchor); // in the place of the one before
    const found = await Promise.all([1, 2, 3, 9].map((epoch) => oracle.operatorSet(epoch)));
    expect(found.map(({ vacant, operators: { length } }) => [vacant, length])).to.deep.equal([
      [0n, 7],
      [4n, 7],
      [0n, 4],
      [0n, 4],
    ]);
    expect(found[1]?.configuration).to.equal(rewritten);
    await networkHelpers.time.increaseTo(epochEnd(genesis, 1));
    await oracle.scheduleOperatorSet(others, 9, anchor);
    const later = await Promise.all([2, 8, 9].map((epoch) => oracle.operatorSet(epoch)));
    expect(later.map(({ vacant, operators: { length } }) => [vacant, length])).to.deep.equal([
      [4n, 7],
      [0n, 4], // the set for 3, which is the next epoch now
      [0n, 4],
    ]);
  });

  it("given a suspension, a set for the next epoch may take the place of all that are coming", async () => {
    const stage = await given();
    const { oracle, anchor, operators } = stage;
    await oracle.scheduleOperatorSet(addresses(operators), 5, anchor);
    await oracle.suspend(...(await contradiction(stage)).args);
    await oracle.scheduleOperatorSet(addresses(operatorWallets(4, 300)), 2, anchor);
    const found = await Promise.all([1, 2, 5].map((epoch) => oracle.operatorSet(epoch)));
    expect(found.map(({ configuration }) => configuration)).to.deep.equal([1n, 5n, 5n]);
  });

  it("iOR-011: given an operator whose seat is over from the next epoch on, it is suspended all the same, and no set changes", async () => {
    const stage = await given();
    const { oracle, anchor, operators, genesis } = stage;
    await oracle.scheduleOperatorSet(addresses(operatorWallets(4, 300)), 2, anchor);
    await expect(oracle.suspend(...(await contradiction(stage)).args))
      .to.emit(oracle, "OperatorSuspended")
      .and.not.to.emit(oracle, "OperatorSetScheduled");
    expect(await oracle.isSuspended(operators[LIAR]?.address ?? "")).to.equal(true);
    expect((await oracle.operatorSet(2)).configuration).to.equal(2n);
    await networkHelpers.time.increaseTo(epochEnd(genesis, 20));
    await expect(oracle.scheduleOperatorSet(addresses(operators), 30, anchor))
      .to.be.revertedWithCustomError(oracle, "HeartbeatOracleSuspended")
      .withArgs(operators[LIAR]?.address);
    await expectJournalComplete(ethers.provider, oracle);
  });
});
