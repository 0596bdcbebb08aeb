/** What went wrong in the authority of systems like this one: one test for each, over the real contracts. */
import { expect } from "chai";
import { id, toBeHex, zeroPadValue, type AddressLike } from "ethers";

import { day, Roles, Verdict } from "../../support/authority.ts";
import { Boundary, EscalationStatus, Parameters } from "../../support/escalations.ts";
import { expectJournalComplete } from "../../support/journal.ts";
import { changeDelaySeconds, dailyImpact, deployOrganization, office } from "../../support/organization.ts";

type Stage = Awaited<ReturnType<typeof deployOrganization>>;

describe("Pitfalls of authority", () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await deployOrganization();
  });
  // iJO-001: whatever a test did, the head is the fold of all logs.
  afterEach(async () => {
    await expectJournalComplete(stage.provider, stage.authority);
  });

  const call = (amount: number, by = stage.agent) => stage.target.connect(by).guarded(amount);
  const unauthorized = (made: Promise<unknown>, by = stage.agent) =>
    expect(made).to.be.revertedWithCustomError(stage.target, "AccessManagedUnauthorized").withArgs(by);
  const encode = (amount: number) => stage.target.interface.encodeFunctionData("guarded", [amount]);
  const operationOf = (amount: number) => stage.authority.hashOperation(stage.agent, stage.target, encode(amount));
  const escalate = (amount: number) =>
    stage.escalations.connect(stage.agent).open(stage.target, encode(amount), id("recommendation"), id("context"));
  const anyWindowStart = (value: bigint) => value > 0n;
  const at = (seconds: number) => stage.networkHelpers.time.setNextBlockTimestamp(seconds);

  it("an expired permission keeps no power until somebody revokes it: expiry is read, not written", async () => {
    const task = await stage.openTask(office.first, stage.first);
    await stage.give(task);
    await at(task.deadline - 1);
    await call(1);
    await stage.networkHelpers.time.increaseTo(task.deadline);
    await unauthorized(call(1));
    expect(await stage.authority.verdict(stage.agent, stage.target, stage.guarded)).to.equal(Verdict.TaskExpired);
  });

  describe("a quorum above the living bricks, or a shrunken set decides", () => {
    it("with every anchor of the path gone an escalation is denied by time, and can be asked for anew", async () => {
      const { authority, escalations, liveness, root, first } = stage;
      await stage.give(await stage.openTask(office.first, first));
      await escalate(dailyImpact + 1);
      await authority.connect(liveness).setAnchorLiveness(root, 0);
      const operation = await operationOf(dailyImpact + 1);
      await expect(escalations.connect(root).approve(operation, 0, id("reason")))
        .to.be.revertedWithCustomError(escalations, "EscalationsResolverNotLive")
        .withArgs(operation, root, 0);
      await stage.networkHelpers.time.increase(3 * day);
      expect((await escalations.getEscalation(operation)).status).to.equal(EscalationStatus.Denied);
      await escalate(dailyImpact + 1);
    });

    it("the anchor of a team that is not live has no say in the kernel", async () => {
      const { constitution, authority, liveness, first } = stage;
      await constitution.proposeChange(Parameters.CONE_MAX_IMPACT, 200_000, id("reason"));
      await authority.connect(liveness).setAnchorLiveness(first, 0);
      await expect(constitution.connect(first).consent(Parameters.CONE_MAX_IMPACT, office.first)).to.be.revert(
        stage.ethers,
      );
    });
  });

  it("a signer that is repeated passes no threshold: a team consents once to a change", async () => {
    const { constitution, first } = stage;
    await constitution.proposeChange(Parameters.CONE_MAX_IMPACT, 200_000, id("reason"));
    await constitution.connect(first).consent(Parameters.CONE_MAX_IMPACT, office.first);
    await expect(constitution.connect(first).consent(Parameters.CONE_MAX_IMPACT, office.first))
      .to.be.revertedWithCustomError(constitution, "ConstitutionAlreadyConsented")
      .withArgs(Parameters.CONE_MAX_IMPACT, office.first);
    await stage.networkHelpers.time.increase(changeDelaySeconds);
    await expect(constitution.enactChange(Parameters.CONE_MAX_IMPACT, 0)).to.be.revertedWithCustomError(
      constitution,
      "ConstitutionConsensusMissing",
    );
  });

  it("threshold, electorate and path are those of the beginning, whatever changes meanwhile", async () => {
    const { teams, escalations, root, second, first } = stage;
    await stage.give(await stage.openTask(office.first, first));
    await escalate(dailyImpact + 1);
    // The second team is put in front of the path: it has a say in what is asked from now on, not in this.
    await teams.setPath(office.first, [office.second, office.root], id("reason"));
    const operation = await operationOf(dailyImpact + 1);
    await expect(escalations.connect(second).approve(operation, 0, id("reason")))
      .to.be.revertedWithCustomError(escalations, "EscalationsNotResolver")
      .withArgs(operation, 0, second, root);
    await escalations.connect(root).approve(operation, 0, id("reason"));
    await call(dailyImpact + 1);
  });

  it("an approved call is made by its caller as a call: nothing executes on another's behalf", async () => {
    const { authority, escalations, target, root, first, admin } = stage;
    await stage.give(await stage.openTask(office.first, first));
    await escalate(dailyImpact + 1);
    await escalations.connect(root).approve(await operationOf(dailyImpact + 1), 0, id("reason"));
    for (const by of [root, admin]) {
      await expect(authority.connect(by).execute(target, encode(dailyImpact + 1)))
        .to.be.revertedWithCustomError(authority, "AuthorityNotSchedulable")
        .withArgs(target, stage.guarded);
      await unauthorized(call(dailyImpact + 1, by), by);
    }
    await call(dailyImpact + 1);
  });

  it("a granter gives no more than its role, a grantee gives nothing, and no admin is the enforcer", async () => {
    const { authority, admin, agent, colleague, target, guarded, first } = stage;
    const task = await stage.openTask(office.first, first);
    await stage.give(task);
    const request = {
      task: task.task,
      grantee: colleague.address,
      target: target.target,
      selector: guarded,
      notBefore: 0,
      notAfter: task.deadline,
      uses: 0,
      cap: 0,
    };
    for (const by of [agent, first, admin]) {
      await expect(authority.connect(by).grant(request))
        .to.be.revertedWithCustomError(authority, "AuthorityNotGranter")
        .withArgs(target, guarded, by, Roles.GRANTER);
    }
    // Neither longer than the task, nor for another action.
    await expect(authority.connect(stage.granter).grant({ ...request, notAfter: task.deadline + 1 }))
      .to.be.revertedWithCustomError(authority, "AuthorityInvalidDeadline")
      .withArgs(task.deadline + 1, anyWindowStart, task.deadline);
    await expect(authority.connect(stage.granter).grant({ ...request, selector: "0x12345678" }))
      .to.be.revertedWithCustomError(authority, "AuthorityActionNotGrantable")
      .withArgs(target, "0x12345678", Roles.ADMIN);
    await unauthorized(call(1, admin), admin);
  });

  it("nothing is spent before all is decided, and what is rounded is rounded against the spender", async () => {
    const { authority, target, agent, guarded, first } = stage;
    await stage.give(await stage.openTask(office.first, first), { uses: 3, cap: 500 });
    await call(200);
    const spent = async () => {
      const { uses, cap } = await authority.getGrant(agent, target, guarded);
      const { usedImpact } = await authority.teamLimits(office.first);
      return [uses, cap, usedImpact];
    };
    const before = await spent();
    expect(before).to.deep.equal([2n, 300n, 200n]);
    for (const [amount, boundary, limit, actual] of [
      [301, Boundary.GrantCap, 300, 301],
      [dailyImpact, Boundary.GrantCap, 300, dailyImpact],
    ] as const) {
      await expect(call(amount))
        .to.be.revertedWithCustomError(authority, "AuthorityOutsideLimits")
        .withArgs(agent, target, guarded, boundary, limit, actual);
    }
    expect(await spent()).to.deep.equal(before);
    await call(300);
    expect(await spent()).to.deep.equal([1n, 0n, 500n]);
  });

  it("one approval does not run many times, nor does one use: not again, not in one transaction", async () => {
    const { authority, escalations, target, root, first, agent, guarded } = stage;
    await stage.give(await stage.openTask(office.first, first), { uses: 2 });
    await escalate(dailyImpact + 1);
    await escalations.connect(root).approve(await operationOf(dailyImpact + 1), 0, id("reason"));
    await call(dailyImpact + 1);
    await expect(call(dailyImpact + 1))
      .to.be.revertedWithCustomError(authority, "AuthorityOutsideLimits")
      .withArgs(agent, target, guarded, Boundary.TeamImpact, dailyImpact, dailyImpact + 1);
    await call(1);
    await unauthorized(call(1));
  });

  it("a removal leaves nothing behind: with the task, every grant of it; with the anchor, every task", async () => {
    const { authority, liveness, first, agent, colleague } = stage;
    const tasks = [await stage.openTask(office.first, first), await stage.openTask(office.first, first)];
    for (const [index, grantee] of [agent, colleague].entries()) {
      const task = tasks[index];
      if (task) await stage.give(task, { grantee: grantee.address });
      await call(1, grantee);
    }
    await authority.connect(liveness).setAnchorLiveness(first, 0);
    for (const grantee of [agent, colleague]) await unauthorized(call(1, grantee), grantee);
    // And a later life revives none of it.
    await authority.connect(liveness).setAnchorLiveness(first, (await stage.networkHelpers.time.latest()) + 30 * day);
    for (const grantee of [agent, colleague]) await unauthorized(call(1, grantee), grantee);
    expect(await authority.openTasksOf(first)).to.deep.equal([]);
  });

  it("who spends before its revocation lands spends at most the cap, and the team at most its day", async () => {
    const { authority, first, agent, colleague } = stage;
    const task = await stage.openTask(office.first, first);
    await stage.give(task, { cap: 400 });
    await stage.give(task, { grantee: colleague.address });
    let spent = 0;
    for (const [by, amount] of [
      [agent, 300],
      [agent, 300],
      [agent, 100],
      [colleague, 500],
      [colleague, 101],
      [colleague, 100],
      [colleague, 1],
    ] as const) {
      const made = call(amount, by).then(
        () => true,
        () => false,
      );
      if (await made) spent += amount;
    }
    expect(spent).to.equal(dailyImpact);
    await authority.connect(first).completeTask(task.task);
    await unauthorized(call(1));
  });

  it("denied and could-not-check are different answers, each with its reason", async () => {
    const { authority, ethers, agent, target, outsider, first } = stage;
    const lens = await ethers.deployContract("AuthorityLens");
    const [couldNotCheck, allowed, denied] = [0n, 1n, 2n];
    const why = async (data: string, asked: AddressLike = target) => lens.why(authority, agent, asked, data);
    expect((await why(encode(1))).answer).to.equal(denied);
    expect((await why("0x1122")).answer).to.equal(couldNotCheck);
    expect((await why(encode(1), outsider.address)).answer).to.equal(couldNotCheck);
    await stage.give(await stage.openTask(office.first, first));
    expect((await why(encode(1))).answer).to.equal(allowed);
    // Arguments that are cut off are refused as unreadable, not as small.
    const cut = encode(1).slice(0, -2);
    const met = await authority.checkLimits(agent, target, cut);
    expect([met.boundary, met.limit, met.actual]).to.deep.equal([Boundary.Unreadable, 36n, 35n]);
    await expect(agent.sendTransaction({ to: target, data: cut })).to.be.revert(ethers);
    // And an amount beyond every scale is the largest one, not what its lowest bits say.
    const huge = `${stage.guarded}${zeroPadValue(toBeHex(2n ** 128n + 1n), 32).slice(2)}`;
    expect((await authority.checkLimits(agent, target, huge)).boundary).to.equal(Boundary.TeamImpact);
  });

  describe("a permission by grant is no delayed permission", () => {
    for (const [name, changes] of [
      ["counted", { uses: 4 }],
      ["capped", { cap: 400 }],
      ["within its team's cone", {}],
    ] as const) {
      it(`given a ${name} grant, schedule, execute, multicall and nested execution are refused, and nothing is spent`, async () => {
        const { authority, target, agent, guarded, first } = stage;
        await stage.give(await stage.openTask(office.first, first), changes);
        const before = await authority.getGrant(agent, target, guarded);
        expect(await authority.canCall(agent, target, guarded)).to.deep.equal([false, 1n]);
        const inner = authority.interface;
        const schedule = inner.encodeFunctionData("schedule", [target.target, encode(1), 0]);
        const execute = inner.encodeFunctionData("execute", [target.target, encode(1)]);
        await authority.setTargetFunctionRole(
          authority,
          [inner.getFunction("execute").selector, inner.getFunction("multicall").selector],
          Roles.PUBLIC,
        );
        const several = inner.encodeFunctionData("multicall", [[schedule, execute]]);
        for (const data of [
          schedule,
          execute,
          inner.encodeFunctionData("multicall", [[schedule]]),
          inner.encodeFunctionData("multicall", [[execute]]),
          inner.encodeFunctionData("execute", [authority.target, execute]),
          inner.encodeFunctionData("execute", [authority.target, several]),
        ]) {
          await expect(agent.sendTransaction({ to: authority, data }))
            .to.be.revertedWithCustomError(authority, "AuthorityNotSchedulable")
            .withArgs(target, guarded);
        }
        await stage.networkHelpers.time.increase(1);
        expect(await authority.getGrant(agent, target, guarded)).to.deep.equal(before);
        expect(await target.calls()).to.equal(0);
        await call(1);
      });
    }
  });
});
