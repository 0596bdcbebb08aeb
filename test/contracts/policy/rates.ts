import { expect } from "chai";
import { getAddress, id, toBeHex, zeroPadValue } from "ethers";

import { day } from "../../support/authority.ts";
import { expectJournalComplete } from "../../support/journal.ts";
import { deployPolicy } from "../../support/policy.ts";

const reason = id("why");
const asset = (number: number) => getAddress(zeroPadValue(toBeHex(number), 20));
const token = asset(0xaa);
const mostSeconds = 31 * day;

describe("Constitution: what assets are worth", () => {
  let stage: Awaited<ReturnType<typeof deployPolicy>>;
  beforeEach(async () => {
    stage = await deployPolicy();
    await stage.constitution.connect(stage.structure).defineAsset(token, 100, 200);
  });
  afterEach(async () => {
    await expectJournalComplete(stage.provider, stage.constitution);
    await expectJournalComplete(stage.provider, stage.authority);
  });

  const value = async (rate: number, seconds = day) => {
    const next = (await stage.networkHelpers.time.latest()) + 10;
    await stage.networkHelpers.time.setNextBlockTimestamp(next);
    return stage.constitution.connect(stage.valuation).setRate(token, rate, next + seconds, reason);
  };

  it("iPO-007: an asset's bounds are set once, and never include zero", async () => {
    const { constitution, structure, callId } = stage;
    const office = constitution.connect(structure);
    await expect(office.defineAsset(asset(1), 1, 1))
      .to.emit(constitution, "AssetDefined")
      .withArgs(asset(1), 1, 1, await callId(constitution, structure, "defineAsset", [asset(1), 1, 1]), structure);
    expect(await constitution.rateBounds(asset(1))).to.deep.equal([1n, 1n]);
    expect(await constitution.rateBounds(asset(2))).to.deep.equal([0n, 0n]);
    expect(await constitution.assets()).to.deep.equal([token, asset(1)]);
    expect(await constitution.rateOf(asset(1))).to.deep.equal([0n, 0n]);
    await expect(office.defineAsset(asset(1), 1, 2))
      .to.be.revertedWithCustomError(constitution, "ConstitutionAssetExists")
      .withArgs(asset(1));
    for (const [minimum, maximum] of [
      [0, 1],
      [2, 1],
    ] as const) {
      await expect(office.defineAsset(asset(2), minimum, maximum))
        .to.be.revertedWithCustomError(constitution, "ConstitutionInvalidBounds")
        .withArgs(minimum, maximum);
    }
  });

  it("iPO-007: a rate is inside its asset's bounds, and the authority knows it in the same transaction", async () => {
    const { constitution, authority, valuation } = stage;
    for (const rate of [100, 200]) {
      const valued = value(rate);
      await valued;
      const until = (await stage.networkHelpers.time.latest()) + day;
      await expect(valued)
        .to.emit(constitution, "RateSet")
        .withArgs(
          token,
          rate,
          until,
          reason,
          await stage.callId(constitution, valuation, "setRate", [token, rate, until, reason]),
          valuation,
        );
      await expect(valued).to.emit(authority, "RateSet");
      expect(await constitution.rateOf(token)).to.deep.equal([BigInt(rate), BigInt(until)]);
      expect(await authority.rateOf(token)).to.deep.equal([BigInt(rate), BigInt(until)]);
    }
    for (const rate of [99, 201]) {
      await expect(value(rate))
        .to.be.revertedWithCustomError(constitution, "ConstitutionRateOutOfBounds")
        .withArgs(token, rate, 100, 200);
    }
    await expect(constitution.connect(valuation).setRate(asset(5), 1, 2n ** 40n, reason))
      .to.be.revertedWithCustomError(constitution, "ConstitutionAssetUnknown")
      .withArgs(asset(5));
  });

  it("iPO-007: it is valid from now for 31 days at most", async () => {
    const { constitution } = stage;
    for (const seconds of [1, mostSeconds]) await value(100, seconds);
    for (const seconds of [0, mostSeconds + 1]) {
      const attempt = value(100, seconds);
      const next = (await stage.networkHelpers.time.latest()) + 10;
      await expect(attempt)
        .to.be.revertedWithCustomError(constitution, "ConstitutionInvalidValidity")
        .withArgs(token, next + seconds, next + 1, next + mostSeconds);
    }
  });

  it("there are 64 at most", async () => {
    const { constitution, structure } = stage;
    for (let i = 1; i < 64; ++i) await constitution.connect(structure).defineAsset(asset(i), 1, 2);
    await expect(constitution.connect(structure).defineAsset(asset(64), 1, 2))
      .to.be.revertedWithCustomError(constitution, "ConstitutionTooManyAssets")
      .withArgs(64);
  });
});
