import { expect } from "chai";
import { encodeBytes32String, id, MaxInt256, MinInt256, ZeroAddress } from "ethers";
import fc from "fast-check";

import { day, Verdict } from "../../support/authority.ts";
import { ImpactKind, registrationOf } from "../../support/catalog.ts";
import {
  Boundary,
  deadlineSeconds,
  deployEscalations,
  EscalationStatus,
  maxImpact,
  team,
} from "../../support/escalations.ts";

const Answer = { CouldNotCheck: 0n, Allowed: 1n, Denied: 2n } as const;
const Outcome = { NotAsked: 0n, Passed: 1n, Crossed: 2n, Unknown: 3n } as const;
const { NotAsked, Passed, Crossed, Unknown } = Outcome;
const halfDay = day / 2;
const reason = id("reason");

async function deployWithLens() {
  const stage = await deployEscalations();
  const lens = await stage.ethers.deployContract("AuthorityLens");
  const why = (call = stage.data, caller = stage.agent) => lens.why(stage.authority, caller, stage.target, call);
  return { ...stage, lens, why };
}

type Why = Awaited<ReturnType<Awaited<ReturnType<typeof deployWithLens>>["why"]>>;
/** Outcomes in the authority's order: listed, scope, reversibility, readable, rated, cap, team. */
const outcomesOf = ({ rules }: Why) => rules.map(({ outcome }) => outcome);
const ruleOf = ({ rules }: Why, boundary: bigint) => {
  const { outcome, limit, actual, margin } = rules[Number(boundary) - 1] ?? { outcome: -1n };
  return [outcome, limit, actual, margin];
};

