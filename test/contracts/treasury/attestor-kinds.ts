import { expect } from "chai";
import { concat, id, toBeHex } from "ethers";

import { p256Signer } from "../../../src/attestor/signers/p256-signer.ts";
import { safeMessageHash, safeSigner } from "../../../src/attestor/signers/safe-signer.ts";
import { eoaSigner } from "../../../src/attestor/signers/account-signer.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { hexOf, wordOf } from "../../../src/core/hex.ts";
import {
  decodeWebAuthnAssertion,
  encodeWebAuthnAssertion,
  webAuthnSignature,
} from "../../../src/core/signing/webauthn.ts";
import { Passkey, type Ceremony } from "../../support/passkey.ts";
import { deploySafes, inOwnerOrder, safeCall } from "../../support/safe.ts";
import { expectConserved } from "../../support/treasury-conservation.ts";
import { deployVault, unit, type VaultStage } from "../../support/treasury-stage.ts";
import { inSeatOrder, milestoneStatus, wallets, type Claim } from "../../support/treasury.ts";

const p256Order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const answers = { yes: 0, reverts: 2, short: 3, burnsGas: 6 } as const;

interface Attestor {
  readonly kind: string;
  readonly signer: string;
  readonly sign: (digest: string) => Promise<string>;
}

describe("Attestors of every kind", () => {
  let stage: VaultStage;
  let chainId: number;
  let safes: Awaited<ReturnType<typeof deploySafes>>;
  let webAuthn: string;
  const owners = inOwnerOrder(wallets(3, 80));
  const passkey = new Passkey(id("a passkey of nobody"));

  beforeEach(async () => {
    stage = await deployVault();
    chainId = Number((await stage.ethers.provider.getNetwork()).chainId);
    safes = await deploySafes(stage.office);
    webAuthn = await (await stage.ethers.deployContract("ERC7913WebAuthnVerifier")).getAddress();
  });

  afterEach(async () => {
    await stage.completeJournal();
    await expectConserved(stage, stage.asset);
  });

  /** Each kind's attestor, signing with what the project ships. */
  async function everyKind(): Promise<Attestor[]> {
    const [account] = wallets(1, 70);
    if (account === undefined) throw new Error("an account expected");
    const p256 = await (await stage.ethers.deployContract("ERC7913P256Verifier")).getAddress();
    const { attestor: safe } = await safeAttestor();
    const shipped = [
      { ...eoaSigner(account.privateKey as Hex), kind: "account" },
      { ...safe, kind: "Safe" },
      { ...p256Signer(p256 as Hex, id("a P-256 key of nobody") as Hex), kind: "P-256 key" },
    ].map((each) => ({ ...each, sign: (digest: string) => each.sign(digest as Hex) }));
    return [...shipped, passkeyAttestor()];
  }

  /** A Safe in which two of three owners sign. */
  async function safeAttestor(handled = true) {
    const safe = await safes.create(
      owners.map(({ address }) => address),
      2,
      handled,
    );
    const address = (await safe.getAddress()) as Hex;
    const ownerKeys = owners.slice(0, 2).map(({ privateKey }) => privateKey as Hex);
    return { safe, address, attestor: safeSigner({ safe: address, chainId, ownerKeys }) };
  }

  const assertion = (digest: string, ceremony: Ceremony = {}, challenge = digest): string =>
    webAuthnSignature({ ...passkey.answer(challenge, ceremony) }, challenge as Hex) ?? "0x";

  const passkeyAttestor = (): Attestor => ({
    kind: "passkey",
    signer: concat([webAuthn, passkey.publicKey]),
    sign: (digest) => Promise.resolve(assertion(digest)),
  });

  /** A project whose attestors are `signers`, in seat order, `threshold` of whom prove. */
  async function openWith(signers: readonly string[], threshold: number): Promise<{ claim: Claim; digest: string }> {
    const attestorSet = await stage.createAttestorSet(signers, threshold, id(signers.join()));
    const terms = stage.plan({ milestones: [stage.milestone({ attestorSet })], salt: id(signers.join()) });
    const claim = stage.claim(await stage.openActive(terms));
    return { claim, digest: await stage.vault.proofDigest(claim) };
  }

  async function expectPays({ claim }: { claim: Claim }, seats: number, signatures: string[]): Promise<void> {
    const { vault, token, ethers, payee } = stage;
    await expect(vault.release(claim, seats, signatures)).to.changeTokenBalances(
      ethers,
      token,
      [vault, payee],
      [-10n * unit, 10n * unit],
    );
    expect((await vault.getMilestone(claim.project, 0)).status).to.equal(milestoneStatus.paid);
  }

  const expectRefused = (of: { claim: Claim; digest: string }, signature: string, seat = 0) =>
    expect(stage.vault.release.staticCall(of.claim, 1n << BigInt(seat), [signature], { gasLimit: 2_000_000 }))
      .to.be.revertedWithCustomError(stage.vault, "AttestorSetsInvalidSignature")
      .withArgs(seat, of.digest);

  describe("given a set of one", () => {
    for (const kind of ["account", "Safe", "P-256 key", "passkey"]) {
      it(`the ${kind} proves and pays; its signature of another digest, or none, does not`, async () => {
        const attestor = (await everyKind()).find((each) => each.kind === kind);
        if (attestor === undefined) throw new Error(`no ${kind}`);
        const opened = await openWith([attestor.signer], 1);
        await expectRefused(opened, await attestor.sign(id("another digest")));
        await expectRefused(opened, "0x");
        await expectPays(opened, 1, [await attestor.sign(opened.digest)]);
      });
    }
  });

  describe("given a set of all four kinds", () => {
    it("all of them prove together, and so does every three of four", async () => {
      const members = inSeatOrder(await everyKind(), ({ signer }) => signer);
      for (const absent of [undefined, 0, 1, 2, 3]) {
        const threshold = absent === undefined ? 4 : 3;
        const signing = members.filter((_, seat) => seat !== absent);
        const seats = members.reduce((bits, _, seat) => (seat === absent ? bits : bits | (1 << seat)), 0);
        const attestorSet = await stage.createAttestorSet(
          members.map(({ signer }) => signer),
          threshold,
          id(`absent ${absent}`),
        );
        const terms = stage.plan({ milestones: [stage.milestone({ attestorSet })], salt: id(`absent ${absent}`) });
        const claim = stage.claim(await stage.openActive(terms));
        const digest = await stage.vault.proofDigest(claim);
        await expectPays({ claim }, seats, await Promise.all(signing.map(({ sign }) => sign(digest))));
      }
    });

    it("one kind's false signature among good ones refuses the whole, whichever it is", async () => {
      const members = inSeatOrder(await everyKind(), ({ signer }) => signer);
      const opened = await openWith(
        members.map(({ signer }) => signer),
        3,
      );
      const good = await Promise.all(members.map(({ sign }) => sign(opened.digest)));
      for (const [seat, { sign }] of members.entries()) {
        const wrong = await sign(id("another digest"));
        await expect(stage.vault.release.staticCall(opened.claim, 0b1111, good.with(seat, wrong)))
          .to.be.revertedWithCustomError(stage.vault, "AttestorSetsInvalidSignature")
          .withArgs(seat, opened.digest);
      }
      await expectPays(opened, 0b1111, good);
    });
  });

  describe("given a Safe", () => {
    it("it refuses too few owners, owners twice or in another order, strangers, and owners who signed the bare digest", async () => {
      const { address, attestor } = await safeAttestor();
      const opened = await openWith([address], 1);
      const hash = safeMessageHash(address, chainId, opened.digest as Hex);
      const [first, second] = owners.map((owner) => owner.signingKey.sign(hash).serialized);
      const [firstBare, secondBare] = owners.map((owner) => owner.signingKey.sign(opened.digest).serialized);
      const [stranger] = wallets(1, 90);
      if (!first || !second || !firstBare || !secondBare || !stranger) throw new Error("signatures expected");
      const foreign = inOwnerOrder([owners[0] ?? stranger, stranger]).map((owner) => owner.signingKey.sign(hash));
      for (const wrong of [
        first,
        concat([first, first]),
        concat([second, first]),
        concat(foreign.map(({ serialized }) => serialized)),
        concat([firstBare, secondBare]),
        concat([first, second]).slice(0, -2),
      ]) {
        await expectRefused(opened, wrong);
      }
      expect(concat([first, second])).to.equal(await attestor.sign(opened.digest as Hex));
      await expectPays(opened, 1, [concat([first, second])]);
    });

    it("a signature for another Safe of the same owners, or for another chain, does not count", async () => {
      const [{ address }, twin] = [await safeAttestor(), await safeAttestor()];
      const opened = await openWith([address], 1);
      await expectRefused(opened, await twin.attestor.sign(opened.digest as Hex));
      const ownerKeys = owners.slice(0, 2).map(({ privateKey }) => privateKey as Hex);
      const elsewhere = safeSigner({ safe: address, chainId: chainId + 1, ownerKeys });
      await expectRefused(opened, await elsewhere.sign(opened.digest as Hex));
    });

    it("without its fallback handler it never signs", async () => {
      const { address, attestor } = await safeAttestor(false);
      const opened = await openWith([address], 1);
      await expectRefused(opened, await attestor.sign(opened.digest as Hex));
    });

    it("an owner whom the Safe removed before the release no longer counts", async () => {
      const { safe, address, attestor } = await safeAttestor();
      const opened = await openWith([address], 1);
      const signature = await attestor.sign(opened.digest as Hex);
      const [removed, kept, replaced] = owners;
      const [successor] = wallets(1, 91);
      if (!removed || !kept || !replaced || !successor) throw new Error("owners expected");
      const listed = Array.from((await safe.getFunction("getOwners")()) as string[]);
      const before = listed[listed.indexOf(removed.address) - 1] ?? "0x0000000000000000000000000000000000000001";
      const swap = safe.interface.encodeFunctionData("swapOwner", [before, removed.address, successor.address]);
      await safe.getFunction("execTransaction")(...(await safeCall(safe, [removed, kept], address, swap)));
      await expectRefused(opened, signature);
      const ownerKeys = [kept, replaced].map(({ privateKey }) => privateKey as Hex);
      const now = safeSigner({ safe: address, chainId, ownerKeys });
      await expectPays(opened, 1, [await now.sign(opened.digest as Hex)]);
    });
  });

  describe("given a passkey", () => {
    it("it refuses another challenge and an unverified or absent user; a registration makes no signature at all", async () => {
      const opened = await openWith([passkeyAttestor().signer], 1);
      await expectRefused(opened, assertion(opened.digest, {}, id("another challenge")));
      await expectRefused(opened, assertion(opened.digest, { flags: 0x01 }));
      await expectRefused(opened, assertion(opened.digest, { flags: 0x04 }));
      await expectRefused(opened, assertion(opened.digest, { flags: 0x15 })); // backed up, yet not eligible
      const { authenticatorData, clientDataJSON, signature } = passkey.answer(opened.digest, {
        type: "webauthn.create",
      });
      const made = webAuthnSignature({ authenticatorData, clientDataJSON, signature }, opened.digest as Hex);
      expect(made).to.equal(undefined);
      await expectPays(opened, 1, [assertion(opened.digest)]);
    });

    it("PITFALLS: it refuses the mirrored signature (high s)", async () => {
      const opened = await openWith([passkeyAttestor().signer], 1);
      const good = assertion(opened.digest);
      const decoded = decodeWebAuthnAssertion(good as Hex);
      if (decoded === undefined) throw new Error("an assertion expected");
      const s = wordOf(p256Order - BigInt(hexOf(decoded.s)));
      await expectRefused(opened, encodeWebAuthnAssertion({ ...decoded, s }));
      await expectPays(opened, 1, [good]);
    });

    it("it refuses the struct with its offset in front, which `abi.encode(struct)` gives", async () => {
      const opened = await openWith([passkeyAttestor().signer], 1);
      const good = assertion(opened.digest);
      await expectRefused(opened, concat([toBeHex(0x20, 32), good]));
      await expectPays(opened, 1, [good]);
    });

    it("there is no fallback: the same key's bare P-256 signature does not count, nor an assertion at the P-256 verifier", async () => {
      const secret = id("a passkey of nobody") as Hex;
      const bare = p256Signer(webAuthn as Hex, secret);
      expect(bare.signer).to.equal(passkeyAttestor().signer.toLowerCase());
      const opened = await openWith([bare.signer], 1);
      await expectRefused(opened, await bare.sign(opened.digest as Hex));
      const p256 = await (await stage.ethers.deployContract("ERC7913P256Verifier")).getAddress();
      const plain = await openWith([concat([p256, passkey.publicKey])], 1);
      await expectRefused(plain, assertion(plain.digest));
    });
  });

  describe("given a contract that answers oddly, beside a Safe and a passkey", () => {
    it("PITFALLS: one that reverts, answers short or burns gas is a no; the other two still prove", async () => {
      const odd = await stage.ethers.deployContract("AnsweringSigner", [answers.reverts]);
      const { address, attestor } = await safeAttestor();
      const members = inSeatOrder(
        [
          { signer: await odd.getAddress(), sign: () => Promise.resolve("0x1234") },
          { signer: address, sign: (digest: string) => attestor.sign(digest as Hex) },
          passkeyAttestor(),
        ],
        ({ signer }) => signer,
      );
      const opened = await openWith(
        members.map(({ signer }) => signer),
        2,
      );
      const oddSeat = members.findIndex(({ signer }) => signer === odd.target);
      const signatures = await Promise.all(members.map(({ sign }) => sign(opened.digest)));
      for (const answer of [answers.reverts, answers.short, answers.burnsGas]) {
        await odd.setAnswer(answer);
        await expect(stage.vault.release.staticCall(opened.claim, 0b111, signatures, { gasLimit: 2_000_000 }))
          .to.be.revertedWithCustomError(stage.vault, "AttestorSetsInvalidSignature")
          .withArgs(oddSeat, opened.digest);
      }
      await expectPays(opened, 0b111 ^ (1 << oddSeat), signatures.toSpliced(oddSeat, 1));
    });
  });
});
