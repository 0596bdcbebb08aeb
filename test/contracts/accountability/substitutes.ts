import { expect } from "chai";
import { id, ZeroAddress } from "ethers";

import { AnchorStatus, periodSeconds } from "../../support/anchors.ts";
import { deadlineSeconds, deployEscalations } from "../../support/escalations.ts";
import { expectJournalComplete } from "../../support/journal.ts";

const reason = id("reason");

describe("Anchors: substitutes", () => {
  let stage: Awaited<ReturnType<typeof deployEscalations>>;
  beforeEach(async () => {
    stage = await deployEscalations();
  });
  // iJO-001
  afterEach(() => expectJournalComplete(stage.provider, stage.anchors));

  const latest = () => stage.networkHelpers.time.latest();

  it("a live anchor names another, and takes it back", async () => {
    const { anchors, authority, first, substitute } = stage;
    const named = async (account: string) => {
      const data = anchors.interface.encodeFunctionData("setSubstitute", [account]);
      await expect(anchors.connect(first).setSubstitute(account))
        .to.emit(anchors, "SubstituteNamed")
        .withArgs(first, account, await authority.hashOperation(first, anchors, data), first);
      expect(await anchors.substituteOf(first)).to.equal(account);
    };
    expect(await anchors.substituteOf(first)).to.equal(ZeroAddress);
    await named(substitute.address);
    await named(ZeroAddress);
  });

  it("itself, or who is not live, it cannot name", async () => {
    const { anchors, office, first, substitute, outsider } = stage;
    await expect(anchors.connect(first).setSubstitute(first))
      .to.be.revertedWithCustomError(anchors, "AnchorsInvalidSubstitute")
      .withArgs(first);
    const refused = async (status: bigint, account = outsider) =>
      expect(anchors.connect(first).setSubstitute(account))
        .to.be.revertedWithCustomError(anchors, "AnchorsUnexpectedStatus")
        .withArgs(account, status, AnchorStatus.Live);
    await refused(AnchorStatus.None);
    await anchors.connect(office).enrol(outsider, id("identity"));
    await refused(AnchorStatus.Enrolled);
    await anchors.connect(substitute).resign();
    await refused(AnchorStatus.Removed, substitute);
    await stage.networkHelpers.time.increaseTo(await anchors.liveUntil(stage.own));
    await anchors.connect(first).checkIn();
    await refused(AnchorStatus.Lapsed, stage.own);
  });

  it("who is not a live anchor names nobody", async () => {
    const { anchors, first, outsider, substitute } = stage;
    await expect(anchors.connect(outsider).setSubstitute(substitute))
      .to.be.revertedWithCustomError(anchors, "AnchorsUnexpectedStatus")
      .withArgs(outsider, AnchorStatus.None, AnchorStatus.Live);
    await stage.networkHelpers.time.increase(periodSeconds);
    await expect(anchors.connect(first).setSubstitute(ZeroAddress))
      .to.be.revertedWithCustomError(anchors, "AnchorsUnexpectedStatus")
      .withArgs(first, AnchorStatus.Lapsed, AnchorStatus.Live);
  });

  it("iAC-015: it ends with the enrolment of either", async () => {
    const { anchors, first, substitute, makeLive } = stage;
    await anchors.connect(first).setSubstitute(substitute);
    await anchors.connect(first).resign();
    expect(await anchors.substituteOf(first)).to.equal(ZeroAddress);
    await makeLive(first);
    expect(await anchors.substituteOf(first)).to.equal(ZeroAddress);

    await anchors.connect(first).setSubstitute(substitute);
    await anchors.connect(substitute).resign();
    await makeLive(substitute);
    expect(await anchors.substituteOf(first)).to.equal(ZeroAddress);
  });

  describe("given a substitute, when an escalation waits for its principal", () => {
    beforeEach(async () => {
      await stage.anchors.connect(stage.first).setSubstitute(stage.substitute);
      await stage.open();
    });

    it("iAC-015: it resolves in the principal's place, and both are on record", async () => {
      const { escalations, operation, substitute, first } = stage;
      const snapshot = await stage.networkHelpers.takeSnapshot();
      await expect(escalations.connect(substitute).reject(operation, 0, reason))
        .to.emit(escalations, "EscalationRejected")
        .withArgs(operation, substitute, reason, operation, first);
      await snapshot.restore();
      await escalations.connect(substitute).approve(operation, 0, reason);
      expect((await escalations.getEscalation(operation)).resolver).to.equal(substitute.address);
    });

    it("also while the principal is lapsed, but not once it was removed", async () => {
      const { anchors, escalations, operation, substitute, first } = stage;
      const liveUntil = Number(await anchors.liveUntil(first));
      await stage.networkHelpers.time.increaseTo(liveUntil - 60);
      for (const anchor of [substitute, stage.own]) await anchors.connect(anchor).checkIn();
      await stage.renewGrant();
      await stage.open();
      await stage.networkHelpers.time.increaseTo(liveUntil);
      expect(await anchors.statusOf(first)).to.equal(AnchorStatus.Lapsed);
      const snapshot = await stage.networkHelpers.takeSnapshot();
      await escalations.connect(substitute).approve(operation, 0, reason);
      await snapshot.restore();
      await anchors.connect(first).resign();
      await expect(escalations.connect(substitute).approve(operation, 0, reason))
        .to.be.revertedWithCustomError(escalations, "EscalationsNotResolver")
        .withArgs(operation, 0, substitute, first);
    });

    it("only while it is live itself", async () => {
      const { anchors, escalations, operation, substitute } = stage;
      await anchors.connect(substitute).resign();
      await expect(escalations.connect(substitute).approve(operation, 0, reason))
        .to.be.revertedWithCustomError(escalations, "EscalationsResolverNotLive")
        .withArgs(operation, substitute, await latest());
    });

    it("not for the principals of its principal, nor before the position opens", async () => {
      const { anchors, escalations, operation, first, second, substitute } = stage;
      await anchors.connect(second).setSubstitute(first);
      const opensAt = (await escalations.resolversOf(operation))[1]?.opensAt ?? 0n;
      await expect(escalations.connect(substitute).approve(operation, 1, reason))
        .to.be.revertedWithCustomError(escalations, "EscalationsNotResolver")
        .withArgs(operation, 1, substitute, second);
      await expect(escalations.connect(first).approve(operation, 1, reason))
        .to.be.revertedWithCustomError(escalations, "EscalationsNotOpenYet")
        .withArgs(operation, first, opensAt);
      await stage.networkHelpers.time.increase(deadlineSeconds / 3);
      await escalations.connect(first).approve(operation, 1, reason);
    });

    it("its approval falls when it leaves", async () => {
      const { anchors, escalations, operation, substitute } = stage;
      await escalations.connect(substitute).approve(operation, 0, reason);
      await anchors.connect(substitute).resign();
      expect(await stage.passes()).to.equal(false);
    });
  });
});
