/** What an execution carries: value, sender, failure; executions inside executions; several calls at once; calls of itself. */
import { expect } from "chai";

import { deployManager, executionDelaySeconds, Role, scheduleCall } from "../../../support/access-manager.ts";
import { Roles } from "../../../support/authority.ts";
import { expectJournalComplete } from "../../../support/journal.ts";

type Stage = Awaited<ReturnType<typeof deployManager>>;

describe("Authority as AccessManager: executions", () => {
  let stage: Stage;
  let data: string;
  before(async () => {
    stage = await deployManager();
    const { authority, probe, note } = stage;
    await authority.setTargetFunctionRole(probe, [note, selectorOf("reenter"), selectorOf("fail")], Role.Some);
    data = probe.interface.encodeFunctionData("note", [1]);
    const snapshot = await stage.networkHelpers.takeSnapshot();
    stage.restore = () => snapshot.restore();
  });
  afterEach(async () => {
    await expectJournalComplete(stage.provider, stage.authority);
    await stage.restore();
  });

  const selectorOf = (name: "note" | "reenter" | "fail") => stage.probe.interface.getFunction(name).selector;

  describe("value", () => {
    it("goes through to the target, and the authority keeps none", async () => {
      const { authority, probe, immediate, provider } = stage;
      await authority.connect(immediate).execute(probe, data, { value: 7n });
      expect(await probe.lastValue()).to.equal(7);
      expect(await probe.lastCaller()).to.equal(authority.target);
      expect(await provider.getBalance(probe)).to.equal(7);
      expect(await provider.getBalance(authority)).to.equal(0);
    });

    it("of a scheduled call is what its execution brings: it is no part of the operation", async () => {
      const { authority, probe, delayed } = stage;
      const ready = await scheduleCall(stage, { caller: delayed, target: probe, data });
      await stage.at(ready);
      await authority.connect(delayed).execute(probe, data, { value: 3n });
      expect(await probe.lastValue()).to.equal(3);
    });

    it("for a function that takes none: the whole execution fails", async () => {
      const { authority, probe, immediate } = stage;
      const call = probe.interface.encodeFunctionData("reenter", [1]);
      await expect(authority.connect(immediate).execute(probe, call, { value: 1n })).to.be.revertedWithCustomError(
        authority,
        "FailedCall",
      );
    });

    it("is refused without an execution", async () => {
      const { authority, immediate, ethers } = stage;
      for (const sent of ["0x", "0x12345678", authority.interface.encodeFunctionData("multicall", [[]])]) {
        await expect(immediate.sendTransaction({ to: authority, value: 1n, data: sent })).to.be.revert(ethers);
      }
    });
  });

  it("a target's failure is the execution's", async () => {
    const { authority, probe, immediate } = stage;
    await expect(authority.connect(immediate).execute(probe, probe.interface.encodeFunctionData("fail", [9])))
      .to.be.revertedWithCustomError(probe, "ManagedProbeFailed")
      .withArgs(9);
  });

  it("an account without code cannot be executed on", async () => {
    const { authority, newcomer, immediate } = stage;
    await authority.setTargetFunctionRole(newcomer, ["0x12345678"], Role.Some);
    await expect(authority.connect(immediate).execute(newcomer, "0x12345678"))
      .to.be.revertedWithCustomError(authority, "AddressEmptyCode")
      .withArgs(newcomer);
  });

  it("an unmanaged function can be executed by whoever its role allows, and comes from the authority", async () => {
    const { authority, probe, stranger, immediate } = stage;
    const unguarded = probe.interface.getFunction("noteUnguarded").selector;
    const call = probe.interface.encodeFunctionData("noteUnguarded", [1]);
    await expect(authority.connect(stranger).execute(probe, call))
      .to.be.revertedWithCustomError(authority, "AccessManagerUnauthorizedCall")
      .withArgs(stranger, probe, unguarded);
    await authority.setTargetFunctionRole(probe, [unguarded], Role.Some);
    await authority.connect(immediate).execute(probe, call);
    expect(await probe.lastCaller()).to.equal(authority.target);
  });

  describe("reentry", () => {
    it("an execution that calls back executes once more only by the target's own permission", async () => {
      const { authority, probe, immediate, note } = stage;
      const reenter = probe.interface.encodeFunctionData("reenter", [1]);
      const again = authority.interface.encodeFunctionData("execute", [probe.target, data]);
      await probe.program(authority, again);
      await expect(authority.connect(immediate).execute(probe, reenter))
        .to.be.revertedWithCustomError(authority, "AccessManagerUnauthorizedCall")
        .withArgs(probe, probe, note);
      // With a permission of its own it is an execution like any other, and the outer one goes on undisturbed.
      await authority.grantRole(60, probe, 0);
      await authority.setTargetFunctionRole(probe, [note], 60);
      await authority.connect(immediate).execute(probe, reenter);
      expect(await probe.notes()).to.equal(2);
    });

    it("a scheduled operation is spent before it runs: called back, it is not found", async () => {
      const { authority, probe, delayed } = stage;
      const reenter = probe.interface.encodeFunctionData("reenter", [1]);
      const ready = await scheduleCall(stage, { caller: delayed, target: probe, data: reenter });
      // The member is the probe itself, whose operation has the same selector and target.
      await authority.grantRole(60, probe, executionDelaySeconds);
      await probe.program(authority, authority.interface.encodeFunctionData("execute", [probe.target, reenter]));
      await stage.networkHelpers.time.increaseTo(ready);
      await expect(authority.connect(delayed).execute(probe, reenter))
        .to.be.revertedWithCustomError(authority, "AccessManagerUnauthorizedCall")
        .withArgs(probe, probe, selectorOf("reenter"));
      await authority.grantRole(Role.Some, probe, executionDelaySeconds);
      await stage.networkHelpers.time.increase(86_400);
      await expect(authority.connect(delayed).execute(probe, reenter))
        .to.be.revertedWithCustomError(authority, "AccessManagerNotScheduled")
        .withArgs(await authority.hashOperation(probe, probe, reenter));
    });

    it("while an execution runs, no other function is open to the authority, and none after it", async () => {
      const { authority, probe, immediate, note } = stage;
      expect(await authority.canCall(authority, probe, note)).to.deep.equal([false, 0n]);
      const inside = authority.interface.encodeFunctionData("labelRole", [Role.Some, "by the target"]);
      await probe.program(authority, inside);
      await expect(authority.connect(immediate).execute(probe, probe.interface.encodeFunctionData("reenter", [1])))
        .to.be.revertedWithCustomError(authority, "AccessManagerUnauthorizedAccount")
        .withArgs(probe, Roles.ADMIN);
      await authority.connect(immediate).execute(probe, data);
      expect(await authority.canCall(authority, probe, note)).to.deep.equal([false, 0n]);
    });
  });

  describe("itself", () => {
    const label = () => stage.authority.interface.encodeFunctionData("labelRole", [Role.Some, "some"]);

    it("what an admin executes on the authority is done by the authority", async () => {
      const { authority } = stage;
      await expect(authority.execute(authority, label())).to.emit(authority, "RoleLabel").withArgs(Role.Some, "some");
    });

    it("an execution of an execution needs the authority to be allowed twice: it is not", async () => {
      const { authority, probe, note } = stage;
      await authority.setTargetFunctionRole(probe, [note], Roles.ADMIN);
      const inner = authority.interface.encodeFunctionData("execute", [probe.target, data]);
      await expect(authority.execute(authority, inner))
        .to.be.revertedWithCustomError(authority, "AccessManagerUnauthorizedCall")
        .withArgs(authority, probe, note);
    });

    it("a multicall inside an execution has the permission for multicall, and for nothing inside it", async () => {
      const { authority } = stage;
      const inner = authority.interface.encodeFunctionData("multicall", [[label()]]);
      await expect(authority.execute(authority, inner))
        .to.be.revertedWithCustomError(authority, "AccessManagerUnauthorizedAccount")
        .withArgs(authority, Roles.ADMIN);
    });

    it("nobody is given the authority's functions by a role of another function", async () => {
      const { authority, immediate } = stage;
      const execute = authority.interface.getFunction("execute").selector;
      await authority.setTargetFunctionRole(authority, [execute], Roles.PUBLIC);
      await expect(authority.connect(immediate).execute(authority, label()))
        .to.be.revertedWithCustomError(authority, "AccessManagerUnauthorizedCall")
        .withArgs(immediate, authority, label().slice(0, 10));
    });
  });

  describe("multicall", () => {
    it("does several things at once by its sender's own permissions, or nothing", async () => {
      const { authority, probe, note, admin, delayed, stranger } = stage;
      const encode = authority.interface.encodeFunctionData.bind(authority.interface);
      await expect(
        authority.multicall([encode("labelRole", [5, "five"]), encode("setTargetClosed", [probe.target, true])]),
      )
        .to.emit(authority, "RoleLabel")
        .withArgs(5, "five")
        .and.to.emit(authority, "TargetClosed")
        .withArgs(probe, true);
      await authority.setTargetClosed(probe, false);
      await expect(authority.connect(stranger).multicall([encode("labelRole", [5, "five"])]))
        .to.be.revertedWithCustomError(authority, "AccessManagerUnauthorizedAccount")
        .withArgs(stranger, Roles.ADMIN);
      await expect(authority.multicall([encode("labelRole", [5, "five"]), encode("labelRole", [Roles.ADMIN, "admin"])]))
        .to.be.revertedWithCustomError(authority, "AccessManagerLockedRole")
        .withArgs(Roles.ADMIN);
      expect(await authority.hasRole(Roles.ADMIN, admin)).to.deep.equal([true, 0n]);
      // Scheduling and executing by one transaction each.
      const second = probe.interface.encodeFunctionData("note", [2]);
      await authority
        .connect(delayed)
        .multicall([encode("schedule", [probe.target, data, 0]), encode("schedule", [probe.target, second, 0])]);
      await stage.networkHelpers.time.increase(executionDelaySeconds);
      await authority
        .connect(delayed)
        .multicall([encode("execute", [probe.target, data]), encode("execute", [probe.target, second])]);
      expect(await probe.notes()).to.equal(3);
      expect(await authority.canCall(authority, probe, note)).to.deep.equal([false, 0n]);
    });

    it("one schedule is not spent twice by it", async () => {
      const { authority, probe, delayed } = stage;
      const execute = authority.interface.encodeFunctionData("execute", [probe.target, data]);
      const ready = await scheduleCall(stage, { caller: delayed, target: probe, data });
      await stage.networkHelpers.time.increaseTo(ready);
      await expect(authority.connect(delayed).multicall([execute, execute]))
        .to.be.revertedWithCustomError(authority, "AccessManagerNotScheduled")
        .withArgs(await authority.hashOperation(delayed, probe, data));
      expect(await probe.notes()).to.equal(0);
    });

    it("no restricted function is called in it with arguments that were not asked for", async () => {
      const { authority, immediate, newcomer } = stage;
      await authority.grantRole(Role.Admin, immediate, 0);
      const encode = (role: bigint) => authority.interface.encodeFunctionData("grantRole", [role, newcomer.address, 0]);
      await expect(authority.connect(immediate).multicall([encode(Role.Some), encode(Role.Guardian)]))
        .to.be.revertedWithCustomError(authority, "AccessManagerUnauthorizedAccount")
        .withArgs(immediate, Roles.ADMIN);
      await authority.connect(immediate).multicall([encode(Role.Some)]);
    });
  });
});
