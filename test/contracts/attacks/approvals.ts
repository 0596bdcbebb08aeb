/** Approvals of single calls, bent: to another team, another caller, another instance of the same question. */
import { expect } from "chai";
import { id } from "ethers";

import { Boundary } from "../../support/escalations.ts";
import { dailyImpact, deployOrganization, office } from "../../support/organization.ts";

describe("Attacks on approvals", () => {
  let stage: Awaited<ReturnType<typeof deployOrganization>>;
  let data: string;
  const amount = dailyImpact + 1;
  beforeEach(async () => {
    stage = await deployOrganization();
    data = stage.target.interface.encodeFunctionData("guarded", [amount]);
  });

  const open = (by = stage.agent) =>
    stage.escalations.connect(by).open(stage.target, data, id("recommendation"), id("context"));
  const operationOf = (caller = stage.agent) => stage.authority.hashOperation(caller, stage.target, data);

  it("an approval up one team's path lets nothing pass in another team's name", async () => {
    const { authority, escalations, target, agent, first, second, root } = stage;
    const ours = await stage.openTask(office.first, first);
    await stage.give(ours);
    await open();
    await escalations.connect(root).approve(await operationOf(), 0, id("reason"));
    // The task ends, and the same agent gets the same permission for a task of another team.
    await authority.connect(first).completeTask(ours.task);
    await stage.give(await stage.openTask(office.second, second));
    await expect(target.connect(agent).guarded(amount))
      .to.be.revertedWithCustomError(authority, "AuthorityOutsideLimits")
      .withArgs(agent, target, stage.guarded, Boundary.TeamImpact, dailyImpact, amount);
    const { answer } = await (await stage.ethers.deployContract("AuthorityLens")).why(authority, agent, target, data);
    expect(answer, "denied").to.equal(2);
    // It is taken back, and asked for again where it is needed.
    await escalations.connect(agent).withdraw(target, data);
    await open();
    await escalations.connect(root).approve(await operationOf(), 0, id("reason"));
    await target.connect(agent).guarded(amount);
  });

  it("an approval passes one call, made by its own caller with its own arguments, and no second one", async () => {
    const { authority, escalations, target, agent, colleague, first, root } = stage;
    const task = await stage.openTask(office.first, first);
    await stage.give(task);
    await stage.give(task, { grantee: colleague.address });
    await open();
    await escalations.connect(root).approve(await operationOf(), 0, id("reason"));
    const refused = (call: Promise<unknown>) =>
      expect(call).to.be.revertedWithCustomError(authority, "AuthorityOutsideLimits");
    await refused(target.connect(colleague).guarded(amount));
    await refused(target.connect(agent).guarded(amount + 1));
    await refused(agent.sendTransaction({ to: target, data: `${data}00` }));
    await target.connect(agent).guarded(amount);
    await refused(target.connect(agent).guarded(amount));
  });
});
