/** Membership: granted, revoked, renounced; roles that are locked; what the getters say of each. */
import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";

import { deployManager, Role } from "../../../support/access-manager.ts";
import { Roles } from "../../../support/authority.ts";
import { expectJournalComplete } from "../../../support/journal.ts";

type Stage = Awaited<ReturnType<typeof deployManager>>;

describe("Authority as AccessManager: roles", () => {
  let stage: Stage;
  before(async () => {
    stage = await deployManager();
  });
  afterEach(async () => {
    await expectJournalComplete(stage.provider, stage.authority);
    await stage.restore();
  });

  describe("what is true of nothing yet", () => {
    it("an unknown role, account, target and operation", async () => {
      const { authority, stranger, ethers } = stage;
      const nowhere = ethers.Wallet.createRandom().address;
      expect(await authority.ADMIN_ROLE()).to.equal(Roles.ADMIN);
      expect(await authority.PUBLIC_ROLE()).to.equal(Roles.PUBLIC);
      expect(await authority.expiration()).to.equal(7 * 86_400);
      expect(await authority.minSetback()).to.equal(5 * 86_400);
      expect(await authority.getRoleAdmin(77)).to.equal(Roles.ADMIN);
      expect(await authority.getRoleGuardian(77)).to.equal(Roles.ADMIN);
      expect(await authority.getRoleGrantDelay(77)).to.equal(0);
      expect(await authority.getAccess(77, stranger)).to.deep.equal([0n, 0n, 0n, 0n]);
      expect(await authority.hasRole(77, stranger)).to.deep.equal([false, 0n]);
      expect(await authority.isTargetClosed(nowhere)).to.equal(false);
      expect(await authority.getTargetFunctionRole(nowhere, "0x12345678")).to.equal(Roles.ADMIN);
      expect(await authority.getTargetAdminDelay(nowhere)).to.equal(0);
      expect(await authority.getSchedule(ZeroHash)).to.equal(0);
      expect(await authority.getNonce(ZeroHash)).to.equal(0);
    });

    it("everybody has PUBLIC_ROLE, without delay, and no record of it", async () => {
      const { authority } = stage;
      for (const account of [stage.stranger.address, stage.admin.address, ZeroAddress, await authority.getAddress()]) {
        expect(await authority.hasRole(Roles.PUBLIC, account)).to.deep.equal([true, 0n]);
        expect(await authority.getAccess(Roles.PUBLIC, account)).to.deep.equal([0n, 0n, 0n, 0n]);
      }
    });
  });

  describe("locked roles", () => {
    const locked = (call: Promise<unknown>, role: bigint) =>
      expect(call).to.be.revertedWithCustomError(stage.authority, "AccessManagerLockedRole").withArgs(role);

    it("PUBLIC_ROLE is granted, revoked, renounced, delayed by nobody", async () => {
      const { authority, stranger } = stage;
      await locked(authority.grantRole(Roles.PUBLIC, stranger, 0), Roles.PUBLIC);
      await locked(authority.revokeRole(Roles.PUBLIC, stranger), Roles.PUBLIC);
      await locked(authority.connect(stranger).renounceRole(Roles.PUBLIC, stranger), Roles.PUBLIC);
      await locked(authority.setGrantDelay(Roles.PUBLIC, 1), Roles.PUBLIC);
    });

    for (const [name, role] of [
      ["ADMIN_ROLE", Roles.ADMIN],
      ["PUBLIC_ROLE", Roles.PUBLIC],
    ] as const) {
      it(`${name} has its label, its admin and its guardian for good`, async () => {
        const { authority } = stage;
        await locked(authority.labelRole(role, "name"), role);
        await locked(authority.setRoleAdmin(role, Role.Admin), role);
        await locked(authority.setRoleGuardian(role, Role.Guardian), role);
      });
    }

    it("ADMIN_ROLE may have a grant delay", async () => {
      await expect(stage.authority.setGrantDelay(Roles.ADMIN, 60)).to.emit(stage.authority, "RoleGrantDelayChanged");
    });
  });

  describe("revoking", () => {
    it("ends a membership at once and for whatever was scheduled by it", async () => {
      const { authority, delayed, probe, note } = stage;
      await authority.setTargetFunctionRole(probe, [note], Role.Some);
      const data = probe.interface.encodeFunctionData("note", [1]);
      await authority.connect(delayed).schedule(probe, data, 0);
      await stage.networkHelpers.time.increase(7200);
      await expect(authority.revokeRole(Role.Some, delayed))
        .to.emit(authority, "RoleRevoked")
        .withArgs(Role.Some, delayed);
      expect(await authority.hasRole(Role.Some, delayed)).to.deep.equal([false, 0n]);
      await expect(authority.connect(delayed).execute(probe, data))
        .to.be.revertedWithCustomError(authority, "AccessManagerUnauthorizedCall")
        .withArgs(delayed, probe, note);
      await expect(delayed.sendTransaction({ to: probe, data }))
        .to.be.revertedWithCustomError(probe, "AccessManagedUnauthorized")
        .withArgs(delayed);
    });

    it("somebody who has no membership changes nothing and says nothing", async () => {
      await expect(stage.authority.revokeRole(Role.Some, stage.stranger)).not.to.emit(stage.authority, "RoleRevoked");
      const renounced = stage.authority.connect(stage.stranger).renounceRole(Role.Some, stage.stranger);
      await expect(renounced).not.to.emit(stage.authority, "RoleRevoked");
    });
  });

  describe("renouncing", () => {
    it("needs one's own address, no role and no delay", async () => {
      const { authority, delayed, immediate, pending } = stage;
      await expect(authority.connect(delayed).renounceRole(Role.Some, immediate)).to.be.revertedWithCustomError(
        authority,
        "AccessManagerBadConfirmation",
      );
      for (const member of [delayed, immediate, pending]) {
        await expect(authority.connect(member).renounceRole(Role.Some, member))
          .to.emit(authority, "RoleRevoked")
          .withArgs(Role.Some, member);
        expect(await authority.getAccess(Role.Some, member)).to.deep.equal([0n, 0n, 0n, 0n]);
      }
    });

    it("the last admin may go, and then nobody is one", async () => {
      const { authority, admin } = stage;
      await authority.renounceRole(Roles.ADMIN, admin);
      await expect(authority.labelRole(5, "five"))
        .to.be.revertedWithCustomError(authority, "AccessManagerUnauthorizedAccount")
        .withArgs(admin, Roles.ADMIN);
    });
  });

  describe("the admin role of a role", () => {
    it("grants and revokes it; an admin of the manager who is none of it does not", async () => {
      const { authority, admin, stranger, newcomer } = stage;
      await authority.grantRole(Role.Admin, newcomer, 0);
      await authority.renounceRole(Role.Admin, admin);
      for (const call of [
        authority.grantRole(Role.Some, stranger, 0),
        authority.revokeRole(Role.Some, stage.delayed),
      ]) {
        await expect(call)
          .to.be.revertedWithCustomError(authority, "AccessManagerUnauthorizedAccount")
          .withArgs(admin, Role.Admin);
      }
      await authority.connect(newcomer).grantRole(Role.Some, stranger, 0);
      await authority.connect(newcomer).revokeRole(Role.Some, stranger);
      // It is the admin of no other role, and of no target.
      await expect(authority.connect(newcomer).grantRole(Role.Guardian, stranger, 0))
        .to.be.revertedWithCustomError(authority, "AccessManagerUnauthorizedAccount")
        .withArgs(newcomer, Roles.ADMIN);
    });

    it("is everybody where it is PUBLIC_ROLE", async () => {
      const { authority, stranger, newcomer } = stage;
      await authority.setRoleAdmin(60, Roles.PUBLIC);
      await authority.connect(stranger).grantRole(60, newcomer, 0);
      expect(await authority.hasRole(60, newcomer)).to.deep.equal([true, 0n]);
    });
  });
});
