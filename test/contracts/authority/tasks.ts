import { expect } from "chai";
import { id } from "ethers";

import { day, deployAuthority, TaskStatus, teams } from "../../support/authority.ts";
import { expectJournalComplete } from "../../support/journal.ts";

const purpose = id("purpose");

describe("Authority: tasks", () => {
  let stage: Awaited<ReturnType<typeof deployAuthority>>;
  beforeEach(async () => {
    stage = await deployAuthority();
  });
  // iJO-001: whatever a test did, the head is the fold of all logs.
  afterEach(() => expectJournalComplete(stage.provider, stage.authority));

  const latest = () => stage.networkHelpers.time.latest();

  describe("given a live anchor, when it opens a task", () => {
    it("it is open, with the caller as opener and anchor, and is listed", async () => {
      const { authority, anchor } = stage;
      const deadline = (await latest()) + day;
      await expect(authority.connect(anchor).openTask(teams.ours, purpose, deadline))
        .to.emit(authority, "TaskOpened")
        .withArgs(1, anchor, teams.ours, deadline, purpose, purpose, anchor);
      expect(await authority.getTask(1)).to.deep.equal([
        TaskStatus.Open,
        anchor.address,
        deadline,
        anchor.address,
        purpose,
        teams.ours,
      ]);
      expect(await authority.openTasksOf(anchor)).to.deep.equal([1n]);
    });

    it("iAU-003: the deadline may be the end of the anchor's life, and no second later", async () => {
      const { authority, anchor } = stage;
      const until = await authority.anchorLiveUntil(anchor);
      await authority.connect(anchor).openTask(teams.ours, purpose, until);
      const next = (await latest()) + 10;
      await stage.networkHelpers.time.setNextBlockTimestamp(next);
      await expect(authority.connect(anchor).openTask(teams.ours, purpose, until + 1n))
        .to.be.revertedWithCustomError(authority, "AuthorityInvalidDeadline")
        .withArgs(until + 1n, next + 1, until);
    });

    it("the deadline is at least one second away", async () => {
      const { authority, anchor } = stage;
      const until = await authority.anchorLiveUntil(anchor);
      const next = (await latest()) + 10;
      await stage.networkHelpers.time.setNextBlockTimestamp(next);
      await expect(authority.connect(anchor).openTask(teams.ours, purpose, next))
        .to.be.revertedWithCustomError(authority, "AuthorityInvalidDeadline")
        .withArgs(next, next + 1, until);
      await stage.networkHelpers.time.setNextBlockTimestamp(next + 1);
      await authority.connect(anchor).openTask(teams.ours, purpose, next + 2);
    });

    it("it holds at most 64 open tasks; expired ones make room", async () => {
      const { authority, anchor } = stage;
      const soon = (await latest()) + 1000;
      await authority.connect(anchor).openTask(teams.ours, purpose, soon);
      for (let i = 0; i < 63; i++) await authority.connect(anchor).openTask(teams.ours, purpose, soon + day);
      expect(await authority.openTasksOf(anchor)).to.have.lengthOf(64);
      await expect(authority.connect(anchor).openTask(teams.ours, purpose, soon + day))
        .to.be.revertedWithCustomError(authority, "AuthorityTooManyOpenTasks")
        .withArgs(anchor, 64);
      await stage.networkHelpers.time.increaseTo(soon);
      expect(await authority.openTasksOf(anchor)).to.have.lengthOf(63);
      await authority.connect(anchor).openTask(teams.ours, purpose, soon + day);
      const open = await authority.openTasksOf(anchor);
      expect(open).to.have.lengthOf(64);
      expect([...open].sort((a, b) => Number(a - b))).to.deep.equal(
        Array.from({ length: 64 }, (_, i) => BigInt(i + 2)),
      );
    });
  });

  describe("given an account that is no live anchor, when it opens a task", () => {
    it("iAU-003: it is refused, never live or lapsed", async () => {
      const { authority, anchor, outsider } = stage;
      await expect(authority.connect(outsider).openTask(teams.ours, purpose, (await latest()) + day))
        .to.be.revertedWithCustomError(authority, "AuthorityAnchorNotLive")
        .withArgs(outsider, 0);
      const until = Number(await authority.anchorLiveUntil(anchor));
      await stage.networkHelpers.time.setNextBlockTimestamp(until);
      await expect(authority.connect(anchor).openTask(teams.ours, purpose, until + 1))
        .to.be.revertedWithCustomError(authority, "AuthorityAnchorNotLive")
        .withArgs(anchor, until);
    });
  });

  describe("given an open task", () => {
    it("when its anchor completes it, it is completed at that time", async () => {
      const { authority, anchor, openTask } = stage;
      const { task } = await openTask();
      await expect(authority.connect(anchor).completeTask(task))
        .to.emit(authority, "TaskEnded")
        .withArgs(task, TaskStatus.Completed, purpose, anchor);
      const { status, deadline } = await authority.getTask(task);
      expect(status).to.equal(TaskStatus.Completed);
      expect(deadline).to.equal(await latest());
      expect(await authority.openTasksOf(anchor)).to.deep.equal([]);
    });

    it("when its anchor fails it, the reason is the cause", async () => {
      const { authority, anchor, openTask } = stage;
      const { task } = await openTask();
      await expect(authority.connect(anchor).failTask(task, id("reason")))
        .to.emit(authority, "TaskEnded")
        .withArgs(task, TaskStatus.Failed, id("reason"), anchor);
      expect((await authority.getTask(task)).status).to.equal(TaskStatus.Failed);
    });

    it("when anybody else ends it, it is refused", async () => {
      const { authority, anchor, outsider, granter, openTask } = stage;
      const { task } = await openTask();
      await expect(authority.connect(outsider).completeTask(task))
        .to.be.revertedWithCustomError(authority, "AuthorityNotTaskAnchor")
        .withArgs(task, outsider, anchor);
      await expect(authority.connect(granter).failTask(task, purpose))
        .to.be.revertedWithCustomError(authority, "AuthorityNotTaskAnchor")
        .withArgs(task, granter, anchor);
    });

    it("when its deadline comes, it is expired without a transaction and cannot end otherwise", async () => {
      const { authority, anchor, openTask } = stage;
      const { task, deadline } = await openTask();
      await stage.networkHelpers.time.increaseTo(deadline - 1);
      expect((await authority.getTask(task)).status).to.equal(TaskStatus.Open);
      await stage.networkHelpers.time.increaseTo(deadline);
      expect((await authority.getTask(task)).status).to.equal(TaskStatus.Expired);
      for (const end of [
        () => authority.connect(anchor).completeTask(task),
        () => authority.connect(anchor).failTask(task, purpose),
      ]) {
        await expect(end())
          .to.be.revertedWithCustomError(authority, "AuthorityUnexpectedTaskStatus")
          .withArgs(task, TaskStatus.Expired, TaskStatus.Open);
      }
    });

    it("when others of its anchor end before it, each leaves the list and it stays", async () => {
      const { authority, anchor, openTask } = stage;
      const tasks = [await openTask(), await openTask(), await openTask(), await openTask()].map(({ task }) => task);
      for (const index of [0, 3, 1]) await authority.connect(anchor).completeTask(tasks[index] ?? 0n);
      expect(await authority.openTasksOf(anchor)).to.deep.equal([tasks[2]]);
      await authority.connect(anchor).completeTask(tasks[2] ?? 0n);
      expect(await authority.openTasksOf(anchor)).to.deep.equal([]);
    });
  });

  it("a task that does not exist or has ended cannot end", async () => {
    const { authority, anchor, openTask } = stage;
    await expect(authority.connect(anchor).completeTask(7))
      .to.be.revertedWithCustomError(authority, "AuthorityUnexpectedTaskStatus")
      .withArgs(7, TaskStatus.None, TaskStatus.Open);
    const { task } = await openTask();
    await authority.connect(anchor).failTask(task, purpose);
    await expect(authority.connect(anchor).completeTask(task))
      .to.be.revertedWithCustomError(authority, "AuthorityUnexpectedTaskStatus")
      .withArgs(task, TaskStatus.Failed, TaskStatus.Open);
  });

  describe("given an anchor with open and expired tasks", () => {
    it("iAU-004: when its life is cut short, its open tasks fail at once, and only those", async () => {
      const { authority, anchor, otherAnchor, liveness, openTask } = stage;
      await authority.connect(liveness).setAnchorLiveness(otherAnchor, (await latest()) + 2 * day);
      const other = await openTask(day, otherAnchor);
      const expired = await openTask(50);
      const open = [await openTask(), await openTask()];
      await stage.networkHelpers.time.increaseTo(expired.deadline);
      const cut = await latest();
      const ending = authority.connect(liveness).setAnchorLiveness(anchor, cut);
      const data = authority.interface.encodeFunctionData("setAnchorLiveness", [anchor.address, cut]);
      const cause = await authority.hashOperation(liveness, authority, data);
      await expect(ending).to.emit(authority, "AnchorLivenessSet").withArgs(anchor, cut, cause);
      for (const { task } of open) {
        await expect(ending).to.emit(authority, "TaskEnded").withArgs(task, TaskStatus.Failed, cause, anchor);
        expect((await authority.getTask(task)).status).to.equal(TaskStatus.Failed);
      }
      expect((await authority.getTask(expired.task)).status).to.equal(TaskStatus.Expired);
      expect((await authority.getTask(other.task)).status).to.equal(TaskStatus.Open);
      expect(await authority.openTasksOf(anchor)).to.deep.equal([]);
      await expect(authority.connect(anchor).openTask(teams.ours, purpose, cut + day))
        .to.be.revertedWithCustomError(authority, "AuthorityAnchorNotLive")
        .withArgs(anchor, cut);
    });

    it("iAU-004: a life that is shortened but not over ends them, too; a prolonged one does not", async () => {
      const { authority, anchor, liveness, openTask } = stage;
      const until = await authority.anchorLiveUntil(anchor);
      const { task } = await openTask();
      await authority.connect(liveness).setAnchorLiveness(anchor, until + 1n);
      await authority.connect(liveness).setAnchorLiveness(anchor, until + 1n);
      expect((await authority.getTask(task)).status).to.equal(TaskStatus.Open);
      await authority.connect(liveness).setAnchorLiveness(anchor, until);
      expect((await authority.getTask(task)).status).to.equal(TaskStatus.Failed);
    });

    it("ending all 64 at once stays far below a block", async () => {
      const { authority, anchor, liveness, openTask } = stage;
      for (let i = 0; i < 64; i++) await openTask();
      const receipt = await (await authority.connect(liveness).setAnchorLiveness(anchor, 0)).wait();
      expect(receipt?.logs).to.have.lengthOf(65);
      expect(Number(receipt?.gasUsed)).to.be.below(1_200_000);
    });
  });

  it("only the holder of ANCHORS_ROLE sets liveness", async () => {
    const { authority, admin, anchor, outsider } = stage;
    for (const caller of [outsider, admin, anchor]) {
      await expect(authority.connect(caller).setAnchorLiveness(caller, 2n ** 40n))
        .to.be.revertedWithCustomError(authority, "AccessManagerUnauthorizedAccount")
        .withArgs(caller, 2);
    }
  });
});
