import { expect } from "chai";
import { id, toBeHex, ZeroAddress } from "ethers";

import { day, Verdict } from "../../support/authority.ts";
import { ImpactKind, registrationOf } from "../../support/catalog.ts";
import { roles } from "../../../src/chain/roles.ts";
import {
  Boundary,
  changeDelaySeconds,
  deadlineSeconds,
  deployEscalations,
  EscalationStatus,
  longestSeconds,
  maxImpact,
  Parameters,
  path,
  team,
  usableSeconds,
} from "../../support/escalations.ts";
import { expectJournalComplete } from "../../support/journal.ts";

const reason = id("reason");

describe("Escalations", () => {
  let stage: Awaited<ReturnType<typeof deployEscalations>>;
  beforeEach(async () => {
    stage = await deployEscalations();
  });
  // iJO-001
  afterEach(async () => {
    await expectJournalComplete(stage.provider, stage.escalations);
    await expectJournalComplete(stage.provider, stage.authority);
  });

  const latest = () => stage.networkHelpers.time.latest();
  /** The next transaction happens at `time`. */
  const at = (time: number) => stage.networkHelpers.time.setNextBlockTimestamp(time);
  const statusOf = async (operation = stage.operation) => (await stage.escalations.getEscalation(operation)).status;
  /** Opens the escalation; returns when, and when its positions open. */
  async function opened() {
    await stage.open();
    const openedAt = await latest();
    const third = deadlineSeconds / 3;
    return { openedAt, second: openedAt + third, third: openedAt + 2 * third, deadline: openedAt + deadlineSeconds };
  }
  const approve = () => stage.escalations.connect(stage.first).approve(stage.operation, 0, reason);

  describe("given a call that only a limit refuses, when its caller escalates", () => {
    it("the whole call, the boundary, both its sides, task, team, path and human are on record", async () => {
      const { escalations, agent, own, operation, target, data, open } = stage;
      const next = (await latest()) + 10;
      await at(next);
      await expect(open())
        .to.emit(escalations, "EscalationOpened")
        .withArgs(
          operation,
          team,
          agent,
          target,
          data,
          1,
          Boundary.TeamImpact,
          maxImpact,
          130,
          next + deadlineSeconds,
          1,
          id("recommendation"),
          id("context"),
          toBeHex(1, 32),
          own,
        );
      expect(await escalations.getEscalation(operation)).to.deep.equal([
        EscalationStatus.Pending,
        BigInt(next),
        BigInt(next + deadlineSeconds),
        BigInt(team),
        1n,
        ZeroAddress,
      ]);
    });

    it("inside the limits there is nothing to escalate", async () => {
      const { escalations, agent, target, run } = stage;
      const inside = target.interface.encodeFunctionData("run", [maxImpact]);
      await expect(stage.open(inside))
        .to.be.revertedWithCustomError(escalations, "EscalationsNothingCrossed")
        .withArgs(agent, target, run);
    });

    it("iAC-010: what the caller may not do at all is refused, whatever the limits", async () => {
      const { escalations, authority, agent, own, outsider, target, data, run, office } = stage;
      const { time } = stage.networkHelpers;
      const refused = async (verdict: bigint, caller = agent) =>
        expect(escalations.connect(caller).open(target, data, reason, reason))
          .to.be.revertedWithCustomError(escalations, "EscalationsCallerDenied")
          .withArgs(caller, target, run, verdict);
      const inSnapshot = async (change: () => Promise<unknown>, verdict: bigint) => {
        const snapshot = await stage.networkHelpers.takeSnapshot();
        await change();
        await refused(verdict);
        await snapshot.restore();
      };
      await refused(Verdict.GrantMissing, outsider);
      await inSnapshot(() => authority.connect(office).endGrant(agent, target, run), Verdict.GrantEnded);
      await inSnapshot(() => authority.connect(own).completeTask(1), Verdict.TaskCompleted);
      await inSnapshot(() => authority.connect(own).failTask(1, reason), Verdict.TaskFailed);
      await inSnapshot(() => time.increaseTo(stage.taskDeadline), Verdict.TaskExpired);
      await inSnapshot(() => stage.anchors.connect(own).resign(), Verdict.TaskFailed);
      await inSnapshot(() => authority.setTargetClosed(target, true), Verdict.TargetClosed);
      await inSnapshot(async () => {
        await stage.give(agent.address, run, { notBefore: (await latest()) + day });
      }, Verdict.GrantNotStarted);
      await inSnapshot(async () => {
        await stage.give(agent.address, run, { uses: 1 });
        await target.connect(agent).run(1);
      }, Verdict.GrantUsedUp);
      await inSnapshot(() => authority.setTargetFunctionRole(target, [run], 5), Verdict.RoleMissing);
      await inSnapshot(async () => {
        await authority.setTargetFunctionRole(target, [run], 5);
        await authority.grantRole(5, agent, 0);
      }, Verdict.AllowedByRole);
      await inSnapshot(async () => {
        await authority.setTargetFunctionRole(target, [run], 5);
        await authority.grantRole(5, agent, 60);
      }, Verdict.RoleDelayed);
      expect(await statusOf()).to.equal(EscalationStatus.None);
    });

    it("call data without a selector is no call", async () => {
      const { escalations, agent, target } = stage;
      await expect(stage.open("0x"))
        .to.be.revertedWithCustomError(escalations, "EscalationsCallerDenied")
        .withArgs(agent, target, "0x00000000", Verdict.RoleMissing);
      // Three bytes that, padded, are a function of the caller's grant: the authority does not hold them against anything.
      let name = 0;
      while (!id(`f${name}()`).slice(0, 10).endsWith("00")) ++name;
      const selector = id(`f${name}()`).slice(0, 10);
      const { catalog, office, authority } = stage;
      const plain = { ...stage.amount, impact: ImpactKind.None, reversibility: 0, signature: `f${name}()` };
      await catalog.connect(office).registerAction(registrationOf(plain), reason);
      await authority.setTargetFunctionRole(target, [selector], roles.GRANT_ROLE);
      await authority.setActionGranter(target, selector, roles.GRANTER_ROLE);
      await stage.give(agent.address, selector);
      await stage.open(selector);
      await expect(stage.open(selector.slice(0, -2)))
        .to.be.revertedWithCustomError(authority, "AuthorityDataTooShort")
        .withArgs(3, 4);
    });

    it("pending or approved it cannot be opened again; in any other state it can", async () => {
      const { escalations, operation, first, root, agent, target, data } = stage;
      const refused = async (status: bigint) =>
        expect(stage.open())
          .to.be.revertedWithCustomError(escalations, "EscalationsAlreadyOpen")
          .withArgs(operation, status);
      const endings: (() => Promise<bigint>)[] = [
        async () => {
          await escalations.connect(first).reject(operation, 0, reason);
          return EscalationStatus.Rejected;
        },
        async () => {
          await escalations.connect(agent).withdraw(target, data);
          return EscalationStatus.Withdrawn;
        },
        async () => {
          await stage.networkHelpers.time.increase(deadlineSeconds);
          return EscalationStatus.Denied;
        },
        async () => {
          await approve();
          await refused(EscalationStatus.Approved);
          expect(await stage.passes()).to.equal(true);
          return EscalationStatus.Executed;
        },
        async () => {
          await approve();
          await stage.networkHelpers.time.increase(usableSeconds);
          return EscalationStatus.Unused;
        },
        async () => {
          await approve();
          await stage.anchors.connect(first).resign();
          return EscalationStatus.Unused;
        },
      ];
      for (const end of endings) {
        await stage.open();
        await refused(EscalationStatus.Pending);
        const ending = await end();
        expect(await statusOf()).to.equal(ending);
        // What ended stays so: nobody resolves it, nobody uses it.
        await expect(escalations.connect(root).approve(operation, 2, reason))
          .to.be.revertedWithCustomError(escalations, "EscalationsUnexpectedStatus")
          .withArgs(operation, ending, EscalationStatus.Pending);
        await expect(escalations.connect(root).reject(operation, 2, reason))
          .to.be.revertedWithCustomError(escalations, "EscalationsUnexpectedStatus")
          .withArgs(operation, ending, EscalationStatus.Pending);
        await expect(escalations.connect(agent).withdraw(target, data))
          .to.be.revertedWithCustomError(escalations, "EscalationsUnexpectedStatus")
          .withArgs(operation, ending, EscalationStatus.Pending);
        expect(await stage.passes()).to.equal(false);
        expect(await statusOf()).to.equal(ending);
        expect(await escalations.resolversOf(operation)).to.deep.equal([]);
      }
    });
  });

  describe("given a pending escalation", () => {
    it("its resolvers are the anchors up the path, one after the other", async () => {
      const { escalations, anchors, operation, first, second, root, substitute } = stage;
      await anchors.connect(second).setSubstitute(substitute);
      const times = await opened();
      expect(await escalations.resolversOf(operation)).to.deep.equal([
        [3n, first.address, ZeroAddress, BigInt(times.openedAt)],
        [2n, second.address, substitute.address, BigInt(times.second)],
        [1n, root.address, ZeroAddress, BigInt(times.third)],
      ]);
      const now = await latest();
      expect((await escalations.pathOf(team)).map(({ opensAt }) => Number(opensAt) - now)).to.deep.equal([
        0,
        deadlineSeconds / 3,
        (2 * deadlineSeconds) / 3,
      ]);
      expect(await escalations.resolversOf(id("never opened"))).to.deep.equal([]);
    });

    for (const deed of ["approve", "reject"] as const) {
      it(`iAC-011: from its own time on, and not before, an anchor can ${deed}`, async () => {
        const { escalations, operation, second, root } = stage;
        const times = await opened();
        for (const [position, anchor, opensAt] of [
          [1, second, times.second],
          [2, root, times.third],
        ] as const) {
          await at(opensAt - 1);
          await expect(escalations.connect(anchor)[deed](operation, position, reason))
            .to.be.revertedWithCustomError(escalations, "EscalationsNotOpenYet")
            .withArgs(operation, anchor, opensAt);
          const snapshot = await stage.networkHelpers.takeSnapshot();
          await at(opensAt);
          await escalations.connect(anchor)[deed](operation, position, reason);
          await snapshot.restore();
        }
      });

      it(`iAC-011: until the deadline, and not later, an anchor can ${deed}`, async () => {
        const { escalations, operation, first } = stage;
        const { deadline } = await opened();
        const snapshot = await stage.networkHelpers.takeSnapshot();
        await at(deadline - 1);
        await escalations.connect(first)[deed](operation, 0, reason);
        await snapshot.restore();
        await at(deadline);
        await expect(escalations.connect(first)[deed](operation, 0, reason))
          .to.be.revertedWithCustomError(escalations, "EscalationsUnexpectedStatus")
          .withArgs(operation, EscalationStatus.Denied, EscalationStatus.Pending);
        expect(await statusOf()).to.equal(EscalationStatus.Pending); // at the latest block, a second before
        await stage.networkHelpers.mine();
        expect(await statusOf()).to.equal(EscalationStatus.Denied);
      });

      it(`iAC-011: nobody but who sits at that position can ${deed}`, async () => {
        const { escalations, operation, agent, outsider, admin, first, second, own, substitute } = stage;
        await opened();
        for (const [caller, position, anchor] of [
          [outsider, 0, first],
          [admin, 0, first],
          [second, 0, first],
          [substitute, 0, first],
          [agent, 0, first],
          [own, 0, first], // the team's own anchor is not up the path
          [first, 1, second],
          [first, 3, ZeroAddress],
          [first, 2n ** 256n - 1n, ZeroAddress],
        ] as const) {
          await expect(escalations.connect(caller)[deed](operation, position, reason))
            .to.be.revertedWithCustomError(escalations, "EscalationsNotResolver")
            .withArgs(operation, position, caller, anchor);
        }
      });
    }

    it("iAC-010: an approval is usable for its time, and no longer than who gave it lives", async () => {
      const { escalations, anchors, own, operation, first } = stage;
      const { openedAt } = await opened();
      const next = openedAt + 100;
      await at(next);
      await expect(escalations.connect(first).approve(operation, 0, reason))
        .to.emit(escalations, "EscalationApproved")
        .withArgs(operation, first, next + usableSeconds, reason, operation, first);
      expect(await escalations.getEscalation(operation)).to.deep.equal([
        EscalationStatus.Approved,
        BigInt(openedAt),
        BigInt(next + usableSeconds),
        BigInt(team),
        1n,
        first.address,
      ]);
      await at(next + usableSeconds - 1);
      const snapshot = await stage.networkHelpers.takeSnapshot();
      expect(await stage.passes()).to.equal(true);
      await snapshot.restore();
      await at(next + usableSeconds);
      expect(await stage.passes()).to.equal(false);
      await stage.networkHelpers.mine();
      expect(await statusOf()).to.equal(EscalationStatus.Unused);

      const liveUntil = Number(await anchors.liveUntil(first));
      await at(liveUntil - 60);
      await anchors.connect(own).checkIn();
      await stage.renewGrant();
      await stage.open();
      await expect(escalations.connect(first).approve(operation, 0, reason))
        .to.emit(escalations, "EscalationApproved")
        .withArgs(operation, first, liveUntil, reason, operation, first);
    });

    it("a rejection says by whom and why", async () => {
      const { escalations, operation, first } = stage;
      await opened();
      await expect(escalations.connect(first).reject(operation, 0, reason))
        .to.emit(escalations, "EscalationRejected")
        .withArgs(operation, first, reason, operation, first);
      expect((await escalations.getEscalation(operation)).resolver).to.equal(ZeroAddress);
    });

    it("who opened it takes it back, pending or approved; nobody else can", async () => {
      const { escalations, operation, agent, own, outsider, target, data } = stage;
      await opened();
      await expect(escalations.connect(outsider).withdraw(target, data))
        .to.be.revertedWithCustomError(escalations, "EscalationsUnexpectedStatus")
        .withArgs(await stage.operationOf(outsider.address), EscalationStatus.None, EscalationStatus.Pending);
      await expect(escalations.connect(agent).withdraw(target, data))
        .to.emit(escalations, "EscalationWithdrawn")
        .withArgs(operation, agent, operation, own);
      await opened();
      await approve();
      await escalations.connect(agent).withdraw(target, data);
      expect(await statusOf()).to.equal(EscalationStatus.Withdrawn);
      expect(await stage.passes()).to.equal(false);
    });

    it("iAC-012: neither path nor deadline change by what is decided meanwhile", async () => {
      const { escalations, teams, constitution, office, own, operation, first, root } = stage;
      const times = await opened();
      await teams.connect(office).setPath(team, [1], reason);
      await constitution.connect(own).setTeamValue(team, Parameters.ESCALATION_DEADLINE_SECONDS, 60, reason);
      expect((await escalations.resolversOf(operation)).map((each) => [each.team, each.opensAt])).to.deep.equal([
        [3n, BigInt(times.openedAt)],
        [2n, BigInt(times.second)],
        [1n, BigInt(times.third)],
      ]);
      expect((await escalations.pathOf(team)).map((each) => each.team)).to.deep.equal([1n]);
      const got = await escalations.getEscalation(operation);
      expect([got.until, got.pathVersion]).to.deep.equal([BigInt(times.deadline), 1n]);
      await expect(escalations.connect(root).approve(operation, 0, reason))
        .to.be.revertedWithCustomError(escalations, "EscalationsNotResolver")
        .withArgs(operation, 0, root, first);
      await at(times.deadline - 1);
      await approve();
    });

    it("iAC-011: who was replaced on the path has no say any more, who replaced it has", async () => {
      const { escalations, teams, office, operation, first, own } = stage;
      await opened();
      await teams.connect(office).setAnchor(path[0], own, reason);
      await expect(escalations.connect(first).approve(operation, 0, reason))
        .to.be.revertedWithCustomError(escalations, "EscalationsNotResolver")
        .withArgs(operation, 0, first, own);
      await escalations.connect(own).approve(operation, 0, reason);
    });

    it("iAC-011: for a team that was closed meanwhile nobody resolves; the others on the path do", async () => {
      const { escalations, teams, office, operation, first } = stage;
      const times = await opened();
      await teams.connect(office).setPath(team, [2, 1], reason);
      await teams.connect(office).closeTeam(path[0], reason);
      await expect(escalations.connect(first).approve(operation, 0, reason))
        .to.be.revertedWithCustomError(escalations, "EscalationsNotResolver")
        .withArgs(operation, 0, first, ZeroAddress);
      await at(times.second);
      await escalations.connect(stage.second).approve(operation, 1, reason);
    });

    it("iAC-011: a lapsed or removed anchor resolves nothing", async () => {
      const { escalations, anchors, teams, office, own, operation, first, substitute } = stage;
      const { time } = stage.networkHelpers;
      const liveUntil = Number(await anchors.liveUntil(first));
      await time.increaseTo(liveUntil - 2 * day);
      for (const anchor of [substitute, own]) await anchors.connect(anchor).checkIn();
      await stage.renewGrant();
      await opened();
      await at(liveUntil);
      for (const deed of ["approve", "reject"] as const) {
        await expect(escalations.connect(first)[deed](operation, 0, reason))
          .to.be.revertedWithCustomError(escalations, "EscalationsResolverNotLive")
          .withArgs(operation, first, liveUntil);
      }
      await teams.connect(office).setAnchor(path[0], substitute, reason);
      await anchors.connect(substitute).resign();
      await expect(escalations.connect(substitute).approve(operation, 0, reason))
        .to.be.revertedWithCustomError(escalations, "EscalationsResolverNotLive")
        .withArgs(operation, substitute, await latest());
    });

    it("iAC-013: nobody approves its own request, nor does its substitute", async () => {
      const { escalations, anchors, teams, office, operation, agent, substitute, root } = stage;
      await stage.makeLive(agent);
      await teams.connect(office).setAnchor(path[0], agent, reason);
      await anchors.connect(agent).setSubstitute(substitute);
      await teams.connect(office).setAnchor(path[1], substitute, reason);
      await anchors.connect(substitute).setSubstitute(agent);
      const times = await opened();
      for (const caller of [agent, substitute]) {
        await expect(escalations.connect(caller).approve(operation, 0, reason))
          .to.be.revertedWithCustomError(escalations, "EscalationsOwnRequest")
          .withArgs(operation, caller);
      }
      await at(times.third);
      await expect(escalations.connect(agent).approve(operation, 1, reason))
        .to.be.revertedWithCustomError(escalations, "EscalationsOwnRequest")
        .withArgs(operation, agent);
      await escalations.connect(root).approve(operation, 2, reason);
    });
  });

  it("the longest deadline and the longest use fit into what is kept of an escalation", async () => {
    const { escalations, constitution, anchors, office, first, own, operation } = stage;
    for (const parameter of [Parameters.ESCALATION_DEADLINE_SECONDS, Parameters.ESCALATION_USABLE_SECONDS]) {
      await constitution.connect(office).proposeChange(parameter, longestSeconds, reason);
    }
    await stage.networkHelpers.time.increase(changeDelaySeconds);
    for (const parameter of [Parameters.ESCALATION_DEADLINE_SECONDS, Parameters.ESCALATION_USABLE_SECONDS]) {
      await constitution.enactChange(parameter, 0);
    }
    await stage.open();
    const openedAt = await latest();
    await at(openedAt + longestSeconds - 10);
    for (const anchor of [first, own]) await anchors.connect(anchor).checkIn();
    await at(openedAt + longestSeconds - 1);
    await approve();
    const liveUntil = await anchors.liveUntil(first);
    const got = await escalations.getEscalation(operation);
    expect([got.status, got.openedAt, got.until]).to.deep.equal([
      EscalationStatus.Approved,
      BigInt(openedAt),
      liveUntil,
    ]);
  });
});
