/** Attacks on challenges: what each of them would gain, and that it does not. */
import { expect } from "chai";
import { id } from "ethers";

import { bond, ChallengeStatus, deadlineSeconds, deployChallenges, reward } from "../../support/challenges.ts";
import { expectJournalComplete } from "../../support/journal.ts";
import { parametersFrom } from "../../support/oracle-stage.ts";

const answer = { True: 0, Revert: 1, BurnGas: 2, ManyBytes: 3, NoBytes: 4, Two: 5, Reenter: 6 } as const;

describe("Attacks: challenges", () => {
  describe("given a project that has itself challenged by a friend, for the rewards", () => {
    it("it earns at most one reward for each tier that it loses, and nothing from then on", async () => {
      const stage = await deployChallenges();
      const { challenges, first, outsider: friend, reason, leafOf, project, report, tierOf } = stage;
      let epoch = 1;
      for (const expected of [reward, reward, 0n, 0n]) {
        const [proved] = await report(++epoch, [leafOf(project)]);
        if (proved === undefined) throw new Error("no leaf");
        const before = await challenges.claimable(friend);
        await challenges.connect(first).uphold(await stage.open(friend, { proved }), 0, reason);
        expect((await challenges.claimable(friend)) - before).to.equal(bond + expected);
      }
      expect(await tierOf()).to.equal(0n);
      await stage.books();
    });

    it("a weak challenge by a friend spares a leaf nothing: it is challenged again, and the bond is lost", async () => {
      const stage = await deployChallenges();
      const { challenges, first, outsider: friend, redTeam, reason } = stage;
      await challenges.connect(first).reject(await stage.open(friend), 0, reason);
      await challenges.connect(first).uphold(await stage.open(redTeam, { evidence: id("better") }), 0, reason);
      expect(await stage.tierOf()).to.equal(1n);
      expect(await challenges.claimable(friend)).to.equal(0n);
      expect(await stage.books()).to.deep.equal([0n, bond + reward, 2n * reward + bond]);
    });
  });

  it("given that whoever sees a rejection coming withdraws ahead of it, half of the bond is lost all the same", async () => {
    const stage = await deployChallenges();
    const { challenges, first, redTeam, reason } = stage;
    const challenge = await stage.open();
    await challenges.connect(redTeam).withdraw(challenge);
    await expect(challenges.connect(first).reject(challenge, 0, reason)).to.be.revertedWithCustomError(
      challenges,
      "ChallengesUnexpectedStatus",
    );
    expect(await challenges.claimable(redTeam)).to.equal(bond / 2n);
  });

  it("given that the same leaf is brought again after it was upheld, it punishes nobody twice", async () => {
    const stage = await deployChallenges();
    const { challenges, first, outsider, reason } = stage;
    const challenge = await stage.open();
    await challenges.connect(first).uphold(challenge, 0, reason);
    await expect(stage.open(outsider))
      .to.be.revertedWithCustomError(challenges, "ChallengesLeafTaken")
      .withArgs(challenge, ChallengeStatus.Upheld);
    expect(await stage.tierOf()).to.equal(1n);
  });

  it("given that somebody binds the whole pot by challenges, it costs no less than it binds, and keeps nobody from challenging", async () => {
    const stage = await deployChallenges();
    const { challenges, first, redTeam, outsider: attacker, reason, leafOf, project, report } = stage;
    const bound: string[] = [];
    for (const epoch of [2, 3, 4]) {
      const [proved] = await report(epoch, [leafOf(project)]);
      if (proved === undefined) throw new Error("no leaf");
      bound.push(await stage.open(attacker, { proved }));
    }
    const { bonds, pot, reserved } = await challenges.books();
    expect(reserved).to.equal(pot);
    expect(bonds).to.be.greaterThanOrEqual(reserved);
    await expect(stage.open(redTeam, { leastReward: reward }))
      .to.be.revertedWithCustomError(challenges, "ChallengesRewardNotCovered")
      .withArgs(reward, 0n, 0n);
    // Unpaid, the challenge counts like every other.
    const unpaid = await stage.open(redTeam);
    // One rejection frees what it bound, and adds a bond to it: the pot can promise more than before.
    await challenges.connect(first).reject(bound[0] ?? "", 0, reason);
    await challenges.connect(first).uphold(unpaid, 0, reason);
    expect(await stage.tierOf()).to.equal(1n);
    const [proved] = await report(5, [leafOf(project)]);
    if (proved === undefined) throw new Error("no leaf");
    await challenges.connect(first).uphold(await stage.open(redTeam, { proved, leastReward: reward }), 0, reason);
    expect(await challenges.claimable(redTeam)).to.equal(2n * bond + reward);
    expect(await challenges.claimable(attacker)).to.equal(0n);
    await stage.books();
  });

  it("given that somebody binds the pot by true challenges of a project at its lowest tier, it costs nothing, and upholding frees it", async () => {
    const stage = await deployChallenges();
    const { challenges, first, redTeam, outsider: attacker, reason, leafOf, project, report } = stage;
    let epoch = 1;
    async function challengeNext(by: typeof attacker) {
      const [proved] = await report(++epoch, [leafOf(project)]);
      if (proved === undefined) throw new Error("no leaf");
      return stage.open(by, { proved });
    }
    for (const _ of ["tier 2", "tier 1"])
      await challenges.connect(first).uphold(await challengeNext(redTeam), 0, reason);
    expect(await stage.tierOf()).to.equal(0n);
    const bound = await challengeNext(attacker);
    expect(await stage.books()).to.deep.equal([bond, 2n * (bond + reward), reward]);
    await expect(stage.open(redTeam, { leastReward: 1n }))
      .to.be.revertedWithCustomError(challenges, "ChallengesRewardNotCovered")
      .withArgs(1n, 0n, 0n);
    await challenges.connect(first).uphold(bound, 0, reason);
    expect(await challenges.claimable(attacker)).to.equal(bond); // whole, as it was right
    await stage.open(redTeam, { leastReward: reward });
  });

  it("given a leaf that is challenged again after each lapse, it binds a reward each time, until anybody returns the bonds", async () => {
    const stage = await deployChallenges();
    const { challenges, networkHelpers, redTeam, outsider: attacker } = stage;
    const lapsed: string[] = [];
    for (const times of [1n, 2n, 3n]) {
      lapsed.push(await stage.open(attacker));
      expect((await challenges.books()).reserved).to.equal(times * reward);
      await networkHelpers.time.increase(deadlineSeconds);
    }
    for (const challenge of lapsed) await challenges.connect(redTeam).returnBond(challenge);
    expect(await stage.books()).to.deep.equal([0n, 3n * bond, 3n * reward]);
    await stage.open(redTeam, { leastReward: reward });
  });

  it("given a leaf that another oracle accepted, it is no leaf here; nor is a project of another oracle", async () => {
    const stage = await deployChallenges();
    const { challenges, authority, ethers, oracle, project, leafOf, report, operators, root } = stage;
    const genesis = (await stage.latest()) + 1000;
    const foreign = await ethers.deployContract("HeartbeatOracle", [authority, parametersFrom(genesis)]);
    await foreign.scheduleOperatorSet(
      operators.map(({ address }) => address),
      1,
      root,
    );
    await stage.networkHelpers.time.increaseTo(genesis);
    const of = { oracle: foreign, operators, genesis };
    const [there] = await report(1, [leafOf(project, 1n)], of);
    if (there === undefined) throw new Error("no leaf");
    await expect(stage.open(stage.redTeam, { proved: there })).to.be.revertedWithCustomError(
      oracle,
      "HeartbeatOracleUnknownReport",
    );
    await authority.registerContract(foreign, id("HeartbeatOracle"));
    const plan = stage.plan({ oracle: await foreign.getAddress() });
    const elsewhere = await stage.openProject(plan);
    const later = Number(await oracle.epochAt(await stage.latest()));
    const [here] = await report(later, [leafOf(elsewhere)]);
    if (here === undefined) throw new Error("no leaf");
    await expect(stage.open(stage.redTeam, { plan, proved: here }))
      .to.be.revertedWithCustomError(challenges, "ChallengesOtherOracle")
      .withArgs(elsewhere, foreign.target, oracle.target);
  });

  it("given that the report leaves the ring while the challenge is open, the ruling stands; another challenge of it does not open", async () => {
    const stage = await deployChallenges();
    const { challenges, oracle, report, first, reason } = stage;
    const challenge = await stage.open();
    const ring = Number(await oracle.RING_LENGTH());
    for (let epoch = 2; epoch <= ring + 1; ++epoch) await report(epoch, []);
    await expect(stage.open()).to.be.revertedWithCustomError(oracle, "HeartbeatOracleUnknownReport");
    expect(await stage.statusOf(challenge)).to.equal(ChallengeStatus.Open);
    await challenges.connect(first).uphold(challenge, 0, reason);
    expect(await stage.tierOf()).to.equal(1n);
  });

  describe("given a challenger that is a contract", () => {
    it("one that refuses coin holds nobody up, and names another receiver", async () => {
      const stage = await deployChallenges();
      const { challenges, ethers, redTeam, first, reason, outsider } = stage;
      const payee = await ethers.deployContract("RefusingPayee");
      await payee.act(challenges, stage.openData(), { value: bond });
      const challenge = await newest(stage);
      await challenges.connect(first).uphold(challenge, 0, reason);
      const claimTo = (to: string) => challenges.interface.encodeFunctionData("claim", [to]);
      for (const burns of [false, true]) {
        await payee.setBurnsGas(burns);
        await expect(payee.act(challenges, claimTo(await payee.getAddress()), { gasLimit: 1_000_000n }))
          .to.be.revertedWithCustomError(challenges, "ChallengesTransferRefused")
          .withArgs(payee, bond + reward);
      }
      expect(await challenges.claimable(payee)).to.equal(bond + reward);
      const before = await stage.provider.getBalance(outsider);
      await payee.connect(redTeam).act(challenges, claimTo(outsider.address));
      expect((await stage.provider.getBalance(outsider)) - before).to.equal(bond + reward);
      await stage.books();
      await expectJournalComplete(stage.provider, challenges);
    });

    it("one that calls back when it gets its coin finds every function closed, and gets no more", async () => {
      const stage = await deployChallenges();
      const { challenges, ethers, first, reason, proved, leafOf, project, report } = stage;
      const thief = await ethers.deployContract("ReenteringPayee");
      await thief.act(challenges, stage.openData(), { value: bond });
      const upheld = await newest(stage);
      await challenges.connect(first).uphold(upheld, 0, reason);
      const [second] = await report(2, [leafOf(project)]);
      if (second === undefined) throw new Error("no leaf");
      const { header, leaf, proof } = second;
      const opening = challenges.interface.encodeFunctionData("open", [
        stage.terms,
        header,
        leaf,
        proof,
        stage.evidence,
        0n,
      ]);
      await thief.act(challenges, opening, { value: bond });
      const open = await newest(stage);
      const { interface: calls } = challenges;
      const claim = calls.encodeFunctionData("claim", [await thief.getAddress()]);
      for (const reentry of [
        claim,
        calls.encodeFunctionData("withdraw", [open]),
        calls.encodeFunctionData("returnBond", [open]),
        calls.encodeFunctionData("uphold", [open, 0, reason]),
        calls.encodeFunctionData("reject", [open, 0, reason]),
        calls.encodeFunctionData("open", [stage.terms, proved.header, proved.leaf, proved.proof, stage.evidence, 0n]),
      ]) {
        const snapshot = await stage.networkHelpers.takeSnapshot();
        await thief.setCall(challenges, reentry);
        await thief.act(challenges, claim);
        expect(await thief.lastWorked()).to.equal(false);
        const closed = ethers.id("ReentrancyGuardReentrantCall()").slice(0, 10);
        expect(await thief.lastError()).to.equal(closed);
        expect(await stage.provider.getBalance(thief)).to.equal(bond + reward);
        expect(await stage.books()).to.deep.equal([bond, 0n, 2n * reward]);
        await snapshot.restore();
      }
    });
  });

  describe("given a teams' contract that misbehaves", () => {
    for (const [name, number, lowered] of [
      ["a revert", answer.Revert, false],
      ["all gas burnt", answer.BurnGas, false],
      ["20,000 bytes", answer.ManyBytes, false],
      ["no answer", answer.NoBytes, false],
      ["a word that is no truth value", answer.Two, false],
      ["the truth", answer.True, true],
    ] as const) {
      it(`${name}: the ruling stands, and the reward follows the penalty alone`, async () => {
        const stage = await deployChallenges((root) => ["HostileTierTeams", number, root]);
        const { challenges, root, redTeam, reason } = stage;
        const challenge = await stage.open();
        await challenges.connect(root).uphold(challenge, 0, reason, { gasLimit: 2_000_000n });
        expect(await stage.statusOf(challenge)).to.equal(ChallengeStatus.Upheld);
        expect(await challenges.claimable(redTeam)).to.equal(bond + (lowered ? reward : 0n));
        await stage.books();
        await expectJournalComplete(stage.provider, challenges);
      });
    }

    it("one that calls back finds the challenges closed, and decided", async () => {
      const stage = await deployChallenges((root) => ["HostileTierTeams", answer.Reenter, root]);
      const { challenges, vault, ethers, root, reason } = stage;
      const hostile = await ethers.getContractAt("HostileTierTeams", await vault.teams());
      const challenge = await stage.open();
      await hostile.setReentry(challenges.interface.encodeFunctionData("returnBond", [challenge]));
      await challenges.connect(root).uphold(challenge, 0, reason);
      expect(await hostile.reentryWorked()).to.equal(false);
      expect(await stage.books()).to.deep.equal([0n, bond + reward, 2n * reward]);
    });

    it("whoever upholds cannot starve it: too little gas is refused, and what passes gives it 300,000", async () => {
      const stage = await deployChallenges((root) => ["HostileTierTeams", answer.True, root]);
      const { challenges, vault, ethers, root, reason, networkHelpers } = stage;
      const teams = await ethers.getContractAt("HostileTierTeams", await vault.teams());
      const challenge = await stage.open();
      const uphold = (gasLimit: bigint) => challenges.connect(root).uphold(challenge, 0, reason, { gasLimit });
      await expect(uphold(400_000n)).to.be.revertedWithCustomError(challenges, "ChallengesGasTooLow");
      expect(await stage.statusOf(challenge)).to.equal(ChallengeStatus.Open);
      let [refused, passes] = [400_000n, 1_500_000n];
      while (passes - refused > 1_000n) {
        const middle = (refused + passes) / 2n;
        const snapshot = await networkHelpers.takeSnapshot();
        try {
          await uphold(middle);
          passes = middle;
        } catch {
          refused = middle;
        }
        await snapshot.restore();
      }
      await uphold(passes);
      expect(await teams.gasGot()).to.be.greaterThan(295_000n);
      expect(await stage.statusOf(challenge)).to.equal(ChallengeStatus.Upheld);
    });
  });
});

/** The id of the challenge that was opened last. */
async function newest({ challenges }: Awaited<ReturnType<typeof deployChallenges>>): Promise<string> {
  const opened = (await challenges.queryFilter(challenges.filters.ChallengeOpened)).at(-1);
  if (opened === undefined) throw new Error("none was opened");
  return opened.args.challenge;
}
