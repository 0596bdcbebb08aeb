/** Successors of attestor sets: who proves when revocations put a quorum out of reach, and only then. */
import { expect } from "chai";
import { encodeBytes32String, id, ZeroHash } from "ethers";

import { anyWord } from "../../support/matchers.ts";
import { expectConserved } from "../../support/treasury-conservation.ts";
import { day, deployVault, unit, type VaultStage } from "../../support/treasury-stage.ts";
import { inSeatOrder, milestoneStatus, planProblem, wallets, type PlanTerms } from "../../support/treasury.ts";

const amount = 10n * unit;
const maximum = 4;
const place = encodeBytes32String("G1.U1.P6");
const team = 7;

/** Version of a set, as plans and proofs name it. */
type Named = readonly [attestorSet: string, version: number];

const signersOf = (offset: number) => inSeatOrder(wallets(3, offset), (wallet) => wallet.address);

describe("Attestor sets: successors", () => {
  let stage: VaultStage;
  /** The 2 of 3 that stands behind every set of these tests. */
  const reserve = signersOf(340);

  beforeEach(async () => {
    stage = await deployVault();
  });

  afterEach(async () => {
    await stage.completeJournal();
    await expectConserved(stage, stage.asset);
  });

  /** A 2 of 3 of the wallets from `offset` on, behind which `successor` stands. */
  async function succeeded(offset: number, successor: Named): Promise<Named> {
    const owned = stage.vault.connect(stage.setOwner);
    const members = signersOf(offset).map(({ address }) => address);
    const created = await owned.createAttestorSetWithSuccessor.staticCall(id(`${offset}`), members, 2, ...successor);
    await owned.createAttestorSetWithSuccessor(id(`${offset}`), members, 2, ...successor);
    return [created, 1];
  }

  const createReserve = async (): Promise<Named> => [
    await stage.createAttestorSet(
      reserve.map(({ address }) => address),
      2,
      id("reserve"),
    ),
    1,
  ];

  async function revoke([attestorSet, version]: Named, ...seats: number[]): Promise<void> {
    for (const seat of seats) await stage.vault.connect(stage.setOwner).revokeAttestor(attestorSet, version, seat);
  }

  const naming = ([attestorSet, attestorSetVersion]: Named, changes: Partial<PlanTerms> = {}): PlanTerms => {
    const milestone = stage.milestone({ attestorSet, attestorSetVersion });
    return stage.plan({ milestones: [milestone, milestone], ...changes });
  };

  const namedOf = async (...named: Named): Promise<Named> => {
    const [attestorSet, version] = await stage.vault.provingAttestorSetFor(...named);
    return [attestorSet, Number(version)];
  };

  describe("naming", () => {
    it("given a version that exists, a new set names it, and says so after its creation", async () => {
      const { vault, outsider } = stage;
      const [set, version] = await createReserve();
      const [member] = signersOf(400);
      const owned = vault.connect(outsider);
      const members = [member?.address.toLowerCase() ?? ""];
      const created = await owned.createAttestorSetWithSuccessor.staticCall(id("s"), members, 1, set, version);
      await expect(owned.createAttestorSetWithSuccessor(id("s"), members, 1, set, version))
        .to.emit(vault, "AttestorSetCreated")
        .withArgs(created, 1, members, 1, outsider, anyWord, outsider)
        .and.to.emit(vault, "AttestorSuccessorNamed")
        .withArgs(created, 1, set, version, anyWord, outsider);
      const found = await vault.getAttestorSet(created, 1);
      expect([found.successor, found.successorVersion, found.attestors]).to.deep.equal([set, 1n, members]);
    });

    it("given an added version, it may name an earlier one of its own set", async () => {
      const { vault, setOwner, attestorSet } = stage;
      const members = signersOf(400).map(({ address }) => address);
      await expect(vault.connect(setOwner).addAttestorSetVersionWithSuccessor(attestorSet, members, 1, attestorSet, 1))
        .to.emit(vault, "AttestorSuccessorNamed")
        .withArgs(attestorSet, 2, attestorSet, 1, anyWord, setOwner);
    });

    it("given a set or a version that does not exist, its own number among them, it refuses: no line has a circle", async () => {
      const { vault, setOwner, attestorSet } = stage;
      const members = signersOf(400).map(({ address }) => address);
      const wrong: Named[] = [
        [attestorSet, 2],
        [attestorSet, 3],
        [attestorSet, 0],
        [id("none"), 1],
        [ZeroHash, 1],
      ];
      for (const named of wrong) {
        await expect(vault.connect(setOwner).addAttestorSetVersionWithSuccessor(attestorSet, members, 1, ...named))
          .to.be.revertedWithCustomError(vault, "AttestorSetsUnknown")
          .withArgs(...named);
        await expect(vault.connect(setOwner).createAttestorSetWithSuccessor(id("s"), members, 1, ...named))
          .to.be.revertedWithCustomError(vault, "AttestorSetsUnknown")
          .withArgs(...named);
      }
    });

    it("given a version that does not count when the new one does, it refuses; from its first second on it may be named", async () => {
      const { vault, setOwner, attestorSet, networkHelpers } = stage;
      const members = signersOf(400).map(({ address }) => address);
      await vault.connect(setOwner).addAttestorSetVersionWithSuccessor(attestorSet, members, 1, ZeroHash, 0);
      const activeFrom = (await networkHelpers.time.latest()) + 2 * day;
      // The third version counts later still.
      await vault.connect(setOwner).addAttestorSetVersionWithSuccessor(attestorSet, members, 1, attestorSet, 2);
      const create = () => vault.connect(setOwner).createAttestorSetWithSuccessor(id("s"), members, 1, attestorSet, 2);
      await networkHelpers.time.setNextBlockTimestamp(activeFrom - 1);
      await expect(create())
        .to.be.revertedWithCustomError(vault, "AttestorSetsNotActive")
        .withArgs(attestorSet, 2, activeFrom, activeFrom - 1);
      await networkHelpers.time.setNextBlockTimestamp(activeFrom);
      await expect(create()).to.emit(vault, "AttestorSuccessorNamed");
    });

    it("given four sets behind it, a set is created; given a fifth, it refuses", async () => {
      const { vault, setOwner } = stage;
      let behind = await createReserve();
      for (let i = 1; i <= maximum; i++) behind = await succeeded(400 + 3 * i, behind);
      const members = signersOf(430).map(({ address }) => address);
      await expect(vault.connect(setOwner).createAttestorSetWithSuccessor(id("s"), members, 1, ...behind))
        .to.be.revertedWithCustomError(vault, "AttestorSetsTooManySuccessors")
        .withArgs(maximum + 1, maximum);
      await expect(vault.connect(setOwner).addAttestorSetVersionWithSuccessor(behind[0], members, 1, ...behind))
        .to.be.revertedWithCustomError(vault, "AttestorSetsTooManySuccessors")
        .withArgs(maximum + 1, maximum);
    });
  });

  describe("proving", () => {
    let behind: Named;
    let first: Named;
    let terms: PlanTerms;
    let project: string;
    const own = signersOf(360);

    beforeEach(async () => {
      behind = await createReserve();
      first = await succeeded(360, behind);
      terms = naming(first);
      project = await stage.openActive(terms);
    });

    it("given k live members, the successor proves nothing, under its own name or the other", async () => {
      const { vault } = stage;
      await revoke(first, 0);
      expect(await namedOf(...first)).to.deep.equal(first);
      const claim = stage.claim(project);
      const digest = await vault.proofDigest(claim);
      for (const signed of [terms, naming(behind)]) {
        await expect(vault.release(...(await stage.proof(signed, claim, [1, 2], reserve))))
          .to.be.revertedWithCustomError(vault, "AttestorSetsInvalidSignature")
          .withArgs(1, digest);
      }
      await vault.release(...(await stage.proof(terms, claim, [1, 2], own)));
    });

    it("iTR-012: given one member fewer, the successor proves, by a proof that names it, and the payee is paid once", async () => {
      const { vault, token, payee } = stage;
      await revoke(first, 0, 2);
      expect(await namedOf(...first)).to.deep.equal(behind);
      const claim = stage.claim(project);
      const digest = await vault.proofDigest(claim);
      const proof = await stage.proof(naming(behind), claim, [0, 2], reserve);
      await expect(vault.release(...proof))
        .to.emit(vault, "MilestonePaid")
        .withArgs(project, 0, payee, terms.asset, amount, claim.evidence, 0b101n, digest, terms.anchor);
      expect(await token.balanceOf(payee)).to.equal(amount);
      await expect(vault.release(...proof))
        .to.be.revertedWithCustomError(vault, "BudgetVaultUnexpectedMilestoneStatus")
        .withArgs(project, 0, milestoneStatus.paid, milestoneStatus.pending);
    });

    it("the members who are left prove nothing any more, nor a successor that signed in the plan's name", async () => {
      const { vault } = stage;
      const claim = stage.claim(project);
      const early = await stage.proof(terms, claim, [0, 1], own);
      await revoke(first, 0, 2);
      const digest = await vault.proofDigest(claim);
      await expect(vault.release(...early))
        .to.be.revertedWithCustomError(vault, "AttestorSetsInvalidSignature")
        .withArgs(0, digest);
      await expect(vault.release(...(await stage.proof(terms, claim, [0, 1], reserve))))
        .to.be.revertedWithCustomError(vault, "AttestorSetsInvalidSignature")
        .withArgs(0, digest);
    });

    it("given a successor, its own threshold counts, and its own revocations", async () => {
      const { vault } = stage;
      await revoke(first, 0, 2);
      const claim = stage.claim(project);
      await expect(vault.release(...(await stage.proof(naming(behind), claim, [1], reserve))))
        .to.be.revertedWithCustomError(vault, "AttestorSetsQuorumNotReached")
        .withArgs(1, 2);
      await revoke(behind, 1);
      await expect(vault.release(...(await stage.proof(naming(behind), claim, [0, 1], reserve))))
        .to.be.revertedWithCustomError(vault, "AttestorSetsRevokedSeat")
        .withArgs(...behind, 1);
      await vault.release(...(await stage.proof(naming(behind), claim, [0, 2], reserve)));
    });

    it("given nobody behind it who reaches k, the named set is refused, and its deadline stands still", async () => {
      const { vault, networkHelpers } = stage;
      await revoke(first, 0, 2);
      await revoke(behind, 0, 1);
      expect(await namedOf(...first)).to.deep.equal(first);
      await expect(vault.release(...(await stage.proof(terms, stage.claim(project), [1], own))))
        .to.be.revertedWithCustomError(vault, "AttestorSetsQuorumNotReached")
        .withArgs(1, 2);
      await networkHelpers.time.increaseTo(stage.milestone().deadline);
      await expect(vault.reclaimMilestone(project, 0))
        .to.be.revertedWithCustomError(vault, "AttestorSetsTooFewLive")
        .withArgs(...first, 1, 2);
    });

    it("given a successor that reaches k, the deadline runs: it takes the money back", async () => {
      const { vault, networkHelpers, asset, pool } = stage;
      await revoke(first, 0, 1, 2);
      await networkHelpers.time.increaseTo(stage.milestone().deadline);
      const before = await vault.poolBalance(pool, asset);
      await vault.reclaimMilestone(project, 0);
      expect(await vault.poolBalance(pool, asset)).to.equal(before + amount);
    });

    it("given a line of four, each one proves as soon as nobody before it can", async () => {
      const line: Named[] = [behind];
      for (const offset of [370, 380, 390, 410]) line.unshift(await succeeded(offset, line[0] ?? behind));
      const [head] = line;
      if (head === undefined) throw new Error("a line expected");
      for (const next of line) {
        expect(await namedOf(...head)).to.deep.equal(next);
        await revoke(next, 0, 1);
      }
      expect(await namedOf(...head)).to.deep.equal(head);
    });

    it("given an unknown version, there is nobody to name", async () => {
      await expect(stage.vault.provingAttestorSetFor(id("none"), 1))
        .to.be.revertedWithCustomError(stage.vault, "AttestorSetsUnknown")
        .withArgs(id("none"), 1);
    });
  });

  describe("iTR-008: plans", () => {
    it("given the payee or the opener behind the set, at any place of its line, none opens", async () => {
      const { vault, payee, office } = stage;
      for (const party of [payee, office]) {
        const bad: Named = [await stage.createAttestorSet([party.address], 1, id(`of ${party.address}`)), 1];
        const members = signersOf(400).map(({ address }) => address);
        const owned = vault.connect(party);
        const middle = await owned.createAttestorSetWithSuccessor.staticCall(id("middle"), members, 1, ...bad);
        await owned.createAttestorSetWithSuccessor(id("middle"), members, 1, ...bad);
        const head = await owned.createAttestorSetWithSuccessor.staticCall(id("head"), members, 1, middle, 1);
        await owned.createAttestorSetWithSuccessor(id("head"), members, 1, middle, 1);
        await expect(vault.openProject(naming([head, 1])))
          .to.be.revertedWithCustomError(vault, "BudgetVaultInvalidPlan")
          .withArgs(planProblem.attestors);
      }
    });

    it("given a version that cannot prove by itself, none opens on it, though its successor could", async () => {
      const first = await succeeded(360, await createReserve());
      await revoke(first, 0, 1);
      await expect(stage.vault.openProject(naming(first)))
        .to.be.revertedWithCustomError(stage.vault, "BudgetVaultInvalidPlan")
        .withArgs(planProblem.attestorSet);
    });
  });
});

