/** A named list of actions that is granted as one. */
import { expect } from "chai";
import { AbiCoder, id, keccak256, ZeroHash } from "ethers";

import { day, deployAuthority, Roles, Verdict } from "../../support/authority.ts";
import { expectJournalComplete } from "../../support/journal.ts";
import { harmless } from "../../support/new-authority.ts";

const capability = id("capability");
const hashOf = (actions: readonly { target: string; selector: string }[]) =>
  keccak256(
    AbiCoder.defaultAbiCoder().encode(
      ["tuple(address,bytes4)[]"],
      [actions.map(({ target, selector }) => [target, selector])],
    ),
  );

describe("Authority: capabilities", () => {
  let stage: Awaited<ReturnType<typeof deployAuthority>>;
  let task: { task: bigint; deadline: number };
  let actions: { target: string; selector: string }[];
  beforeEach(async () => {
    stage = await deployAuthority();
    const { authority, target } = stage;
    task = await stage.openTask(day);
    const also = target.interface.getFunction("alsoGuarded").selector;
    const address = await target.getAddress();
    actions = [stage.guarded, also].map((selector) => ({ target: address, selector }));
    await authority.setTargetFunctionRole(target, [also], Roles.GRANT);
    await authority.setActionGranter(target, also, Roles.GRANTER);
    await authority.setActionFacts(target, also, harmless);
    await authority.setCapability(capability, hashOf(actions));
  });
  // iJO-001: whatever a test did, the head is the fold of all logs.
  afterEach(() => expectJournalComplete(stage.provider, stage.authority));

  const terms = (changes: object = {}) => ({
    task: task.task,
    grantee: stage.agent.address,
    notBefore: 0,
    notAfter: task.deadline,
    uses: 2,
    cap: 7,
    ...changes,
  });
  const give = (listed = actions, by = stage.granter) =>
    stage.authority.connect(by).grantCapability(capability, listed, terms());

  it("given the list that the catalog wrote, each action is granted on the same terms, and it is said that they are one", async () => {
    const { authority, agent, target, granter, anchor } = stage;
    const given = give();
    await expect(given)
      .to.emit(authority, "CapabilityGranted")
      .withArgs(
        task.task,
        agent,
        capability,
        hashOf(actions),
        granter,
        `0x${task.task.toString(16).padStart(64, "0")}`,
        anchor,
      );
    for (const { selector } of actions) {
      expect(await authority.getGrant(agent, target, selector)).to.deep.equal([0, task.deadline, task.task, 2, 5, 7]);
    }
    // Uses are each action's own.
    await target.connect(agent).guarded(1);
    await target.connect(agent).guarded(1);
    await target.connect(agent).alsoGuarded(1);
    const [first, second] = await Promise.all(
      actions.map(({ selector }) => authority.verdict(agent, target, selector)),
    );
    expect([first, second]).to.deep.equal([Verdict.GrantUsedUp, Verdict.Allowed]);
  });

  it("given another list, of fewer, more or other actions, or in another order, it is refused", async () => {
    const { authority } = stage;
    for (const other of [actions.slice(0, 1), [...actions, ...actions], [...actions].reverse(), []]) {
      await expect(give(other))
        .to.be.revertedWithCustomError(authority, "AuthorityCapabilityMismatch")
        .withArgs(capability, hashOf(other), hashOf(actions));
    }
  });

  it("given a capability that was never defined, nothing is granted", async () => {
    await expect(stage.authority.connect(stage.granter).grantCapability(id("unknown"), [], terms()))
      .to.be.revertedWithCustomError(stage.authority, "AuthorityCapabilityMismatch")
      .withArgs(id("unknown"), hashOf([]), ZeroHash);
  });

  it("iAU-002: all or none: where the caller may not grant one of the actions, it gives none", async () => {
    const { authority, target, agent, granter, guarded } = stage;
    const [, also] = actions;
    await authority.setActionGranter(target, also?.selector ?? "0x", 77);
    await expect(give())
      .to.be.revertedWithCustomError(authority, "AuthorityNotGranter")
      .withArgs(target, also?.selector, granter, 77);
    expect(await authority.verdict(agent, target, guarded)).to.equal(Verdict.GrantMissing);
    await expect(give(actions, stage.agent)).to.be.revertedWithCustomError(authority, "AuthorityNotGranter");
  });

  it("a later version of it changes no grant that was given", async () => {
    const { authority, target, agent, guarded } = stage;
    await give();
    await authority.setCapability(capability, hashOf(actions.slice(1)));
    expect(await authority.capabilityHash(capability)).to.equal(hashOf(actions.slice(1)));
    await target.connect(agent).guarded(1);
    expect(await authority.verdict(agent, target, guarded)).to.equal(Verdict.Allowed);
    await expect(give()).to.be.revertedWithCustomError(authority, "AuthorityCapabilityMismatch");
  });
});
