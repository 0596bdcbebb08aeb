import { expect } from "chai";
import { id, keccak256 } from "ethers";

import { day, deployAuthority, minAdminDelaySeconds, Roles } from "../../support/authority.ts";
import { expectJournalComplete } from "../../support/journal.ts";
import { newAuthority } from "../../support/new-authority.ts";

describe("Authority: roles, governance and registry", () => {
  let stage: Awaited<ReturnType<typeof deployAuthority>>;
  beforeEach(async () => {
    stage = await deployAuthority();
  });
  // iJO-001: whatever a test did, the head is the fold of all logs.
  afterEach(() => expectJournalComplete(stage.provider, stage.authority));

  const latest = () => stage.networkHelpers.time.latest();

  describe("the admin", () => {
    it("iAU-006: is granted with the least delay or a longer one, never a shorter one", async () => {
      const { authority, agent, outsider } = stage;
      expect(await authority.minAdminDelay()).to.equal(minAdminDelaySeconds);
      await expect(authority.grantRole(Roles.ADMIN, agent, minAdminDelaySeconds - 1))
        .to.be.revertedWithCustomError(authority, "AuthorityAdminDelayTooShort")
        .withArgs(minAdminDelaySeconds - 1, minAdminDelaySeconds);
      await authority.grantRole(Roles.ADMIN, agent, minAdminDelaySeconds);
      await authority.grantRole(Roles.ADMIN, outsider, minAdminDelaySeconds + 1);
      // Nor is the delay of a member shortened below it.
      await expect(authority.grantRole(Roles.ADMIN, agent, 0))
        .to.be.revertedWithCustomError(authority, "AuthorityAdminDelayTooShort")
        .withArgs(0, minAdminDelaySeconds);
    });

    it("iAU-006: the least delay is at least a minute", async () => {
      const { authority, admin, ethers } = stage;
      await expect(newAuthority(ethers, admin, 59))
        .to.be.revertedWithCustomError(authority, "AuthorityAdminDelayTooShort")
        .withArgs(59, 60);
      const shortest = await newAuthority(ethers, admin, 60);
      expect(await shortest.minAdminDelay()).to.equal(60);
      await expectJournalComplete(stage.provider, shortest);
    });

    it("the first one must be somebody", async () => {
      const { authority, ethers } = stage;
      const nobody = "0x0000000000000000000000000000000000000000";
      await expect(newAuthority(ethers, nobody, 60))
        .to.be.revertedWithCustomError(authority, "AccessManagerInvalidInitialAdmin")
        .withArgs(nobody);
    });
  });

  it("iAU-007: nobody can hold GRANT_ROLE, and a role of everybody is no granter role", async () => {
    const { authority, target, guarded, agent } = stage;
    await expect(authority.grantRole(Roles.GRANT, agent, 0))
      .to.be.revertedWithCustomError(authority, "AuthorityRoleNotAssignable")
      .withArgs(Roles.GRANT);
    await expect(authority.grantRole(Roles.PUBLIC, agent, 0))
      .to.be.revertedWithCustomError(authority, "AccessManagerLockedRole")
      .withArgs(Roles.PUBLIC);
    for (const role of [Roles.GRANT, Roles.PUBLIC]) {
      await expect(authority.setActionGranter(target, guarded, role))
        .to.be.revertedWithCustomError(authority, "AuthorityRoleNotAssignable")
        .withArgs(role);
    }
    await authority.setActionGranter(target, guarded, Roles.GRANT - 1n);
  });

  it("a granter role is set by the admin alone and told with its cause", async () => {
    const { authority, target, guarded, admin, outsider } = stage;
    await expect(authority.connect(outsider).setActionGranter(target, guarded, 7))
      .to.be.revertedWithCustomError(authority, "AccessManagerUnauthorizedAccount")
      .withArgs(outsider, Roles.ADMIN);
    const data = authority.interface.encodeFunctionData("setActionGranter", [target.target, guarded, 7]);
    await expect(authority.setActionGranter(target, guarded, 7))
      .to.emit(authority, "ActionGranterSet")
      .withArgs(target, guarded, 7, await authority.hashOperation(admin, authority, data), admin);
    expect(await authority.actionGranter(target, guarded)).to.equal(7);
  });

  describe("iJO-004: every event of OpenZeppelin's AccessManager is in the journal", () => {
    it("labels, admins, guardians", async () => {
      const { authority } = stage;
      await authority.labelRole(8, "granters — ein Büro mit langem Namen, mehr als ein Wort");
      await expectJournalComplete(stage.provider, authority);
      await authority.setRoleAdmin(8, 12);
      await expectJournalComplete(stage.provider, authority);
      await authority.setRoleGuardian(8, 13);
    });

    it("grants and revocations: new members, repeated, with longer and shorter delay, of nobody", async () => {
      const { authority, agent } = stage;
      const check = () => expectJournalComplete(stage.provider, authority);
      await authority.grantRole(5, agent, 100);
      await check();
      await authority.grantRole(5, agent, 100);
      await check();
      await authority.grantRole(5, agent, 500);
      await check();
      await expect(authority.grantRole(5, agent, 200))
        .to.emit(authority, "RoleGranted")
        .withArgs(5, agent, 200, (await latest()) + 1 + 300, false);
      await check();
      await authority.grantRole(5, agent, 300);
      await check();
      await stage.networkHelpers.time.increase(1000);
      await authority.grantRole(5, agent, 10);
      await check();
      await authority.revokeRole(5, agent);
      await check();
      await authority.revokeRole(5, agent);
      await check();
      await authority.grantRole(5, agent, 0);
      await authority.connect(agent).renounceRole(5, agent);
      await check();
      await expect(authority.connect(agent).renounceRole(5, stage.outsider)).to.be.revertedWithCustomError(
        authority,
        "AccessManagerBadConfirmation",
      );
    });

    it("grant delays and the grants they postpone", async () => {
      const { authority, agent } = stage;
      const check = () => expectJournalComplete(stage.provider, authority);
      for (const delay of [100, 10 * day, 50, 9 * day]) {
        await authority.setGrantDelay(5, delay);
        await check();
        await stage.networkHelpers.time.increase(11 * day);
      }
      await authority.setGrantDelay(5, 0);
      await check();
      await expect(authority.grantRole(5, agent, 7))
        .to.emit(authority, "RoleGranted")
        .withArgs(5, agent, 7, (await latest()) + 1 + 9 * day, true);
      await check();
    });

    it("target roles, admin delays, closing and opening", async () => {
      const { authority, target, guarded } = stage;
      const check = () => expectJournalComplete(stage.provider, authority);
      await authority.setTargetFunctionRole(target, [guarded, "0x11223344", "0xffffffff"], 5);
      await check();
      for (const delay of [60, 20 * day, 30, 0]) {
        await authority.setTargetAdminDelay(target, delay);
        await check();
        await stage.networkHelpers.time.increase(delay === 30 ? 1 : 21 * day);
      }
      await authority.setTargetClosed(target, true);
      await check();
      await authority.setTargetClosed(target, false);
    });
  });

  describe("closing a target", () => {
    it("stops roles and grants of every function, configured before or while closed", async () => {
      const { authority, target, guarded, outsider, admin } = stage;
      const also = target.interface.getFunction("alsoGuarded").selector;
      await authority.setTargetFunctionRole(target, [guarded], Roles.PUBLIC);
      await authority.setTargetClosed(target, true);
      await authority.setTargetFunctionRole(target, [also], Roles.PUBLIC);
      for (const name of ["guarded", "alsoGuarded"] as const) {
        await expect(target.connect(outsider)[name](1))
          .to.be.revertedWithCustomError(target, "AccessManagedUnauthorized")
          .withArgs(outsider);
      }
      await authority.setTargetFunctionRole(target, [also], Roles.ADMIN);
      await expect(target.connect(admin).alsoGuarded(1)).to.be.revertedWithCustomError(
        target,
        "AccessManagedUnauthorized",
      );
      await authority.setTargetClosed(target, false);
      await target.connect(outsider).guarded(1);
      await target.connect(admin).alsoGuarded(1);
    });

    it("walks at most 64 functions, and no target has more", async () => {
      const { authority, target } = stage;
      const selectors = Array.from({ length: 63 }, (_, i) => `0x${(i + 1).toString(16).padStart(8, "0")}`);
      await authority.setTargetFunctionRole(target, selectors, 5);
      await expect(authority.setTargetFunctionRole(target, ["0x0000ffff"], 5))
        .to.be.revertedWithCustomError(authority, "AuthorityTooManyActions")
        .withArgs(target, 64);
      await authority.setTargetFunctionRole(target, selectors, 6);
      const receipt = await (await authority.setTargetClosed(target, true)).wait();
      expect(Number(receipt?.gasUsed)).to.be.below(600_000);
    });
  });

  it("a target can be moved to another authority by updateAuthority alone", async () => {
    const { authority, target, admin, ethers } = stage;
    const setAuthority = target.interface.getFunction("setAuthority").selector;
    await expect(authority.setTargetFunctionRole(target, [setAuthority], Roles.GRANT))
      .to.be.revertedWithCustomError(authority, "AccessManagerLockedFunction")
      .withArgs(setAuthority);
    await expect(target.setAuthority(admin)).to.be.revertedWithCustomError(target, "AccessManagedUnauthorized");
    const next = await newAuthority(ethers, admin, 60);
    await authority.updateAuthority(target, next);
    expect(await target.authority()).to.equal(next.target);
  });

  it("a contract is registered once, with the hash of its code; an account without code is none", async () => {
    const { authority, target, admin, outsider } = stage;
    const kind = id("ManagedMock");
    const data = authority.interface.encodeFunctionData("registerContract", [target.target, kind]);
    await expect(authority.registerContract(target, kind))
      .to.emit(authority, "ContractRegistered")
      .withArgs(
        target,
        kind,
        keccak256(await stage.provider.getCode(target)),
        await authority.hashOperation(admin, authority, data),
        admin,
      );
    expect(await authority.isRegistered(target)).to.equal(true);
    await expect(authority.registerContract(target, id("Other")))
      .to.be.revertedWithCustomError(authority, "AuthorityAlreadyRegistered")
      .withArgs(target);
    await expect(authority.registerContract(outsider, kind))
      .to.be.revertedWithCustomError(authority, "AuthorityNotContract")
      .withArgs(outsider);
    await expect(authority.connect(outsider).registerContract(authority, kind))
      .to.be.revertedWithCustomError(authority, "AccessManagerUnauthorizedAccount")
      .withArgs(outsider, Roles.ADMIN);
  });
});
