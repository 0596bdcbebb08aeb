/** Where Authority differs from OpenZeppelin's AccessManager on purpose: each difference with what the original does. */
import { expect } from "chai";

import { deployAuthority, minAdminDelaySeconds, Roles } from "../../../support/authority.ts";
import { deployOpenZeppelinManager } from "../../../support/open-zeppelin-manager.ts";

type Stage = Awaited<ReturnType<typeof deployBoth>>;

async function deployBoth() {
  const stage = await deployAuthority();
  const { ethers, admin, authority, outsider } = stage;
  // The same functions, errors and events: one interface for both.
  const original = await ethers.getContractAt("Authority", await deployOpenZeppelinManager(outsider, admin.address));
  const ours = await ethers.deployContract("ManagedProbe", [authority]);
  const theirs = await ethers.deployContract("ManagedProbe", [original]);
  const note = ours.interface.getFunction("note").selector;
  const data = ours.interface.encodeFunctionData("note", [1]);
  return { ...stage, original, ours, theirs, note, data };
}

describe("Authority differs from AccessManager", () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await deployBoth();
  });

  describe("where a function is reached by grants (GRANT_ROLE)", () => {
    it("a member of that role could call it; Authority has no members of it", async () => {
      const { authority, original, theirs, note, agent } = stage;
      await original.grantRole(Roles.GRANT, agent, 0);
      await original.setTargetFunctionRole(theirs, [note], Roles.GRANT);
      await theirs.connect(agent).note(1);
      await expect(authority.grantRole(Roles.GRANT, agent, 0))
        .to.be.revertedWithCustomError(authority, "AuthorityRoleNotAssignable")
        .withArgs(Roles.GRANT);
    });

    it("a delayed permission could be scheduled and executed; Authority refuses both, whoever asks", async () => {
      const { authority, original, ours, theirs, note, data, agent, admin, outsider } = stage;
      await original.grantRole(Roles.GRANT, agent, 1);
      await original.setTargetFunctionRole(theirs, [note], Roles.GRANT);
      await original.connect(agent).schedule(theirs, data, 0);
      await stage.networkHelpers.time.increase(1);
      await original.connect(agent).execute(theirs, data);
      await authority.setTargetFunctionRole(ours, [note], Roles.GRANT);
      for (const by of [agent, admin, outsider]) {
        for (const call of [authority.connect(by).schedule(ours, data, 0), authority.connect(by).execute(ours, data)]) {
          await expect(call).to.be.revertedWithCustomError(authority, "AuthorityNotSchedulable").withArgs(ours, note);
        }
      }
    });

    it("a target consumes a schedule; Authority's consumes a use", async () => {
      const { authority, original, agent, ethers } = stage;
      const call = "0x12345678";
      const consumer = await ethers.deployContract("ConsumeProbe");
      await consumer.answer("0x8fb36037");
      for (const manager of [original, authority]) {
        await manager.setTargetFunctionRole(consumer, [call], Roles.GRANT);
      }
      await expect(consumer.consume(original, agent, call))
        .to.be.revertedWithCustomError(original, "AccessManagerNotScheduled")
        .withArgs(await original.hashOperation(agent, consumer, call));
      const missing = 5n; // Verdict.GrantMissing
      await expect(consumer.consume(authority, agent, call))
        .to.be.revertedWithCustomError(authority, "AuthorityGrantDenied")
        .withArgs(agent, consumer, call, missing);
      // Who does not say that it consumes is refused alike.
      await consumer.answer("0x00000000");
      for (const manager of [original, authority]) {
        await expect(consumer.consume(manager, agent, call))
          .to.be.revertedWithCustomError(manager, "AccessManagerUnauthorizedConsume")
          .withArgs(consumer);
      }
    });

    it("the manager's own functions could have that role; Authority's cannot", async () => {
      const { authority, original } = stage;
      const openTask = authority.interface.getFunction("openTask").selector;
      await original.setTargetFunctionRole(original, [openTask], Roles.GRANT);
      await expect(authority.setTargetFunctionRole(authority, [openTask], Roles.GRANT))
        .to.be.revertedWithCustomError(authority, "AuthorityActionNotGrantable")
        .withArgs(authority, openTask, Roles.GRANT);
    });
  });

  describe("where an admin acts", () => {
    it("any delay would do; Authority asks for the least one of everybody but the first", async () => {
      const { authority, original, agent, admin } = stage;
      for (const delay of [0, minAdminDelaySeconds - 1]) {
        await original.grantRole(Roles.ADMIN, agent, delay);
        await expect(authority.grantRole(Roles.ADMIN, agent, delay))
          .to.be.revertedWithCustomError(authority, "AuthorityAdminDelayTooShort")
          .withArgs(delay, minAdminDelaySeconds);
      }
      for (const manager of [original, authority]) {
        await manager.grantRole(Roles.ADMIN, agent, minAdminDelaySeconds);
        expect(await manager.hasRole(Roles.ADMIN, admin)).to.deep.equal([true, 0n]);
      }
    });

    it("a first admin could come back without delay; Authority's, once gone, comes back with it", async () => {
      const { authority, original, agent, admin } = stage;
      for (const manager of [original, authority]) {
        await manager.grantRole(Roles.ADMIN, agent, minAdminDelaySeconds);
        await manager.renounceRole(Roles.ADMIN, admin);
        const back = manager.interface.encodeFunctionData("grantRole", [Roles.ADMIN, admin.address, 0]);
        await manager.connect(agent).schedule(manager, back, 0);
        await stage.networkHelpers.time.increase(minAdminDelaySeconds);
        const made = manager.connect(agent).execute(manager, back);
        await (manager === original
          ? expect(made).to.emit(original, "RoleGranted")
          : expect(made).to.be.revertedWithCustomError(authority, "AuthorityAdminDelayTooShort"));
      }
    });
  });

  it("a target could have any number of configured functions; Authority's has at most 64", async () => {
    const { authority, original, ours, theirs } = stage;
    const selectors = Array.from({ length: 65 }, (_, i) => `0x${(i + 1).toString(16).padStart(8, "0")}`);
    await original.setTargetFunctionRole(theirs, selectors, 5);
    await expect(authority.setTargetFunctionRole(ours, selectors, 5))
      .to.be.revertedWithCustomError(authority, "AuthorityTooManyActions")
      .withArgs(ours, 64);
    await authority.setTargetFunctionRole(ours, selectors.slice(1), 5);
  });

  it("data without a selector would be refused without a reason; Authority says which", async () => {
    const { authority, original, ours, theirs, admin, ethers } = stage;
    for (const data of ["0x", "0x112233"]) {
      await expect(original.connect(admin).schedule(theirs, data, 0)).to.be.revertedWithoutReason(ethers);
      await expect(original.connect(admin).execute(theirs, data)).to.be.revertedWithoutReason(ethers);
      for (const call of [authority.schedule(ours, data, 0), authority.execute(ours, data)]) {
        await expect(call)
          .to.be.revertedWithCustomError(authority, "AuthorityDataTooShort")
          .withArgs((data.length - 2) / 2, 4);
      }
      for (const [manager, probe] of [
        [original, theirs],
        [authority, ours],
      ] as const) {
        await expect(manager.connect(admin).cancel(admin, probe, data)).to.be.revertedWithoutReason(ethers);
      }
    }
  });
});
