/** Rulings: who may, when, and what follows from them. */
import { expect } from "chai";
import { id, ZeroAddress, ZeroHash, type Signer } from "ethers";

import {
  anchorPeriodSeconds,
  bond,
  ChallengeStatus,
  deadlineSeconds,
  onFreshStage,
  type ChallengeStage,
  Party,
  reward,
  team,
} from "../../support/challenges.ts";
import { Trigger } from "../../support/policy.ts";

const third = deadlineSeconds / 3;

describe("Challenges: rulings", () => {
  let stage: ChallengeStage;
  onFreshStage((fresh) => (stage = fresh));

  const uphold = (challenge: string, by: Signer, position: number | bigint) =>
    stage.challenges.connect(by).uphold(challenge, position, stage.reason);
  const reject = (challenge: string, by: Signer, position: number | bigint) =>
    stage.challenges.connect(by).reject(challenge, position, stage.reason);
  /** That neither ruling is possible, for one reason. */
  async function refused(challenge: string, by: Signer, position: number | bigint, error: string, args: unknown[]) {
    for (const rule of [uphold, reject]) {
      await expect(rule(challenge, by, position))
        .to.be.revertedWithCustomError(stage.challenges, error)
        .withArgs(...args);
    }
  }
  async function opened() {
    const challenge = await stage.open();
    const openedAt = await stage.latest();
    return {
      challenge,
      openedAt,
      second: openedAt + third,
      last: openedAt + 2 * third,
      end: openedAt + deadlineSeconds,
    };
  }
  const asIn = (position: number) => [stage.first, stage.second, stage.root][position] ?? stage.outsider;

  it("given that it is upheld, the team falls one tier at once, and the challenger can claim bond and reward", async () => {
    const { challenges, teams, first, redTeam, reason, tierOf } = stage;
    const { challenge } = await opened();
    const ruled = uphold(challenge, first, 0);
    await expect(ruled)
      .to.emit(challenges, "ChallengeUpheld")
      .withArgs(challenge, first, reason, true, reward, bond + reward, 2n * reward, challenge, first);
    await expect(ruled).to.emit(teams, "TierLowered").withArgs(team, 1, Trigger.ChallengeUpheld, challenge, challenges);
    expect(await tierOf()).to.equal(1n);
    expect(await stage.statusOf(challenge)).to.equal(ChallengeStatus.Upheld);
    expect(await challenges.claimable(redTeam)).to.equal(bond + reward);
    expect(await stage.books()).to.deep.equal([0n, bond + reward, 2n * reward]);
  });

  it("given that it is rejected, the whole bond goes to the pot, and nobody else gets any of it", async () => {
    const { challenges, first, payee, planAnchor, redTeam, reason, tierOf } = stage;
    const { challenge } = await opened();
    await expect(reject(challenge, first, 0))
      .to.emit(challenges, "ChallengeRejected")
      .withArgs(challenge, first, reason, bond, 3n * reward + bond, challenge, first);
    expect(await tierOf()).to.equal(2n);
    for (const account of [first, payee, planAnchor, redTeam]) expect(await challenges.claimable(account)).to.equal(0n);
    expect(await stage.books()).to.deep.equal([0n, 0n, 3n * reward + bond]);
  });

  it("no reward without a penalty: at the lowest tier, without the trigger, without the role, and without a team", async () => {
    const { challenges, teams, authority, first, root, redTeam, leafOf, report, tierOf } = stage;
    let epoch = 1;
    /** What an upheld challenge of a new leaf earns beyond its bond. */
    async function earned(changes: { team?: string } = {}, judge: Signer = first): Promise<bigint> {
      const plan = stage.plan({ ...changes, salt: id(`salt ${epoch}`) });
      const project = await stage.openProject(plan);
      const [proved] = await report(++epoch, [leafOf(project)]);
      if (proved === undefined) throw new Error("no leaf");
      const before = await challenges.claimable(redTeam);
      const challenge = await stage.open(redTeam, { plan, proved });
      await uphold(challenge, judge, 0);
      expect(await stage.statusOf(challenge)).to.equal(ChallengeStatus.Upheld);
      return (await challenges.claimable(redTeam)) - before - bond;
    }
    expect(await earned({ team: ZeroHash }, root)).to.equal(0n);
    await teams.setTriggers(team, 0b011, id("no challenges"));
    expect(await earned()).to.equal(0n);
    await teams.setTriggers(team, 0b111, id("challenges"));
    await authority.revokeRole(16n, challenges);
    expect(await earned()).to.equal(0n);
    await authority.grantRole(16n, challenges, 0);
    expect([await earned(), await earned()]).to.deep.equal([reward, reward]);
    expect(await tierOf()).to.equal(0n);
    expect(await earned()).to.equal(0n);
  });

  it("each position rules from its second on, and none before", async () => {
    const { challenge, second, last } = await opened();
    await stage.at(second - 1);
    await expect(uphold(challenge, asIn(1), 1))
      .to.be.revertedWithCustomError(stage.challenges, "ChallengesNotOpenYet")
      .withArgs(challenge, asIn(1), second);
    await stage.at(last - 1);
    await expect(reject(challenge, asIn(2), 2))
      .to.be.revertedWithCustomError(stage.challenges, "ChallengesNotOpenYet")
      .withArgs(challenge, asIn(2), last);
    await stage.at(last);
    await uphold(challenge, asIn(2), 2);
  });

  it("the second position rules in its first second, and the first may still in the last one", async () => {
    const one = await opened();
    await stage.at(one.second);
    await reject(one.challenge, asIn(1), 1);
    const two = await opened();
    await stage.at(two.end - 1);
    await uphold(two.challenge, asIn(0), 0);
  });

  it("at the deadline nobody rules any more", async () => {
    const { challenge, end } = await opened();
    await stage.networkHelpers.time.increaseTo(end);
    for (const position of [0, 1, 2]) {
      await refused(challenge, asIn(position), position, "ChallengesUnexpectedStatus", [
        ...[challenge, ChallengeStatus.Lapsed, ChallengeStatus.Open],
      ]);
    }
  });

  it("who sits at another position, or nowhere, is no ruler, and neither is anybody beyond the path", async () => {
    const { outsider, first, root } = stage;
    const { challenge } = await opened();
    await refused(challenge, outsider, 0, "ChallengesNotRuler", [challenge, 0, outsider.address, first.address]);
    await refused(challenge, root, 0, "ChallengesNotRuler", [challenge, 0, root.address, first.address]);
    for (const beyond of [3n, 2n ** 256n - 1n]) {
      await refused(challenge, root, beyond, "ChallengesNotRuler", [challenge, beyond, root.address, ZeroAddress]);
    }
  });

  it("a substitute rules for its anchor, whom the record names", async () => {
    const { anchors, challenges, first, substitute, reason } = stage;
    const { challenge } = await opened();
    await refused(challenge, substitute, 0, "ChallengesNotRuler", [challenge, 0, substitute.address, first.address]);
    await anchors.connect(first).setSubstitute(substitute);
    await expect(uphold(challenge, substitute, 0))
      .to.emit(challenges, "ChallengeUpheld")
      .withArgs(challenge, substitute, reason, true, reward, bond + reward, 2n * reward, challenge, first);
  });

  it("who was replaced on the path has no say any more, and the path of the opening stays", async () => {
    const { teams, first, second, outsider } = stage;
    await stage.makeLive(outsider);
    const { challenge } = await opened();
    await teams.setAnchor(3, outsider, id("replaced"));
    await refused(challenge, first, 0, "ChallengesNotRuler", [challenge, 0, first.address, outsider.address]);
    await teams.setPath(team, [2, 1], id("shorter"));
    await refused(challenge, second, 0, "ChallengesNotRuler", [challenge, 0, second.address, outsider.address]);
    await uphold(challenge, outsider, 0);
  });

  it("who is not live does not rule", async () => {
    const { challenges, anchors, first } = stage;
    await stage.networkHelpers.time.increase(anchorPeriodSeconds - deadlineSeconds);
    await anchors.connect(stage.root).checkIn();
    const { challenge } = await opened();
    const until = Number(await anchors.liveUntil(first));
    await stage.at(until - 2);
    await expect(reject(challenge, stage.outsider, 0)).to.be.revertedWithCustomError(challenges, "ChallengesNotRuler");
    const snapshot = await stage.networkHelpers.takeSnapshot();
    await stage.at(until - 1);
    await uphold(challenge, first, 0);
    await snapshot.restore();
    await stage.at(until);
    await expect(uphold(challenge, first, 0))
      .to.be.revertedWithCustomError(challenges, "ChallengesAnchorNotLive")
      .withArgs(first, until);
  });

  it("a ruling without a reason is none", async () => {
    const { challenges, first } = stage;
    const { challenge } = await opened();
    for (const rule of ["uphold", "reject"] as const) {
      await expect(challenges.connect(first)[rule](challenge, 0, ZeroHash)).to.be.revertedWithCustomError(
        challenges,
        "ChallengesNoReason",
      );
    }
  });

  describe("nobody judges in a case of its own", () => {
    it("not the challenger, though it is the first of the path; the next one does", async () => {
      const { first, second } = stage;
      const challenge = await stage.open(first);
      await refused(challenge, first, 0, "ChallengesParty", [first.address, Party.Challenger]);
      await stage.networkHelpers.time.increase(third);
      await uphold(challenge, second, 1);
    });

    it("not the substitute of a challenger, nor a challenger as a substitute", async () => {
      const { anchors, first, second, substitute } = stage;
      await anchors.connect(first).setSubstitute(substitute);
      await anchors.connect(second).setSubstitute(first);
      const challenge = await stage.open(first);
      await refused(challenge, substitute, 0, "ChallengesParty", [first.address, Party.Challenger]);
      await stage.networkHelpers.time.increase(third);
      await refused(challenge, first, 1, "ChallengesParty", [first.address, Party.Challenger]);
    });

    it("not the payee, a member of the team, or an operator that signed the score or signs for one", async () => {
      const { teams, payee, member, operators, provider, networkHelpers } = stage;
      const [operator] = operators;
      if (operator === undefined) throw new Error("no operator");
      await networkHelpers.setBalance(operator.address, 10n * bond);
      for (const [judge, party] of [
        [payee, Party.Payee],
        [member, Party.Member],
        [operator.connect(provider), Party.Operator],
      ] as const) {
        const snapshot = await networkHelpers.takeSnapshot();
        const { challenge } = await opened();
        await stage.makeLive(judge);
        await teams.setAnchor(3, judge, id("seated"));
        await refused(challenge, judge, 0, "ChallengesParty", [await judge.getAddress(), party]);
        // Not as the root's, either: here no position is an exception.
        await teams.setAnchor(1, judge, id("seated"));
        await networkHelpers.time.increase(2 * third);
        await refused(challenge, judge, 2, "ChallengesParty", [await judge.getAddress(), party]);
        await snapshot.restore();
      }
    });

    it("not the anchor of plan or team, unless it is the root's, above whom nobody is", async () => {
      const { teams, planAnchor, own, networkHelpers } = stage;
      for (const [judge, party] of [
        [planAnchor, Party.PlanAnchor],
        [own, Party.TeamAnchor],
      ] as const) {
        const snapshot = await networkHelpers.takeSnapshot();
        const { challenge } = await opened();
        await teams.setAnchor(3, judge, id("seated"));
        await refused(challenge, judge, 0, "ChallengesParty", [judge.address, party]);
        await teams.setAnchor(1, judge, id("seated"));
        await networkHelpers.time.increase(2 * third);
        await uphold(challenge, judge, 2);
        await snapshot.restore();
      }
    });

    it("the root's substitute is not excepted: it has no seat of its own there", async () => {
      const { anchors, root, planAnchor, networkHelpers } = stage;
      await anchors.connect(root).setSubstitute(planAnchor);
      const { challenge } = await opened();
      await networkHelpers.time.increase(2 * third);
      await refused(challenge, planAnchor, 2, "ChallengesParty", [planAnchor.address, Party.PlanAnchor]);
      await uphold(challenge, root, 2);
    });
  });

  it("from every state but Open nothing but the return of a lapsed bond is possible", async () => {
    const { challenges, first, redTeam, networkHelpers } = stage;
    const acts = {
      uphold: (challenge: string) => uphold(challenge, first, 0),
      reject: (challenge: string) => reject(challenge, first, 0),
      withdraw: (challenge: string) => challenges.connect(redTeam).withdraw(challenge),
      returnBond: (challenge: string) => challenges.returnBond(challenge),
    };
    const reached: readonly [keyof typeof ChallengeStatus, (challenge: string) => Promise<unknown>][] = [
      ["Upheld", acts.uphold],
      ["Rejected", acts.reject],
      ["Withdrawn", acts.withdraw],
      ["Lapsed", () => networkHelpers.time.increase(deadlineSeconds)],
      [
        "Returned",
        async (challenge) => {
          await networkHelpers.time.increase(deadlineSeconds);
          await acts.returnBond(challenge);
        },
      ],
    ];
    for (const [status, reach] of reached) {
      const snapshot = await networkHelpers.takeSnapshot();
      const challenge = await stage.open();
      await expect(acts.returnBond(challenge))
        .to.be.revertedWithCustomError(challenges, "ChallengesUnexpectedStatus")
        .withArgs(challenge, ChallengeStatus.Open, ChallengeStatus.Lapsed);
      await reach(challenge);
      expect(await stage.statusOf(challenge)).to.equal(ChallengeStatus[status]);
      for (const [name, act] of Object.entries(acts)) {
        if (status === "Lapsed" && name === "returnBond") continue;
        const required = name === "returnBond" ? ChallengeStatus.Lapsed : ChallengeStatus.Open;
        await expect(act(challenge))
          .to.be.revertedWithCustomError(challenges, "ChallengesUnexpectedStatus")
          .withArgs(challenge, ChallengeStatus[status], required);
      }
      await snapshot.restore();
    }
    for (const [name, act] of Object.entries(acts)) {
      const required = name === "returnBond" ? ChallengeStatus.Lapsed : ChallengeStatus.Open;
      await expect(act(ZeroHash))
        .to.be.revertedWithCustomError(challenges, "ChallengesUnexpectedStatus")
        .withArgs(ZeroHash, ChallengeStatus.None, required);
    }
  });
});
