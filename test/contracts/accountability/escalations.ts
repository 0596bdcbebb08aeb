import { expect } from "chai";
import { getAddress, id, ZeroAddress, ZeroHash } from "ethers";

import { day, Verdict } from "../../support/authority.ts";
import { periodSeconds } from "../../support/anchors.ts";
import {
  Boundary,
  deadlineSeconds,
  deployEscalations,
  EscalationStatus,
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
    await expectJournalComplete(stage.provider, stage.anchors);
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
  async function consumed(operation = stage.operation) {
    await stage.authority.consume(stage.escalations, operation);
    return stage.authority.lastConsumed();
  }

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
          getAddress(target),
          data,
          7,
          Boundary.TeamImpact,
          100,
          130,
          next + deadlineSeconds,
          1,
          id("recommendation"),
          id("context"),
          `0x${"0".repeat(63)}7`,
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

    it("every boundary can be escalated, and nothing where none is crossed", async () => {
      const { escalations, agent, target, data, dictate } = stage;
      for (const boundary of Object.values(Boundary)) {
        await dictate(Verdict.Allowed, boundary);
        const call = `${data}${boundary.toString().padStart(2, "0")}`;
        if (boundary !== Boundary.None) {
          await stage.open(call);
          expect(await statusOf(await stage.operationOf(agent.address, call))).to.equal(EscalationStatus.Pending);
          continue;
        }
        await expect(stage.open(call))
          .to.be.revertedWithCustomError(escalations, "EscalationsNothingCrossed")
          .withArgs(agent, getAddress(target), data.slice(0, 10));
      }
    });

    it("iAC-010: what the caller may not do at all is refused, whatever the limits", async () => {
      const { escalations, agent, target, data, dictate } = stage;
      for (const verdict of Object.values(Verdict)) {
        if (verdict === Verdict.Allowed) continue;
        await dictate(verdict, Boundary.TeamImpact);
        await expect(stage.open())
          .to.be.revertedWithCustomError(escalations, "EscalationsCallerDenied")
          .withArgs(agent, getAddress(target), data.slice(0, 10), verdict);
      }
      expect(await statusOf()).to.equal(EscalationStatus.None);
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
          await escalations.connect(first).approve(operation, 0, reason);
          await refused(EscalationStatus.Approved);
          expect(await consumed()).to.equal(true);
          return EscalationStatus.Executed;
        },
        async () => {
          await escalations.connect(first).approve(operation, 0, reason);
          await stage.networkHelpers.time.increase(usableSeconds);
          return EscalationStatus.Unused;
        },
        async () => {
          await escalations.connect(first).approve(operation, 0, reason);
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
        expect(await consumed()).to.equal(false);
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
      const { escalations, anchors, operation, first } = stage;
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
      expect(await consumed()).to.equal(true);
      await snapshot.restore();
      await at(next + usableSeconds);
      expect(await consumed()).to.equal(false);
      expect(await statusOf()).to.equal(EscalationStatus.Unused);

      const liveUntil = Number(await anchors.liveUntil(first));
      await at(liveUntil - 60);
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
      const { escalations, operation, agent, own, first, outsider, target, data } = stage;
      await opened();
      await expect(escalations.connect(outsider).withdraw(target, data))
        .to.be.revertedWithCustomError(escalations, "EscalationsUnexpectedStatus")
        .withArgs(await stage.operationOf(outsider.address), EscalationStatus.None, EscalationStatus.Pending);
      await expect(escalations.connect(agent).withdraw(target, data))
        .to.emit(escalations, "EscalationWithdrawn")
        .withArgs(operation, agent, operation, own);
      await opened();
      await escalations.connect(first).approve(operation, 0, reason);
      await escalations.connect(agent).withdraw(target, data);
      expect(await statusOf()).to.equal(EscalationStatus.Withdrawn);
      expect(await consumed()).to.equal(false);
    });

    it("iAC-012: neither path nor deadline change by what is decided meanwhile", async () => {
      const { escalations, policy, operation, first, root } = stage;
      const times = await opened();
      await policy.setPath(team, [1]);
      await policy.setValue(Parameters.ESCALATION_DEADLINE_SECONDS, 60);
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
      await escalations.connect(first).approve(operation, 0, reason);
    });

    it("iAC-011: who was replaced on the path has no say any more, who replaced it has", async () => {
      const { escalations, policy, operation, first, own } = stage;
      await opened();
      await policy.setAnchor(path[0], own);
      await expect(escalations.connect(first).approve(operation, 0, reason))
        .to.be.revertedWithCustomError(escalations, "EscalationsNotResolver")
        .withArgs(operation, 0, first, own);
      await escalations.connect(own).approve(operation, 0, reason);
    });

    it("iAC-011: a team without an anchor has nobody who could resolve", async () => {
      const { escalations, policy, operation, first } = stage;
      await opened();
      await policy.setAnchor(path[0], ZeroAddress);
      await expect(escalations.connect(first).approve(operation, 0, reason))
        .to.be.revertedWithCustomError(escalations, "EscalationsNotResolver")
        .withArgs(operation, 0, first, ZeroAddress);
    });

    it("iAC-011: a lapsed or removed anchor resolves nothing", async () => {
      const { escalations, anchors, policy, operation, first, substitute } = stage;
      await stage.networkHelpers.time.increaseTo(Number(await anchors.liveUntil(first)) - 10);
      await anchors.connect(substitute).checkIn();
      await opened();
      const liveUntil = await anchors.liveUntil(first);
      await at(Number(liveUntil));
      for (const deed of ["approve", "reject"] as const) {
        await expect(escalations.connect(first)[deed](operation, 0, reason))
          .to.be.revertedWithCustomError(escalations, "EscalationsResolverNotLive")
          .withArgs(operation, first, liveUntil);
      }
      await policy.setAnchor(path[0], substitute);
      await anchors.connect(substitute).resign();
      await expect(escalations.connect(substitute).approve(operation, 0, reason))
        .to.be.revertedWithCustomError(escalations, "EscalationsResolverNotLive")
        .withArgs(operation, substitute, await latest());
    });

    it("iAC-013: nobody approves its own request, nor does its substitute", async () => {
      const { escalations, anchors, policy, operation, agent, substitute, root } = stage;
      await stage.makeLive(agent);
      await policy.setAnchor(path[0], agent);
      await anchors.connect(agent).setSubstitute(substitute);
      await policy.setAnchor(path[1], substitute);
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

  describe("given an approval", () => {
    beforeEach(async () => {
      await opened();
      await stage.escalations.connect(stage.first).approve(stage.operation, 0, reason);
    });

    it("iAC-014: the authority alone spends it, once", async () => {
      const { escalations, authority, operation, first, agent } = stage;
      for (const caller of [agent, first]) {
        await expect(escalations.connect(caller).consume(operation))
          .to.be.revertedWithCustomError(escalations, "EscalationsNotAuthority")
          .withArgs(caller, authority);
      }
      await expect(authority.consume(escalations, operation))
        .to.emit(escalations, "EscalationExecuted")
        .withArgs(operation, operation, first);
      expect(await authority.lastConsumed()).to.equal(true);
      expect(await statusOf()).to.equal(EscalationStatus.Executed);
      expect((await escalations.getEscalation(operation)).resolver).to.equal(first.address);
      expect(await consumed()).to.equal(false);
    });

    it("iAC-014: it says nothing about another caller, or other data", async () => {
      const { agent, outsider, data } = stage;
      for (const other of [
        await stage.operationOf(outsider.address),
        await stage.operationOf(agent.address, `${data.slice(0, -2)}2b`),
        await stage.operationOf(agent.address, `${data}00`),
        ZeroHash,
      ]) {
        expect(await consumed(other)).to.equal(false);
        expect(await statusOf(other)).to.equal(EscalationStatus.None);
      }
      expect(await statusOf()).to.equal(EscalationStatus.Approved);
    });

    it("iAC-010: it falls with the anchor that gave it, not with the seat", async () => {
      const { anchors, policy, first, own } = stage;
      await policy.setAnchor(path[0], own);
      expect(await statusOf()).to.equal(EscalationStatus.Approved);
      await anchors.connect(first).resign();
      expect(await statusOf()).to.equal(EscalationStatus.Unused);
      expect(await consumed()).to.equal(false);
    });
  });

  it("the deadline's bound: what does not fit is not opened", async () => {
    const { escalations, policy } = stage;
    await policy.setValue(Parameters.ESCALATION_DEADLINE_SECONDS, 2n ** 24n);
    await expect(stage.open())
      .to.be.revertedWithCustomError(escalations, "SafeCastOverflowedUintDowncast")
      .withArgs(24, 2n ** 24n);
    await policy.setValue(Parameters.ESCALATION_DEADLINE_SECONDS, 2n ** 24n - 1n);
    await stage.open();
    expect(periodSeconds).to.be.greaterThan(day);
  });
});
