import { expect } from "chai";
import { encodeBytes32String, getBytes, id, toBeHex, ZeroAddress } from "ethers";

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
  minReversibility,
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
  const register = (changes: object) =>
    stage.catalog
      .connect(stage.office)
      .registerAction(registrationOf({ ...stage.amount, signature: "run(uint256)", ...changes }), reason);
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

    describe("each boundary is one to escalate, and an approval lifts it", () => {
      const crossings: Record<
        string,
        { cross: () => Promise<unknown>; call?: () => string; limit: bigint; actual: bigint }
      > = {
        Unlisted: {
          cross: () => stage.catalog.connect(stage.office).retireAction(stage.target, stage.run, reason),
          limit: 0n,
          actual: 0n,
        },
        Scope: {
          cross: () => register({ scope: encodeBytes32String("not the team's") }),
          limit: 1n,
          actual: 1n,
        },
        Reversibility: {
          cross: () => register({ reversibility: minReversibility - 1 }),
          limit: BigInt(minReversibility),
          actual: BigInt(minReversibility - 1),
        },
        RateMissing: {
          cross: () => Promise.resolve(),
          call: () => stage.target.interface.encodeFunctionData("pay", [stage.outsider.address, 1]),
          limit: 0n,
          actual: -1n, // the time
        },
        GrantCap: {
          cross: () => stage.give(stage.agent.address, stage.run, { cap: 50 }),
          call: () => stage.target.interface.encodeFunctionData("run", [51]),
          limit: 50n,
          actual: 51n,
        },
        TeamImpact: { cross: () => Promise.resolve(), limit: BigInt(maxImpact), actual: 130n },
      };
      for (const [name, { cross, call, limit, actual }] of Object.entries(crossings)) {
        it(name, async () => {
          const { escalations, authority, agent, first, target } = stage;
          await cross();
          const data = call?.() ?? stage.data;
          const operation = await stage.operationOf(agent.address, data);
          const refused = expect(agent.sendTransaction({ to: target, data })).to.be.revertedWithCustomError(
            authority,
            "AuthorityOutsideLimits",
          );
          const boundary = Boundary[name as keyof typeof Boundary];
          const anyTime = (value: bigint) => actual === -1n || value === actual;
          await refused.withArgs(agent, target, data.slice(0, 10), boundary, limit, anyTime);
          await expect(stage.open(data))
            .to.emit(escalations, "EscalationOpened")
            .withArgs(
              operation,
              team,
              agent,
              target,
              data,
              1,
              boundary,
              limit,
              anyTime,
              (await latest()) + deadlineSeconds + 1,
              1,
              id("recommendation"),
              id("context"),
              toBeHex(1, 32),
              stage.own,
            );
          expect(await stage.passes(data)).to.equal(false);
          await escalations.connect(first).approve(operation, 0, reason);
          expect(await stage.passes(data)).to.equal(true);
          expect(await stage.passes(data)).to.equal(false);
          expect(await target.calls()).to.equal(1);
          expect((await authority.checkLimits(agent, target, data)).teamImpact).to.equal(0);
        });
      }

      it("Unreadable: what the target itself cannot read either", async () => {
        const { escalations, agent, first, run } = stage;
        await stage.open(run);
        const operation = await stage.operationOf(agent.address, run);
        await escalations.connect(first).approve(operation, 0, reason);
        await expect(agent.sendTransaction({ to: stage.target, data: run })).to.be.revertedWithoutReason(stage.ethers);
        expect(await statusOf(operation)).to.equal(EscalationStatus.Approved);
      });
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

  describe("given an approval", () => {
    beforeEach(async () => {
      await opened();
      await approve();
    });

    it("iAC-014: the caller makes the call itself, once; nobody else spends the approval", async () => {
      const { escalations, authority, operation, first, agent, admin, target, data } = stage;
      for (const caller of [agent, first, admin]) {
        await expect(escalations.connect(caller).consume(operation, team))
          .to.be.revertedWithCustomError(escalations, "EscalationsNotAuthority")
          .withArgs(caller, authority);
      }
      await expect(agent.sendTransaction({ to: target, data }))
        .to.emit(escalations, "EscalationExecuted")
        .withArgs(operation, operation, first);
      expect(await statusOf()).to.equal(EscalationStatus.Executed);
      expect((await escalations.getEscalation(operation)).resolver).to.equal(first.address);
      expect(await stage.passes()).to.equal(false);
      expect(await target.calls()).to.equal(1);
    });

    it("iAC-014: it covers no other caller, and no other data by one bit", async () => {
      const { outsider, data, target, agent } = stage;
      await stage.give(outsider.address);
      expect(await stage.passes(data, outsider)).to.equal(false);
      expect(await stage.passes(target.interface.encodeFunctionData("run", [131]))).to.equal(false);
      expect(await stage.passes(`${data}00`)).to.equal(false);
      const other = await stage.ethers.deployContract("CallbackTarget", [stage.authority]);
      await stage.authority.setTargetFunctionRole(other, [stage.run], roles.GRANT_ROLE);
      await expect(other.connect(agent).run(130)).to.be.revertedWithCustomError(other, "AccessManagedUnauthorized");
      expect(await statusOf()).to.equal(EscalationStatus.Approved);
      expect(await stage.passes()).to.equal(true);
    });

    it("iAC-014: sent twice in one block, the call passes once", async () => {
      const { provider, agent, target, data } = stage;
      await provider.send("evm_setAutomine", [false]);
      const options = { to: target, data, gasLimit: 1_000_000 };
      const sent = [await agent.sendTransaction(options), await agent.sendTransaction(options)];
      await provider.send("evm_mine", []);
      await provider.send("evm_setAutomine", [true]);
      const receipts = await Promise.all(sent.map(({ hash }) => provider.getTransactionReceipt(hash)));
      expect(receipts.map((receipt) => receipt?.status)).to.deep.equal([1, 0]);
      expect(receipts[0]?.blockNumber).to.equal(receipts[1]?.blockNumber);
      expect(await target.calls()).to.equal(1);
    });

    it("iAC-010: it gives no permission: without a grant that has effect it lifts nothing", async () => {
      const { authority, own, agent, target } = stage;
      await authority.connect(own).completeTask(1);
      await expect(target.connect(agent).run(130)).to.be.revertedWithCustomError(target, "AccessManagedUnauthorized");
      expect(await statusOf()).to.equal(EscalationStatus.Approved);
    });

    it("a use of a counted grant is spent by it, a cap is not", async () => {
      const { authority, agent, target, run } = stage;
      await stage.give(agent.address, run, { uses: 2, cap: 1000 });
      expect(await stage.passes()).to.equal(true);
      const { uses, cap } = await authority.getGrant(agent, target, run);
      expect([uses, cap]).to.deep.equal([1n, 1000n]);
    });

    it("inside the limits again, the call does not touch it", async () => {
      await stage.teams.connect(stage.second).raiseTier(team, reason);
      expect(await stage.passes()).to.equal(true);
      expect(await statusOf()).to.equal(EscalationStatus.Approved);
    });

    it("iAC-010: it falls with the anchor that gave it, not with the seat", async () => {
      const { anchors, teams, office, first, own } = stage;
      await teams.connect(office).setAnchor(path[0], own, reason);
      expect(await statusOf()).to.equal(EscalationStatus.Approved);
      await anchors.connect(first).resign();
      expect(await statusOf()).to.equal(EscalationStatus.Unused);
      expect(await stage.passes()).to.equal(false);
    });
  });

  describe("iAC-014: given a target, or a caller, that calls back", () => {
    it("a caller that is called back gets through once", async () => {
      const { escalations, first, target, data } = stage;
      const caller = await stage.ethers.deployContract("ReentrantCaller");
      await stage.give(await caller.getAddress());
      const opening = escalations.interface.encodeFunctionData("open", [
        await target.getAddress(),
        data,
        reason,
        reason,
      ]);
      await caller.execute(escalations, opening);
      const operation = await stage.operationOf(await caller.getAddress());
      await escalations.connect(first).approve(operation, 0, reason);
      await caller.execute(target, data);
      expect([await caller.attempts(), await caller.reentered()]).to.deep.equal([1n, 0n]);
      expect(await target.calls()).to.equal(1);
      expect(await statusOf(operation)).to.equal(EscalationStatus.Executed);
    });

    it("a target that asks twice is refused the second time", async () => {
      const { authority, catalog, escalations, office, agent, first, run, data } = stage;
      const target = await stage.ethers.deployContract("InsistentTarget", [authority]);
      const registration = registrationOf({
        ...stage.amount,
        target: await target.getAddress(),
        signature: "run(uint256)",
      });
      await catalog.connect(office).registerAction(registration, reason);
      await authority.setTargetFunctionRole(target, [run], roles.GRANT_ROLE);
      await authority.setActionGranter(target, run, roles.GRANTER_ROLE);
      const terms = { task: 1, grantee: agent, target, selector: run, notBefore: 0, notAfter: stage.taskDeadline };
      await authority.connect(office).grant({ ...terms, uses: 0, cap: 0 });
      await escalations.connect(agent).open(target, data, reason, reason);
      const operation = await authority.hashOperation(agent, target, data);
      await escalations.connect(first).approve(operation, 0, reason);
      await expect(target.spend(agent, data, 2))
        .to.be.revertedWithCustomError(authority, "AuthorityOutsideLimits")
        .withArgs(agent, target, run, Boundary.TeamImpact, maxImpact, 130);
      await target.spend(agent, data, 1); // a target decides on its own calls: this one wastes what was approved for it
      expect(await statusOf(operation)).to.equal(EscalationStatus.Executed);
    });
  });

  it("iAC-014: no code of the contract calls on anybody's behalf, or delegates", async () => {
    const code = getBytes(await stage.provider.getCode(stage.escalations));
    const metadata = (code.at(-2) ?? 0) * 256 + (code.at(-1) ?? 0) + 2;
    const found = new Set<number>();
    for (let position = 0; position < code.length - metadata; ++position) {
      const opcode = code[position] ?? 0;
      found.add(opcode);
      if (opcode >= 0x60 && opcode <= 0x7f) position += opcode - 0x5f; // the bytes that a PUSH carries
    }
    const opcodes = { CREATE: 0xf0, CALL: 0xf1, CALLCODE: 0xf2, DELEGATECALL: 0xf4, CREATE2: 0xf5, SELFDESTRUCT: 0xff };
    for (const [name, opcode] of Object.entries(opcodes)) expect(found.has(opcode), name).to.equal(false);
    expect(found.has(0xfa), "STATICCALL").to.equal(true);
  });

  it("without escalations, or with other ones, nothing that was approved here passes", async () => {
    const { authority, escalations, anchors, teams, constitution } = stage;
    await opened();
    await approve();
    const others = await stage.ethers.deployContract("Escalations", [authority, teams, anchors, constitution]);
    for (const named of [ZeroAddress, others]) {
      await authority.setEscalations(named);
      expect(await stage.passes()).to.equal(false);
    }
    await authority.setEscalations(escalations);
    expect(await stage.passes()).to.equal(true);
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