describe("AuthorityLens: limits", () => {
  let stage: Awaited<ReturnType<typeof deployWithLens>>;
  beforeEach(async () => {
    stage = await deployWithLens();
  });
  const latest = async () => BigInt(await stage.networkHelpers.time.latest());
  const run = (amount: bigint | number) => stage.target.interface.encodeFunctionData("run", [amount]);
  const pay = (asset: string, amount: bigint | number) =>
    stage.target.interface.encodeFunctionData("pay", [asset, amount]);
  const register = (changes: object) =>
    stage.catalog
      .connect(stage.office)
      .registerAction(registrationOf({ ...stage.amount, signature: "run(uint256)", ...changes }), reason);

  describe("given a call inside every limit", () => {
    it("it is allowed, and every rule tells its margin", async () => {
      await stage.give(stage.agent.address, stage.run, { cap: 90 });
      const answer = await stage.why(run(60));
      expect([answer.answer, answer.verdict]).to.deep.equal([Answer.Allowed, Verdict.Allowed]);
      expect(outcomesOf(answer)).to.deep.equal([Passed, Passed, Passed, Passed, NotAsked, Passed, Passed]);
      expect(answer.rules.map(({ boundary }) => boundary)).to.deep.equal([1n, 2n, 3n, 4n, 5n, 6n, 7n]);
      expect(ruleOf(answer, Boundary.Scope)).to.deep.equal([Passed, 1n, 0n, 0n]);
      expect(ruleOf(answer, Boundary.Reversibility)).to.deep.equal([Passed, 50n, 80n, 30n]);
      expect(ruleOf(answer, Boundary.Unreadable)).to.deep.equal([Passed, 36n, 36n, 0n]);
      expect(ruleOf(answer, Boundary.GrantCap)).to.deep.equal([Passed, 90n, 60n, 30n]);
      expect(ruleOf(answer, Boundary.TeamImpact)).to.deep.equal([Passed, 100n, 60n, 40n]);
      expect(answer.facts).to.deep.equal([ImpactKind.Amount, 0n, 80n, 0n, 0n, 0n]);
      expect(answer.limits.boundary).to.equal(Boundary.None);
      expect(answer.passesFrom).to.equal(await latest());
      expect([answer.approval.canOpen, answer.approval.resolvers]).to.deep.equal([false, []]);
    });

    it("what has no impact is not asked about impact", async () => {
      await register({ impact: ImpactKind.None });
      const none = await stage.why();
      expect(outcomesOf(none)).to.deep.equal([Passed, Passed, Passed, NotAsked, NotAsked, NotAsked, NotAsked]);
      expect(none.answer).to.equal(Answer.Allowed);
      await register({ impact: ImpactKind.Fixed, fixedImpact: 7 });
      const fixed = await stage.why();
      expect(outcomesOf(fixed)).to.deep.equal([Passed, Passed, Passed, NotAsked, NotAsked, NotAsked, Passed]);
      expect(ruleOf(fixed, Boundary.TeamImpact)).to.deep.equal([Passed, 100n, 7n, 93n]);
    });
  });

  describe("given a call outside a limit", () => {
    it("every rule is told, also those after the first one that is crossed", async () => {
      await stage.give(stage.agent.address, stage.run, { cap: 90 });
      await register({ scope: encodeBytes32String("not the team's") });
      const stricter = [{ maxImpact, scopes: 1, minReversibility: 81 }];
      await stage.teams.connect(stage.office).setCones(team, stricter, reason);
      const answer = await stage.why();
      expect([answer.answer, answer.verdict]).to.deep.equal([Answer.Denied, Verdict.Allowed]);
      expect(outcomesOf(answer)).to.deep.equal([Passed, Crossed, Crossed, Passed, NotAsked, Crossed, Crossed]);
      expect(ruleOf(answer, Boundary.Scope)).to.deep.equal([Crossed, 1n, 1n, -1n]);
      expect(ruleOf(answer, Boundary.Reversibility)).to.deep.equal([Crossed, 81n, 80n, -1n]);
      expect(ruleOf(answer, Boundary.GrantCap)).to.deep.equal([Crossed, 90n, 130n, -40n]);
      expect(ruleOf(answer, Boundary.TeamImpact)).to.deep.equal([Crossed, 100n, 130n, -30n]);
      expect([answer.limits.boundary, answer.limits.limit, answer.limits.actual]).to.deep.equal([
        Boundary.Scope,
        1n,
        1n,
      ]);
      expect(answer.passesFrom).to.equal(0);
    });

    it("what the catalog does not list cannot be held against the rest", async () => {
      await stage.catalog.connect(stage.office).retireAction(stage.target, stage.run, reason);
      const answer = await stage.why();
      expect(outcomesOf(answer)).to.deep.equal([Crossed, Unknown, Unknown, Unknown, Unknown, Unknown, Unknown]);
      expect([answer.answer, answer.passesFrom]).to.deep.equal([Answer.Denied, 0n]);
      expect(answer.approval.canOpen).to.equal(true);
    });

    it("an amount that cannot be read, or valued, leaves open what it would mean", async () => {
      const { agent, constitution, office, outsider } = stage;
      const short = await stage.why(run(1).slice(0, -2));
      expect(outcomesOf(short)).to.deep.equal([Passed, Passed, Passed, Crossed, NotAsked, NotAsked, Unknown]);
      expect(ruleOf(short, Boundary.Unreadable)).to.deep.equal([Crossed, 36n, 35n, -1n]);

      const asset = outsider.address;
      const unrated = await stage.why(pay(asset, 1));
      expect(outcomesOf(unrated)).to.deep.equal([Passed, Passed, Passed, Passed, Crossed, NotAsked, Unknown]);
      expect(ruleOf(unrated, Boundary.RateMissing)).to.deep.equal([Crossed, 0n, await latest(), -(await latest())]);

      await constitution.connect(office).defineAsset(asset, 1, 10n ** 18n);
      const validUntil = Number(await latest()) + 100;
      await constitution.connect(office).setRate(asset, 10n ** 17n, validUntil, reason);
      const rated = await stage.why(pay(asset, 11));
      expect(outcomesOf(rated)).to.deep.equal([Passed, Passed, Passed, Passed, Passed, NotAsked, Passed]);
      expect(ruleOf(rated, Boundary.RateMissing)).to.deep.equal([
        Passed,
        BigInt(validUntil),
        await latest(),
        BigInt(validUntil) - (await latest()),
      ]);
      expect(ruleOf(rated, Boundary.TeamImpact)).to.deep.equal([Passed, 100n, 2n, 98n]); // 1.1, rounded up
      await stage.networkHelpers.time.increaseTo(validUntil - 1);
      expect((await stage.why(pay(asset, 11))).answer).to.equal(Answer.Allowed);
      await stage.networkHelpers.time.increaseTo(validUntil);
      const expired = await stage.why(pay(asset, 11));
      expect(ruleOf(expired, Boundary.RateMissing)).to.deep.equal([
        Crossed,
        BigInt(validUntil),
        BigInt(validUntil),
        0n,
      ]);
      expect([expired.answer, expired.passesFrom]).to.deep.equal([Answer.Denied, 0n]);

      const dirty = `${pay(asset, 1).slice(0, 10)}${"ff".repeat(32)}${"00".repeat(32)}`;
      const unreadable = await stage.why(dirty);
      expect(ruleOf(unreadable, Boundary.Unreadable)).to.deep.equal([Crossed, 2n ** 160n - 1n, 2n ** 256n - 1n, -1n]);
      expect(unreadable.limits.boundary).to.equal(Boundary.Unreadable);
      expect((await stage.why(pay(asset, 0), agent)).limits.boundary).to.equal(Boundary.RateMissing);
    });

    it("no amount is too large to be told", async () => {
      const answer = await stage.why(run(2n ** 256n - 1n));
      const [outcome, limit, actual, margin] = ruleOf(answer, Boundary.TeamImpact);
      expect([outcome, limit, actual]).to.deep.equal([Crossed, 100n, 2n ** 128n - 1n]);
      expect(margin).to.equal(100n - (2n ** 128n - 1n));
      expect([MinInt256, MaxInt256]).not.to.include(margin);
    });

    it("without a grant there is no limit to hold it against, only the catalog's facts", async () => {
      const answer = await stage.why(stage.data, stage.outsider);
      expect([answer.answer, answer.verdict]).to.deep.equal([Answer.Denied, Verdict.GrantMissing]);
      expect(answer.rules).to.deep.equal([]);
      expect(answer.facts.impact).to.equal(ImpactKind.Amount);
      expect([answer.passesFrom, answer.approval.canOpen]).to.deep.equal([0n, false]);
    });
  });

  describe("when would it pass by itself?", () => {
    it("once the grant starts; never once it is over", async () => {
      const start = Number(await latest()) + 5000;
      await stage.give(stage.agent.address, stage.run, { notBefore: start });
      const early = await stage.why(run(1));
      expect([early.answer, early.verdict, early.passesFrom]).to.deep.equal([
        Answer.Denied,
        Verdict.GrantNotStarted,
        BigInt(start),
      ]);
      expect((await stage.why(run(101))).passesFrom).to.equal(0);
      await stage.networkHelpers.time.increaseTo(start);
      expect((await stage.why(run(1))).answer).to.equal(Answer.Allowed);
      await stage.authority.connect(stage.own).completeTask(1);
      expect((await stage.why(run(1))).passesFrom).to.equal(0);
    });

    it("once enough of the team's impact has fallen out of its half-days, and not a second before", async () => {
      const { target, agent } = stage;
      const { time } = stage.networkHelpers;
      const window = (await latest()) / BigInt(halfDay) + 1n;
      const begin = (index: bigint) => (window + index) * BigInt(halfDay);
      await time.increaseTo(begin(0n) + 10n);
      await target.connect(agent).run(40);
      await time.increaseTo(begin(1n) + 10n);
      await target.connect(agent).run(50);
      // 40 fall out at the beginning of window 3, 50 more with window 4.
      for (const [amount, index] of [
        [11, 3n],
        [50, 3n],
        [51, 4n],
        [100, 4n],
      ] as const) {
        const answer = await stage.why(run(amount));
        expect([answer.answer, answer.passesFrom], String(amount)).to.deep.equal([Answer.Denied, begin(index)]);
        const snapshot = await stage.networkHelpers.takeSnapshot();
        await time.increaseTo(begin(index) - 1n);
        expect((await stage.why(run(amount))).answer).to.equal(Answer.Denied);
        await time.setNextBlockTimestamp(begin(index));
        expect(await stage.passes(run(amount))).to.equal(true);
        await snapshot.restore();
      }
      expect((await stage.why(run(10))).answer).to.equal(Answer.Allowed);
      expect((await stage.why(run(101))).passesFrom).to.equal(0);
    });

    it("never, where grant or rate end before", async () => {
      const { target, agent, authority, constitution, office, own, outsider } = stage;
      const { time } = stage.networkHelpers;
      const window = (await latest()) / BigInt(halfDay) + 1n;
      const freeAt = (window + 3n) * BigInt(halfDay);
      await time.increaseTo(window * BigInt(halfDay));
      const asset = outsider.address;
      await constitution.connect(office).defineAsset(asset, 1, 10n ** 18n);
      const rate = (validUntil: bigint) => constitution.connect(office).setRate(asset, 10n ** 18n, validUntil, reason);
      await target.connect(agent).run(100);
      await rate(freeAt);
      expect((await stage.why(pay(asset, 1))).passesFrom).to.equal(0);
      await rate(freeAt + 1n);
      expect((await stage.why(pay(asset, 1))).passesFrom).to.equal(freeAt);

      for (const [notAfter, passesFrom] of [
        [freeAt, 0n],
        [freeAt + 1n, freeAt],
      ] as const) {
        await authority.connect(own).openTask(team, id("purpose"), notAfter);
        await authority.connect(own).completeTask((await authority.getGrant(agent, target, stage.run)).task);
        const task = (await authority.openTasksOf(own)).at(-1) ?? 0n;
        const terms = { task, grantee: agent, target, selector: stage.run, notBefore: 0, notAfter, uses: 0, cap: 0 };
        await authority.connect(office).grant(terms);
        expect((await stage.why(run(1))).passesFrom).to.equal(passesFrom);
      }
    });
  });

  describe("who can approve?", () => {
    it("the path as it would be, then the escalation's own resolvers, then nobody is needed", async () => {
      const { escalations, teams, office, agent, first, second, root, operation } = stage;
      const before = await stage.why();
      expect([before.approval.operation, before.approval.canOpen]).to.deep.equal([operation, true]);
      expect(before.approval.escalation.status).to.equal(EscalationStatus.None);
      const now = await latest();
      const third = BigInt(deadlineSeconds / 3);
      const up = (since: bigint) => [
        [3n, first.address, ZeroAddress, since],
        [2n, second.address, ZeroAddress, since + third],
        [1n, root.address, ZeroAddress, since + 2n * third],
      ];
      expect(before.approval.resolvers).to.deep.equal(up(now));

      await stage.open();
      const openedAt = await latest();
      await teams.connect(office).setPath(team, [1], reason);
      const pending = await stage.why();
      expect([pending.answer, pending.approval.canOpen]).to.deep.equal([Answer.Denied, false]);
      expect(pending.approval.escalation.status).to.equal(EscalationStatus.Pending);
      expect(pending.approval.resolvers).to.deep.equal(up(openedAt));

      await escalations.connect(first).approve(operation, 0, reason);
      const approved = await stage.why();
      expect([approved.answer, approved.approval.escalation.status]).to.deep.equal([
        Answer.Allowed,
        EscalationStatus.Approved,
      ]);
      expect(approved.approval.escalation.resolver).to.equal(first.address);
      expect(approved.passesFrom).to.equal(await latest());
      expect((await stage.why(run(131))).answer).to.equal(Answer.Denied);

      expect(await stage.passes()).to.equal(true);
      const spent = await stage.why();
      expect([spent.answer, spent.approval.canOpen]).to.deep.equal([Answer.Denied, true]);
      expect(spent.approval.resolvers.map((each) => each.team)).to.deep.equal([1n]);
      expect((await stage.why(stage.data, agent)).approval.escalation.status).to.equal(EscalationStatus.Executed);
    });

    it("an approval does not replace a grant", async () => {
      const { escalations, authority, own, first, operation } = stage;
      await stage.open();
      await escalations.connect(first).approve(operation, 0, reason);
      await authority.connect(own).completeTask(1);
      const answer = await stage.why();
      expect([answer.answer, answer.verdict]).to.deep.equal([Answer.Denied, Verdict.TaskCompleted]);
      expect([answer.approval.escalation.status, answer.approval.canOpen]).to.deep.equal([
        EscalationStatus.Approved,
        false,
      ]);
    });

    it("where there are no escalations, or none that answer, nobody", async () => {
      const { authority, target } = stage;
      for (const named of [ZeroAddress, target]) {
        await authority.setEscalations(named);
        const answer = await stage.why();
        expect([answer.answer, answer.approval.canOpen, answer.approval.resolvers]).to.deep.equal([
          Answer.Denied,
          false,
          [],
        ]);
      }
    });
  });

  it("of random facts, limits and amounts, the first rule crossed is the authority's boundary, and the answer is true", async () => {
    const { constitution, office, agent, authority, target } = stage;
    const rated = stage.outsider.address;
    await constitution.connect(office).defineAsset(rated, 1, 10n ** 18n);
    await constitution.connect(office).setRate(rated, 5n * 10n ** 17n, Number(await latest()) + 20 * day, reason);
    const cases = fc.record({
      scope: fc.constantFrom("work", "other"),
      reversibility: fc.integer({ min: 40, max: 60 }),
      cap: fc.constantFrom(0, 60),
      kind: fc.constantFrom(ImpactKind.None, ImpactKind.Fixed, ImpactKind.Amount, ImpactKind.AssetAmount),
      fixed: fc.integer({ min: 1, max: 130 }),
      asset: fc.constantFrom(rated, agent.address),
      amount: fc.oneof(fc.bigInt(0n, 250n), fc.bigInt(0n, 2n ** 256n - 1n)),
      cut: fc.constantFrom(0, 0, 0, 1, 33),
    });
    const start = await stage.networkHelpers.takeSnapshot();
    await fc.assert(
      fc.asyncProperty(cases, async (each) => {
        const hasAsset = each.kind === ImpactKind.AssetAmount;
        const hasAmount = hasAsset || each.kind === ImpactKind.Amount;
        await register({
          signature: "pay(address,uint256)",
          impact: each.kind,
          amountWord: hasAmount ? 1 : 0,
          fixedImpact: each.kind === ImpactKind.Fixed ? each.fixed : 0,
          scope: encodeBytes32String(each.scope),
          reversibility: each.reversibility,
        });
        await stage.give(agent.address, stage.pay, { cap: each.cap });
        const whole = pay(each.asset, each.amount);
        const call = whole.slice(0, whole.length - 2 * each.cut);
        const answer = await stage.why(call);
        const first = answer.rules.find(({ outcome }) => outcome === Crossed);
        expect(answer.limits.boundary).to.equal(first?.boundary ?? Boundary.None);
        if (first && answer.limits.boundary !== Boundary.Unlisted) {
          expect([answer.limits.limit, answer.limits.actual]).to.deep.equal([first.limit, first.actual]);
        }
        if (each.cut !== 0) return; // what the target itself could not decode
        const passed = await agent.call({ to: target, data: call }).then(
          () => true,
          () => false,
        );
        expect(answer.answer).to.equal(passed ? Answer.Allowed : Answer.Denied);
      }),
      { numRuns: 120, seed: 20_261_121 },
    );
    await start.restore();
    expect(await authority.escalations()).not.to.equal(ZeroAddress);
  });
});
