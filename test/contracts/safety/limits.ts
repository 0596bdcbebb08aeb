import { expect } from "chai";
import { id } from "ethers";

import { parameterIds } from "../../../src/org/policy/parameters.ts";
import { day } from "../../support/authority.ts";
import {
  BreakerState,
  changeDelaySeconds,
  credited,
  deployBreaker,
  shares,
  tripSeconds,
  unit,
  type BreakerStage,
} from "../../support/breaker-stage.ts";
import { expectJournalComplete } from "../../support/journal.ts";
import { limitOn } from "../../support/leaky-bucket.ts";
import { plainStruct } from "../../support/matchers.ts";

const reason = id("reason");
const limit = limitOn(credited, shares.outflow, false);

describe("CircuitBreaker: the constitution's limits", () => {
  let stage: BreakerStage;
  let begin: () => Promise<void>;
  before(async () => {
    stage = await deployBreaker();
    const snapshot = await stage.networkHelpers.takeSnapshot();
    begin = () => snapshot.restore();
  });
  beforeEach(async () => begin());
  // iJO-001
  afterEach(async () => {
    for (const part of [stage.breaker, stage.vault, stage.constitution]) {
      await expectJournalComplete(stage.provider, part);
    }
  });

  const now = () => stage.networkHelpers.time.latest();
  const inForce = () => ({
    outflowShare: shares.outflow,
    reclaimShare: shares.reclaim,
    reclaimWindow: BigInt(stage.epochSeconds),
    tripSeconds: BigInt(tripSeconds),
    enclaveShare: shares.enclaves,
  });
  const limits = async () => plainStruct(await stage.vault.limits());
  const safety = () => stage.vault.assetSafety(stage.assets.token);
  const refresh = () => stage.breaker.connect(stage.outsider).refreshLimits();

  it("anyone writes them into the vault as they are; the vault says by whom", async () => {
    const { vault, breaker, authority } = stage;
    const { outflowShare, reclaimShare, reclaimWindow, tripSeconds: seconds, enclaveShare } = inForce();
    const data = vault.interface.encodeFunctionData("setLimits", [inForce()]);
    await expect(refresh())
      .to.emit(vault, "LimitsSet")
      .withArgs(
        outflowShare,
        reclaimShare,
        reclaimWindow,
        seconds,
        enclaveShare,
        await authority.hashOperation(breaker, vault, data),
        breaker,
      );
    expect(await limits()).to.deep.equal(inForce());
  });

  for (const [parameter, field, value] of [
    ["breaker.outflowShare", "outflowShare", unit / 20n],
    ["breaker.reclaimShare", "reclaimShare", unit],
    ["breaker.tripSeconds", "tripSeconds", BigInt(30 * day)],
    ["enclaves.poolShare", "enclaveShare", unit / 2n],
  ] as const) {
    it(`given another ${parameter}, it is in force once it is enacted and then written, and nothing else changes`, async () => {
      await stage.constitution.connect(stage.office).proposeChange(parameterIds[parameter], value, reason);
      await stage.constitution.connect(stage.first).consent(parameterIds[parameter], 1);
      await refresh();
      expect(await limits()).to.deep.equal(inForce());
      await stage.networkHelpers.time.increase(changeDelaySeconds);
      await stage.constitution.enactChange(parameterIds[parameter], 0);
      expect(await limits()).to.deep.equal(inForce());
      await refresh();
      expect(await limits()).to.deep.equal({ ...inForce(), [field]: value });
    });
  }

  it("a breaker that does not hold the role writes nothing", async () => {
    const { ethers, authority, vault, anchors, constitution, oracle } = stage;
    const other = await ethers.deployContract("CircuitBreaker", [authority, vault, anchors, constitution, oracle]);
    await expect(other.refreshLimits())
      .to.be.revertedWithCustomError(vault, "AccessManagedUnauthorized")
      .withArgs(other);
  });

  it("a constitution that does not know the parameters is no source of limits", async () => {
    const { ethers, authority, vault, anchors, oracle } = stage;
    const bare = await ethers.deployContract("Constitution", [authority, changeDelaySeconds]);
    const other = await ethers.deployContract("CircuitBreaker", [authority, vault, anchors, bare, oracle]);
    await expect(other.refreshLimits())
      .to.be.revertedWithCustomError(bare, "ConstitutionParameterUnknown")
      .withArgs(parameterIds["breaker.outflowShare"]);
  });

  describe("given a window that is open when the share of what may leave is halved", () => {
    let since: number;
    beforeEach(async () => {
      const { constitution, office, first, networkHelpers } = stage;
      await constitution
        .connect(office)
        .proposeChange(parameterIds["breaker.outflowShare"], shares.outflow / 2n, reason);
      await constitution.connect(first).consent(parameterIds["breaker.outflowShare"], 1);
      await networkHelpers.time.increase(changeDelaySeconds);
      await stage.withdraw(stage.assets.token, unit);
      since = await now();
      await constitution.enactChange(parameterIds["breaker.outflowShare"], 0);
      await refresh();
    });

    it("the limit of that window stays to its last second, and the next window takes the new share", async () => {
      const { networkHelpers } = stage;
      expect((await safety()).outflowLimit).to.equal(limit);
      await networkHelpers.time.increaseTo(since + day - 1);
      expect((await safety()).outflowLimit).to.equal(limit);
      await networkHelpers.time.increaseTo(since + day);
      expect((await safety()).outflowLimit).to.equal(limitOn(credited - unit, shares.outflow / 2n, false));
    });

    it("a trip within it takes half of the new share, and a reset the whole of it", async () => {
      const { breaker, guardian, assets } = stage;
      const left = credited - unit;
      await breaker.connect(guardian).trip(assets.token, reason);
      expect((await safety()).outflowLimit).to.equal(limitOn(left, shares.outflow / 2n, true));
      await stage.approve(await breaker.resetOperation(assets.token));
      await breaker.reset(assets.token);
      expect((await safety()).outflowLimit).to.equal(limitOn(left, shares.outflow / 2n, false));
    });

    it("what left before still counts: a bucket that was full under the old limit is as full under the new one", async () => {
      const { breaker, guardian, assets, networkHelpers, vault } = stage;
      // a hundredth of the bucket leaked in the meantime at most
      await stage.withdraw(assets.token, (limit * 98n) / 100n);
      expect((await safety()).state).to.equal(BreakerState.Closed);
      await breaker.connect(guardian).trip(assets.token, reason);
      await stage.approve(await breaker.resetOperation(assets.token));
      await breaker.reset(assets.token);
      const before = await vault.credited(assets.token);
      const { outflowLimit, outflowEmptyAtMs } = await safety();
      const emptyInSeconds = (outflowEmptyAtMs + 999n) / 1000n - BigInt(await now());
      expect(emptyInSeconds > BigInt((day * 98) / 100 - 60)).to.equal(true);
      await stage.withdraw(assets.token, outflowLimit / 20n);
      expect(await vault.credited(assets.token)).to.equal(before);
      expect((await safety()).state).to.equal(BreakerState.Tripped);
      await networkHelpers.time.increase(tripSeconds);
      await stage.withdraw(assets.token, outflowLimit / 20n);
      expect(await vault.credited(assets.token)).to.equal(before - outflowLimit / 20n);
    });
  });

  it("given a trip that runs, another length holds for the next one only", async () => {
    const { breaker, guardian, assets } = stage;
    const longer = 10 * day;
    await breaker.connect(guardian).trip(assets.coin, reason);
    await stage.enact("breaker.tripSeconds", longer); // a trip's time passes meanwhile
    await refresh();
    await breaker.connect(guardian).trip(assets.token, reason);
    const { until } = await safety();
    expect(until).to.equal((await now()) + longer);
    expect((await stage.vault.assetSafety(assets.coin)).state).to.equal(BreakerState.HalfOpen);
    await stage.enact("breaker.tripSeconds", day);
    await refresh();
    expect((await safety()).until).to.equal(until);
  });
});
