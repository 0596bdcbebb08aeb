import { expect } from "chai";
import { AbiCoder, concat, hexlify, id, keccak256, ZeroAddress, ZeroHash } from "ethers";

import { anyWord, plainStruct } from "../../support/matchers.ts";
import { deployVault, type VaultStage } from "../../support/treasury-stage.ts";
import { inSeatOrder, wallets } from "../../support/treasury.ts";

const same = (each: string) => each;

describe("Attestor sets", () => {
  let stage: VaultStage;

  beforeEach(async () => {
    stage = await deployVault();
  });

  afterEach(async () => stage.completeJournal());

  const members = (count: number) =>
    inSeatOrder(
      wallets(count, 300).map((wallet) => wallet.address.toLowerCase()),
      same,
    );

  describe("createAttestorSet", () => {
    it("its id binds owner and salt; members stand in seat order", async () => {
      const { vault, outsider } = stage;
      const signers = members(5);
      const expected = keccak256(
        AbiCoder.defaultAbiCoder().encode(["address", "bytes32"], [outsider.address, id("s")]),
      );
      await expect(vault.connect(outsider).createAttestorSet(id("s"), signers, 3))
        .to.emit(vault, "AttestorSetCreated")
        .withArgs(expected, 1, signers, 3, outsider, anyWord, outsider);
      const set = await vault.getAttestorSet(expected, 1);
      expect(plainStruct(set)).to.deep.equal({
        threshold: 3n,
        live: 5n,
        owner: outsider.address,
        revoked: 0n,
        attestors: signers,
        versions: 1n,
        activeFrom: BigInt(await stage.networkHelpers.time.latest()),
        successor: ZeroHash,
        successorVersion: 0n,
      });
    });

    it("given 1 to 32 members it creates, given 0 or 33 it refuses", async () => {
      const { vault } = stage;
      for (const size of [1, 32]) await stage.createAttestorSet(members(size), size, id(`of ${size}`));
      for (const size of [0, 33]) {
        await expect(vault.createAttestorSet(id("s"), members(size), 1))
          .to.be.revertedWithCustomError(vault, "AttestorSetsInvalidSize")
          .withArgs(size, 1, 32);
      }
    });

    it("given a threshold of 0 or above the number of members, it refuses", async () => {
      for (const threshold of [0, 4]) {
        await expect(stage.vault.createAttestorSet(id("s"), members(3), threshold))
          .to.be.revertedWithCustomError(stage.vault, "AttestorSetsInvalidThreshold")
          .withArgs(threshold, 3);
      }
    });

    it("PITFALLS: given a member twice, or members out of order, it refuses", async () => {
      const { vault } = stage;
      const [first, second] = members(2);
      if (first === undefined || second === undefined) throw new Error("two members expected");
      for (const wrong of [
        [first, first],
        [second, first],
      ]) {
        await expect(vault.createAttestorSet(id("s"), wrong, 1))
          .to.be.revertedWithCustomError(vault, "AttestorSetsNotAscending")
          .withArgs(1);
      }
    });

    it("given a signer that is short, long, nobody, the vault, or a verifier without code, it refuses", async () => {
      const { vault, oracle } = stage;
      const key = hexlify(new Uint8Array(492).fill(7));
      const wrong = [
        `0x${"11".repeat(19)}`,
        concat([await oracle.getAddress(), key, "0x07"]),
        ZeroAddress,
        await vault.getAddress(),
        concat([stage.outsider.address, "0x01"]),
        concat([`0x${"00".repeat(19)}04`, "0x01"]), // the identity precompile echoes what it is asked
      ];
      for (const signer of wrong) {
        await expect(vault.createAttestorSet(id("s"), [signer], 1))
          .to.be.revertedWithCustomError(vault, "AttestorSetsInvalidAttestor")
          .withArgs(0);
      }
      await stage.createAttestorSet([concat([await oracle.getAddress(), key])], 1, id("longest"));
      const set = await vault.getAttestorSet(
        keccak256(AbiCoder.defaultAbiCoder().encode(["address", "bytes32"], [stage.setOwner.address, id("longest")])),
        1,
      );
      expect(set.attestors[0]).to.equal(concat([await oracle.getAddress(), key]).toLowerCase());
    });

    it("given 32 members of the longest kind, they fit", async () => {
      const verifier = await stage.oracle.getAddress();
      const keys = Array.from({ length: 32 }, (_, i) => concat([verifier, hexlify(new Uint8Array(492).fill(i))]));
      const set = await stage.createAttestorSet(inSeatOrder(keys, same), 32, id("longest"));
      expect((await stage.vault.getAttestorSet(set, 1)).attestors).to.have.lengthOf(32);
    });

    it("given a salt that its owner used, it refuses; another owner may use it", async () => {
      const { vault, setOwner, attestorSet, outsider } = stage;
      await expect(vault.connect(setOwner).createAttestorSet(id("set"), members(1), 1))
        .to.be.revertedWithCustomError(vault, "AttestorSetsExists")
        .withArgs(attestorSet, 1);
      await vault.connect(outsider).createAttestorSet(id("set"), members(1), 1);
    });
  });

  describe("revokeAttestor", () => {
    it("takes effect at once, lowers the live members and never k", async () => {
      const { vault, setOwner, attestorSet } = stage;
      await expect(vault.connect(setOwner).revokeAttestor(attestorSet, 1, 2))
        .to.emit(vault, "AttestorRevoked")
        .withArgs(attestorSet, 1, 2, anyWord, setOwner);
      const { threshold, live, revoked, attestors } = await vault.getAttestorSet(attestorSet, 1);
      expect([threshold, live, revoked, attestors.length]).to.deep.equal([2n, 2n, 0b100n, 3]);
    });

    it("given everybody, it succeeds to the last one", async () => {
      const { vault, setOwner, attestorSet } = stage;
      for (const seat of [2, 0, 1]) await vault.connect(setOwner).revokeAttestor(attestorSet, 1, seat);
      const { live, revoked } = await vault.getAttestorSet(attestorSet, 1);
      expect([live, revoked]).to.deep.equal([0n, 0b111n]);
    });

    it("given another caller, an unknown set, version or seat, or one that is revoked, it refuses", async () => {
      const { vault, setOwner, attestorSet, office } = stage;
      const owned = vault.connect(setOwner);
      await expect(vault.revokeAttestor(attestorSet, 1, 0))
        .to.be.revertedWithCustomError(vault, "AttestorSetsNotOwner")
        .withArgs(attestorSet, office, setOwner);
      await expect(owned.revokeAttestor(id("none"), 1, 0))
        .to.be.revertedWithCustomError(vault, "AttestorSetsUnknown")
        .withArgs(id("none"), 1);
      await expect(owned.revokeAttestor(attestorSet, 2, 0))
        .to.be.revertedWithCustomError(vault, "AttestorSetsUnknown")
        .withArgs(attestorSet, 2);
      await expect(owned.revokeAttestor(attestorSet, 1, 3))
        .to.be.revertedWithCustomError(vault, "AttestorSetsUnknownSeat")
        .withArgs(0b1000n, 3);
      await expect(owned.revokeAttestor(attestorSet, 1, 256)).to.be.revertedWithCustomError(
        vault,
        "AttestorSetsUnknownSeat",
      );
      await owned.revokeAttestor(attestorSet, 1, 0);
      await expect(owned.revokeAttestor(attestorSet, 1, 0))
        .to.be.revertedWithCustomError(vault, "AttestorSetsAlreadyRevoked")
        .withArgs(attestorSet, 1, 0);
    });
  });

  it("given an unknown set, there is nothing to read", async () => {
    await expect(stage.vault.getAttestorSet(id("none"), 1))
      .to.be.revertedWithCustomError(stage.vault, "AttestorSetsUnknown")
      .withArgs(id("none"), 1);
  });

  it("entries of stored code are found again beyond 127 and 255, where their encoding grows", async () => {
    const { vault, outsider } = stage;
    const [member] = members(1);
    if (member === undefined) throw new Error("a member expected");
    const owned = vault.connect(outsider);
    for (let i = 0; i < 260; i++) await owned.createAttestorSet(id(`set ${i}`), [member], 1);
    for (const i of [0, 125, 126, 127, 128, 253, 254, 255, 259]) {
      const created = keccak256(
        AbiCoder.defaultAbiCoder().encode(["address", "bytes32"], [outsider.address, id(`set ${i}`)]),
      );
      expect((await vault.getAttestorSet(created, 1)).attestors).to.deep.equal([member]);
    }
    await stage.openActive(stage.plan());
  });
});
