import { expect } from "chai";
import { concat, getBytes, hexlify, id, Signature, toBeHex, TypedDataEncoder } from "ethers";
import { p256 } from "@noble/curves/nist.js";

import { newVault } from "../../support/new-vault.ts";
import { expectConserved } from "../../support/treasury-conservation.ts";
import { deployVault, type VaultStage } from "../../support/treasury-stage.ts";
import {
  inSeatOrder,
  milestoneStatus,
  planTypes,
  proofMessage,
  proofTypes,
  vaultDomain,
  wallets,
  type Claim,
  type PlanTerms,
} from "../../support/treasury.ts";

/** Order of secp256k1: `(r, s)` and `(r, order - s)` sign the same. */
const curveOrder = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const answers = { yes: 0, no: 1, reverts: 2, short: 3, padded: 4, none: 5, burnsGas: 6, huge: 7, writes: 8 } as const;

describe("Signatures of milestone proofs", () => {
  let stage: VaultStage;
  let terms: PlanTerms;
  let project: string;
  let claim: Claim;

  beforeEach(async () => {
    stage = await deployVault();
    terms = stage.plan();
    project = await stage.openActive(terms);
    claim = stage.claim(project);
  });

  afterEach(async () => {
    await stage.completeJournal();
    await expectConserved(stage, stage.asset);
  });

  const digestOf = (domain = stage.domain, message: object = proofMessage(terms, claim)) =>
    TypedDataEncoder.hash(domain, proofTypes, message);

  /** A project whose only attestor is `signer`. */
  async function openWith(signer: string): Promise<[PlanTerms, string]> {
    const attestorSet = await stage.createAttestorSet([signer], 1, id(signer));
    const own = stage.plan({ milestones: [stage.milestone({ attestorSet })], salt: id(signer) });
    return [own, await stage.openActive(own)];
  }

  const expectPaid = async (of = project) =>
    expect((await stage.vault.getMilestone(of, 0)).status).to.equal(milestoneStatus.paid);

  const expectRefused = (sent: Promise<unknown>, seat: number, digest: string) =>
    expect(sent).to.be.revertedWithCustomError(stage.vault, "AttestorSetsInvalidSignature").withArgs(seat, digest);

  describe("given a quorum that is not one, it refuses", () => {
    it("one signature of two", async () => {
      await expect(stage.vault.release(...(await stage.proof(terms, claim, [1]))))
        .to.be.revertedWithCustomError(stage.vault, "AttestorSetsQuorumNotReached")
        .withArgs(1, 2);
      await expect(stage.vault.release(claim, 0, []))
        .to.be.revertedWithCustomError(stage.vault, "AttestorSetsQuorumNotReached")
        .withArgs(0, 2);
    });

    it("PITFALLS: the same signer's signature for two seats", async () => {
      const [, , [signature]] = await stage.proof(terms, claim, [0]);
      if (signature === undefined) throw new Error("a signature expected");
      await expectRefused(stage.vault.release(claim, 0b11n, [signature, signature]), 1, digestOf());
    });

    it("signatures in another order than the seats", async () => {
      const [, seats, signatures] = await stage.proof(terms, claim, [0, 1]);
      await expectRefused(stage.vault.release(claim, seats, [...signatures].reverse()), 0, digestOf());
    });

    it("seats beyond the set, fewer signatures than seats, or more", async () => {
      const { vault } = stage;
      const [, , signatures] = await stage.proof(terms, claim, [0, 1]);
      await expect(vault.release(claim, 0b1001n, signatures))
        .to.be.revertedWithCustomError(vault, "AttestorSetsUnknownSeat")
        .withArgs(0b1001n, 3);
      await expect(vault.release(claim, 0b111n, signatures))
        .to.be.revertedWithCustomError(vault, "AttestorSetsSignatureCount")
        .withArgs(2, 3);
      await expect(vault.release(claim, 0b11n, [...signatures, "0x"]))
        .to.be.revertedWithCustomError(vault, "AttestorSetsSignatureCount")
        .withArgs(3, 2);
    });

    it("a quorum with one false signature more: nobody is recorded who did not sign", async () => {
      const [, , signatures] = await stage.proof(terms, claim, [0, 1]);
      await expectRefused(stage.vault.release(claim, 0b111n, [...signatures, "0x1234"]), 2, digestOf());
    });

    it("a member that was revoked in the block before", async () => {
      const { vault, setOwner, attestorSet } = stage;
      const proof = await stage.proof(terms, claim, [0, 1]);
      await vault.connect(setOwner).revokeAttestor(attestorSet, 1, 1);
      await expect(vault.release(...proof))
        .to.be.revertedWithCustomError(vault, "AttestorSetsRevokedSeat")
        .withArgs(attestorSet, 1, 1);
      await vault.release(...(await stage.proof(terms, claim, [0, 2])));
      await expectPaid();
    });
  });

  describe("everything that changes the effect is signed", () => {
    async function refusesSigned(change: object, domain = stage.domain): Promise<void> {
      const message = { ...proofMessage(terms, claim), ...change };
      const signatures = await Promise.all(
        stage.attestors.slice(0, 2).map((wallet) => wallet.signTypedData(domain, proofTypes, message)),
      );
      await expectRefused(stage.vault.release(claim, 3, signatures), 0, digestOf());
    }

    it("PITFALLS: each field of the message, the plan's version included", async () => {
      const other = stage.outsider.address;
      const changes = {
        project: id("other project"),
        planVersion: 2,
        milestone: 1,
        payee: other,
        asset: other,
        amount: 1n,
        evidence: id("other evidence"),
        attestorSet: id("other set"),
        attestorSetVersion: 2,
        deadline: claim.deadline + 1,
      };
      expect(Object.keys(changes).sort()).to.deep.equal(Object.keys(proofMessage(terms, claim)).sort());
      for (const [field, value] of Object.entries(changes)) await refusesSigned({ [field]: value });
    });

    it("PITFALLS: a signature for another chain, another contract, another name or version", async () => {
      const { domain } = stage;
      await refusesSigned({}, { ...domain, chainId: 1n });
      await refusesSigned({}, { ...domain, verifyingContract: stage.asset });
      await refusesSigned({}, { ...domain, name: "Mandate HeartbeatOracle" as typeof domain.name });
      await refusesSigned({}, { ...domain, version: "2" as typeof domain.version });
    });

    it("PITFALLS: a proof for one vault does not work at its twin, where the same plan has another id", async () => {
      const { vault, ethers, authority, opened } = stage;
      const twin = await newVault(ethers, authority, ethers.ZeroAddress);
      const { chainId } = await ethers.provider.getNetwork();
      const domain = vaultDomain(await twin.getAddress(), chainId);
      expect(await twin.planId(terms)).to.equal(TypedDataEncoder.hash(domain, planTypes, terms));
      expect(await twin.planId(terms)).not.to.equal(await vault.planId(terms));
      expect(opened.projects.has(await twin.planId(terms))).to.equal(false);
    });
  });

  describe("given an account as attestor", () => {
    it("PITFALLS: the mirrored signature (high s) is refused, and so are other lengths", async () => {
      const { vault } = stage;
      const [, , [first, second]] = await stage.proof(terms, claim, [0, 1]);
      if (first === undefined || second === undefined) throw new Error("two signatures expected");
      const { r, s, v } = Signature.from(first);
      const mirrored = concat([r, toBeHex(curveOrder - BigInt(s), 32), toBeHex(v === 27 ? 28 : 27)]);
      const compact = Signature.from(first).compactSerialized;
      for (const wrong of [mirrored, compact, concat([first, "0x00"]), "0x", concat([r, s, "0x00"])]) {
        await expectRefused(vault.release(claim, 3, [wrong, second]), 0, digestOf());
      }
      await vault.release(claim, 3, [first, second]);
      await expectPaid();
    });

    it("a signature by prefix or of the bare message does not count", async () => {
      const [first] = stage.attestors;
      if (first === undefined) throw new Error("an attestor expected");
      const own = await openWith(first.address);
      const ownClaim = stage.claim(own[1]);
      const message = proofMessage(own[0], ownClaim);
      const prefixed = await first.signMessage(getBytes(TypedDataEncoder.hash(stage.domain, proofTypes, message)));
      const bare = first.signingKey.sign(TypedDataEncoder.from(proofTypes).hash(message)).serialized;
      for (const wrong of [prefixed, bare]) {
        await expectRefused(
          stage.vault.release(ownClaim, 1, [wrong]),
          0,
          TypedDataEncoder.hash(stage.domain, proofTypes, message),
        );
      }
    });
  });

  describe("given a contract as attestor (ERC-1271)", () => {
    it("PITFALLS: only the magic word in 32 bytes is a yes; any other answer is a no, and costs a bounded amount", async () => {
      const { vault, ethers } = stage;
      const wallet = await ethers.deployContract("AnsweringSigner", [answers.no]);
      const own = await openWith(await wallet.getAddress());
      const ownClaim = stage.claim(own[1]);
      const digest = await vault.proofDigest(ownClaim);
      for (const answer of Object.values(answers)) {
        if (answer === answers.yes) continue;
        await wallet.setAnswer(answer);
        await expectRefused(vault.release.staticCall(ownClaim, 1, ["0x1234"], { gasLimit: 1_000_000 }), 0, digest);
      }
      expect(await wallet.asked()).to.equal(0n);
      await wallet.setAnswer(answers.yes);
      await vault.release(ownClaim, 1, ["0x1234"]);
      await expectPaid(own[1]);
    });

    it("its answer counts for a signature of 65 bytes, too", async () => {
      const wallet = await stage.ethers.deployContract("AnsweringSigner", [answers.yes]);
      const own = await openWith(await wallet.getAddress());
      await stage.vault.release(stage.claim(own[1]), 1, [hexlify(new Uint8Array(65).fill(1))]);
      await expectPaid(own[1]);
    });

    it("an account without code never answers", async () => {
      const own = await openWith(stage.outsider.address);
      const ownClaim = stage.claim(own[1]);
      await expectRefused(stage.vault.release(ownClaim, 1, ["0x1234"]), 0, await stage.vault.proofDigest(ownClaim));
    });
  });

  describe("given a verifier with a key as attestor (ERC-7913)", () => {
    it("a P-256 key signs through OpenZeppelin's verifier; another key, digest or a changed byte does not", async () => {
      const { vault, ethers } = stage;
      const verifier = await ethers.deployContract("ERC7913P256Verifier");
      const secret = getBytes(id("development key of nobody"));
      const key = hexlify(p256.getPublicKey(secret, false).slice(1));
      const own = await openWith(concat([await verifier.getAddress(), key]));
      const ownClaim = stage.claim(own[1]);
      const digest = await vault.proofDigest(ownClaim);
      const sign = (of: string, by = secret) => hexlify(p256.sign(getBytes(of), by, { prehash: false, lowS: true }));
      const good = sign(digest);
      const bent = concat([good.slice(0, -2), toBeHex(Number(`0x${good.slice(-2)}`) ^ 1, 1)]);
      for (const wrong of [sign(id("other")), sign(digest, getBytes(id("other key"))), bent, "0x"]) {
        await expectRefused(vault.release(ownClaim, 1, [wrong]), 0, digest);
      }
      await vault.release(ownClaim, 1, [good]);
      await expectPaid(own[1]);
    });

    it("PITFALLS: a verifier that reverts, answers oddly or burns gas is a no; there is no fallback to another scheme", async () => {
      const { vault, ethers } = stage;
      const verifier = await ethers.deployContract("AnsweringSigner", [answers.no]);
      const own = await openWith(concat([await verifier.getAddress(), "0x01"]));
      const ownClaim = stage.claim(own[1]);
      const digest = await vault.proofDigest(ownClaim);
      for (const answer of Object.values(answers)) {
        if (answer === answers.yes) continue;
        await verifier.setAnswer(answer);
        await expectRefused(vault.release.staticCall(ownClaim, 1, ["0x"], { gasLimit: 1_000_000 }), 0, digest);
      }
    });

    it("an account, a wallet and a P-256 key prove together", async () => {
      const { vault, ethers } = stage;
      const verifier = await ethers.deployContract("ERC7913P256Verifier");
      const wallet = await ethers.deployContract("AnsweringSigner", [answers.yes]);
      const secret = getBytes(id("development key of nobody"));
      const [account] = wallets(1, 70);
      if (account === undefined) throw new Error("an account expected");
      const members = inSeatOrder(
        [
          { signer: account.address, sign: (digest: string) => account.signingKey.sign(digest).serialized },
          { signer: await wallet.getAddress(), sign: () => "0xabcd" },
          {
            signer: concat([await verifier.getAddress(), hexlify(p256.getPublicKey(secret, false).slice(1))]),
            sign: (digest: string) => hexlify(p256.sign(getBytes(digest), secret, { prehash: false, lowS: true })),
          },
        ],
        ({ signer }) => signer,
      );
      const attestorSet = await stage.createAttestorSet(
        members.map(({ signer }) => signer),
        3,
        id("mixed"),
      );
      const own = stage.plan({ milestones: [stage.milestone({ attestorSet })], salt: id("mixed") });
      const mixed = await stage.openActive(own);
      const digest = await vault.proofDigest(stage.claim(mixed));
      await vault.release(
        stage.claim(mixed),
        7,
        members.map(({ sign }) => sign(digest)),
      );
      await expectPaid(mixed);
    });
  });
});
