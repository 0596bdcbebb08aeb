/** Call data, bent to look small, and moments at which a limit might forget: what the authority reads of each. */
import { expect } from "chai";
import { concat, toBeHex, zeroPadValue } from "ethers";

import { day, deployAuthority, Roles, teams } from "../../support/authority.ts";
import { Boundary } from "../../support/escalations.ts";
import { expectJournalComplete } from "../../support/journal.ts";
import { harmless, ImpactKind } from "../../support/new-authority.ts";

const selector = "0x12345678";
const asset = `0x${"a5".repeat(20)}`;
const limit = 1000;
const halfDay = day / 2;
const largest = 2n ** 128n - 1n;

/** A target that hands the authority any call data, as if it were called with it. The impact is the amount. */
async function deployReader() {
  const stage = await deployAuthority();
  const { authority, ethers, granter, anchor, agent, networkHelpers } = stage;
  const reader = await ethers.deployContract("ConsumeProbe");
  await reader.answer("0x8fb36037");
  await authority.setTargetFunctionRole(reader, [selector], Roles.GRANT);
  await authority.setActionGranter(reader, selector, Roles.GRANTER);
  await authority.setActionFacts(reader, selector, { ...harmless, impact: ImpactKind.AssetAmount, amountWord: 1 });
  await authority.setTeamLimits(teams.ours, anchor, { maxImpact: limit, scopes: 1, minReversibility: 0 });
  const validUntil = (await networkHelpers.time.latest()) + 20 * day;
  await authority.setRate(asset, 10n ** 18n, validUntil);
  const task = await stage.openTask(10 * day);
  await authority.connect(granter).grant(stage.request(task, { target: reader.target, selector }));
  const word = (value: bigint) => zeroPadValue(toBeHex(value), 32);
  const data = (amount: bigint, of = BigInt(asset)) => concat([selector, word(of), word(amount)]);
  const consume = (call: string) => reader.consume(authority, agent, call);
  return { ...stage, reader, validUntil, data, consume };
}

describe("Attacks by call data and by time", () => {
  let stage: Awaited<ReturnType<typeof deployReader>>;
  beforeEach(async () => {
    stage = await deployReader();
  });
  afterEach(() => expectJournalComplete(stage.provider, stage.authority));

  const used = async () => (await stage.authority.teamLimits(teams.ours)).usedImpact;
  const refused = (call: string, boundary: bigint, against: bigint | number, actual: bigint | number) =>
    expect(stage.consume(call))
      .to.be.revertedWithCustomError(stage.authority, "AuthorityOutsideLimits")
      .withArgs(stage.agent, stage.reader, selector, boundary, against, actual);

  it("dirty bits above an address name no asset, neither the one below them nor one without a rate", async () => {
    const dirty = BigInt(asset) + 2n ** 160n;
    await refused(stage.data(1n, dirty), Boundary.Unreadable, 2n ** 160n - 1n, dirty);
    await refused(
      stage.data(1n, BigInt(asset) + 1n),
      Boundary.RateMissing,
      0,
      (await stage.networkHelpers.time.latest()) + 1,
    );
    expect(await used()).to.equal(0);
  });

  it("an amount that does not fit any scale is the largest, not what is left of it", async () => {
    for (const amount of [largest, largest + 1n, 2n ** 160n, 2n ** 255n, 2n ** 256n - 1n]) {
      await refused(stage.data(amount), Boundary.TeamImpact, limit, largest);
    }
    await stage.authority.setRate(asset, largest, stage.validUntil);
    for (const amount of [largest, 2n ** 256n - 1n]) {
      await refused(stage.data(amount), Boundary.TeamImpact, limit, largest);
    }
    // The smallest amount at the highest rate is rounded up, beyond the limit; at the lowest rate it is one unit.
    await refused(stage.data(1n), Boundary.TeamImpact, limit, largest / 10n ** 18n + 1n);
    await stage.authority.setRate(asset, 1n, stage.validUntil);
    await stage.consume(stage.data(1n));
    expect(await used()).to.equal(1);
  });

  it("data that end before the amount are unreadable; what follows the arguments changes nothing", async () => {
    const whole = stage.data(7n);
    for (const length of [4, 35, 36, 67]) {
      await refused(whole.slice(0, 2 + 2 * length), Boundary.Unreadable, 68, length);
    }
    await stage.consume(concat([whole, stage.data(0n)]));
    expect(await used()).to.equal(7);
  });

  it("the same selector of another target has neither the grant nor the facts", async () => {
    const { authority, ethers, agent, data } = stage;
    const other = await ethers.deployContract("ConsumeProbe");
    await other.answer("0x8fb36037");
    await expect(other.consume(authority, agent, data(1n))).to.be.revertedWithCustomError(
      authority,
      "AccessManagerNotScheduled",
    );
    await authority.setTargetFunctionRole(other, [selector], Roles.GRANT);
    await expect(other.consume(authority, agent, data(1n))).to.be.revertedWithCustomError(
      authority,
      "AuthorityGrantDenied",
    );
    expect(await used()).to.equal(0);
  });

  it("a rate holds until the second before its end", async () => {
    const { networkHelpers, validUntil, authority } = stage;
    const soon = (await networkHelpers.time.latest()) + 100;
    await authority.setRate(asset, 10n ** 18n, soon);
    await networkHelpers.time.setNextBlockTimestamp(soon - 1);
    await stage.consume(stage.data(1n));
    await networkHelpers.time.setNextBlockTimestamp(soon);
    await refused(stage.data(0n), Boundary.RateMissing, soon, soon);
    expect(validUntil).to.be.greaterThan(soon);
  });

  for (const [name, offset] of [
    ["the first second", 0],
    ["the middle", halfDay / 2],
    ["the last second", halfDay - 1],
  ] as const) {
    it(`what is spent in ${name} of a half-day is spent for 24 hours at least and 36 at most`, async () => {
      const { networkHelpers } = stage;
      const border = (Math.floor((await networkHelpers.time.latest()) / halfDay) + 1) * halfDay;
      await networkHelpers.time.setNextBlockTimestamp(border + offset);
      await stage.consume(stage.data(BigInt(limit)));
      for (const later of [border + offset + 2, border + offset + day - 1, border + 3 * halfDay - 1]) {
        if (later > border + 3 * halfDay - 1) continue;
        await networkHelpers.time.increaseTo(later - 1);
        await networkHelpers.time.setNextBlockTimestamp(later);
        await refused(stage.data(1n), Boundary.TeamImpact, limit, limit + 1);
      }
      await networkHelpers.time.increaseTo(border + 3 * halfDay);
      expect(await used()).to.equal(0);
      await stage.consume(stage.data(BigInt(limit)));
    });
  }

  it("limits that are lowered below what is used let nothing more pass, and raised again forget nothing", async () => {
    const { authority, anchor } = stage;
    await stage.consume(stage.data(600n));
    await authority.setTeamLimits(teams.ours, anchor, { maxImpact: 100, scopes: 1, minReversibility: 0 });
    await refused(stage.data(1n), Boundary.TeamImpact, 100, 601);
    await stage.consume(stage.data(0n));
    await authority.setTeamLimits(teams.ours, anchor, { maxImpact: limit, scopes: 1, minReversibility: 0 });
    await refused(stage.data(401n), Boundary.TeamImpact, limit, 1001);
    await stage.consume(stage.data(400n));
  });
});
