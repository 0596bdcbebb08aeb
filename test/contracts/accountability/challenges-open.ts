/** Opening a challenge: what it takes, who may, and what stays fixed. */
import { expect } from "chai";
import { id, keccak256, AbiCoder, ZeroAddress, ZeroHash } from "ethers";

import {
  bond,
  ChallengeStatus,
  deadlineSeconds,
  onFreshStage,
  type ChallengeStage,
  Party,
  path,
  reward,
  team,
} from "../../support/challenges.ts";
import { newVault } from "../../support/new-vault.ts";

const leafTypes = ["bytes32", "bytes32", "uint8", "uint8", "uint64"];

describe("Challenges: open", () => {
  let stage: ChallengeStage;
  onFreshStage((fresh) => (stage = fresh));

  it("given a leaf of an accepted report and the bond, it is on record whole, and the terms in force are its own", async () => {
    const { challenges, proved, project, redTeam, planAnchor, evidence, terms, at, latest } = stage;
    const { header, leaf, proof } = proved;
    const leafWords = [leaf.project, leaf.definition, leaf.outcome, leaf.grade, leaf.score];
    const leafHash = keccak256(keccak256(AbiCoder.defaultAbiCoder().encode(leafTypes, leafWords)));
    const openedAt = (await latest()) + 10;
    const { chainId } = await stage.ethers.provider.getNetwork();
    const words = [chainId, challenges.target, 1n];
    const challenge = keccak256(AbiCoder.defaultAbiCoder().encode(["uint256", "address", "uint256"], words));
    await at(openedAt);
    await expect(challenges.connect(redTeam).open(terms, header, leaf, proof, evidence, 0n, { value: bond }))
      .to.emit(challenges, "ChallengeOpened")
      .withArgs(
        challenge,
        project,
        redTeam,
        1,
        1,
        leafWords,
        evidence,
        team,
        team,
        1,
        openedAt + deadlineSeconds,
        bond,
        reward,
        leafHash,
        planAnchor,
      );
    const expected = [ChallengeStatus.Open, redTeam.address, BigInt(openedAt), BigInt(openedAt + deadlineSeconds), 1n];
    expect(await challenges.getChallenge(challenge)).to.deep.equal([
      ...expected,
      ...[BigInt(team), BigInt(team), 1n, planAnchor.address, bond, reward, project],
    ]);
    expect(await challenges.challengeOf(1, leafHash)).to.equal(challenge);
    expect(await stage.books()).to.deep.equal([bond, 0n, 3n * reward]);
  });

  it("the anchors up the path may rule one after another, each from its share of the time on", async () => {
    const { challenges, anchors, first, second, root, substitute } = stage;
    await anchors.connect(second).setSubstitute(substitute);
    const challenge = await stage.open();
    const openedAt = BigInt(await stage.latest());
    const third = BigInt(deadlineSeconds) / 3n;
    expect(await challenges.rulersOf(challenge)).to.deep.equal([
      [BigInt(path[0]), first.address, ZeroAddress, openedAt],
      [BigInt(path[1]), second.address, substitute.address, openedAt + third],
      [BigInt(path[2]), root.address, ZeroAddress, openedAt + 2n * third],
    ]);
    await stage.networkHelpers.time.increase(deadlineSeconds);
    expect(await challenges.rulersOf(challenge)).to.deep.equal([]);
    expect(await challenges.rulersOf(ZeroHash)).to.deep.equal([]);
  });

  it("given later terms, a challenge keeps those that were in force when it was opened", async () => {
    const { challenges, first, root, redTeam, reason } = stage;
    const challenge = await stage.open();
    await challenges.setTerms(7n, 5n, root);
    await challenges.connect(first).uphold(challenge, 0, reason);
    expect(await challenges.claimable(redTeam)).to.equal(bond + reward);
  });

  it("without terms, and with a bond of 0, nobody can challenge", async () => {
    const { authority, oracle, vault, anchors, constitution, root, proved, terms, evidence } = stage;
    const fresh = await stage.ethers.deployContract("Challenges", [authority, oracle, vault, anchors, constitution]);
    const { header, leaf, proof } = proved;
    const attempt = () => fresh.connect(stage.redTeam).open(terms, header, leaf, proof, evidence, 0n);
    await expect(attempt()).to.be.revertedWithCustomError(fresh, "ChallengesClosed");
    await fresh.setTerms(0, reward, root);
    await expect(attempt()).to.be.revertedWithCustomError(fresh, "ChallengesClosed");
  });

  it("given a wei more or less than the bond, it is refused", async () => {
    for (const value of [bond - 1n, bond + 1n, 0n]) {
      await expect(stage.open(stage.redTeam, { value }))
        .to.be.revertedWithCustomError(stage.challenges, "ChallengesWrongBond")
        .withArgs(value, bond);
    }
  });

  it("a challenge without evidence is none", async () => {
    await expect(stage.open(stage.redTeam, { evidence: ZeroHash })).to.be.revertedWithCustomError(
      stage.challenges,
      "ChallengesNoEvidence",
    );
  });

  it("given another plan than the project's first version, it is refused: the plan says which team falls", async () => {
    const { challenges, vault, project, plan } = stage;
    for (const changes of [{ team: ZeroHash }, { payee: stage.outsider.address }, { version: 2, project }]) {
      const wrong = plan(changes);
      await expect(stage.open(stage.redTeam, { plan: wrong }))
        .to.be.revertedWithCustomError(challenges, "ChallengesWrongPlan")
        .withArgs(project, await vault.planId(wrong));
    }
  });

  it("given a leaf of a project that the vault does not know, it is refused", async () => {
    const plan = stage.plan({ salt: id("never opened") });
    const unknown = await stage.vault.planId(plan);
    const [proved] = await stage.report(2, [stage.leafOf(unknown)]);
    if (proved === undefined) throw new Error("no leaf");
    await expect(stage.open(stage.redTeam, { plan, proved }))
      .to.be.revertedWithCustomError(stage.challenges, "ChallengesUnknownProject")
      .withArgs(unknown);
  });

  it("given a leaf, a header or a proof that the oracle does not accept, its error is passed on", async () => {
    const { proved, oracle, redTeam } = stage;
    const otherLeaf = { ...proved, leaf: { ...proved.leaf, score: 1n } };
    await expect(stage.open(redTeam, { proved: otherLeaf })).to.be.revertedWithCustomError(
      oracle,
      "HeartbeatOracleInvalidProof",
    );
    const otherHeader = { ...proved, header: { ...proved.header, acceptedAt: 1n } };
    await expect(stage.open(redTeam, { proved: otherHeader })).to.be.revertedWithCustomError(
      oracle,
      "HeartbeatOracleUnknownReport",
    );
    await expect(stage.open(redTeam, { proved: { ...proved, proof: [] } })).to.be.revertedWithCustomError(
      oracle,
      "HeartbeatOracleInvalidProof",
    );
  });

  it("who delivers for the project, or signed its score, does not challenge it", async () => {
    const { challenges, payee, member, operators, provider, networkHelpers } = stage;
    const [seated] = operators;
    if (seated === undefined) throw new Error("no operator");
    await networkHelpers.setBalance(seated.address, 10n * bond);
    for (const [signer, party] of [
      [payee, Party.Payee],
      [member, Party.Member],
      [seated.connect(provider), Party.Operator],
    ] as const) {
      await expect(stage.open(signer))
        .to.be.revertedWithCustomError(challenges, "ChallengesParty")
        .withArgs(await signer.getAddress(), party);
    }
  });

  it("given a plan without a team, or of a place where none is, the root's anchor rules", async () => {
    const { challenges, root } = stage;
    for (const [place, epoch] of [
      [ZeroHash, 2],
      [`0x${"41".repeat(32)}`, 3],
    ] as const) {
      const plan = stage.plan({ team: place });
      const project = await stage.openProject(plan);
      const [proved] = await stage.report(epoch, [stage.leafOf(project)]);
      if (proved === undefined) throw new Error("no leaf");
      const challenge = await stage.open(stage.redTeam, { plan, proved });
      const { team: none, pathTeam } = await challenges.getChallenge(challenge);
      expect([none, pathTeam]).to.deep.equal([0n, 1n]);
      expect((await challenges.rulersOf(challenge)).map(({ anchor }) => anchor)).to.deep.equal([root.address]);
    }
  });

  it("one challenge of a leaf is open at a time; another leaf of the project is open to others", async () => {
    const { challenges, outsider, leafOf, project, report } = stage;
    const challenge = await stage.open();
    await expect(stage.open(outsider))
      .to.be.revertedWithCustomError(challenges, "ChallengesLeafTaken")
      .withArgs(challenge, ChallengeStatus.Open);
    const [proved] = await report(2, [leafOf(project)]);
    if (proved === undefined) throw new Error("no leaf");
    const second = await stage.open(outsider, { proved });
    expect(second).not.to.equal(challenge);
    expect(await stage.books()).to.deep.equal([2n * bond, 0n, 3n * reward]);
  });

  it("once it was upheld, a leaf is not challenged again; after any other end it is", async () => {
    const { challenges, first, redTeam, outsider, reason, networkHelpers } = stage;
    const rejected = await stage.open();
    await challenges.connect(first).reject(rejected, 0, reason);
    const withdrawn = await stage.open();
    await challenges.connect(redTeam).withdraw(withdrawn);
    const lapsed = await stage.open();
    await networkHelpers.time.increase(deadlineSeconds);
    const upheld = await stage.open(outsider); // the one that lapsed still has its bond to get
    await challenges.returnBond(lapsed);
    await challenges.connect(first).uphold(upheld, 0, reason);
    await expect(stage.open())
      .to.be.revertedWithCustomError(challenges, "ChallengesLeafTaken")
      .withArgs(upheld, ChallengeStatus.Upheld);
    expect(new Set([rejected, withdrawn, lapsed, upheld]).size).to.equal(4);
  });

  it("the deadline is the constitution's at opening, the office's or the team's stricter one", async () => {
    const { constitution, challenges, own } = stage;
    const name = id("escalation.deadlineSeconds");
    await constitution.connect(own).setTeamValue(team, name, 3600, id("stricter"));
    const challenge = await stage.open();
    const { openedAt, deadline } = await challenges.getChallenge(challenge);
    expect(deadline - openedAt).to.equal(3600n);
  });

  it("a deployment over what is no contract is refused", async () => {
    const { ethers, challenges, authority, oracle, vault, anchors, constitution, outsider } = stage;
    const parts = [oracle.target, vault.target, anchors.target, constitution.target];
    for (const index of parts.keys()) {
      await expect(ethers.deployContract("Challenges", [authority, ...parts.with(index, outsider.address)]))
        .to.be.revertedWithCustomError(challenges, "ChallengesNoContract")
        .withArgs(outsider.address);
    }
    const teamless = await newVault(ethers, authority, ZeroAddress);
    await expect(ethers.deployContract("Challenges", [authority, oracle, teamless, anchors, constitution]))
      .to.be.revertedWithCustomError(challenges, "ChallengesNoContract")
      .withArgs(ZeroAddress);
  });
});
