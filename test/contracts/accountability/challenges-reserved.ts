/** The reward that is set aside at opening: when, how much, until when, and who cannot touch it. */
import { expect } from "chai";
import { ZeroHash } from "ethers";

import {
  bond,
  ChallengeStatus,
  deadlineSeconds,
  onFreshStage,
  type ChallengeStage,
  reward,
} from "../../support/challenges.ts";

const pot = 3n * reward;
const half = bond / 2n;

describe("Challenges: reserved rewards", () => {
  let stage: ChallengeStage;
  onFreshStage((fresh) => (stage = fresh));

  const reserved = async () => (await stage.challenges.books()).reserved;
  const rewardOf = async (challenge: string) => (await stage.challenges.getChallenge(challenge)).reward;
  /** A leaf of the project in the next epoch. */
  let epoch = 1;
  beforeEach(() => (epoch = 1));
  async function nextLeaf() {
    const [proved] = await stage.report(++epoch, [stage.leafOf(stage.project)]);
    if (proved === undefined) throw new Error("no leaf");
    return proved;
  }
  /** Takes all of the pot but `left`. */
  const leave = (left: bigint) => stage.challenges.withdrawPot(pot - left, stage.admin, stage.root);

  it("given two who are right and a pot of two rewards, both are paid, whoever is upheld first", async () => {
    const { challenges, first, redTeam, outsider, reason } = stage;
    await leave(2n * reward);
    const one = await stage.open(redTeam, { leastReward: reward });
    const two = await stage.open(outsider, { proved: await nextLeaf(), leastReward: reward });
    expect(await reserved()).to.equal(2n * reward);
    await challenges.connect(first).uphold(two, 0, reason);
    await challenges.connect(first).uphold(one, 0, reason);
    expect(await challenges.claimable(redTeam)).to.equal(bond + reward);
    expect(await challenges.claimable(outsider)).to.equal(bond + reward);
    expect(await stage.books()).to.deep.equal([0n, 2n * (bond + reward), 0n]);
  });

  it("given a wei less than what is asked for, it is refused, with what is free; given as much, it opens", async () => {
    const { challenges, redTeam } = stage;
    await leave(reward - 1n);
    await expect(stage.open(redTeam, { leastReward: reward }))
      .to.be.revertedWithCustomError(challenges, "ChallengesRewardNotCovered")
      .withArgs(reward, reward - 1n, reward - 1n);
    expect(await rewardOf(await stage.open(redTeam, { leastReward: reward - 1n }))).to.equal(reward - 1n);
    expect(await stage.books()).to.deep.equal([bond, 0n, reward - 1n]);
  });

  it("given a pot with more than a reward, no more than the terms' reward can be asked for", async () => {
    await expect(stage.open(stage.redTeam, { leastReward: reward + 1n }))
      .to.be.revertedWithCustomError(stage.challenges, "ChallengesRewardNotCovered")
      .withArgs(reward + 1n, reward, pot);
    expect(await rewardOf(await stage.open(stage.redTeam, { leastReward: reward }))).to.equal(reward);
  });

  it("given that all of the pot is promised, who asks for a reward is refused, and who asks for none is not", async () => {
    const { challenges, outsider, first, reason } = stage;
    await leave(reward);
    await stage.open();
    const proved = await nextLeaf();
    await expect(stage.open(outsider, { proved, leastReward: 1n }))
      .to.be.revertedWithCustomError(challenges, "ChallengesRewardNotCovered")
      .withArgs(1n, 0n, 0n);
    const unpaid = await stage.open(outsider, { proved });
    await challenges.connect(first).uphold(unpaid, 0, reason);
    expect(await stage.tierOf()).to.equal(1n);
    expect(await challenges.claimable(outsider)).to.equal(bond);
    expect(await reserved()).to.equal(reward);
  });

  it("given a plan without a team, nothing is set aside, as no tier can fall", async () => {
    const { challenges, redTeam, root, reason } = stage;
    const plan = stage.plan({ team: ZeroHash });
    const project = await stage.openProject(plan);
    const [proved] = await stage.report(2, [stage.leafOf(project)]);
    if (proved === undefined) throw new Error("no leaf");
    await expect(stage.open(redTeam, { plan, proved, leastReward: 1n }))
      .to.be.revertedWithCustomError(challenges, "ChallengesRewardNotCovered")
      .withArgs(1n, 0n, pot);
    const challenge = await stage.open(redTeam, { plan, proved });
    expect([await rewardOf(challenge), await reserved()]).to.deep.equal([0n, 0n]);
    await challenges.connect(root).uphold(challenge, 0, reason);
    expect(await challenges.claimable(redTeam)).to.equal(bond);
  });

  describe("given the pot's only reward is promised", () => {
    let challenge: string;
    beforeEach(async () => {
      await leave(reward);
      challenge = await stage.open(stage.redTeam, { leastReward: reward });
    });

    it("governance cannot take a wei of it", async () => {
      const { challenges, admin, root } = stage;
      await expect(challenges.withdrawPot(1n, admin, root))
        .to.be.revertedWithCustomError(challenges, "ChallengesInsufficientPot")
        .withArgs(1n, 0n);
    });

    it("later terms do not change it", async () => {
      const { challenges, root } = stage;
      await challenges.setTerms(1n, 1n, root);
      expect(await reserved()).to.equal(reward);
      await challenges.setTerms(0n, 0n, root);
      await challenges.connect(stage.first).uphold(challenge, 0, stage.reason);
      expect(await challenges.claimable(stage.redTeam)).to.equal(bond + reward);
    });

    const ends: readonly (readonly [name: string, end: () => Promise<unknown>, owed: bigint, potAfter: bigint])[] = [
      ["upheld with a penalty", async () => rule("uphold"), bond + reward, 0n],
      [
        "upheld without one",
        async () => {
          await stage.authority.revokeRole(16n, stage.challenges);
          await rule("uphold");
        },
        bond,
        reward,
      ],
      ["rejected", async () => rule("reject"), 0n, reward + bond],
      ["withdrawn", async () => stage.challenges.connect(stage.redTeam).withdraw(challenge), half, reward + half + 1n],
      [
        "returned after its time",
        async () => {
          await stage.networkHelpers.time.increase(deadlineSeconds);
          expect(await reserved()).to.equal(reward); // silence alone frees nothing
          await stage.challenges.returnBond(challenge);
        },
        bond,
        reward,
      ],
    ];
    const rule = (name: "uphold" | "reject") => stage.challenges.connect(stage.first)[name](challenge, 0, stage.reason);
    for (const [name, end, owed, potAfter] of ends) {
      it(`${name}, it is promised to nobody any more, and is paid or freed, once`, async () => {
        const { challenges, redTeam, admin, root } = stage;
        await end();
        expect(await stage.books()).to.deep.equal([0n, owed, potAfter]);
        expect(await reserved()).to.equal(0n);
        expect(await challenges.claimable(redTeam)).to.equal(owed);
        for (const again of [
          rule("uphold"),
          rule("reject"),
          challenges.connect(redTeam).withdraw(challenge),
          challenges.returnBond(challenge),
        ]) {
          await expect(again).to.be.revertedWithCustomError(challenges, "ChallengesUnexpectedStatus");
        }
        await challenges.withdrawPot(potAfter, admin, root); // all of it is free
        expect(await stage.books()).to.deep.equal([0n, owed, 0n]);
      });
    }

    it("given that it was freed, the next challenge can be promised it", async () => {
      await expect(stage.open(stage.outsider, { proved: await nextLeaf(), leastReward: reward }))
        .to.be.revertedWithCustomError(stage.challenges, "ChallengesRewardNotCovered")
        .withArgs(reward, 0n, 0n);
      await rule("reject");
      const next = await stage.open(stage.outsider, { leastReward: reward });
      expect(await rewardOf(next)).to.equal(reward);
      expect(await stage.statusOf(challenge)).to.equal(ChallengeStatus.Rejected);
    });
  });
});
