/** The money of challenges: what comes back, what is forfeited, who takes coin out. */
import { expect } from "chai";
import { ZeroAddress } from "ethers";

import {
  bond,
  ChallengeStatus,
  deadlineSeconds,
  onFreshStage,
  type ChallengeStage,
  reward,
} from "../../support/challenges.ts";
import { anyWord } from "../../support/matchers.ts";

const half = bond / 2n; // the bond is odd: rounded down for the challenger
const pot = 3n * reward;
const most = 100n * 10n ** 18n;

describe("Challenges: money", () => {
  let stage: ChallengeStage;
  onFreshStage((fresh) => (stage = fresh));
  const balanceOf = (account: { address: string }) => stage.provider.getBalance(account.address);

  it("given that the challenger withdraws, half of the bond is forfeited, rounded up", async () => {
    const { challenges, redTeam, planAnchor, tierOf } = stage;
    const challenge = await stage.open();
    await expect(challenges.connect(redTeam).withdraw(challenge))
      .to.emit(challenges, "ChallengeWithdrawn")
      .withArgs(challenge, redTeam, half + 1n, half, pot + half + 1n, challenge, planAnchor);
    expect(await tierOf()).to.equal(2n);
    expect(await stage.books()).to.deep.equal([0n, half, pot + half + 1n]);
  });

  it("nobody else withdraws it, and in the last second before the deadline it still can be", async () => {
    const { challenges, redTeam, outsider, at, latest } = stage;
    const challenge = await stage.open();
    const openedAt = await latest();
    await expect(challenges.connect(outsider).withdraw(challenge))
      .to.be.revertedWithCustomError(challenges, "ChallengesNotChallenger")
      .withArgs(challenge, outsider, redTeam);
    await at(openedAt + deadlineSeconds - 1);
    await challenges.connect(redTeam).withdraw(challenge);
  });

  it("given that nobody ruled, the bond comes back whole from the deadline on, and the silence is on record", async () => {
    const { challenges, redTeam, outsider, root, tierOf, at, latest } = stage;
    const challenge = await stage.open();
    const openedAt = await latest();
    await at(openedAt + deadlineSeconds - 1);
    await expect(challenges.connect(outsider).returnBond(challenge))
      .to.be.revertedWithCustomError(challenges, "ChallengesUnexpectedStatus")
      .withArgs(challenge, ChallengeStatus.Open, ChallengeStatus.Lapsed);
    await at(openedAt + deadlineSeconds);
    await expect(challenges.connect(outsider).returnBond(challenge))
      .to.emit(challenges, "ChallengeLapsed")
      .withArgs(challenge, redTeam, bond, challenge, root);
    expect(await tierOf()).to.equal(2n);
    expect(await challenges.claimable(redTeam)).to.equal(bond);
    expect(await stage.books()).to.deep.equal([0n, bond, pot]);
  });

  it("what is owed from several challenges is claimed at once, to an account of the claimant's choice, and once", async () => {
    const { challenges, first, redTeam, outsider, reason, leafOf, project, report } = stage;
    await challenges.connect(first).uphold(await stage.open(), 0, reason);
    const [proved] = await report(2, [leafOf(project)]);
    if (proved === undefined) throw new Error("no leaf");
    await challenges.connect(redTeam).withdraw(await stage.open(redTeam, { proved }));
    const owed = bond + reward + half;
    const before = await balanceOf(outsider);
    await expect(challenges.connect(redTeam).claim(outsider))
      .to.emit(challenges, "ChallengeClaimed")
      .withArgs(redTeam, outsider, owed, anyWord);
    expect((await balanceOf(outsider)) - before).to.equal(owed);
    expect(await challenges.claimable(redTeam)).to.equal(0n);
    await expect(challenges.connect(redTeam).claim(outsider))
      .to.be.revertedWithCustomError(challenges, "ChallengesNothingToClaim")
      .withArgs(redTeam);
    expect(await stage.books()).to.deep.equal([0n, 0n, pot - reward + half + 1n]);
  });

  it("nothing is sent to nobody or to the contract itself", async () => {
    const { challenges, admin, root, redTeam } = stage;
    await challenges.connect(redTeam).withdraw(await stage.open());
    for (const to of [ZeroAddress, await challenges.getAddress()]) {
      await expect(challenges.connect(redTeam).claim(to))
        .to.be.revertedWithCustomError(challenges, "ChallengesInvalidRecipient")
        .withArgs(to);
      await expect(challenges.connect(admin).withdrawPot(1n, to, root))
        .to.be.revertedWithCustomError(challenges, "ChallengesInvalidRecipient")
        .withArgs(to);
    }
  });

  it("anyone gives to the pot, and who gave is on record", async () => {
    const { challenges, outsider } = stage;
    await expect(outsider.sendTransaction({ to: challenges, value: 5n }))
      .to.emit(challenges, "ChallengePotFunded")
      .withArgs(outsider, 5n, pot + 5n);
    await expect(challenges.connect(outsider).fund({ value: 6n }))
      .to.emit(challenges, "ChallengePotFunded")
      .withArgs(outsider, 6n, pot + 11n);
    expect(await stage.books()).to.deep.equal([0n, 0n, pot + 11n]);
  });

  it("governance takes out of the pot what is free of it, and nothing of bonds, claims and what is reserved", async () => {
    const { challenges, admin, root, outsider, redTeam, leafOf, project, report } = stage;
    await stage.open();
    const [proved] = await report(2, [leafOf(project)]);
    if (proved === undefined) throw new Error("no leaf");
    await challenges.connect(redTeam).withdraw(await stage.open(redTeam, { proved }));
    const all = pot - reward + half + 1n; // the other challenge's reward stays
    await expect(challenges.connect(admin).withdrawPot(all + 1n, outsider, root))
      .to.be.revertedWithCustomError(challenges, "ChallengesInsufficientPot")
      .withArgs(all + 1n, all);
    await expect(challenges.connect(admin).withdrawPot(all, outsider, outsider))
      .to.be.revertedWithCustomError(challenges, "ChallengesAnchorNotLive")
      .withArgs(outsider, 0);
    await expect(challenges.connect(outsider).withdrawPot(1n, outsider, root)).to.be.revertedWithCustomError(
      challenges,
      "AccessManagedUnauthorized",
    );
    const before = await balanceOf(outsider);
    await expect(challenges.connect(admin).withdrawPot(all, outsider, root))
      .to.emit(challenges, "ChallengePotWithdrawn")
      .withArgs(outsider, all, reward, anyWord, root, admin);
    expect((await balanceOf(outsider)) - before).to.equal(all);
    expect(await stage.books()).to.deep.equal([bond, half, reward]);
  });

  it("terms have bounds, a live anchor who answers, and a record of what they were", async () => {
    const { challenges, admin, root, outsider } = stage;
    await expect(challenges.setTerms(most + 1n, 0, root))
      .to.be.revertedWithCustomError(challenges, "ChallengesBondTooHigh")
      .withArgs(most + 1n, most);
    await expect(challenges.setTerms(0, most + 1n, root))
      .to.be.revertedWithCustomError(challenges, "ChallengesRewardTooHigh")
      .withArgs(most + 1n, most);
    await expect(challenges.setTerms(reward - 1n, reward, root))
      .to.be.revertedWithCustomError(challenges, "ChallengesBondBelowReward")
      .withArgs(reward - 1n, reward);
    for (const closed of [true, false]) {
      const snapshot = await stage.networkHelpers.takeSnapshot();
      await challenges.setTerms(closed ? 0n : reward, reward, root);
      await snapshot.restore();
    }
    await expect(challenges.setTerms(1, 1, outsider))
      .to.be.revertedWithCustomError(challenges, "ChallengesAnchorNotLive")
      .withArgs(outsider, 0);
    await expect(challenges.connect(outsider).setTerms(1, 1, root)).to.be.revertedWithCustomError(
      challenges,
      "AccessManagedUnauthorized",
    );
    await expect(challenges.setTerms(most, most, root))
      .to.emit(challenges, "ChallengeTermsSet")
      .withArgs(bond, most, reward, most, anyWord, root, admin);
    expect(await challenges.terms()).to.deep.equal([most, most, root.address]);
    await stage.open(stage.redTeam, { value: most });
  });

  it("coin that is forced upon the contract is nobody's, and changes nothing", async () => {
    const { challenges, first, redTeam, reason, provider, networkHelpers } = stage;
    const challenge = await stage.open();
    await networkHelpers.setBalance(await challenges.getAddress(), (await provider.getBalance(challenges)) + 7n);
    await challenges.connect(first).uphold(challenge, 0, reason);
    await challenges.connect(redTeam).claim(redTeam);
    expect(await stage.books(7n)).to.deep.equal([0n, 0n, pot - reward]);
    await networkHelpers.setBalance(await challenges.getAddress(), pot - reward);
  });
});
