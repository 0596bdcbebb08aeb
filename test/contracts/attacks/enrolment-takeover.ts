/** What an enrolment office whose key was stolen can do with humans that it invents. */
import { expect } from "chai";
import type { Addressable } from "ethers";

import { AnchorStatus, deployAnchors, periodSeconds } from "../../support/anchors.ts";
import { day, TaskStatus } from "../../support/authority.ts";
import { expectJournalComplete } from "../../support/journal.ts";

describe("Attack: the enrolment office outvotes the anchors with humans that it invents", () => {
  /** Two anchors who have been there for a period; one of them answers for a task. */
  async function deployWithTwoAnchors() {
    const stage = await deployAnchors();
    const [first, second, ...invented] = stage.people;
    if (!first || !second) throw new Error("too few people");
    await stage.makeLive(first);
    await stage.makeLive(second);
    await stage.networkHelpers.time.increase(periodSeconds);
    for (const anchor of [first, second]) await stage.anchors.connect(anchor).checkIn();
    await stage.openTask(first, (await stage.networkHelpers.time.latest()) + day);

    /** Three invented humans accept, and approve to remove `anchor`. */
    async function takeOver(anchor: Addressable): Promise<string> {
      const removal = await stage.anchors.removalOperation(anchor);
      for (const human of invented.slice(0, 3)) {
        await stage.makeLive(human);
        await stage.anchors.connect(human).approve(removal);
      }
      return removal;
    }
    return { ...stage, first, second, invented, takeOver };
  }
  let stage: Awaited<ReturnType<typeof deployWithTwoAnchors>>;
  beforeEach(async () => {
    stage = await deployWithTwoAnchors();
  });
  afterEach(async () => {
    await expectJournalComplete(stage.provider, stage.authority);
    await expectJournalComplete(stage.provider, stage.anchors);
  });

  it("iAC-004: three new anchors cannot remove one who was there before them", async () => {
    const { anchors, authority, office, first, takeOver } = stage;
    const removal = await takeOver(first);
    await expect(anchors.connect(office).remove(first))
      .to.be.revertedWithCustomError(anchors, "AnchorsQuorumNotReached")
      .withArgs(removal, 0, 2);
    expect(await anchors.statusOf(first)).to.equal(AnchorStatus.Live);
    expect((await authority.getTask(1)).status).to.equal(TaskStatus.Open);
  });

  it("iAC-004: those who were there remove them, the oldest first, without asking them", async () => {
    const { anchors, first, second, invented, takeOver } = stage;
    await takeOver(first);
    for (const human of invented.slice(0, 3)) {
      const removal = await anchors.removalOperation(human);
      for (const anchor of [first, second]) await anchors.connect(anchor).approve(removal);
      await anchors.remove(human);
      expect(await anchors.statusOf(human)).to.equal(AnchorStatus.Removed);
    }
    expect(await anchors.anchors()).to.have.members([first.address, second.address]);
  });

  it("iAC-004: after a whole period they are anchors like the others, and not a second before", async () => {
    const { anchors, first, second, invented, networkHelpers, takeOver } = stage;
    const removal = await takeOver(first);
    const newest = invented[2];
    if (!newest) throw new Error("too few people");
    const acceptedAt = Number(await anchors.liveUntil(newest)) - periodSeconds;
    await networkHelpers.time.setNextBlockTimestamp(acceptedAt + periodSeconds - 10);
    for (const anchor of [first, second, ...invented.slice(0, 3)]) await anchors.connect(anchor).checkIn();
    await networkHelpers.time.setNextBlockTimestamp(acceptedAt + periodSeconds - 1);
    await expect(anchors.remove(first))
      .to.be.revertedWithCustomError(anchors, "AnchorsQuorumNotReached")
      .withArgs(removal, 2, 3); // of five the newest does not count yet
    await networkHelpers.time.setNextBlockTimestamp(acceptedAt + periodSeconds);
    await anchors.remove(first);
    expect(await anchors.statusOf(first)).to.equal(AnchorStatus.Removed);
  });

  it("iAC-004: one who left and came back is the newest", async () => {
    const { anchors, first, second, makeLive, networkHelpers } = stage;
    await anchors.connect(second).resign();
    await networkHelpers.time.increase(day);
    await makeLive(second);
    const removal = await anchors.removalOperation(first);
    await anchors.connect(second).approve(removal);
    await expect(anchors.remove(first))
      .to.be.revertedWithCustomError(anchors, "AnchorsQuorumNotReached")
      .withArgs(removal, 0, 1);
  });
});
