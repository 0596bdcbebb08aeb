import { expect } from "chai";
import { keccak256, AbiCoder, type BaseWallet } from "ethers";
import hre from "hardhat";

import { expectJournalComplete } from "../../support/journal.ts";
import { operatorWallets, signReport } from "../../support/oracle.ts";
import { deployOracle, epochEnd, parametersFrom, reportOn, submitReport } from "../../support/oracle-stage.ts";

const connection = await hre.network.create();
const { ethers, networkHelpers } = connection;

const deploy = async () => deployOracle(connection);
const given = async () => networkHelpers.loadFixture(deploy);
const addresses = (wallets: readonly BaseWallet[]): string[] => wallets.map(({ address }) => address);
const none = [0n, 0n, 0n, 0n, ethers.ZeroAddress, 0n, [], []];

describe("HeartbeatOracle.scheduleOperatorSet", () => {
  it("iOR-004: given a new set, it signs from its epoch on, and the old one until then", async () => {
    const stage = await given();
    const { oracle, anchor, admin, operators } = stage;
    const successors = operatorWallets(7, 200);
    const data = oracle.interface.encodeFunctionData("scheduleOperatorSet", [addresses(successors), 3, anchor.address]);
    const callId = keccak256(
      AbiCoder.defaultAbiCoder().encode(
        ["address", "address", "bytes"],
        [admin.address, await oracle.getAddress(), data],
      ),
    );

    await expect(oracle.scheduleOperatorSet(addresses(successors), 3, anchor))
      .to.emit(oracle, "OperatorSetScheduled")
      .withArgs(2, 3, addresses(successors), addresses(successors), 2, 5, 0, callId, anchor);
    await expectJournalComplete(ethers.provider, oracle);

    const first = [1n, 1n, 1n, 3n, anchor.address, 0n, addresses(operators), addresses(operators)];
    const second = [2n, 3n, 2n, 5n, anchor.address, 0n, addresses(successors), addresses(successors)];
    expect(await oracle.operatorSet(0)).to.deep.equal(none);
    expect(await oracle.operatorSet(1)).to.deep.equal(first);
    expect(await oracle.operatorSet(2)).to.deep.equal(first);
    expect(await oracle.operatorSet(3)).to.deep.equal(second);
    expect(await oracle.operatorSet(2 ** 32 - 1)).to.deep.equal(second);

    await submitReport(connection, stage, await reportOn(stage, 2));
    const late = await reportOn(stage, 3);
    await expect(submitReport(connection, stage, late))
      .to.be.revertedWithCustomError(oracle, "HeartbeatOracleWrongConfiguration")
      .withArgs(1, 2);
    await submitReport(connection, { ...stage, operators: successors }, { ...late, configuration: 2 }, [0, 1, 2, 5, 6]);
    expect(await oracle.lastEpoch()).to.equal(3);
  });

  it("iOR-004: given a set active since this epoch and another scheduled, the last epoch's report still needs the first set", async () => {
    const stage = await given();
    const { oracle, anchor, genesis } = stage;
    await oracle.scheduleOperatorSet(addresses(operatorWallets(4, 200)), 2, anchor);
    await networkHelpers.time.increaseTo(epochEnd(genesis, 1) + 1);
    await oracle.scheduleOperatorSet(addresses(operatorWallets(5, 300)), 3, anchor);
    expect((await oracle.operatorSet(1)).configuration).to.equal(1);
    expect((await oracle.operatorSet(2)).configuration).to.equal(2);
    expect((await oracle.operatorSet(3)).configuration).to.equal(3);

    const report = await reportOn(stage, 1);
    const { chainId } = await ethers.provider.getNetwork();
    const { signers, signatures } = await signReport(oracle, chainId, stage.operators, [0, 1, 2], report);
    await expect(oracle.submit(report, signers, signatures)).to.emit(oracle, "ReportAccepted");
  });

  it("given a scheduled set that is not active, a new one replaces it, and its number is never used again", async () => {
    const stage = await given();
    const { oracle, anchor } = stage;
    const configurations = async (...epochs: readonly number[]) =>
      Promise.all(epochs.map(async (epoch) => (await oracle.operatorSet(epoch)).configuration));
    await oracle.scheduleOperatorSet(addresses(operatorWallets(4, 200)), 3, anchor);
    await oracle.scheduleOperatorSet(addresses(operatorWallets(5, 300)), 4, anchor);
    expect(await configurations(1, 3, 4)).to.deep.equal([1n, 1n, 3n]);
    await oracle.scheduleOperatorSet(addresses(operatorWallets(4, 400)), 2, anchor);
    expect(await configurations(1, 2, 4)).to.deep.equal([1n, 4n, 4n]);
    await expect(submitReport(connection, stage, await reportOn(stage, 2, [], { configuration: 2 })))
      .to.be.revertedWithCustomError(oracle, "HeartbeatOracleWrongConfiguration")
      .withArgs(2, 4);
  });

  it("given a set for the next epoch, one for later follows it, and only one for the next epoch takes its place", async () => {
    const { oracle, anchor } = await given();
    const configurations = async () =>
      Promise.all([1, 2, 3, 9].map(async (epoch) => (await oracle.operatorSet(epoch)).configuration));
    await oracle.scheduleOperatorSet(addresses(operatorWallets(4, 200)), 2, anchor);
    await oracle.scheduleOperatorSet(addresses(operatorWallets(5, 300)), 3, anchor);
    expect(await configurations()).to.deep.equal([1n, 2n, 3n, 3n]);
    await oracle.scheduleOperatorSet(addresses(operatorWallets(5, 300)), 9, anchor);
    expect(await configurations()).to.deep.equal([1n, 2n, 2n, 4n]);
    await oracle.scheduleOperatorSet(addresses(operatorWallets(4, 400)), 2, anchor);
    expect(await configurations()).to.deep.equal([1n, 5n, 5n, 5n]);
  });

  it("iOR-004: given no set for an epoch, no report is accepted, not even one that names configuration 0", async () => {
    const stage = await given();
    const bare = await ethers.deployContract("HeartbeatOracle", [stage.authority, parametersFrom(stage.genesis)]);
    expect(await bare.operatorSet(1)).to.deep.equal(none);
    await networkHelpers.time.increaseTo(epochEnd(stage.genesis, 1));
    await expect(bare.submit(await reportOn(stage, 1, [], { configuration: 0 }), 0, "0x"))
      .to.be.revertedWithCustomError(bare, "HeartbeatOracleWrongConfiguration")
      .withArgs(0, 0);
  });

  describe("bounds", () => {
    for (const [count, accepted] of [
      [0, false],
      [3, false],
      [4, true],
      [31, true],
      [32, false],
    ] as const) {
      it(`given ${count} operators, the set is ${accepted ? "scheduled" : "refused"}`, async () => {
        const { oracle, anchor } = await given();
        const scheduled = oracle.scheduleOperatorSet(addresses(operatorWallets(count, 200)), 2, anchor);
        if (accepted) await expect(scheduled).to.emit(oracle, "OperatorSetScheduled");
        else {
          await expect(scheduled)
            .to.be.revertedWithCustomError(oracle, "HeartbeatOracleInvalidSet")
            .withArgs(count, 4, 31);
        }
      });
    }

    it("given operators that do not ascend strictly from above zero, the set is refused", async () => {
      const { oracle, anchor } = await given();
      const [a, b, c, d] = addresses(operatorWallets(4, 200)) as [string, string, string, string];
      for (const [set, previous, operator] of [
        [[a, b, b, d], b, b],
        [[a, c, b, d], c, b],
        [[ethers.ZeroAddress, b, c, d], ethers.ZeroAddress, ethers.ZeroAddress],
      ] as const) {
        await expect(oracle.scheduleOperatorSet([...set], 2, anchor))
          .to.be.revertedWithCustomError(oracle, "HeartbeatOracleOperatorsNotAscending")
          .withArgs(previous, operator);
      }
    });

    it("iOR-004: given the running epoch or an earlier one, it is refused; the next one is accepted", async () => {
      const { oracle, anchor, genesis } = await given();
      const set = addresses(operatorWallets(4, 200));
      for (const fromEpoch of [0, 1]) {
        await expect(oracle.scheduleOperatorSet(set, fromEpoch, anchor))
          .to.be.revertedWithCustomError(oracle, "HeartbeatOracleInvalidActivation")
          .withArgs(fromEpoch, 2);
      }
      await networkHelpers.time.setNextBlockTimestamp(epochEnd(genesis, 1) - 1);
      await expect(oracle.scheduleOperatorSet(set, 2, anchor)).to.emit(oracle, "OperatorSetScheduled");
      await networkHelpers.time.setNextBlockTimestamp(epochEnd(genesis, 1));
      await expect(oracle.scheduleOperatorSet(set, 2, anchor))
        .to.be.revertedWithCustomError(oracle, "HeartbeatOracleInvalidActivation")
        .withArgs(2, 3);
    });

    it("given an anchor that is not live any more, it is refused from that very second on", async () => {
      const { oracle, authority, anchor, genesis } = await given();
      const set = addresses(operatorWallets(4, 200));
      const liveUntil = genesis + 100;
      await authority.setAnchorLiveUntil(anchor, liveUntil);
      await networkHelpers.time.setNextBlockTimestamp(liveUntil - 1);
      await expect(oracle.scheduleOperatorSet(set, 2, anchor)).to.emit(oracle, "OperatorSetScheduled");
      await networkHelpers.time.setNextBlockTimestamp(liveUntil);
      await expect(oracle.scheduleOperatorSet(set, 2, anchor))
        .to.be.revertedWithCustomError(oracle, "HeartbeatOracleAnchorNotLive")
        .withArgs(anchor, liveUntil);
    });

    it("given a caller without the role, it is refused", async () => {
      const { oracle, outsider, anchor, operators } = await given();
      await expect(oracle.connect(outsider).scheduleOperatorSet(addresses(operators), 2, anchor))
        .to.be.revertedWithCustomError(oracle, "AccessManagedUnauthorized")
        .withArgs(outsider);
    });
  });

  it("finds the table of any configuration: the address follows the RLP of the contract's nonce at each length", async () => {
    const locator = await ethers.deployContract("OperatorTableHarness");
    const from = await locator.getAddress();
    for (const nonce of [1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x1_0000, 0xff_ffff, 0x100_0000, 0xffff_ffff]) {
      expect(await locator.locate(nonce), `nonce ${nonce}`).to.equal(ethers.getCreateAddress({ from, nonce }));
    }
  });

  it("given a configuration that is not the contract's next creation, writing a table reverts", async () => {
    const { anchor } = await given();
    const harness = await ethers.deployContract("OperatorTableHarness");
    const from = await harness.getAddress();
    const set = addresses(operatorWallets(4));
    await harness.write(1, 0, 1, anchor, set);
    await expect(harness.write(3, 1, 2, anchor, set))
      .to.be.revertedWithCustomError(harness, "OperatorTableNotCreated")
      .withArgs(3, ethers.getCreateAddress({ from, nonce: 2 }), ethers.getCreateAddress({ from, nonce: 3 }));
  });

  it("stores a set as code that does nothing when called", async () => {
    const { oracle, outsider } = await given();
    const table = ethers.getCreateAddress({ from: await oracle.getAddress(), nonce: 1 });
    const code = await ethers.provider.getCode(table);
    expect((code.length - 2) / 2).to.equal(32 + 64 + 32 + 2 * 4 * 20); // no keys: an empty sum, and none listed
    const receipt = await (await outsider.sendTransaction({ to: table })).wait();
    expect(receipt?.gasUsed).to.equal(21_000);
  });
});
