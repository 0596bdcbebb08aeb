/** Versions of attestor sets: added by the owner, counted after a delay, kept by the plans that name them. */
import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import { anyWord, plainStruct } from "../../support/matchers.ts";
import { day, deployVault, type VaultStage } from "../../support/treasury-stage.ts";
import { inSeatOrder, planProblem, wallets } from "../../support/treasury.ts";

const delay = 2 * day;

describe("Attestor sets: versions", () => {
  let stage: VaultStage;

  const signersOf = (offset: number, count = 3) => inSeatOrder(wallets(count, offset), (wallet) => wallet.address);
  const added = signersOf(320);
  const members = added.map(({ address }) => address.toLowerCase());

  beforeEach(async () => {
    stage = await deployVault();
  });

  afterEach(async () => stage.completeJournal());

  /** Adds version 2 of the stage's set, a 1 of 3; returns the first second in which it counts. */
  async function addVersion(threshold = 1): Promise<number> {
    const { vault, setOwner, attestorSet, networkHelpers } = stage;
    await vault.connect(setOwner).addAttestorSetVersionWithSuccessor(attestorSet, members, threshold, ZeroHash, 0);
    return (await networkHelpers.time.latest()) + delay;
  }

  describe("addAttestorSetVersionWithSuccessor", () => {
    it("given its owner, it adds the next version, which counts in two days; the first one stays as it is", async () => {
      const { vault, setOwner, attestorSet, networkHelpers } = stage;
      const before = plainStruct(await vault.getAttestorSet(attestorSet, 1));
      const now = (await networkHelpers.time.latest()) + 10;
      await networkHelpers.time.setNextBlockTimestamp(now);
      await expect(vault.connect(setOwner).addAttestorSetVersionWithSuccessor(attestorSet, members, 3, ZeroHash, 0))
        .to.emit(vault, "AttestorSetVersionAdded")
        .withArgs(attestorSet, 2, members, 3, now + delay, anyWord, setOwner)
        .and.not.to.emit(vault, "AttestorSuccessorNamed");
      expect(plainStruct(await vault.getAttestorSet(attestorSet, 2))).to.deep.equal({
        threshold: 3n,
        live: 3n,
        owner: setOwner.address,
        revoked: 0n,
        attestors: members,
        versions: 2n,
        activeFrom: BigInt(now + delay),
        successor: ZeroHash,
        successorVersion: 0n,
      });
      expect(plainStruct(await vault.getAttestorSet(attestorSet, 1))).to.deep.equal({
        ...(before as object),
        versions: 2n,
      });
    });

    it("versions count up, and each is revoked by itself", async () => {
      const { vault, setOwner, attestorSet } = stage;
      const owned = vault.connect(setOwner);
      for (const version of [2, 3]) {
        expect(
          await owned.addAttestorSetVersionWithSuccessor.staticCall(attestorSet, members, 1, ZeroHash, 0),
        ).to.equal(version);
        await addVersion();
      }
      await expect(owned.revokeAttestor(attestorSet, 3, 1))
        .to.emit(vault, "AttestorRevoked")
        .withArgs(attestorSet, 3, 1, anyWord, setOwner);
      const live = await Promise.all(
        [1, 2, 3].map(async (each) => (await vault.getAttestorSet(attestorSet, each)).live),
      );
      expect(live).to.deep.equal([3n, 3n, 2n]);
    });

    it("given another caller, or a set that nobody created, it refuses", async () => {
      const { vault, setOwner, attestorSet, outsider } = stage;
      await expect(vault.connect(outsider).addAttestorSetVersionWithSuccessor(attestorSet, members, 1, ZeroHash, 0))
        .to.be.revertedWithCustomError(vault, "AttestorSetsNotOwner")
        .withArgs(attestorSet, outsider, setOwner);
      await expect(vault.connect(setOwner).addAttestorSetVersionWithSuccessor(id("none"), members, 1, ZeroHash, 0))
        .to.be.revertedWithCustomError(vault, "AttestorSetsUnknown")
        .withArgs(id("none"), 1);
    });

    it("its members obey the rules of every version", async () => {
      const { vault, setOwner, attestorSet } = stage;
      const owned = vault.connect(setOwner);
      await expect(owned.addAttestorSetVersionWithSuccessor(attestorSet, [], 1, ZeroHash, 0))
        .to.be.revertedWithCustomError(vault, "AttestorSetsInvalidSize")
        .withArgs(0, 1, 32);
      await expect(owned.addAttestorSetVersionWithSuccessor(attestorSet, members, 4, ZeroHash, 0))
        .to.be.revertedWithCustomError(vault, "AttestorSetsInvalidThreshold")
        .withArgs(4, 3);
      await expect(owned.addAttestorSetVersionWithSuccessor(attestorSet, members.toReversed(), 1, ZeroHash, 0))
        .to.be.revertedWithCustomError(vault, "AttestorSetsNotAscending")
        .withArgs(1);
    });

    it("a set that exists in later versions cannot be created again", async () => {
      await addVersion();
      await expect(stage.vault.connect(stage.setOwner).createAttestorSet(id("set"), members, 1))
        .to.be.revertedWithCustomError(stage.vault, "AttestorSetsExists")
        .withArgs(stage.attestorSet, 1);
    });
  });

  describe("plans", () => {
    it("open on a version from its first second on, and not one before", async () => {
      const { vault, attestorSet, networkHelpers } = stage;
      const activeFrom = await addVersion();
      const terms = stage.plan({ milestones: [stage.milestone({ attestorSetVersion: 2 })] });
      await networkHelpers.time.setNextBlockTimestamp(activeFrom - 1);
      await expect(vault.openProject(terms))
        .to.be.revertedWithCustomError(vault, "AttestorSetsNotActive")
        .withArgs(attestorSet, 2, activeFrom, activeFrom - 1);
      await networkHelpers.time.setNextBlockTimestamp(activeFrom);
      const project = await stage.openActive(terms);
      await vault.release(...(await stage.proof(terms, stage.claim(project), [1], added)));
    });

    it("keep the version that they name: a later one proves nothing of theirs", async () => {
      const { vault, networkHelpers } = stage;
      const terms = stage.plan();
      const project = await stage.openActive(terms);
      await networkHelpers.time.increaseTo(await addVersion());
      const claim = stage.claim(project);
      const digest = await vault.proofDigest(claim);
      await expect(vault.release(...(await stage.proof(terms, claim, [0, 1], added))))
        .to.be.revertedWithCustomError(vault, "AttestorSetsInvalidSignature")
        .withArgs(0, digest);
      await vault.release(...(await stage.proof(terms, claim)));
    });

    it("given a version whose members were revoked before it counts, none opens on it", async () => {
      const { vault, setOwner, attestorSet, networkHelpers } = stage;
      const activeFrom = await addVersion(3);
      await vault.connect(setOwner).revokeAttestor(attestorSet, 2, 0);
      await networkHelpers.time.increaseTo(activeFrom);
      await expect(vault.openProject(stage.plan({ milestones: [stage.milestone({ attestorSetVersion: 2 })] })))
        .to.be.revertedWithCustomError(vault, "BudgetVaultInvalidPlan")
        .withArgs(planProblem.attestorSet);
    });
  });
});
