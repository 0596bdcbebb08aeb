import { expect } from "chai";
import { id, ZeroAddress } from "ethers";

import { day, deployAuthority, minAdminDelaySeconds, Roles, TaskStatus, Verdict } from "../../support/authority.ts";
import { newAuthority } from "../../support/new-authority.ts";

const Answer = { CouldNotCheck: 0n, Allowed: 1n, Denied: 2n } as const;
const Obstacle = {
  None: 0n,
  DataTooShort: 1n,
  NotAnAuthority: 2n,
  TargetNotManaged: 3n,
  OtherAuthority: 4n,
  ArgumentsUnreadable: 5n,
  CheckedByFunction: 6n,
} as const;

async function deployWithLens() {
  const stage = await deployAuthority();
  const lens = await stage.ethers.deployContract("AuthorityLens");
  const call = stage.target.interface.encodeFunctionData("guarded", [1]);
  const why = (caller = stage.agent, data = call) => lens.why(stage.authority, caller, stage.target, data);
  return { ...stage, lens, call, why };
}

describe("AuthorityLens: why", () => {
  let stage: Awaited<ReturnType<typeof deployWithLens>>;
  beforeEach(async () => {
    stage = await deployWithLens();
  });
  const latest = () => stage.networkHelpers.time.latest();

  describe("given a function that grants rule", () => {
    it("without a grant it names the role that could give one", async () => {
      const answer = await stage.why();
      expect(answer.answer).to.equal(Answer.Denied);
      expect(answer.verdict).to.equal(Verdict.GrantMissing);
      expect(answer.role).to.equal(Roles.GRANT);
      expect(answer.granterRole).to.equal(Roles.GRANTER);
      expect(answer.selector).to.equal(stage.guarded);
      expect([answer.effectiveFrom, answer.effectiveUntil, answer.marginSeconds]).to.deep.equal([0n, 0n, 0n]);
    });

    it("with a grant it says for how long, how often and for which task", async () => {
      const { authority, granter, anchor } = stage;
      const task = await stage.openTask();
      const notBefore = await latest();
      await authority.connect(granter).grant(stage.request(task, { uses: 3, notBefore, notAfter: task.deadline - 60 }));
      const answer = await stage.why();
      expect(answer.answer).to.equal(Answer.Allowed);
      expect(answer.verdict).to.equal(Verdict.Allowed);
      expect([answer.counted, answer.grant.uses, answer.grant.task]).to.deep.equal([true, 3n, task.task]);
      expect([answer.task.status, answer.task.anchor]).to.deep.equal([TaskStatus.Open, anchor.address]);
      expect([answer.effectiveFrom, answer.effectiveUntil]).to.deep.equal([
        BigInt(notBefore),
        BigInt(task.deadline - 60),
      ]);
      expect(answer.marginSeconds).to.equal(task.deadline - 60 - (await latest()));
      expect(answer.offChain).to.equal(false);
    });

    it("once it is over it says since when, and for which of the reasons", async () => {
      const { authority, granter, anchor, agent, target, guarded } = stage;
      const { time } = stage.networkHelpers;
      const give = async (seconds: number, uses = 0) => {
        const task = await stage.openTask(seconds);
        await authority.connect(granter).grant(stage.request(task, { uses }));
        return task;
      };
      const expects = async (verdict: bigint, marginSeconds: number) => {
        const answer = await stage.why();
        expect([answer.answer, answer.verdict]).to.deep.equal([Answer.Denied, verdict]);
        expect(answer.marginSeconds).to.equal(marginSeconds);
      };

      const completed = await give(day);
      await authority.connect(anchor).completeTask(completed.task);
      await time.increase(7);
      await expects(Verdict.TaskCompleted, -7);

      const failed = await give(day);
      await authority.connect(anchor).failTask(failed.task, id("reason"));
      await time.increase(8);
      await expects(Verdict.TaskFailed, -8);

      const expired = await give(100);
      await time.increaseTo(expired.deadline);
      await expects(Verdict.TaskExpired, 0);

      await give(day);
      await authority.connect(agent).endGrant(agent, target, guarded);
      await time.increase(9);
      await expects(Verdict.GrantEnded, -9);

      const used = await give(day, 1);
      await target.connect(agent).guarded(1);
      await expects(Verdict.GrantUsedUp, used.deadline - (await latest()));
      expect((await stage.why()).grant.uses).to.equal(0);
    });

    it("before it starts it says from when", async () => {
      const { authority, granter } = stage;
      const task = await stage.openTask();
      const notBefore = (await latest()) + 500;
      await authority.connect(granter).grant(stage.request(task, { notBefore }));
      const answer = await stage.why();
      expect([answer.answer, answer.verdict]).to.deep.equal([Answer.Denied, Verdict.GrantNotStarted]);
      expect(answer.effectiveFrom).to.equal(notBefore);
    });

    it("a target without code is answered, and said to be enforced off chain", async () => {
      const { authority, lens, agent } = stage;
      const target = "0x00000000000000000000000000000000000da7a0";
      const read = id("read(string)").slice(0, 10);
      const unknown = await lens.why(authority, agent, target, read);
      expect([unknown.answer, unknown.obstacle]).to.deep.equal([Answer.CouldNotCheck, Obstacle.TargetNotManaged]);
      await authority.setTargetFunctionRole(target, [read], Roles.GRANT);
      const answer = await lens.why(authority, agent, target, read);
      expect([answer.answer, answer.verdict, answer.offChain]).to.deep.equal([
        Answer.Denied,
        Verdict.GrantMissing,
        true,
      ]);
    });
  });

  describe("given a function that a role controls", () => {
    it("it names the role, and the delay of a member", async () => {
      const { authority, target, guarded, agent, outsider } = stage;
      await authority.setTargetFunctionRole(target, [guarded], 5);
      const missing = await stage.why();
      expect([missing.answer, missing.verdict, missing.role]).to.deep.equal([Answer.Denied, Verdict.RoleMissing, 5n]);
      await authority.grantRole(5, agent, 0);
      const member = await stage.why();
      expect([member.answer, member.verdict]).to.deep.equal([Answer.Allowed, Verdict.AllowedByRole]);
      await authority.grantRole(5, outsider, 90);
      const delayed = await stage.why(outsider);
      expect([delayed.answer, delayed.verdict, delayed.delaySeconds]).to.deep.equal([
        Answer.Denied,
        Verdict.RoleDelayed,
        90n,
      ]);
      await authority.setTargetClosed(target, true);
      expect((await stage.why()).verdict).to.equal(Verdict.TargetClosed);
    });
  });

  describe("given a question that it cannot check", () => {
    it("it says so, and never that the call is denied", async () => {
      const { authority, lens, agent, admin, target, call, ethers } = stage;
      const expects = async (asked: Promise<{ answer: bigint; obstacle: bigint }>, obstacle: bigint) => {
        const answer = await asked;
        expect([answer.answer, answer.obstacle]).to.deep.equal([Answer.CouldNotCheck, obstacle]);
      };
      await expects(lens.why(authority, agent, target, "0x"), Obstacle.DataTooShort);
      await expects(lens.why(authority, agent, target, call.slice(0, 8)), Obstacle.DataTooShort);
      await expects(lens.why(agent, agent, target, call), Obstacle.NotAnAuthority);
      await expects(lens.why(ZeroAddress, agent, target, call), Obstacle.NotAnAuthority);
      await expects(lens.why(target, agent, target, call), Obstacle.NotAnAuthority);
      await expects(lens.why(authority, agent, lens, call), Obstacle.TargetNotManaged);
      await expects(lens.why(authority, agent, agent, call), Obstacle.TargetNotManaged);
      const other = await newAuthority(ethers, admin, 60);
      await expects(lens.why(other, agent, target, call), Obstacle.OtherAuthority);
    });
  });

  describe("given a function of the authority itself", () => {
    const why = (data: string, caller = stage.outsider) =>
      stage.lens.why(stage.authority, caller, stage.authority, data);

    it("it follows OpenZeppelin's restrictions, with their arguments", async () => {
      const { authority, outsider, target, guarded } = stage;
      const encode = authority.interface.encodeFunctionData.bind(authority.interface);
      await authority.setRoleAdmin(5, 6);
      await authority.grantRole(6, outsider, 0);
      const own = await why(encode("grantRole", [5, outsider.address, 0]));
      expect([own.answer, own.verdict, own.role]).to.deep.equal([Answer.Allowed, Verdict.AllowedByRole, 6n]);
      const foreign = await why(encode("revokeRole", [7, outsider.address]));
      expect([foreign.answer, foreign.verdict, foreign.role]).to.deep.equal([Answer.Denied, Verdict.RoleMissing, 0n]);
      for (const data of [
        encode("labelRole", [5, "five"]),
        encode("setRoleAdmin", [5, 5]),
        encode("setRoleGuardian", [5, 5]),
        encode("setGrantDelay", [5, 5]),
        encode("setTargetAdminDelay", [target.target, 5]),
        encode("updateAuthority", [target.target, outsider.address]),
        encode("setTargetClosed", [target.target, true]),
        encode("setTargetFunctionRole", [target.target, [guarded], 5]),
        encode("setActionGranter", [target.target, guarded, 5]),
        encode("registerContract", [target.target, id("kind")]),
      ]) {
        expect((await why(data)).verdict, data.slice(0, 10)).to.equal(Verdict.RoleMissing);
        expect((await why(data, stage.admin)).verdict, data.slice(0, 10)).to.equal(Verdict.AllowedByRole);
      }
      const liveness = encode("setAnchorLiveness", [outsider.address, 1]);
      expect((await why(liveness)).role).to.equal(Roles.ANCHORS);
      expect((await why(liveness, stage.liveness)).answer).to.equal(Answer.Allowed);
      await authority.setTargetClosed(authority, true);
      expect((await why(liveness, stage.liveness)).verdict).to.equal(Verdict.TargetClosed);
    });

    it("it tells the longer of an admin's and a target's delay", async () => {
      const { authority, target, agent } = stage;
      const data = authority.interface.encodeFunctionData("setTargetClosed", [target.target, true]);
      await authority.grantRole(Roles.ADMIN, agent, minAdminDelaySeconds);
      const [asAgent, asAdmin] = [await why(data, agent), await why(data, stage.admin)];
      expect([asAgent.verdict, asAgent.delaySeconds]).to.deep.equal([
        Verdict.RoleDelayed,
        BigInt(minAdminDelaySeconds),
      ]);
      expect([asAdmin.verdict, asAdmin.delaySeconds]).to.deep.equal([Verdict.AllowedByRole, 0n]);
      await authority.setTargetAdminDelay(target, 2 * minAdminDelaySeconds);
      await stage.networkHelpers.time.increase(6 * day);
      for (const caller of [agent, stage.admin]) {
        const answer = await why(data, caller);
        expect([answer.verdict, answer.delaySeconds]).to.deep.equal([
          Verdict.RoleDelayed,
          BigInt(2 * minAdminDelaySeconds),
        ]);
      }
    });

    it("what it cannot decide it does not decide", async () => {
      const { authority, target } = stage;
      const encode = authority.interface.encodeFunctionData.bind(authority.interface);
      const grantRole = authority.interface.getFunction("grantRole").selector;
      const setTargetClosed = authority.interface.getFunction("setTargetClosed").selector;
      for (const data of [grantRole, setTargetClosed, grantRole + "ff".repeat(32), setTargetClosed + "ff".repeat(32)]) {
        expect((await why(data)).obstacle, data).to.equal(Obstacle.ArgumentsUnreadable);
      }
      for (const data of [
        encode("openTask", [1, id("purpose"), 1]),
        encode("cancel", [target.target, target.target, "0x"]),
      ]) {
        const answer = await why(data);
        expect([answer.answer, answer.obstacle]).to.deep.equal([Answer.CouldNotCheck, Obstacle.CheckedByFunction]);
      }
    });
  });
});
