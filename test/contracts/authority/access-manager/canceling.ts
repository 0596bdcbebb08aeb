/** Taking back what was scheduled: who may, in which state, and what they cannot take back. */
import { expect } from "chai";
import type { Signer } from "ethers";

import {
  deployManager,
  executionDelaySeconds,
  expirationSeconds,
  Role,
  scheduleCall,
  setbackSeconds,
} from "../../../support/access-manager.ts";
import { minAdminDelaySeconds, Roles } from "../../../support/authority.ts";
import { expectJournalComplete } from "../../../support/journal.ts";

type Stage = Awaited<ReturnType<typeof deployManager>>;

describe("Authority as AccessManager: canceling", () => {
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

  const schedule = () => stage.authority.connect(stage.delayed).schedule(stage.probe, data, 0);
  const execute = () => stage.authority.connect(stage.delayed).execute(stage.probe, data);

  const cancel = (by: Signer) => stage.authority.connect(by).cancel(stage.delayed, stage.probe, data);

  for (const [name, who, may] of [
    ["who scheduled it", () => stage.delayed, true],
    ["the role's guardian", () => stage.guardian, true],
    ["an admin", () => stage.admin, true],
    ["a member of the role", () => stage.immediate, false],
    ["a stranger", () => stage.stranger, false],
  ] as const) {
    for (const [state, wait] of [
      ["waiting", 0],
      ["ready", executionDelaySeconds],
      ["expired", executionDelaySeconds + expirationSeconds],
    ] as const) {
      it(`${state}, by ${name}: ${may ? "canceled" : "refused"}`, async () => {
        const { authority, probe, note, delayed } = stage;
        await schedule();
        await stage.networkHelpers.time.increase(wait + 1);
        if (!may) {
          await expect(cancel(who()))
            .to.be.revertedWithCustomError(authority, "AccessManagerUnauthorizedCancel")
            .withArgs(who(), delayed, probe, note);
          return;
        }
        await expect(cancel(who())).to.emit(authority, "OperationCanceled").withArgs(operation, 1);
        expect(await authority.getSchedule(operation)).to.equal(0);
        expect(await authority.getNonce(operation)).to.equal(1);
        await expect(cancel(who()))
          .to.be.revertedWithCustomError(authority, "AccessManagerNotScheduled")
          .withArgs(operation);
      });
    }
  }

  it("what was never scheduled, or was executed: there is nothing to cancel", async () => {
    const { authority, probe, delayed } = stage;
    const nothing = () =>
      expect(cancel(delayed)).to.be.revertedWithCustomError(authority, "AccessManagerNotScheduled").withArgs(operation);
    await nothing();
    await stage.at(await scheduleCall(stage, { caller: delayed, target: probe, data }));
    await execute();
    await nothing();
  });

  it("an admin whose deeds have a delay cancels at once; a guardian to be does not yet", async () => {
    const { authority, delayed, probe, note, otherAnchor, newcomer } = stage;
    await authority.grantRole(Roles.ADMIN, otherAnchor, minAdminDelaySeconds);
    await authority.setGrantDelay(Role.Guardian, 86_400);
    await stage.networkHelpers.time.increase(setbackSeconds);
    await authority.grantRole(Role.Guardian, newcomer, 0);
    await schedule();
    await expect(cancel(newcomer))
      .to.be.revertedWithCustomError(authority, "AccessManagerUnauthorizedCancel")
      .withArgs(newcomer, delayed, probe, note);
    await expect(cancel(otherAnchor)).to.emit(authority, "OperationCanceled").withArgs(operation, 1);
    await schedule();
    await stage.networkHelpers.time.increase(86_400);
    await expect(cancel(newcomer)).to.emit(authority, "OperationCanceled").withArgs(operation, 2);
  });

  it("who lost the role since can still take back what it scheduled", async () => {
    await schedule();
    await stage.authority.revokeRole(Role.Some, stage.delayed);
    await expect(cancel(stage.delayed)).to.emit(stage.authority, "OperationCanceled").withArgs(operation, 1);
  });

  it("the guardian of the role that the function has now, not of the one it had", async () => {
    const { authority, probe, note, guardian, delayed } = stage;
    await schedule();
    await authority.setTargetFunctionRole(probe, [note], 60);
    await expect(cancel(guardian))
      .to.be.revertedWithCustomError(authority, "AccessManagerUnauthorizedCancel")
      .withArgs(guardian, delayed, probe, note);
  });

  it("a grant of a role that waits: by the role's admins too; a deed of governance: by nobody but admins", async () => {
    const { authority, newcomer, stranger, delayed, guardian } = stage;
    await authority.grantRole(Role.Admin, delayed, executionDelaySeconds);
    await authority.grantRole(Role.Admin, newcomer, executionDelaySeconds);
    const grant = authority.interface.encodeFunctionData("grantRole", [Role.Some, stranger.address, 0]);
    await authority.connect(delayed).schedule(authority, grant, 0);
    for (const by of [stranger, guardian]) {
      await expect(authority.connect(by).cancel(delayed, authority, grant))
        .to.be.revertedWithCustomError(authority, "AccessManagerUnauthorizedCancel")
        .withArgs(by, delayed, authority, grant.slice(0, 10));
    }
    await expect(authority.connect(newcomer).cancel(delayed, authority, grant)).to.emit(authority, "OperationCanceled");
    await authority.grantRole(Roles.ADMIN, delayed, minAdminDelaySeconds);
    const label = authority.interface.encodeFunctionData("labelRole", [Role.Some, "some"]);
    await authority.connect(delayed).schedule(authority, label, 0);
    await expect(authority.connect(newcomer).cancel(delayed, authority, label)).to.be.revertedWithCustomError(
      authority,
      "AccessManagerUnauthorizedCancel",
    );
  });
});
