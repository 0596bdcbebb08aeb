/** What bounds a call by grant: facts of the action, limits of the team, cap of the grant; and what an approval lets pass. */
import { expect } from "chai";

import { day, deployAuthority, Roles, teams, Verdict, type GrantRequest } from "../../support/authority.ts";
import { expectJournalComplete } from "../../support/journal.ts";
import { harmless, ImpactKind, wideLimits } from "../../support/new-authority.ts";

/** `IAuthorityLimits.Boundary`. */
const Boundary = {
  None: 0n,
  Unlisted: 1n,
  Scope: 2n,
  Reversibility: 3n,
  Unreadable: 4n,
  RateMissing: 5n,
  GrantCap: 6n,
  TeamImpact: 7n,
} as const;

const halfDay = day / 2;
const hundred = { ...wideLimits, maxImpact: 100 };
const amount = { ...harmless, impact: ImpactKind.Amount };

describe("Authority: limits of calls by grant", () => {
  let stage: Awaited<ReturnType<typeof deployAuthority>>;
  let task: { task: bigint; deadline: number };
  let pay: string;
  beforeEach(async () => {
    stage = await deployAuthority();
    const { authority, target } = stage;
    task = await stage.openTask(10 * day);
    pay = target.interface.getFunction("pay").selector;
    await authority.setTargetFunctionRole(target, [pay], Roles.GRANT);
    await authority.setActionGranter(target, pay, Roles.GRANTER);
    await authority.setActionFacts(target, pay, { ...harmless, impact: ImpactKind.AssetAmount, amountWord: 1 });
  });
  // iJO-001: whatever a test did, the head is the fold of all logs.
  afterEach(() => expectJournalComplete(stage.provider, stage.authority));

  const give = (changes: Partial<GrantRequest> = {}) =>
    stage.authority.connect(stage.granter).grant(stage.request(task, changes));
  const act = (impact: bigint | number = 1) => stage.target.connect(stage.agent).guarded(impact);
  const payIn = (asset: string, sum: bigint) => stage.target.connect(stage.agent).pay(asset, sum);
  const setFacts = (facts: Partial<Record<keyof typeof amount, number>>) =>
    stage.authority.setActionFacts(stage.target, stage.guarded, { ...amount, ...facts });
  const setLimits = (limits: Partial<Record<keyof typeof hundred, number | bigint>>) =>
    stage.authority.setTeamLimits(teams.ours, stage.anchor, { ...wideLimits, ...limits });
  const at = (seconds: number) => stage.networkHelpers.time.setNextBlockTimestamp(seconds);
  const held = () => stage.authority.getGrant(stage.agent, stage.target, stage.guarded);
  const used = async () => (await stage.authority.teamLimits(teams.ours)).usedImpact;
  const call = (name: "guarded" | "pay", args: unknown[]) =>
    stage.target.interface.encodeFunctionData(name as never, args as never);

  /** The call is refused by that boundary, with both sides of its comparison, and leaves everything as it was. */
  async function expectOutside(
    make: () => Promise<unknown>,
    [boundary, limit, actual]: readonly [bigint, bigint | number, bigint | number],
    selector = stage.guarded,
  ) {
    const before = [await held(), await used(), await stage.target.calls()];
    await expect(make())
      .to.be.revertedWithCustomError(stage.authority, "AuthorityOutsideLimits")
      .withArgs(stage.agent, stage.target, selector, boundary, limit, actual);
    expect([await held(), await used(), await stage.target.calls()]).to.deep.equal(before);
  }

  /** Same for what `checkLimits` foretells. */
  async function expectForetold(
    data: string,
    [boundary, limit, actual]: readonly [bigint, bigint | number, bigint | number],
  ) {
    const met = await stage.authority.checkLimits(stage.agent, stage.target, data);
    expect([met.boundary, met.limit, met.actual]).to.deep.equal([boundary, BigInt(limit), BigInt(actual)]);
    return met;
  }

  describe("given the facts of an action, it", () => {
    it("iAU-008: an action that the catalog does not list cannot be granted; a grant from before meets `Unlisted`", async () => {
      const { authority, target, guarded } = stage;
      await give();
      await setFacts({ impact: ImpactKind.Unlisted });
      await expectOutside(() => act(), [Boundary.Unlisted, 0, 0]);
      await expect(give())
        .to.be.revertedWithCustomError(authority, "AuthorityActionUnlisted")
        .withArgs(target, guarded);
    });

    it("iAU-008: a scope is inside the team's set or not, at both ends of the set", async () => {
      await give();
      await setLimits({ scopes: 2n ** 31n + 1n });
      for (const scope of [0, 31]) {
        await setFacts({ scope });
        await act();
      }
      for (const scope of [1, 30, 32, 255]) {
        await setFacts({ scope });
        await expectOutside(() => act(), [Boundary.Scope, 2n ** 31n + 1n, scope]);
      }
    });

    it("iAU-008: reversibility at the team's least passes, one percent less does not", async () => {
      await give();
      await setLimits({ minReversibility: 50 });
      await setFacts({ reversibility: 50 });
      await act();
      await setFacts({ reversibility: 49 });
      await expectOutside(() => act(), [Boundary.Reversibility, 50, 49]);
    });

    it("a plain grant of an action without impact is answered at once inside the limits, and with a delay outside", async () => {
      const { authority, agent, target, guarded } = stage;
      await give();
      expect(await authority.canCall(agent, target, guarded)).to.deep.equal([true, 0]);
      for (const outside of [{ scopes: 0n }, { minReversibility: 101 }]) {
        await setLimits(outside);
        expect(await authority.canCall(agent, target, guarded)).to.deep.equal([false, 1]);
        await expect(act()).to.be.revertedWithCustomError(authority, "AuthorityOutsideLimits");
      }
      await setLimits({});
      for (const changes of [{ uses: 1 }, { cap: 1 }]) {
        await give(changes);
        expect(await authority.canCall(agent, target, guarded)).to.deep.equal([false, 1]);
      }
      await give();
      for (const impact of [ImpactKind.Fixed, ImpactKind.Amount, ImpactKind.AssetAmount, ImpactKind.Unlisted]) {
        await setFacts({ impact });
        expect(await authority.canCall(agent, target, guarded)).to.deep.equal([false, 1]);
      }
    });

    it("a fixed impact counts for every call", async () => {
      await give();
      await setLimits({ maxImpact: 100 });
      await setFacts({ impact: ImpactKind.Fixed, fixedImpact: 50 });
      await act();
      await act();
      await expectOutside(() => act(), [Boundary.TeamImpact, 100, 150]);
    });

    it("given arguments too short for the word that holds the amount, it is unreadable", async () => {
      await give();
      await setFacts({ amountWord: 1 });
      await expectOutside(() => act(), [Boundary.Unreadable, 68, 36]);
      await setFacts({ impact: ImpactKind.AssetAmount, amountWord: 0, assetWord: 7 });
      await expectOutside(() => act(), [Boundary.Unreadable, 260, 36]);
    });

    it("given an asset's word that is no address, it is unreadable", async () => {
      await give();
      await setFacts({ impact: ImpactKind.AssetAmount });
      await expectOutside(() => act(2n ** 160n), [Boundary.Unreadable, 2n ** 160n - 1n, 2n ** 160n]);
    });
  });

  describe("given an amount in an asset", () => {
    const asset = "0x00000000000000000000000000000000000000a5";

    it("iAU-010: without a rate, with a rate of 0 and from the end of its validity on it crosses a boundary, also for nothing", async () => {
      const { authority } = stage;
      await give({ selector: pay });
      const now = await stage.networkHelpers.time.latest();
      await at(now + 10);
      await expectOutside(() => payIn(asset, 0n), [Boundary.RateMissing, 0, now + 10], pay);
      await authority.setRate(asset, 10_000, now + 100);
      await at(now + 99);
      await payIn(asset, 10n ** 18n);
      await at(now + 100);
      await expectOutside(() => payIn(asset, 0n), [Boundary.RateMissing, now + 100, now + 100], pay);
      await authority.setRate(asset, 0, now + 1000);
      await at(now + 200);
      await expectOutside(() => payIn(asset, 1n), [Boundary.RateMissing, 0, now + 200], pay);
    });

    it("iAU-010: impact is rounded up, against the spender", async () => {
      await give({ selector: pay });
      await stage.authority.setRate(asset, 10_000, task.deadline);
      for (const [sum, impact] of [
        [0n, 0n],
        [1n, 1n],
        [10n ** 14n, 1n],
        [10n ** 14n + 1n, 2n],
        [10n ** 18n, 10_000n],
      ] as const) {
        const before = await used();
        await payIn(asset, sum);
        expect((await used()) - before, `impact of ${sum}`).to.equal(impact);
      }
    });

    it("iAU-010: no amount is so large that it counts as small", async () => {
      const { authority } = stage;
      await give({ selector: pay });
      const most = wideLimits.maxImpact;
      const greatest = 2n ** 128n - 1n;
      for (const rate of [1n, 10n ** 18n, greatest]) {
        await authority.setRate(asset, rate, task.deadline);
        for (const sum of [2n ** 128n, 2n ** 128n + 1n, 2n ** 255n, 2n ** 256n - 1n]) {
          await expectOutside(() => payIn(asset, sum), [Boundary.TeamImpact, most, greatest], pay);
        }
      }
      await authority.setRate(asset, 1, task.deadline);
      const ceil = (greatest + 10n ** 18n - 1n) / 10n ** 18n;
      await expectOutside(() => payIn(asset, greatest), [Boundary.TeamImpact, most, ceil], pay);
      await setFacts({});
      await give();
      await expectOutside(() => act(2n ** 256n - 1n), [Boundary.TeamImpact, most, greatest]);
      await expectOutside(() => act(2n ** 48n), [Boundary.TeamImpact, most, 2n ** 48n]);
      await act(most);
    });
  });

  describe("given a grant with a cap", () => {
    beforeEach(() => setFacts({}));

    it("iAU-009: all calls together stay within it, to the last unit", async () => {
      await give({ cap: 10, uses: 9 });
      expect((await held()).flags).to.equal(5);
      await act(7);
      await expectOutside(() => act(4), [Boundary.GrantCap, 3, 4]);
      await act(3);
      expect((await held()).cap).to.equal(0);
      await expectOutside(() => act(1), [Boundary.GrantCap, 0, 1]);
      await act(0);
      expect((await held()).uses).to.equal(6);
    });

    it("iAU-009: its cap comes before the team's limit, and a refusal charges neither", async () => {
      await setLimits({ maxImpact: 5 });
      await give({ cap: 10 });
      await expectOutside(() => act(11), [Boundary.GrantCap, 10, 11]);
      await expectOutside(() => act(6), [Boundary.TeamImpact, 5, 6]);
      await act(5);
      expect([(await held()).cap, await used()]).to.deep.equal([5n, 5n]);
    });

    it("a call that reverts in the function charges nothing", async () => {
      await act(0).catch(() => undefined); // no grant yet
      await give({ cap: 10, uses: 2 });
      await act(1);
      await setFacts({ impact: ImpactKind.Fixed, fixedImpact: 2 });
      await expect(act(2n ** 256n - 1n)).to.be.revertedWithPanic(0x11);
      expect([(await held()).cap, (await held()).uses, await used()]).to.deep.equal([9n, 1n, 1n]);
    });
  });

  describe("given the impact of a team", () => {
    let border: number;
    beforeEach(async () => {
      await setFacts({});
      await setLimits({ maxImpact: 100 });
      await give();
      border = (Math.floor((await stage.networkHelpers.time.latest()) / halfDay) + 2) * halfDay;
    });

    it("iAU-011: split into small calls it crosses the same limit", async () => {
      for (let i = 0; i < 10; i++) await act(10);
      await expectOutside(() => act(1), [Boundary.TeamImpact, 100, 101]);
    });

    it("iAU-011: it counts in its half-day and the two after it, to the second", async () => {
      await at(border - 1);
      await act(60);
      await at(border);
      await act(40);
      await at(border + day - 1);
      await expectOutside(() => act(1), [Boundary.TeamImpact, 100, 101]);
      await at(border + day);
      await expectOutside(() => act(61), [Boundary.TeamImpact, 100, 101]);
      await act(60);
      await at(border + day + halfDay - 1);
      await expectOutside(() => act(1), [Boundary.TeamImpact, 100, 101]);
      await at(border + day + halfDay);
      await act(40);
    });

    it("iAU-011: after 36 hours at most everything is free again, and after years", async () => {
      await at(border);
      await act(100);
      await at(border + 3 * halfDay - 1);
      await expectOutside(() => act(1), [Boundary.TeamImpact, 100, 101]);
      await at(border + 3 * halfDay);
      await act(100);
      await stage.networkHelpers.time.increase(3650 * day);
      expect(await used()).to.equal(0);
    });

    it("iAU-011: all grants of the team share it, and other teams have their own", async () => {
      const { authority, granter, otherAnchor, outsider, target, liveness } = stage;
      await act(100);
      await give({ grantee: outsider.address });
      await expect(target.connect(outsider).guarded(1))
        .to.be.revertedWithCustomError(authority, "AuthorityOutsideLimits")
        .withArgs(outsider, target, stage.guarded, Boundary.TeamImpact, 100, 101);
      await authority.connect(liveness).setAnchorLiveness(otherAnchor, task.deadline);
      const other = await stage.openTask(day, otherAnchor);
      await authority.connect(outsider).endGrant(outsider, target, stage.guarded);
      await authority.connect(granter).grant(stage.request(other, { grantee: outsider.address }));
      await target.connect(outsider).guarded(1000);
    });

    it("iAU-011: changed limits keep what is used; below that, only what has no impact passes", async () => {
      await act(80);
      await setLimits({ maxImpact: 50 });
      expect(await used()).to.equal(80);
      await expectOutside(() => act(1), [Boundary.TeamImpact, 50, 81]);
      await act(0);
      await setLimits({ maxImpact: 81 });
      await act(1);
    });

    it("`checkLimits` foretells what a call meets, and who answers for it", async () => {
      await act(30);
      const met = await expectForetold(call("guarded", [71]), [Boundary.TeamImpact, 100, 101]);
      expect([met.impact, met.teamImpact, met.teamLimit]).to.deep.equal([71n, 30n, 100n]);
      expect([met.team, met.task, met.anchor]).to.deep.equal([1n, task.task, stage.anchor.address]);
      await expectForetold(call("guarded", [70]), [Boundary.None, 0, 0]);
      await setFacts({ scope: 3 });
      await setLimits({ scopes: 1n });
      const outside = await expectForetold(call("guarded", [70]), [Boundary.Scope, 1, 3]);
      expect(outside.impact).to.equal(70);
      await expect(stage.authority.checkLimits(stage.agent, stage.target, "0x112233"))
        .to.be.revertedWithCustomError(stage.authority, "AuthorityDataTooShort")
        .withArgs(3, 4);
    });
  });

  describe("given an approval of exactly one call", () => {
    async function approve(impact: number, team: number = teams.ours) {
      const approvals = await stage.ethers.deployContract("ApprovalDouble");
      await stage.authority.setEscalations(approvals);
      const operation = await stage.authority.hashOperation(stage.agent, stage.target, call("guarded", [impact]));
      await approvals.approve(operation, team);
      return { approvals, operation };
    }
    beforeEach(async () => {
      await setFacts({});
      await setLimits({ maxImpact: 100 });
    });

    it("iAU-012: it passes once; a use is counted, neither cap nor team is charged", async () => {
      await give({ uses: 3, cap: 50 });
      const { approvals, operation } = await approve(500);
      await act(500);
      expect([(await held()).uses, (await held()).cap, await used()]).to.deep.equal([2n, 50n, 0n]);
      expect(await approvals.isApproved(operation, teams.ours)).to.equal(false);
      await expectOutside(() => act(500), [Boundary.GrantCap, 50, 500]);
    });

    it("iAU-012: nothing else passes by it: not another amount, not another team's call", async () => {
      await give();
      await approve(500);
      await expectOutside(() => act(501), [Boundary.TeamImpact, 100, 501]);
      await approve(500, teams.others);
      await expectOutside(() => act(500), [Boundary.TeamImpact, 100, 500]);
    });

    it("a call inside its limits spends no approval", async () => {
      await give();
      const { approvals, operation } = await approve(50);
      await act(50);
      expect(await approvals.isApproved(operation, teams.ours)).to.equal(true);
      expect(await used()).to.equal(50);
    });

    it("the last use is used up by it, and recorded", async () => {
      await give({ uses: 1 });
      await approve(500);
      await expect(act(500)).to.emit(stage.authority, "GrantUsedUp");
      expect(await stage.authority.verdict(stage.agent, stage.target, stage.guarded)).to.equal(Verdict.GrantUsedUp);
    });

    for (const [name, end] of Object.entries({
      "its task is completed": () => stage.authority.connect(stage.anchor).completeTask(task.task),
      "its grant is revoked": () =>
        stage.authority.connect(stage.granter).endGrant(stage.agent, stage.target, stage.guarded),
      "its target is closed": () => stage.authority.setTargetClosed(stage.target, true),
      "its function goes to a role": () => stage.authority.setTargetFunctionRole(stage.target, [stage.guarded], 5),
    })) {
      it(`iAU-012: once ${name}, the approval lets nothing pass`, async () => {
        await give();
        await approve(500);
        await end();
        await expect(act(500))
          .to.be.revertedWithCustomError(stage.target, "AccessManagedUnauthorized")
          .withArgs(stage.agent);
      });
    }

    it("only a contract can approve; none is none", async () => {
      await expect(stage.authority.setEscalations(stage.outsider))
        .to.be.revertedWithCustomError(stage.authority, "AuthorityNotContract")
        .withArgs(stage.outsider);
      await give();
      const { approvals } = await approve(500);
      expect(await stage.authority.escalations()).to.equal(approvals);
      await stage.authority.setEscalations("0x0000000000000000000000000000000000000000");
      await expectOutside(() => act(500), [Boundary.TeamImpact, 100, 500]);
    });
  });

  describe("given a team whose anchor changed", () => {
    it("its tasks go on under the team's limits, and only the new anchor opens others", async () => {
      const { authority, anchor, otherAnchor, liveness } = stage;
      await setFacts({});
      await give();
      await authority.connect(liveness).setAnchorLiveness(otherAnchor, task.deadline);
      await authority.setTeamLimits(teams.ours, otherAnchor, hundred);
      await act(100);
      await expectOutside(() => act(1), [Boundary.TeamImpact, 100, 101]);
      expect((await authority.getTask(task.task)).anchor).to.equal(anchor);
      await expect(authority.connect(anchor).openTask(teams.ours, stage.ethers.ZeroHash, task.deadline))
        .to.be.revertedWithCustomError(authority, "AuthorityNotTeamAnchor")
        .withArgs(teams.ours, anchor, otherAnchor);
      await authority.connect(otherAnchor).openTask(teams.ours, stage.ethers.ZeroHash, task.deadline);
    });

    it("a team with neither anchor nor limits, as a closed one, does and begins nothing", async () => {
      const { authority, anchor, ethers } = stage;
      await give();
      await authority.setTeamLimits(teams.ours, ethers.ZeroAddress, { maxImpact: 0, scopes: 0, minReversibility: 100 });
      await expectOutside(() => act(), [Boundary.Scope, 0, 0]);
      await expect(authority.connect(anchor).openTask(teams.ours, ethers.ZeroHash, task.deadline))
        .to.be.revertedWithCustomError(authority, "AuthorityNotTeamAnchor")
        .withArgs(teams.ours, anchor, ethers.ZeroAddress);
    });
  });

  it("iAU-005: what limits rule cannot be scheduled or executed either", async () => {
    const { authority, agent, target, guarded } = stage;
    await setFacts({});
    await give({ cap: 1 });
    const data = call("guarded", [1000]);
    for (const attempt of [
      () => authority.connect(agent).schedule(target, data, 0),
      () => authority.connect(agent).execute(target, data),
    ]) {
      await expect(attempt())
        .to.be.revertedWithCustomError(authority, "AuthorityNotSchedulable")
        .withArgs(target, guarded);
    }
  });
});
