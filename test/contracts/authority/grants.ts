import { expect } from "chai";
import { id } from "ethers";

import { day, deployAuthority, Roles, TaskStatus, Verdict, type GrantRequest } from "../../support/authority.ts";
import { expectJournalComplete } from "../../support/journal.ts";
import { harmless } from "../../support/new-authority.ts";

describe("Authority: just-in-time grants", () => {
  let stage: Awaited<ReturnType<typeof deployAuthority>>;
  let task: { task: bigint; deadline: number };
  beforeEach(async () => {
    stage = await deployAuthority();
    task = await stage.openTask();
  });
  // iJO-001: whatever a test did, the head is the fold of all logs.
  afterEach(() => expectJournalComplete(stage.provider, stage.authority));

  const latest = () => stage.networkHelpers.time.latest();
  const give = (changes: Partial<GrantRequest> = {}, by = stage.granter) =>
    stage.authority.connect(by).grant(stage.request(task, changes));
  const verdict = () => stage.authority.verdict(stage.agent, stage.target, stage.guarded);
  const act = (by = stage.agent) => stage.target.connect(by).guarded(1);
  const expectRefused = async (by = stage.agent) =>
    expect(act(by)).to.be.revertedWithCustomError(stage.target, "AccessManagedUnauthorized").withArgs(by);

  describe("given an open task and a holder of the granter role, when it gives a grant", () => {
    it("the grantee, and nobody else, may call that function, and no other", async () => {
      const { authority, target, agent, granter, anchor, guarded, outsider, admin } = stage;
      await expectRefused();
      await expect(give())
        .to.emit(authority, "GrantGiven")
        .withArgs(
          task.task,
          agent,
          target,
          guarded,
          0,
          task.deadline,
          0,
          0,
          granter,
          `0x${task.task.toString(16).padStart(64, "0")}`,
          anchor,
        );
      await act();
      await act();
      expect(await target.calls()).to.equal(2);
      expect(await verdict()).to.equal(Verdict.Allowed);
      expect(await authority.getGrant(agent, target, guarded)).to.deep.equal([0, task.deadline, task.task, 0, 0, 0]);
      for (const other of [outsider, granter, anchor, admin]) await expectRefused(other);
      await expect(target.connect(agent).alsoGuarded(1))
        .to.be.revertedWithCustomError(target, "AccessManagedUnauthorized")
        .withArgs(agent);
    });

    it("iAU-001: it has effect in [notBefore, notAfter)", async () => {
      const start = (await latest()) + 100;
      await give({ notBefore: start, notAfter: start + 10 });
      const { time } = stage.networkHelpers;
      await time.setNextBlockTimestamp(start - 1);
      await expectRefused();
      await time.setNextBlockTimestamp(start);
      await act();
      await time.setNextBlockTimestamp(start + 9);
      await act();
      expect(await verdict()).to.equal(Verdict.Allowed);
      await time.setNextBlockTimestamp(start + 10);
      await expectRefused();
      await time.increaseTo(start + 10);
      expect(await verdict()).to.equal(Verdict.GrantExpired);
    });

    it("before notBefore the verdict says that it has not started", async () => {
      await give({ notBefore: (await latest()) + 100 });
      expect(await verdict()).to.equal(Verdict.GrantNotStarted);
    });

    it("iAU-003: it ends no later than its task, thus than its anchor's life", async () => {
      const { authority } = stage;
      const next = (await latest()) + 10;
      await stage.networkHelpers.time.setNextBlockTimestamp(next);
      await expect(give({ notAfter: task.deadline + 1 }))
        .to.be.revertedWithCustomError(authority, "AuthorityInvalidDeadline")
        .withArgs(task.deadline + 1, next + 1, task.deadline);
      await give({ notAfter: task.deadline });
    });

    it("it lasts at least a second from now and from its start", async () => {
      const { authority } = stage;
      const { time } = stage.networkHelpers;
      const next = (await latest()) + 10;
      await time.setNextBlockTimestamp(next);
      await expect(give({ notAfter: next }))
        .to.be.revertedWithCustomError(authority, "AuthorityInvalidDeadline")
        .withArgs(next, next + 1, task.deadline);
      await expect(give({ notBefore: next + 100, notAfter: next + 100 }))
        .to.be.revertedWithCustomError(authority, "AuthorityInvalidDeadline")
        .withArgs(next + 100, next + 101, task.deadline);
      const never = 2 ** 48 - 1;
      await expect(give({ notBefore: never, notAfter: never }))
        .to.be.revertedWithCustomError(authority, "AuthorityInvalidDeadline")
        .withArgs(never, never, task.deadline);
      await give({ notBefore: next + 100, notAfter: next + 101 });
    });
  });

  describe("given a counted grant", () => {
    it("iAU-001: it has effect for that many calls, and the last one is recorded", async () => {
      const { authority, target, agent, guarded, anchor } = stage;
      await give({ uses: 2 });
      await expect(act()).not.to.emit(authority, "GrantUsedUp");
      expect((await authority.getGrant(agent, target, guarded)).uses).to.equal(1);
      await expect(act())
        .to.emit(authority, "GrantUsedUp")
        .withArgs(task.task, agent, target, guarded, `0x${task.task.toString(16).padStart(64, "0")}`, anchor);
      expect(await verdict()).to.equal(Verdict.GrantUsedUp);
      await expectRefused();
      expect(await target.calls()).to.equal(2);
    });

    it("a call that reverts in the function uses nothing up", async () => {
      const { authority, target, agent, guarded } = stage;
      await give({ uses: 1 });
      await act();
      await give({ uses: 1 });
      await expect(target.connect(agent).guarded(2n ** 256n - 1n)).to.be.revertedWithPanic(0x11);
      expect((await authority.getGrant(agent, target, guarded)).uses).to.equal(1);
    });

    it("only the target, in the middle of a guarded call, counts a use", async () => {
      const { authority, target, agent, outsider, guarded } = stage;
      await give({ uses: 2 });
      const data = target.interface.encodeFunctionData("guarded", [1]);
      await expect(target.connect(outsider).consume(agent, data))
        .to.be.revertedWithCustomError(authority, "AccessManagerUnauthorizedConsume")
        .withArgs(target);
      // An account without code cannot be asked whether it is a target in the middle of a call.
      await expect(authority.connect(outsider).consumeScheduledOp(agent, data)).to.be.revert(stage.ethers);
      expect((await authority.getGrant(agent, target, guarded)).uses).to.equal(2);
    });
  });

  describe("given no right to grant", () => {
    it("iAU-002: an account without the action's granter role is refused, its task's anchor and the admin included", async () => {
      const { authority, target, guarded, outsider, anchor, admin, agent } = stage;
      for (const caller of [outsider, anchor, admin, agent]) {
        await expect(give({}, caller))
          .to.be.revertedWithCustomError(authority, "AuthorityNotGranter")
          .withArgs(target, guarded, caller, Roles.GRANTER);
      }
    });

    it("iAU-002: the granter role of one action gives nothing for another", async () => {
      const { authority, target, granter } = stage;
      const other = target.interface.getFunction("alsoGuarded").selector;
      await authority.setTargetFunctionRole(target, [other], Roles.GRANT);
      await expect(give({ selector: other }))
        .to.be.revertedWithCustomError(authority, "AuthorityNotGranter")
        .withArgs(target, other, granter, 0);
      await authority.setActionGranter(target, other, 77);
      await expect(give({ selector: other }))
        .to.be.revertedWithCustomError(authority, "AuthorityNotGranter")
        .withArgs(target, other, granter, 77);
    });

    it("iAU-002: an action without a granter role can be granted by nobody, the admin included", async () => {
      const { authority, target, guarded, admin } = stage;
      await authority.setActionGranter(target, guarded, 0);
      await expect(give({}, admin))
        .to.be.revertedWithCustomError(authority, "AuthorityNotGranter")
        .withArgs(target, guarded, admin, 0);
    });

    it("iAU-002: a grantee cannot grant", async () => {
      const { authority, target, guarded, agent, outsider } = stage;
      await give();
      await expect(give({ grantee: outsider.address }, agent))
        .to.be.revertedWithCustomError(authority, "AuthorityNotGranter")
        .withArgs(target, guarded, agent, Roles.GRANTER);
    });

    it("a granter with an execution delay is refused: granting cannot be scheduled", async () => {
      const { authority, target, guarded, outsider } = stage;
      await authority.grantRole(Roles.GRANTER, outsider, 1);
      await expect(give({}, outsider))
        .to.be.revertedWithCustomError(authority, "AuthorityNotGranter")
        .withArgs(target, guarded, outsider, Roles.GRANTER);
    });

    it("a granter whose membership has not begun is refused", async () => {
      const { authority, target, guarded, outsider } = stage;
      await authority.setGrantDelay(Roles.GRANTER, 100);
      await stage.networkHelpers.time.increase(6 * day);
      await authority.connect(stage.liveness).setAnchorLiveness(stage.anchor, (await latest()) + 30 * day);
      task = await stage.openTask();
      await authority.grantRole(Roles.GRANTER, outsider, 0);
      await expect(give({}, outsider))
        .to.be.revertedWithCustomError(authority, "AuthorityNotGranter")
        .withArgs(target, guarded, outsider, Roles.GRANTER);
      await stage.networkHelpers.time.increase(100);
      await give({}, outsider);
    });

    it("a function that a role controls cannot be granted, nor one of the authority itself", async () => {
      const { authority, target } = stage;
      const other = target.interface.getFunction("alsoGuarded").selector;
      await authority.setActionGranter(target, other, Roles.GRANTER);
      await authority.setTargetFunctionRole(target, [other], 5);
      await expect(give({ selector: other }))
        .to.be.revertedWithCustomError(authority, "AuthorityActionNotGrantable")
        .withArgs(target, other, 5);
      const own = authority.interface.getFunction("registerContract").selector;
      await expect(authority.setTargetFunctionRole(authority, [own], Roles.GRANT))
        .to.be.revertedWithCustomError(authority, "AuthorityActionNotGrantable")
        .withArgs(authority, own, Roles.GRANT);
      await expect(give({ target: authority.target, selector: own }))
        .to.be.revertedWithCustomError(authority, "AuthorityActionNotGrantable")
        .withArgs(authority, own, 0);
    });

    it("a task that is not open takes no grant", async () => {
      const { authority, anchor } = stage;
      const expects = async (number: bigint, status: bigint) =>
        expect(give({ task: number }))
          .to.be.revertedWithCustomError(authority, "AuthorityUnexpectedTaskStatus")
          .withArgs(number, status, TaskStatus.Open);
      await expects(9n, TaskStatus.None);
      await authority.connect(anchor).completeTask(task.task);
      await expects(task.task, TaskStatus.Completed);
      const failed = await stage.openTask();
      await authority.connect(anchor).failTask(failed.task, id("reason"));
      await expects(failed.task, TaskStatus.Failed);
      const expired = await stage.openTask(100);
      await stage.networkHelpers.time.increaseTo(expired.deadline);
      await expects(expired.task, TaskStatus.Expired);
    });
  });

  describe("given a grant that exists", () => {
    it("while it can have effect, another task's is refused, started or not", async () => {
      const { authority, agent, target, guarded } = stage;
      const other = await stage.openTask();
      await give({ notBefore: (await latest()) + 1000 });
      await expect(give({ task: other.task }))
        .to.be.revertedWithCustomError(authority, "AuthorityGrantExists")
        .withArgs(agent, target, guarded, task.task);
      await stage.networkHelpers.time.increase(1000);
      await expect(give({ task: other.task }))
        .to.be.revertedWithCustomError(authority, "AuthorityGrantExists")
        .withArgs(agent, target, guarded, task.task);
    });

    it("the same task's replaces it", async () => {
      const { authority, agent, target, guarded } = stage;
      await give({ uses: 1 });
      await give({ uses: 3, notAfter: task.deadline - 5 });
      expect(await authority.getGrant(agent, target, guarded)).to.deep.equal([
        0,
        task.deadline - 5,
        task.task,
        3,
        1,
        0,
      ]);
    });

    for (const [name, over] of Object.entries({
      expired: () => stage.networkHelpers.time.increase(60),
      "used up": () => act(),
      ended: () => stage.authority.connect(stage.anchor).endGrant(stage.agent, stage.target, stage.guarded),
      "without its task": () => stage.authority.connect(stage.anchor).completeTask(task.task),
    })) {
      it(`once it is ${name}, another task's takes its place`, async () => {
        const other = await stage.openTask();
        await give({ uses: 1, notAfter: (await latest()) + 50 });
        await over();
        await give({ task: other.task, notAfter: other.deadline });
        await act();
      });
    }

    it("not started, and without its task, another task's takes its place", async () => {
      const other = await stage.openTask();
      await give({ notBefore: (await latest()) + 1000 });
      await stage.authority.connect(stage.anchor).failTask(task.task, id("reason"));
      await give({ task: other.task, notAfter: other.deadline });
      await act();
    });

    for (const who of ["agent", "anchor", "granter"] as const) {
      it(`its ${who === "agent" ? "holder" : who} ends it`, async () => {
        const { authority, agent, target, guarded, anchor } = stage;
        await give();
        await act();
        const cause = `0x${task.task.toString(16).padStart(64, "0")}`;
        await expect(authority.connect(stage[who]).endGrant(agent, target, guarded))
          .to.emit(authority, "GrantEnded")
          .withArgs(task.task, agent, target, guarded, stage[who], cause, anchor);
        expect(await verdict()).to.equal(Verdict.GrantEnded);
        expect((await authority.getGrant(agent, target, guarded)).notAfter).to.equal(await latest());
        await expectRefused();
      });
    }

    it("before it has started, it can be ended and never starts", async () => {
      const { authority, agent, target, guarded } = stage;
      const start = (await latest()) + 100;
      await give({ notBefore: start });
      await authority.connect(agent).endGrant(agent, target, guarded);
      await stage.networkHelpers.time.increaseTo(start + 1);
      await expectRefused();
    });

    it("nobody else ends it, and what has no effect cannot be ended", async () => {
      const { authority, agent, target, guarded, outsider, otherAnchor, liveness, admin } = stage;
      await authority.connect(liveness).setAnchorLiveness(otherAnchor, (await latest()) + day);
      await expect(authority.connect(agent).endGrant(agent, target, guarded))
        .to.be.revertedWithCustomError(authority, "AuthorityGrantMissing")
        .withArgs(agent, target, guarded);
      await give();
      for (const caller of [outsider, otherAnchor, admin]) {
        await expect(authority.connect(caller).endGrant(agent, target, guarded))
          .to.be.revertedWithCustomError(authority, "AuthorityNotEnder")
          .withArgs(caller, agent, task.task);
      }
      await authority.connect(agent).endGrant(agent, target, guarded);
      await expect(authority.connect(agent).endGrant(agent, target, guarded))
        .to.be.revertedWithCustomError(authority, "AuthorityGrantDenied")
        .withArgs(agent, target, guarded, Verdict.GrantEnded);
    });

    it("it outlives its granter's role; its anchor can still end it", async () => {
      const { authority, granter, agent, target, guarded, anchor } = stage;
      await give();
      await authority.revokeRole(Roles.GRANTER, granter);
      await act();
      await expect(authority.connect(granter).endGrant(agent, target, guarded))
        .to.be.revertedWithCustomError(authority, "AuthorityNotEnder")
        .withArgs(granter, agent, task.task);
      await authority.connect(anchor).endGrant(agent, target, guarded);
      await expectRefused();
    });

    it("it has no effect while its target is closed", async () => {
      const { authority, target } = stage;
      await give({ uses: 5 });
      await authority.setTargetClosed(target, true);
      await expectRefused();
      expect(await verdict()).to.equal(Verdict.TargetClosed);
      await authority.setTargetClosed(target, false);
      await act();
    });

    it("it has no effect while its function belongs to a role", async () => {
      const { authority, target, guarded, outsider } = stage;
      await give();
      await authority.setTargetFunctionRole(target, [guarded], 5);
      await expectRefused();
      expect(await verdict()).to.equal(Verdict.RoleMissing);
      await authority.grantRole(5, outsider, 0);
      await act(outsider);
      await authority.setTargetFunctionRole(target, [guarded], Roles.ADMIN);
      await expectRefused(outsider);
      await act(stage.admin);
      await authority.setTargetFunctionRole(target, [guarded], Roles.PUBLIC);
      await act(outsider);
    });
  });

  describe("given several reasons for which it is over, the verdict names the first", () => {
    it("its task completed, and then its time passed", async () => {
      await give({ notAfter: task.deadline - 100 });
      await stage.authority.connect(stage.anchor).completeTask(task.task);
      await stage.networkHelpers.time.increaseTo(task.deadline);
      expect(await verdict()).to.equal(Verdict.TaskCompleted);
    });

    it("its time passed, and then its task failed", async () => {
      await give({ notAfter: (await latest()) + 50 });
      await stage.networkHelpers.time.increase(60);
      await stage.authority.connect(stage.anchor).failTask(task.task, id("reason"));
      expect(await verdict()).to.equal(Verdict.GrantExpired);
    });

    it("its task expired with it", async () => {
      await give();
      await stage.networkHelpers.time.increaseTo(task.deadline);
      expect(await verdict()).to.equal(Verdict.TaskExpired);
    });

    it("its task failed before it had started", async () => {
      await give({ notBefore: (await latest()) + 100 });
      await stage.authority.connect(stage.anchor).failTask(task.task, id("reason"));
      expect(await verdict()).to.equal(Verdict.TaskFailed);
    });
  });

  it("an anchor may grant to itself where it holds the granter role, and answers for it by name", async () => {
    const { authority, anchor } = stage;
    await authority.grantRole(Roles.GRANTER, anchor, 0);
    await give({ grantee: anchor.address }, anchor);
    await act(anchor);
  });

  it("a grant can cover a target without code, which services enforce", async () => {
    const { authority, agent } = stage;
    const target = "0x00000000000000000000000000000000000da7a0";
    await authority.setTargetFunctionRole(target, [id("read(string)").slice(0, 10)], Roles.GRANT);
    await authority.setActionGranter(target, id("read(string)").slice(0, 10), Roles.GRANTER);
    await authority.setActionFacts(target, id("read(string)").slice(0, 10), harmless);
    await give({ target, selector: id("read(string)").slice(0, 10) });
    expect(await authority.verdict(agent, target, id("read(string)").slice(0, 10))).to.equal(Verdict.Allowed);
  });
});
