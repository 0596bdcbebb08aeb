import { expect } from "chai";
import { AbiCoder, keccak256, toBeHex, ZeroHash } from "ethers";
import hre from "hardhat";

import { expectJournalComplete } from "../../support/journal.ts";
import { deployOracle, epochEnd, reportOn, submitReport } from "../../support/oracle-stage.ts";

const connection = await hre.network.create();
const { ethers, networkHelpers } = connection;

const deploy = async () => deployOracle(connection);
const given = async () => networkHelpers.loadFixture(deploy);
type Stage = Awaited<ReturnType<typeof given>>;

const FOREVER = 2 ** 32 - 1;
const [a, b, c] = [1, 2, 3].map((n) => toBeHex(n, 32)) as [string, string, string];

/** Hash and first epoch of the rulesets of epochs. */
const rulesets = async ({ oracle }: Stage, ...epochs: readonly number[]) =>
  Promise.all(epochs.map(async (epoch) => [...(await oracle.ruleset(epoch))]));

describe("HeartbeatOracle.scheduleRuleset", () => {
  it("given no ruleset, none is named for any epoch, and reports are accepted as ever", async () => {
    const stage = await given();
    expect(await rulesets(stage, 0, 1, FOREVER)).to.deep.equal(Array(3).fill([ZeroHash, 0n]));
    await submitReport(connection, stage, await reportOn(stage, 1));
    expect(await stage.oracle.lastEpoch()).to.equal(1);
  });

  it("iOR-020: given a ruleset, it is named from its epoch on, and nothing is before", async () => {
    const stage = await given();
    const { oracle, anchor, admin } = stage;
    const data = oracle.interface.encodeFunctionData("scheduleRuleset", [a, 3, anchor.address]);
    const call = [admin.address, await oracle.getAddress(), data];
    const callId = keccak256(AbiCoder.defaultAbiCoder().encode(["address", "address", "bytes"], call));
    await expect(oracle.scheduleRuleset(a, 3, anchor))
      .to.emit(oracle, "RulesetScheduled")
      .withArgs(a, 3, callId, anchor);
    await expectJournalComplete(ethers.provider, oracle);
    expect(await rulesets(stage, 2, 3, FOREVER)).to.deep.equal([
      [ZeroHash, 0n],
      [a, 3n],
      [a, 3n],
    ]);
  });

  it("iOR-020: given one that is active, the next one changes nothing for epochs before its own", async () => {
    const stage = await given();
    const { oracle, anchor, genesis } = stage;
    await oracle.scheduleRuleset(a, 2, anchor);
    await networkHelpers.time.increaseTo(epochEnd(genesis, 1));
    await oracle.scheduleRuleset(b, 3, anchor);
    await networkHelpers.time.increaseTo(epochEnd(genesis, 5));
    await oracle.scheduleRuleset(c, 9, anchor);
    expect(await rulesets(stage, 1, 2, 3, 8, 9)).to.deep.equal([
      [ZeroHash, 0n],
      [a, 2n],
      [b, 3n],
      [b, 3n],
      [c, 9n],
    ]);
  });

  it("given one that is scheduled and not active, a new one replaces it, for an earlier epoch or a later one", async () => {
    const stage = await given();
    const { oracle, anchor, genesis } = stage;
    await oracle.scheduleRuleset(a, 2, anchor);
    await networkHelpers.time.increaseTo(epochEnd(genesis, 1));
    for (const [hash, fromEpoch] of [
      [b, 5],
      [c, 9],
      [b, 3],
      [c, 3],
    ] as const) {
      await oracle.scheduleRuleset(hash, fromEpoch, anchor);
      expect(await rulesets(stage, 2, fromEpoch - 1, fromEpoch, FOREVER)).to.deep.equal([
        [a, 2n],
        [a, 2n],
        [hash, BigInt(fromEpoch)],
        [hash, BigInt(fromEpoch)],
      ]);
    }
  });

  it("given what is scheduled was a mistake, the active one is named again", async () => {
    const stage = await given();
    const { oracle, anchor, genesis } = stage;
    await oracle.scheduleRuleset(a, 2, anchor);
    await networkHelpers.time.increaseTo(epochEnd(genesis, 1));
    await oracle.scheduleRuleset(b, 5, anchor);
    await oracle.scheduleRuleset(a, 3, anchor);
    expect(await rulesets(stage, 2, 3, 5)).to.deep.equal([
      [a, 2n],
      [a, 3n],
      [a, 3n],
    ]);
  });

  it("given the hash zero, it is refused: a network without rules would not report", async () => {
    const { oracle, anchor } = await given();
    await expect(oracle.scheduleRuleset(ZeroHash, 2, anchor)).to.be.revertedWithCustomError(
      oracle,
      "HeartbeatOracleEmptyRuleset",
    );
  });

  it("iOR-020: given the running epoch or an earlier one, it is refused; the next one is accepted", async () => {
    const stage = await given();
    const { oracle, anchor, genesis } = stage;
    for (const fromEpoch of [0, 1]) {
      await expect(oracle.scheduleRuleset(a, fromEpoch, anchor))
        .to.be.revertedWithCustomError(oracle, "HeartbeatOracleInvalidActivation")
        .withArgs(fromEpoch, 2);
    }
    await networkHelpers.time.setNextBlockTimestamp(epochEnd(genesis, 1) - 1);
    await expect(oracle.scheduleRuleset(a, 2, anchor)).to.emit(oracle, "RulesetScheduled");
    await networkHelpers.time.setNextBlockTimestamp(epochEnd(genesis, 1));
    await expect(oracle.scheduleRuleset(b, 2, anchor))
      .to.be.revertedWithCustomError(oracle, "HeartbeatOracleInvalidActivation")
      .withArgs(2, 3);
    expect(await rulesets(stage, 2)).to.deep.equal([[a, 2n]]);
  });

  it("given one whose epoch begins in this second, it is active: it is not replaced", async () => {
    const stage = await given();
    const { oracle, anchor, genesis } = stage;
    await oracle.scheduleRuleset(a, 2, anchor);
    await networkHelpers.time.setNextBlockTimestamp(epochEnd(genesis, 1));
    await oracle.scheduleRuleset(b, 3, anchor);
    expect(await rulesets(stage, 2, 3)).to.deep.equal([
      [a, 2n],
      [b, 3n],
    ]);
  });

  it("given an anchor that is not live any more, it is refused from that very second on", async () => {
    const { oracle, authority, anchor, genesis } = await given();
    const liveUntil = genesis + 100;
    await authority.setAnchorLiveUntil(anchor, liveUntil);
    await networkHelpers.time.setNextBlockTimestamp(liveUntil - 1);
    await expect(oracle.scheduleRuleset(a, 2, anchor)).to.emit(oracle, "RulesetScheduled");
    await networkHelpers.time.setNextBlockTimestamp(liveUntil);
    await expect(oracle.scheduleRuleset(a, 2, anchor))
      .to.be.revertedWithCustomError(oracle, "HeartbeatOracleAnchorNotLive")
      .withArgs(anchor, liveUntil);
  });

  it("given a caller without the role, it is refused", async () => {
    const { oracle, outsider, anchor } = await given();
    await expect(oracle.connect(outsider).scheduleRuleset(a, 2, anchor))
      .to.be.revertedWithCustomError(oracle, "AccessManagedUnauthorized")
      .withArgs(outsider);
  });

  it("iOR-020: given random schedules over epochs, what was named of a begun epoch stays, as a list of all calls tells it", async () => {
    const stage = await given();
    const { oracle, anchor, genesis } = stage;
    let seed = 20n;
    const random = (below: number): number => {
      seed = (seed * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) % 2n ** 64n;
      return Number((seed >> 33n) % BigInt(below));
    };
    /** By epoch: what the last call before it began named for it. */
    const named = new Map<number, [string, bigint]>();
    let running = 1;
    for (let i = 1; i <= 60; i += 1) {
      running += random(3);
      const now = genesis + (running - 1) * 600 + 2 + i;
      await networkHelpers.time.setNextBlockTimestamp(Math.max(now, (await networkHelpers.time.latest()) + 1));
      const fromEpoch = running + 1 + random(4);
      await oracle.scheduleRuleset(toBeHex(i, 32), fromEpoch, anchor);
      const active = named.get(running) ?? [ZeroHash, 0n];
      for (let epoch = running + 1; epoch <= 160; epoch += 1) {
        named.set(epoch, epoch < fromEpoch ? active : [toBeHex(i, 32), BigInt(fromEpoch)]);
      }
      const looked = [...Array(8).keys()].map(() => 1 + random(160));
      expect(await rulesets(stage, ...looked)).to.deep.equal(looked.map((epoch) => named.get(epoch) ?? [ZeroHash, 0n]));
    }
  });
});
