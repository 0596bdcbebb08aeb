import { expect } from "chai";
import { id } from "ethers";

import { AnchorStatus, deployAnchors, periodSeconds } from "../../support/anchors.ts";
import { day, TaskStatus } from "../../support/authority.ts";
import { expectJournalComplete } from "../../support/journal.ts";

const operation = id("operation");

describe("Anchors: quorum", () => {
  let stage: Awaited<ReturnType<typeof deployAnchors>>;
  beforeEach(async () => {
    stage = await deployAnchors();
  });
  afterEach(async () => {
    await expectJournalComplete(stage.provider, stage.authority);
    await expectJournalComplete(stage.provider, stage.anchors);
  });

  const person = (index: number) => {
    const found = stage.people[index];
    if (!found) throw new Error(`no person ${index}`);
    return found;
  };
  const latest = () => stage.networkHelpers.time.latest();

  it("iAC-003: while nobody is live the quorum is one and cannot be reached", async () => {
    const { anchors } = stage;
    expect(await anchors.quorum()).to.equal(1);
    expect(await anchors.isApproved(operation)).to.equal(false);
    const removal = await anchors.removalOperation(person(0));
    await expect(anchors.remove(person(0)))
      .to.be.revertedWithCustomError(anchors, "AnchorsQuorumNotReached")
      .withArgs(removal, 0, 1);
  });

  it("iAC-003: it is more than half of those that are live", async () => {
    const { anchors, makeLive } = stage;
    for (const [index, quorum] of [1, 2, 2, 3, 3, 4].entries()) {
      await makeLive(person(index));
      expect(await anchors.quorum(), `${index + 1} live`).to.equal(quorum);
    }
  });

  it("a live anchor approves an operation once", async () => {
    const { anchors, makeLive, outsider } = stage;
    await makeLive(person(0));
    await expect(anchors.connect(person(0)).approve(operation))
      .to.emit(anchors, "OperationApproved")
      .withArgs(operation, person(0), operation, person(0));
    expect(await anchors.isApproved(operation)).to.equal(true);
    expect(await anchors.isApproved(id("other"))).to.equal(false);
    await expect(anchors.connect(person(0)).approve(operation))
      .to.be.revertedWithCustomError(anchors, "AnchorsAlreadyApproved")
      .withArgs(operation, person(0));
    await expect(anchors.connect(outsider).approve(operation))
      .to.be.revertedWithCustomError(anchors, "AnchorsUnexpectedStatus")
      .withArgs(outsider, AnchorStatus.None, AnchorStatus.Live);
  });

  it("iAC-003: the approval of an anchor that lapses does not count, and a lapsed one cannot approve", async () => {
    const { anchors, makeLive } = stage;
    await makeLive(person(0));
    await stage.networkHelpers.time.increase(day);
    await makeLive(person(1));
    await makeLive(person(2));
    await anchors.connect(person(0)).approve(operation);
    await anchors.connect(person(1)).approve(operation);
    expect(await anchors.isApproved(operation)).to.equal(true);
    await stage.networkHelpers.time.increaseTo(await anchors.liveUntil(person(0)));
    // Two are live, both are needed, one of them approved.
    expect(await anchors.quorum()).to.equal(2);
    expect(await anchors.isApproved(operation)).to.equal(false);
    await expect(anchors.connect(person(0)).approve(id("other")))
      .to.be.revertedWithCustomError(anchors, "AnchorsUnexpectedStatus")
      .withArgs(person(0), AnchorStatus.Lapsed, AnchorStatus.Live);
    // Back from its absence, its approval is again that of a live anchor.
    await anchors.connect(person(0)).checkIn();
    expect(await anchors.isApproved(operation)).to.equal(true);
  });

  it("iAC-003: an approval does not survive removal and a new enrolment", async () => {
    const { anchors, makeLive } = stage;
    await makeLive(person(0));
    await anchors.connect(person(0)).approve(operation);
    await anchors.connect(person(0)).resign();
    expect(await anchors.isApproved(operation)).to.equal(false);
    await makeLive(person(0));
    expect(await anchors.isApproved(operation)).to.equal(false);
    await anchors.connect(person(0)).approve(operation);
    expect(await anchors.isApproved(operation)).to.equal(true);
  });

  describe("removal", () => {
    it("iAC-002: by anybody, once a quorum approved it; open tasks end in the same transaction", async () => {
      const { anchors, authority, outsider, makeLive } = stage;
      for (const index of [1, 2, 0]) await makeLive(person(index));
      await stage.openTask(person(0), (await latest()) + day);
      const removal = await anchors.removalOperation(person(0));
      await anchors.connect(person(1)).approve(removal);
      await expect(anchors.connect(outsider).remove(person(0)))
        .to.be.revertedWithCustomError(anchors, "AnchorsQuorumNotReached")
        .withArgs(removal, 1, 2);
      await anchors.connect(person(2)).approve(removal);
      await expect(anchors.connect(outsider).remove(person(0)))
        .to.emit(anchors, "AnchorRemoved")
        .withArgs(person(0), removal, outsider);
      expect(await anchors.statusOf(person(0))).to.equal(AnchorStatus.Removed);
      expect(await anchors.anchors()).to.have.members([person(1).address, person(2).address]);
      expect((await authority.getTask(1)).status).to.equal(TaskStatus.Failed);
      await expect(anchors.connect(outsider).remove(person(0)))
        .to.be.revertedWithCustomError(anchors, "AnchorsUnexpectedStatus")
        .withArgs(person(0), AnchorStatus.Removed, AnchorStatus.Live);
    });

    it("iAC-003: what approved one removal does not remove the same person again", async () => {
      const { anchors, makeLive } = stage;
      await makeLive(person(0));
      await makeLive(person(1));
      const removal = await anchors.removalOperation(person(1));
      for (const index of [0, 1]) await anchors.connect(person(index)).approve(removal);
      await anchors.remove(person(1));
      await makeLive(person(1));
      const next = await anchors.removalOperation(person(1));
      expect(next).not.to.equal(removal);
      await expect(anchors.remove(person(1)))
        .to.be.revertedWithCustomError(anchors, "AnchorsQuorumNotReached")
        .withArgs(next, 0, 1); // person 0, who was there before
    });

    it("a lapsed or merely enrolled person can be removed, too", async () => {
      const { anchors, makeLive, office } = stage;
      await makeLive(person(0));
      await stage.networkHelpers.time.increase(periodSeconds);
      await makeLive(person(1));
      await anchors.connect(office).enrol(person(2), id("record"));
      for (const index of [0, 2]) {
        await anchors.connect(person(1)).approve(await anchors.removalOperation(person(index)));
        await anchors.remove(person(index));
        expect(await anchors.statusOf(person(index))).to.equal(AnchorStatus.Removed);
      }
      expect(await anchors.anchors()).to.deep.equal([person(1).address]);
    });

    it("any place of the list can become free", async () => {
      const { anchors, makeLive } = stage;
      for (const index of [0, 1, 2, 3, 4]) await makeLive(person(index));
      for (const index of [2, 4, 0]) await anchors.connect(person(index)).resign();
      expect(await anchors.anchors()).to.have.members([person(1).address, person(3).address]);
      await makeLive(person(2));
      for (const index of [1, 2, 3]) await anchors.connect(person(index)).resign();
      expect(await anchors.anchors()).to.deep.equal([]);
    });
  });
});
