import { expect } from "chai";
import hre from "hardhat";

import { anyWord } from "../../support/matchers.ts";
import { expectJournalComplete } from "../../support/journal.ts";

const [period, begin] = [1000, 300];

async function deployCalendar() {
  const connection = await hre.network.create();
  const { ethers, networkHelpers } = connection;
  const [admin, anyone] = await ethers.getSigners();
  if (!admin || !anyone) throw new Error("too few signers");
  const authority = await ethers.deployContract("AuthorityDouble", [admin]);
  const genesis = (await networkHelpers.time.latest()) + 100;
  const calendar = await ethers.deployContract("ReviewCalendar", [authority, genesis, period, begin]);
  /** The next transaction is mined `seconds` after the start of period `index`. */
  const at = (index: number, seconds = 0) =>
    networkHelpers.time.setNextBlockTimestamp(genesis + index * period + seconds);
  return { ...connection, authority, calendar: calendar.connect(anyone), anyone, genesis, at };
}

describe("ReviewCalendar", () => {
  let stage: Awaited<ReturnType<typeof deployCalendar>>;
  beforeEach(async () => {
    stage = await deployCalendar();
  });
  afterEach(async () => expectJournalComplete(stage.ethers.provider, stage.calendar));

  it("iTR-024: anyone begins a period once, from its first second to the last of its first days", async () => {
    const { calendar, anyone, genesis, at } = stage;
    await at(1);
    await expect(calendar.begin())
      .to.emit(calendar, "ReviewPeriodBegan")
      .withArgs(1, 1, genesis + period, anyWord, anyone);
    expect([...(await calendar.latest())]).to.deep.equal([1n, BigInt(genesis + period), 0n]);
    await expect(calendar.begin()).to.be.revertedWithCustomError(calendar, "ReviewCalendarBegun").withArgs(1);
    await at(2, begin - 1);
    await calendar.begin();
    expect((await calendar.latest()).index).to.equal(2n);
  });

  it("iTR-024: before the first period, and past a period's first days, none begins; one that was missed is skipped", async () => {
    const { calendar, genesis, at } = stage;
    await at(0, 5);
    await expect(calendar.begin()).to.be.revertedWithCustomError(calendar, "ReviewCalendarOutsideWindow");
    await at(1, begin);
    await expect(calendar.begin())
      .to.be.revertedWithCustomError(calendar, "ReviewCalendarOutsideWindow")
      .withArgs(1, genesis + period, genesis + period + begin, genesis + period + begin);
    await at(3);
    await expect(calendar.begin())
      .to.emit(calendar, "ReviewPeriodBegan")
      .withArgs(1, 3, genesis + 3 * period, anyWord, stage.anyone);
  });

  it("no leaf is proved by it, and nobody manages it", async () => {
    const { calendar } = stage;
    const header = {
      ...{ index: 1, epoch: 1, root: `0x${"11".repeat(32)}`, threshold: 0, leafCount: 1, acceptedAt: 0 },
      manifest: `0x${"11".repeat(32)}`,
    };
    const leaf = { project: header.root, definition: header.root, outcome: 1, grade: 1, score: 1 };
    await expect(calendar.verifyLeaf(header, leaf, [])).to.be.revertedWithCustomError(
      calendar,
      "ReviewCalendarNoReports",
    );
    await expect(calendar.verifyLeaves(header, [leaf], [], [])).to.be.revertedWithCustomError(
      calendar,
      "ReviewCalendarNoReports",
    );
    expect((await calendar.latest()).managedUntil).to.equal(0n);
  });

  it("periods, and the time to begin one, are within their bounds", async () => {
    const { ethers, authority, genesis, calendar } = stage;
    const deploy = (periodSeconds: number, beginSeconds: number) =>
      ethers.deployContract("ReviewCalendar", [authority, genesis, periodSeconds, beginSeconds]);
    for (const [[periodSeconds, beginSeconds], problem] of [
      [[9, 1], 0n],
      [[366 * 86_400 + 1, 1], 0n],
      [[10, 0], 1n],
      [[10, 10], 1n],
    ] as const) {
      await expect(deploy(periodSeconds, beginSeconds))
        .to.be.revertedWithCustomError(calendar, "ReviewCalendarInvalidParameters")
        .withArgs(problem);
    }
    await deploy(10, 9);
    await deploy(366 * 86_400, 1);
  });
});
