import { expect } from "chai";
import { keccak256, AbiCoder, type BaseWallet } from "ethers";
import hre from "hardhat";

import { contradiction } from "../../support/contradiction.ts";
import { expectJournalComplete } from "../../support/journal.ts";
import { operatorWallets } from "../../support/oracle.ts";
import { deployOracle, epochEnd } from "../../support/oracle-stage.ts";

const connection = await hre.network.create();
const { ethers, networkHelpers } = connection;
const { chainId } = await ethers.provider.getNetwork();

const LIAR = 2;
const addresses = (wallets: readonly BaseWallet[]): string[] => wallets.map(({ address }) => address);

/** Seven operators, one of which was suspended in epoch 1, in epoch 2. */
async function deployWithoutLiar() {
  const stage = await deployOracle(connection, 7);
  await stage.oracle.suspend(...(await contradiction(stage, chainId, LIAR)).args);
  await networkHelpers.time.increaseTo(epochEnd(stage.genesis, 1) + 1);
  return { ...stage, liar: stage.operators[LIAR]?.address ?? "" };
}
const given = async () => networkHelpers.loadFixture(deployWithoutLiar);

describe("HeartbeatOracle.reinstate", () => {
  it("iOR-011: given a suspended operator, no set seats it until it is reinstated, which gives it no seat by itself", async () => {
    const { oracle, operators, anchor, admin, liar } = await given();
    expect(await oracle.isSuspended(liar)).to.equal(true);
    await expect(oracle.scheduleOperatorSet(addresses(operators), 3, anchor))
      .to.be.revertedWithCustomError(oracle, "HeartbeatOracleSuspended")
      .withArgs(liar);

    const data = oracle.interface.encodeFunctionData("reinstate", [liar, anchor.address]);
    const call = [admin.address, await oracle.getAddress(), data];
    const callId = keccak256(AbiCoder.defaultAbiCoder().encode(["address", "address", "bytes"], call));
    await expect(oracle.reinstate(liar, anchor))
      .to.emit(oracle, "OperatorReinstated")
      .withArgs(liar, 2, callId, anchor);
    await expectJournalComplete(ethers.provider, oracle);
    expect(await oracle.isSuspended(liar)).to.equal(false);
    expect((await oracle.operatorSet(9)).vacant).to.equal(1n << BigInt(LIAR));

    await oracle.scheduleOperatorSet(addresses(operators), 3, anchor);
    const found = await Promise.all([2, 3].map((epoch) => oracle.operatorSet(epoch)));
    expect(found.map(({ vacant }) => vacant)).to.deep.equal([1n << BigInt(LIAR), 0n]);
  });

  it("given a suspended operator, sets without it are scheduled as ever", async () => {
    const { oracle, operators, anchor, liar } = await given();
    const others = addresses(operators).filter((address) => address !== liar);
    await expect(oracle.scheduleOperatorSet(others, 3, anchor)).to.emit(oracle, "OperatorSetScheduled");
    expect(await oracle.isSuspended(liar)).to.equal(true);
  });

  it("given an operator that is reinstated, or never was suspended, there is nothing to reinstate", async () => {
    const { oracle, operators, anchor, liar } = await given();
    const honest = operators[0]?.address ?? "";
    await oracle.reinstate(liar, anchor);
    for (const operator of [liar, honest, operatorWallets(1, 300)[0]?.address ?? ""]) {
      expect(await oracle.isSuspended(operator)).to.equal(false);
      await expect(oracle.reinstate(operator, anchor))
        .to.be.revertedWithCustomError(oracle, "HeartbeatOracleNotSuspended")
        .withArgs(operator);
    }
  });

  it("given an anchor that is not live any more, nobody answers for the return", async () => {
    const { oracle, authority, anchor, outsider, liar } = await given();
    await expect(oracle.reinstate(liar, outsider))
      .to.be.revertedWithCustomError(oracle, "HeartbeatOracleAnchorNotLive")
      .withArgs(outsider, 0);
    const until = (await networkHelpers.time.latest()) + 100;
    await authority.setAnchorLiveUntil(anchor, until);
    await networkHelpers.time.setNextBlockTimestamp(until);
    await expect(oracle.reinstate(liar, anchor))
      .to.be.revertedWithCustomError(oracle, "HeartbeatOracleAnchorNotLive")
      .withArgs(anchor, until);
    await authority.setAnchorLiveUntil(anchor, until + 100);
    await networkHelpers.time.setNextBlockTimestamp(until + 99);
    await expect(oracle.reinstate(liar, anchor)).to.emit(oracle, "OperatorReinstated");
  });

  it("given that it signs two reports again, it is suspended again, and reinstated again", async () => {
    const stage = await given();
    const { oracle, operators, anchor, genesis, liar } = stage;
    await oracle.reinstate(liar, anchor);
    await oracle.scheduleOperatorSet(addresses(operators), 3, anchor);
    await networkHelpers.time.increaseTo(epochEnd(genesis, 2) + 1);
    // Its seat was vacant in set 2, so that what it signed there had no effect.
    await expect(oracle.suspend(...(await contradiction(stage, chainId, LIAR, { configuration: 2, epoch: 2 })).args))
      .to.be.revertedWithCustomError(oracle, "HeartbeatOracleVacantSeat")
      .withArgs(1n << BigInt(LIAR), 1n << BigInt(LIAR));
    await oracle.suspend(...(await contradiction(stage, chainId, LIAR, { configuration: 3, epoch: 3 })).args);
    expect(await oracle.isSuspended(liar)).to.equal(true);
    await expect(oracle.reinstate(liar, anchor)).to.emit(oracle, "OperatorReinstated");
  });
});