describe("Attestor sets: the team that delivers", () => {
  const [member] = wallets(1, 500);
  const others = wallets(2, 510);

  /** A vault whose teams' contract knows one team at `place`, with `member`; and the set of `member` and two others. */
  async function deployWithTeam() {
    const stage = await deployVault({ teams: { mock: "TeamsDouble", args: [place, team, member?.address] } });
    const signers = inSeatOrder([...others, ...(member === undefined ? [] : [member])], (wallet) => wallet.address);
    const members = signers.map(({ address }) => address);
    const attestorSet = await stage.createAttestorSet(members, 2, id("with a member"));
    return { ...stage, teamSet: attestorSet, seat: members.indexOf(member?.address ?? "") };
  }

  it("iTR-008: given a member of the plan's team in the set, or behind it, the plan does not open", async () => {
    const { vault, setOwner, teamSet, seat, ...stage } = await deployWithTeam();
    const refused = (attestorSet: string) =>
      expect(vault.openProject(stage.plan({ team: place, milestones: [stage.milestone({ attestorSet })] })))
        .to.be.revertedWithCustomError(vault, "AttestorSetsTeamMember")
        .withArgs(teamSet, 1, seat, team);
    await refused(teamSet);
    const owned = vault.connect(setOwner);
    const head = await owned.createAttestorSetWithSuccessor.staticCall(
      id("head"),
      [others[0]?.address ?? ""],
      1,
      teamSet,
      1,
    );
    await owned.createAttestorSetWithSuccessor(id("head"), [others[0]?.address ?? ""], 1, teamSet, 1);
    await refused(head);
  });

  it("given no team, a place where none is, or attestors outside the team, it opens", async () => {
    const { teamSet, ...stage } = await deployWithTeam();
    const milestones = [stage.milestone({ attestorSet: teamSet })];
    await stage.openActive(stage.plan({ milestones }));
    const signed = milestones.map((each) => ({ ...each, coSignature: true, challengeWindow: 1 }));
    await stage.openActive(stage.plan({ team: encodeBytes32String("G1"), milestones: signed }));
    await stage.openActive(stage.plan({ team: place }));
    await stage.completeJournal();
  });
});
