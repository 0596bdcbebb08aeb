import { expect } from "chai";

import { day, deployAuthority, minAdminDelaySeconds, Roles, Verdict } from "../../support/authority.ts";
import { expectJournalComplete } from "../../support/journal.ts";

/** Role with an execution delay of a minute, in these tests. */
const delayedRole = 5n;
const delaySeconds = 60;

describe("Authority: schedule, execute, cancel and multicall", () => {
  let stage: Awaited<ReturnType<typeof deployAuthority>>;
  let call: string;
  let alsoGuarded: string;
  beforeEach(async () => {
    stage = await deployAuthority();
    call = stage.target.interface.encodeFunctionData("guarded", [1]);
    alsoGuarded = stage.target.interface.getFunction("alsoGuarded").selector;
    await stage.authority.setTargetFunctionRole(stage.target, [alsoGuarded], delayedRole);
    await stage.authority.grantRole(delayedRole, stage.outsider, delaySeconds);
  });
  // iJO-001: whatever a test did, the head is the fold of all logs.
  afterEach(() => expectJournalComplete(stage.provider, stage.authority));

  const latest = () => stage.networkHelpers.time.latest();

  describe("given a grant of four uses", () => {
    it("iAU-005: schedule and execute are refused, and the count stays exact", async () => {
      const { authority, target, guarded, agent, granter } = stage;
      const task = await stage.openTask();
      await authority.connect(granter).grant(stage.request(task, { uses: 4 }));
      // This is what an AccessManager would take for a permission with a delay of one second.
      expect(await authority.canCall(agent, target, guarded)).to.deep.equal([false, 1n]);
      await expect(authority.connect(agent).schedule(target, call, 0))
        .to.be.revertedWithCustomError(authority, "AuthorityNotSchedulable")
        .withArgs(target, guarded);
      await expect(authority.connect(agent).execute(target, call))
        .to.be.revertedWithCustomError(authority, "AuthorityNotSchedulable")
        .withArgs(target, guarded);
      expect((await authority.getGrant(agent, target, guarded)).uses).to.equal(4);
      for (let left = 3; left >= 0; left--) {
        await target.connect(agent).guarded(1);
        expect((await authority.getGrant(agent, target, guarded)).uses).to.equal(left);
      }
      await expect(target.connect(agent).guarded(1))
        .to.be.revertedWithCustomError(target, "AccessManagedUnauthorized")
        .withArgs(agent);
      expect(await target.calls()).to.equal(4);
    });

    it("iAU-005: a multicall opens no other way", async () => {
      const { authority, target, guarded, agent, granter } = stage;
      const task = await stage.openTask();
      await authority.connect(granter).grant(stage.request(task, { uses: 4 }));
      const inner = (name: "schedule" | "execute" | "consumeScheduledOp" | "grant", ...args: unknown[]) =>
        authority.interface.encodeFunctionData(name as never, args as never);
      for (const bypass of [inner("schedule", target.target, call, 0), inner("execute", target.target, call)]) {
        await expect(authority.connect(agent).multicall([bypass]))
          .to.be.revertedWithCustomError(authority, "AuthorityNotSchedulable")
          .withArgs(target, guarded);
      }
      // The sender stays the sender: it is not the target, and not a granter.
      await expect(authority.connect(agent).multicall([inner("consumeScheduledOp", agent.address, call)])).to.be.revert(
        stage.ethers,
      );
      await expect(authority.connect(agent).multicall([inner("grant", stage.request(task))]))
        .to.be.revertedWithCustomError(authority, "AuthorityNotGranter")
        .withArgs(target, guarded, agent, Roles.GRANTER);
      expect((await authority.getGrant(agent, target, guarded)).uses).to.equal(4);
      // And a granter gives several grants at once.
      const two = [agent, stage.outsider].map(({ address }) =>
        inner("grant", stage.request(task, { grantee: address })),
      );
      await authority.connect(granter).multicall(two);
      expect(await authority.verdict(stage.outsider, target, guarded)).to.equal(Verdict.Allowed);
    });
  });

  it("iAU-005: what was scheduled under a role cannot be executed once grants rule, but can be canceled", async () => {
    const { authority, target, outsider } = stage;
    const data = target.interface.encodeFunctionData("alsoGuarded", [1]);
    await authority.connect(outsider).schedule(target, data, 0);
    await authority.setTargetFunctionRole(target, [alsoGuarded], Roles.GRANT);
    await stage.networkHelpers.time.increase(delaySeconds);
    await expect(authority.connect(outsider).execute(target, data))
      .to.be.revertedWithCustomError(authority, "AuthorityNotSchedulable")
      .withArgs(target, alsoGuarded);
    await expect(target.connect(outsider).alsoGuarded(1))
      .to.be.revertedWithCustomError(target, "AccessManagedUnauthorized")
      .withArgs(outsider);
    await authority.connect(outsider).cancel(outsider, target, data);
  });

  it("iAU-005: an execution of the granted function cannot be nested into one that a role allows", async () => {
    const { authority, target, agent, granter, guarded } = stage;
    const task = await stage.openTask();
    await authority.connect(granter).grant(stage.request(task, { uses: 4 }));
    const execute = authority.interface.getFunction("execute").selector;
    await authority.setTargetFunctionRole(authority, [execute], Roles.PUBLIC);
    const inner = authority.interface.encodeFunctionData("execute", [target.target, call]);
    await expect(authority.connect(agent).execute(authority, inner))
      .to.be.revertedWithCustomError(authority, "AuthorityNotSchedulable")
      .withArgs(target, guarded);
  });

  describe("given a role with a delay", () => {
    it("a scheduled call is executed once, by the authority or directly", async () => {
      const { authority, target, outsider } = stage;
      const data = target.interface.encodeFunctionData("alsoGuarded", [1]);
      const operation = await authority.hashOperation(outsider, target, data);
      const when = (await latest()) + 1000;
      await expect(authority.connect(outsider).schedule(target, data, when))
        .to.emit(authority, "OperationScheduled")
        .withArgs(operation, 1, when, outsider, target, data);
      await expectJournalComplete(stage.provider, authority);
      await expect(authority.connect(outsider).schedule(target, data, 0))
        .to.be.revertedWithCustomError(authority, "AccessManagerAlreadyScheduled")
        .withArgs(operation);
      await expect(authority.connect(outsider).execute(target, data))
        .to.be.revertedWithCustomError(authority, "AccessManagerNotReady")
        .withArgs(operation);
      await stage.networkHelpers.time.increaseTo(when);
      await expect(authority.connect(outsider).execute(target, data))
        .to.emit(authority, "OperationExecuted")
        .withArgs(operation, 1);
      await expectJournalComplete(stage.provider, authority);
      await expect(authority.connect(outsider).execute(target, data))
        .to.be.revertedWithCustomError(authority, "AccessManagerNotScheduled")
        .withArgs(operation);
      await authority.connect(outsider).schedule(target, data, 0);
      await stage.networkHelpers.time.increase(delaySeconds);
      await expect(target.connect(outsider).alsoGuarded(1))
        .to.emit(authority, "OperationExecuted")
        .withArgs(operation, 2);
      expect(await target.calls()).to.equal(2);
    });

    it("a scheduled call can be canceled by its caller and by an admin, not by others", async () => {
      const { authority, target, outsider, agent, admin } = stage;
      const data = target.interface.encodeFunctionData("alsoGuarded", [1]);
      const operation = await authority.hashOperation(outsider, target, data);
      for (const canceler of [outsider, admin]) {
        await authority.connect(outsider).schedule(target, data, 0);
        await expect(authority.connect(agent).cancel(outsider, target, data))
          .to.be.revertedWithCustomError(authority, "AccessManagerUnauthorizedCancel")
          .withArgs(agent, outsider, target, alsoGuarded);
        await expect(authority.connect(canceler).cancel(outsider, target, data)).to.emit(
          authority,
          "OperationCanceled",
        );
        await expectJournalComplete(stage.provider, authority);
      }
      await stage.networkHelpers.time.increase(delaySeconds);
      await expect(authority.connect(outsider).execute(target, data))
        .to.be.revertedWithCustomError(authority, "AccessManagerNotScheduled")
        .withArgs(operation);
    });

    it("the role's guardian can cancel", async () => {
      const { authority, target, outsider, agent } = stage;
      await authority.setRoleGuardian(delayedRole, 6);
      await authority.grantRole(6, agent, 0);
      const data = target.interface.encodeFunctionData("alsoGuarded", [1]);
      await authority.connect(outsider).schedule(target, data, 0);
      await authority.connect(agent).cancel(outsider, target, data);
      expect(await authority.getSchedule(await authority.hashOperation(outsider, target, data))).to.equal(0);
    });
  });

  it("data without a selector is refused by name", async () => {
    const { authority, target, outsider } = stage;
    for (const data of ["0x", "0x112233"]) {
      const length = (data.length - 2) / 2;
      for (const send of [
        () => authority.connect(outsider).schedule(target, data, 0),
        () => authority.connect(outsider).execute(target, data),
        () => authority.connect(outsider).consumeScheduledOp(outsider, data),
        () => target.connect(outsider).consume(outsider, data),
      ]) {
        await expect(send()).to.be.revertedWithCustomError(authority, "AuthorityDataTooShort").withArgs(length, 4);
      }
    }
  });

  describe("given an admin that acts with delay", () => {
    beforeEach(async () => {
      await stage.authority.grantRole(Roles.ADMIN, stage.otherAnchor, minAdminDelaySeconds);
      await stage.authority.renounceRole(Roles.ADMIN, stage.admin);
    });

    it("iAU-006: nothing that an admin does takes effect before the delay has passed, directly, executed or in a multicall", async () => {
      const { authority, target, otherAnchor, outsider } = stage;
      const encode = authority.interface.encodeFunctionData.bind(authority.interface);
      const deeds = [
        encode("setTargetFunctionRole", [target.target, [alsoGuarded], Roles.PUBLIC]),
        encode("grantRole", [Roles.GRANTER, outsider.address, 0]),
        encode("setActionGranter", [target.target, alsoGuarded, Roles.GRANTER]),
        encode("setRoleAdmin", [Roles.GRANTER, Roles.GRANTER]),
        encode("setTargetClosed", [target.target, true]),
        encode("updateAuthority", [target.target, authority.target]),
      ];
      for (const data of deeds) {
        const operation = await authority.hashOperation(otherAnchor, authority, data);
        const direct = otherAnchor.sendTransaction({ to: authority, data });
        await expect(direct).to.be.revertedWithCustomError(authority, "AccessManagerNotScheduled").withArgs(operation);
        for (const send of [
          () => authority.connect(otherAnchor).execute(authority, data),
          () => authority.connect(otherAnchor).multicall([data]),
        ]) {
          await expect(send())
            .to.be.revertedWithCustomError(authority, "AccessManagerNotScheduled")
            .withArgs(operation);
        }
        await authority.connect(otherAnchor).schedule(authority, data, 0);
        await stage.networkHelpers.time.increase(minAdminDelaySeconds - 10);
        await expect(authority.connect(otherAnchor).multicall([data]))
          .to.be.revertedWithCustomError(authority, "AccessManagerNotReady")
          .withArgs(operation);
        await stage.networkHelpers.time.increase(10);
        await authority.connect(otherAnchor).multicall([data]);
        await expectJournalComplete(stage.provider, authority);
      }
    });

    it("iAU-006: an outsider's call of updateAuthority, or execute on the authority, is refused", async () => {
      const { authority, target, outsider } = stage;
      await expect(authority.connect(outsider).updateAuthority(target, authority))
        .to.be.revertedWithCustomError(authority, "AccessManagerUnauthorizedAccount")
        .withArgs(outsider, Roles.ADMIN);
      const data = authority.interface.encodeFunctionData("setTargetClosed", [target.target, true]);
      await expect(authority.connect(outsider).execute(authority, data))
        .to.be.revertedWithCustomError(authority, "AccessManagerUnauthorizedCall")
        .withArgs(outsider, authority, data.slice(0, 10));
    });

    it("a task's anchor and its granter need no admin", async () => {
      const { authority, granter, target, agent } = stage;
      const task = await stage.openTask(day);
      await authority.connect(granter).grant(stage.request(task));
      await target.connect(agent).guarded(1);
    });
  });
});
