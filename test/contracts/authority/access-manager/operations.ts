/** Scheduled operations: their id, time and nonce; who may schedule, execute and cancel them, and what changes meanwhile. */
import { expect } from "chai";
import { AbiCoder, keccak256, type Signer } from "ethers";

import {
  deployManager,
  executionDelaySeconds,
  expirationSeconds,
  Role,
  scheduleCall,
} from "../../../support/access-manager.ts";
import { expectJournalComplete } from "../../../support/journal.ts";

type Stage = Awaited<ReturnType<typeof deployManager>>;

describe("Authority as AccessManager: operations", () => {
  let stage: Stage;
  let data: string;
  let operation: string;
  before(async () => {
    stage = await deployManager();
    const { authority, probe, note, delayed } = stage;
    await authority.setTargetFunctionRole(probe, [note], Role.Some);
    data = probe.interface.encodeFunctionData("note", [1]);
    operation = await authority.hashOperation(delayed, probe, data);
    const snapshot = await stage.networkHelpers.takeSnapshot();
    stage.restore = () => snapshot.restore();
  });
  afterEach(async () => {
    await expectJournalComplete(stage.provider, stage.authority);
    await stage.restore();
  });

  const schedule = (by: Signer = stage.delayed, when = 0, what = data) =>
    stage.authority.connect(by).schedule(stage.probe, what, when);
  const execute = (by: Signer = stage.delayed) => stage.authority.connect(by).execute(stage.probe, data);

  it("an operation's id is the hash of caller, target and data, and of nothing else", async () => {
    const { authority, probe, delayed, immediate, target } = stage;
    const hash = (caller: unknown, to: unknown, call: string) =>
      keccak256(AbiCoder.defaultAbiCoder().encode(["address", "address", "bytes"], [caller, to, call]));
    for (const [caller, to, call] of [
      [delayed.address, probe.target, data],
      [immediate.address, probe.target, data],
      [delayed.address, target.target, data],
      [delayed.address, probe.target, `${data}00`],
      [delayed.address, probe.target, "0x"],
    ] as const) {
      expect(await authority.hashOperation(caller, to, call)).to.equal(hash(caller, to, call));
    }
  });

  describe("scheduling", () => {
    for (const [name, when, expected] of [
      ["without a time: at the earliest", 0, executionDelaySeconds],
      ["at the earliest time", executionDelaySeconds, executionDelaySeconds],
      ["a year later", 365 * 86_400, 365 * 86_400],
    ] as const) {
      it(name, async () => {
        const { authority, probe, delayed } = stage;
        const time = (await stage.now()) + 3;
        await stage.at(time);
        await expect(schedule(delayed, when === 0 ? 0 : time + when))
          .to.emit(authority, "OperationScheduled")
          .withArgs(operation, 1, time + expected, delayed, probe, data);
        expect(await authority.getSchedule(operation)).to.equal(time + expected);
        expect(await authority.getNonce(operation)).to.equal(1);
      });
    }

    for (const [name, when] of [
      ["a second before the earliest time", (time: number) => time + executionDelaySeconds - 1],
      ["now", (time: number) => time],
      ["in the past", () => 1],
    ] as const) {
      it(`${name}: refused`, async () => {
        const { authority, probe, delayed, note } = stage;
        const time = (await stage.now()) + 3;
        await stage.at(time);
        await expect(schedule(delayed, when(time)))
          .to.be.revertedWithCustomError(authority, "AccessManagerUnauthorizedCall")
          .withArgs(delayed, probe, note);
      });
    }

    it("twice: refused until it is canceled, executed or expired; the nonce counts on", async () => {
      const { authority, delayed } = stage;
      const refused = async () =>
        expect(schedule())
          .to.be.revertedWithCustomError(authority, "AccessManagerAlreadyScheduled")
          .withArgs(operation);
      const accepted = async (nonce: number) => {
        await schedule();
        expect(await authority.getNonce(operation)).to.equal(nonce);
        return Number(await authority.getSchedule(operation));
      };
      await accepted(1);
      await refused();
      await authority.connect(delayed).cancel(delayed, stage.probe, data);
      expect(await authority.getNonce(operation)).to.equal(1);
      const second = await accepted(2);
      await stage.at(second);
      await expect(execute()).to.emit(authority, "OperationExecuted").withArgs(operation, 2);
      expect(await authority.getNonce(operation)).to.equal(2);
      const third = await accepted(3);
      await stage.at(third + expirationSeconds - 1);
      await refused();
      await stage.at(third + expirationSeconds);
      await accepted(4);
    });

    it("an expired schedule reads as none", async () => {
      const { authority } = stage;
      await schedule();
      const ready = Number(await authority.getSchedule(operation));
      await stage.networkHelpers.time.increaseTo(ready + expirationSeconds - 1);
      expect(await authority.getSchedule(operation)).to.equal(ready);
      await stage.networkHelpers.mine();
      expect(await authority.getSchedule(operation)).to.equal(0);
      expect(await authority.getNonce(operation)).to.equal(1);
    });

    it("each caller and each data has a schedule of its own", async () => {
      const { authority, probe, delayed, pending } = stage;
      await stage.networkHelpers.time.increaseTo(stage.pendingFrom(Role.Some));
      await schedule();
      await schedule(pending);
      await schedule(delayed, 0, `${data}00`);
      for (const [by, call] of [
        [delayed, data],
        [pending, data],
        [delayed, `${data}00`],
      ] as const) {
        expect(await authority.getNonce(await authority.hashOperation(by, probe, call))).to.equal(1);
      }
      await stage.networkHelpers.time.increase(executionDelaySeconds);
      await execute(pending);
      expect(await authority.getSchedule(operation)).to.not.equal(0);
    });
  });

  describe("executing", () => {
    it("another one's scheduled operation: one's own permission and schedule count", async () => {
      const { authority, probe, note, stranger, immediate } = stage;
      const ready = await scheduleCall(stage, { caller: stage.delayed, target: probe, data });
      await stage.networkHelpers.time.increaseTo(ready);
      await expect(execute(stranger))
        .to.be.revertedWithCustomError(authority, "AccessManagerUnauthorizedCall")
        .withArgs(stranger, probe, note);
      await expect(execute(immediate)).not.to.emit(authority, "OperationExecuted");
      expect(await authority.getSchedule(operation)).to.equal(ready);
    });

    it("returns the nonce of what was scheduled, and 0 for what was not", async () => {
      const { authority, probe, delayed, immediate } = stage;
      expect(await authority.connect(immediate).execute.staticCall(probe, data)).to.equal(0);
      const ready = await scheduleCall(stage, { caller: delayed, target: probe, data });
      await stage.networkHelpers.time.increaseTo(ready);
      expect(await authority.connect(delayed).execute.staticCall(probe, data)).to.equal(1);
    });

    it("given the delay has gone since: the schedule is still used, and waited for", async () => {
      const { authority, probe, delayed } = stage;
      const far = (await stage.now()) + 20 * executionDelaySeconds;
      await schedule(delayed, far);
      await authority.grantRole(Role.Some, delayed, 0);
      await stage.networkHelpers.time.increase(executionDelaySeconds);
      expect(await authority.canCall(delayed, probe, stage.note)).to.deep.equal([true, 0n]);
      await expect(execute()).to.be.revertedWithCustomError(authority, "AccessManagerNotReady").withArgs(operation);
      // A direct call asks no schedule.
      await delayed.sendTransaction({ to: probe, data });
      await stage.at(far);
      await expect(execute()).to.emit(authority, "OperationExecuted").withArgs(operation, 1);
    });

    it("given the delay has gone and the schedule has expired: executed without it", async () => {
      const { authority, delayed } = stage;
      await schedule();
      await authority.grantRole(Role.Some, delayed, 0);
      await stage.networkHelpers.time.increase(executionDelaySeconds + expirationSeconds);
      await expect(execute()).not.to.emit(authority, "OperationExecuted");
    });

    it("given the delay has grown since: the time that was accepted stays", async () => {
      const { authority, delayed, probe } = stage;
      const ready = await scheduleCall(stage, { caller: delayed, target: probe, data });
      await authority.grantRole(Role.Some, delayed, 10 * executionDelaySeconds);
      await stage.at(ready);
      await expect(execute()).to.emit(authority, "OperationExecuted").withArgs(operation, 1);
    });

    it("given its target has been closed since: refused, and possible again once it is open", async () => {
      const { authority, delayed, probe, note } = stage;
      const ready = await scheduleCall(stage, { caller: delayed, target: probe, data });
      await authority.setTargetClosed(probe, true);
      await stage.at(ready);
      await expect(execute())
        .to.be.revertedWithCustomError(authority, "AccessManagerUnauthorizedCall")
        .withArgs(delayed, probe, note);
      await authority.setTargetClosed(probe, false);
      await expect(execute()).to.emit(authority, "OperationExecuted").withArgs(operation, 1);
    });

    it("given the call itself fails: the schedule stays", async () => {
      const { authority, probe, delayed } = stage;
      const fail = probe.interface.getFunction("fail").selector;
      await authority.setTargetFunctionRole(probe, [fail], Role.Some);
      const failing = probe.interface.encodeFunctionData("fail", [17]);
      const ready = await scheduleCall(stage, { caller: delayed, target: probe, data: failing });
      await stage.networkHelpers.time.increaseTo(ready);
      await expect(authority.connect(delayed).execute(probe, failing))
        .to.be.revertedWithCustomError(probe, "ManagedProbeFailed")
        .withArgs(17);
      expect(await authority.getSchedule(await authority.hashOperation(delayed, probe, failing))).to.equal(ready);
    });
  });
});
