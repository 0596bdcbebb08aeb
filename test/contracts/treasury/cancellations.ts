import { expect } from "chai";
import { id } from "ethers";

import { cancellationDigest, cancellationOf, cancellationTypes, signedCancellation } from "../../support/agreements.ts";
import { expectConserved } from "../../support/treasury-conservation.ts";
import { day, deployVault, unit, type VaultStage } from "../../support/treasury-stage.ts";
import {
  coin,
  leafOf,
  milestoneStatus,
  party,
  paymentOutcome,
  projectStatus,
  reportHeader,
  type PlanTerms,
} from "../../support/treasury.ts";

const amount = 10n * unit;

describe("Agreements: cancelProject", () => {
  let stage: VaultStage;
  let terms: PlanTerms;
  let project: string;
  let reclaimTo: string;

  beforeEach(async () => {
    stage = await deployVault();
    reclaimTo = await stage.openPool("reclaim");
    terms = stage.plan({ reclaimTo });
    project = await stage.openActive(terms);
  });

  afterEach(async () => {
    await stage.completeJournal();
    await expectConserved(stage, stage.asset);
    await expectConserved(stage, coin);
  });

  const agreement = (returned = 3n * amount, of = project, by = terms) => cancellationOf(stage, by, of, returned);
  const statusOf = async (index: number, of = project) => (await stage.vault.getMilestone(of, index)).status;
  const released = async (index: number) =>
    stage.vault.release(...(await stage.proof(terms, stage.claim(project, index))));

  const expectRefused = (sent: Promise<unknown>, signer: string, message = agreement()) =>
    expect(sent)
      .to.be.revertedWithCustomError(stage.vault, "BudgetVaultInvalidSignature")
      .withArgs(signer, cancellationDigest(stage, message));

  it("iTR-013: given both signatures, anyone ends the project: all that is pending goes to the plan's reclaim account", async () => {
    const { vault, asset, anchor, outsider } = stage;
    const signed = await signedCancellation(stage, agreement());
    const credited = await vault.credited(asset);
    await expect(vault.connect(outsider).cancelProject(...signed))
      .to.emit(vault, "ProjectCancelled")
      .withArgs(project, reclaimTo, asset, 3n * amount, cancellationDigest(stage, agreement()), anchor);
    expect(await vault.poolBalance(reclaimTo, asset)).to.equal(3n * amount);
    expect(await vault.credited(asset)).to.equal(credited);
    const { status, committed, unsettled } = await vault.getProject(project);
    expect([status, committed, unsettled]).to.deep.equal([projectStatus.cancelled, 0n, 0n]);
    for (const index of [0, 1, 2]) expect(await statusOf(index)).to.equal(milestoneStatus.reclaimed);
  });

  it("given a project in the chain's own coin, it goes back as well", async () => {
    const { vault } = stage;
    const own = stage.plan({ asset: coin, reclaimTo, salt: id("coin") });
    const inCoin = await stage.openActive(own);
    await vault.cancelProject(...(await signedCancellation(stage, agreement(3n * amount, inCoin, own))));
    expect(await vault.poolBalance(reclaimTo, coin)).to.equal(3n * amount);
  });

  it("the party that calls need not sign; the other one must", async () => {
    const { vault, payee, anchor } = stage;
    const [, returned, deadline, byPayee, byAnchor] = await signedCancellation(stage, agreement());
    const call = [project, returned, deadline] as const;
    await expectRefused(vault.connect(payee).cancelProject(...call, "0x", "0x"), anchor.address);
    await expectRefused(vault.connect(anchor).cancelProject(...call, "0x", "0x"), payee.address);
    const snapshot = await stage.networkHelpers.takeSnapshot();
    await vault.connect(payee).cancelProject(...call, "0x", byAnchor);
    await snapshot.restore();
    await vault.connect(anchor).cancelProject(...call, byPayee, "0x");
    expect((await vault.getProject(project)).status).to.equal(projectStatus.cancelled);
  });

  it("given a payee that is a contract, its ERC-1271 answer counts, and its own call", async () => {
    const { vault, anchor } = stage;
    const wallet = await stage.ethers.deployContract("AnsweringSigner", [0]);
    const own = stage.plan({ payee: await wallet.getAddress(), salt: id("contract") });
    const held = await stage.open(own);
    await vault.acceptProject(held, party.payee, "0x1234");
    await vault.connect(anchor).acceptProject(held, party.anchor, "0x");
    await vault.commitProject(held);
    const message = agreement(3n * amount, held, own);
    await wallet.setAnswer(1);
    const call = [held, message.returned, message.deadline, "0x1234", "0x"] as const;
    await expectRefused(vault.connect(anchor).cancelProject(...call), own.payee, message);
    await wallet.setAnswer(0);
    await vault.connect(anchor).cancelProject(...call);
    expect((await vault.getProject(held)).status).to.equal(projectStatus.cancelled);
  });

  describe("nobody is bound to what was not agreed", () => {
    it("given another amount than is pending, it refuses, even where both signed it", async () => {
      const { vault, payee } = stage;
      const old = await signedCancellation(stage, agreement());
      await released(0);
      await expect(vault.cancelProject(...old))
        .to.be.revertedWithCustomError(vault, "BudgetVaultUnexpectedReturn")
        .withArgs(project, 2n * amount, 3n * amount);
      const [, , deadline, byPayee, byAnchor] = old;
      await expectRefused(
        vault.cancelProject(project, 2n * amount, deadline, byPayee, byAnchor),
        payee.address,
        agreement(2n * amount),
      );
      await vault.cancelProject(...(await signedCancellation(stage, agreement(2n * amount))));
      expect(await vault.poolBalance(reclaimTo, stage.asset)).to.equal(2n * amount);
    });

    it("given a signature for another project, version, asset, party, vault or chain, it refuses", async () => {
      const { vault, payee, anchor, outsider, domain, asset } = stage;
      const message = agreement();
      const byAnchor = await anchor.signTypedData(domain, cancellationTypes, message);
      const others: [typeof domain, object][] = [
        [domain, { ...message, project: id("another") }],
        [domain, { ...message, planVersion: 2 }],
        [domain, { ...message, payee: outsider.address }],
        [domain, { ...message, anchor: outsider.address }],
        [domain, { ...message, asset: coin }],
        [domain, { ...message, returned: 1n }],
        [domain, { ...message, deadline: message.deadline + 1 }],
        [{ ...domain, verifyingContract: asset }, message],
        [{ ...domain, chainId: domain.chainId + 1n }, message],
      ];
      for (const [place, other] of others) {
        const byPayee = await payee.signTypedData(place, cancellationTypes, other);
        await expectRefused(
          vault.cancelProject(project, message.returned, message.deadline, byPayee, byAnchor),
          payee.address,
        );
      }
      const forged = await signedCancellation(stage, message, [outsider, anchor]);
      await expectRefused(vault.cancelProject(...forged), payee.address);
      const swapped = await signedCancellation(stage, message, [payee, payee]);
      await expectRefused(vault.cancelProject(...swapped), anchor.address);
    });

    it("given its deadline, it refuses; a second before it does not", async () => {
      const { vault, networkHelpers } = stage;
      const message = { ...agreement(), deadline: stage.start + day };
      const signed = await signedCancellation(stage, message);
      const snapshot = await networkHelpers.takeSnapshot();
      await networkHelpers.time.setNextBlockTimestamp(message.deadline);
      await expect(vault.cancelProject(...signed))
        .to.be.revertedWithCustomError(vault, "BudgetVaultDeadlinePassed")
        .withArgs(message.deadline, message.deadline);
      await snapshot.restore();
      await networkHelpers.time.setNextBlockTimestamp(message.deadline - 1);
      await vault.cancelProject(...signed);
    });

    it("iTR-009: given an anchor that is not live, nothing is agreed", async () => {
      const { vault, authority, anchor } = stage;
      await authority.setAnchorLiveUntil(anchor, 7);
      await expect(vault.cancelProject(...(await signedCancellation(stage, agreement()))))
        .to.be.revertedWithCustomError(vault, "BudgetVaultAnchorNotLive")
        .withArgs(anchor, 7);
    });
  });

  describe("only an active project is cancelled, and once", () => {
    async function expectStatus(of: string, status: bigint, by = terms): Promise<void> {
      const { vault } = stage;
      await expect(vault.cancelProject(...(await signedCancellation(stage, agreement(3n * amount, of, by)))))
        .to.be.revertedWithCustomError(vault, "BudgetVaultUnexpectedProjectStatus")
        .withArgs(of, status, projectStatus.active);
    }

    it("not one that there is not, was never funded, or has expired", async () => {
      await expectStatus(id("none"), projectStatus.none);
      const accepted = await stage.openAccepted(stage.plan({ salt: id("accepted") }));
      await expectStatus(accepted, projectStatus.proposed);
      await stage.networkHelpers.time.increaseTo(stage.plan().acceptBy);
      await expectStatus(accepted, projectStatus.expired);
    });

    it("not one that is closed", async () => {
      for (const index of [0, 1, 2]) await released(index);
      await expectStatus(project, projectStatus.closed);
    });

    it("not one that was reclaimed", async () => {
      await stage.oracle.accept(9, stage.start);
      await stage.vault.reclaim(project);
      await expectStatus(project, projectStatus.reclaimed);
    });

    it("PITFALLS: not a second time: the money goes back once", async () => {
      const { vault, asset } = stage;
      const signed = await signedCancellation(stage, agreement());
      await vault.cancelProject(...signed);
      await expectStatus(project, projectStatus.cancelled);
      const nothing = await signedCancellation(stage, agreement(0n));
      await expect(vault.cancelProject(...nothing)).to.be.revertedWithCustomError(
        vault,
        "BudgetVaultUnexpectedProjectStatus",
      );
      expect(await vault.poolBalance(reclaimTo, asset)).to.equal(3n * amount);
    });

    it("given a lease that lapsed and was not reclaimed yet, both sides still end it: the money goes to the same place", async () => {
      await stage.oracle.accept(9, stage.start);
      await stage.vault.cancelProject(...(await signedCancellation(stage, agreement())));
      expect(await stage.vault.poolBalance(reclaimTo, stage.asset)).to.equal(3n * amount);
    });
  });

  describe("what a cancelled project can no longer do", () => {
    beforeEach(async () => {
      await stage.vault.cancelProject(...(await signedCancellation(stage, agreement())));
    });

    it("it is not renewed, reclaimed, proved or taken back piece by piece", async () => {
      const { vault, oracle, networkHelpers } = stage;
      await oracle.accept(1, await networkHelpers.time.latest());
      const unexpected = (sent: Promise<unknown>) =>
        expect(sent)
          .to.be.revertedWithCustomError(vault, "BudgetVaultUnexpectedProjectStatus")
          .withArgs(project, projectStatus.cancelled, projectStatus.active);
      await unexpected(vault.renewLease(project, reportHeader(1), leafOf(project), []));
      await unexpected(vault.reclaim(project));
      await unexpected(vault.reclaimMilestone(project, 0));
      expect(await vault.isLeaseRunning(project)).to.equal(false);
      await expect(released(0))
        .to.be.revertedWithCustomError(vault, "BudgetVaultUnexpectedMilestoneStatus")
        .withArgs(project, 0, milestoneStatus.reclaimed, milestoneStatus.pending);
      const outcomes = await vault.reclaimBatch.staticCall([project]);
      expect([...outcomes]).to.deep.equal([1n]);
    });
  });

  describe("iTR-003: what was proved is the payee's", () => {
    let held: PlanTerms;
    let running: string;

    beforeEach(async () => {
      const milestones = [stage.milestone({ challengeWindow: day }), stage.milestone()];
      held = stage.plan({ reclaimTo, milestones, salt: id("held") });
      running = await stage.openActive(held);
      await stage.vault.release(...(await stage.proof(held, stage.claim(running))));
      await stage.vault.cancelProject(...(await signedCancellation(stage, agreement(amount, running, held))));
    });

    it("it stays payable after the window, to the payee, once", async () => {
      const { vault, token, payee, networkHelpers } = stage;
      expect(await statusOf(0, running)).to.equal(milestoneStatus.proved);
      expect(await statusOf(1, running)).to.equal(milestoneStatus.reclaimed);
      await networkHelpers.time.increase(day);
      expect(await vault.pay.staticCall(running, 0)).to.equal(paymentOutcome.paid);
      await vault.pay(running, 0);
      expect(await token.balanceOf(payee)).to.equal(amount);
      expect((await vault.getProject(running)).status).to.equal(projectStatus.cancelled);
      await expect(vault.pay(running, 0)).to.be.revertedWithCustomError(vault, "BudgetVaultUnexpectedMilestoneStatus");
    });

    it("given that its proof is overturned, the money goes back: it is never stuck", async () => {
      const { vault, asset, anchor } = stage;
      const digest = await vault.proofDigest(stage.claim(running));
      await expect(vault.connect(anchor).overturn(running, 0, id("fraud")))
        .to.emit(vault, "MilestoneReclaimed")
        .withArgs(running, 0, amount, digest, anchor);
      expect(await vault.poolBalance(reclaimTo, asset)).to.equal(2n * amount);
      expect(await statusOf(0, running)).to.equal(milestoneStatus.reclaimed);
      expect((await vault.getProject(running)).status).to.equal(projectStatus.cancelled);
    });
  });

  it("given that everything is proved, both sides may still end it, and nothing goes back", async () => {
    const { vault, asset } = stage;
    const own = stage.plan({ milestones: [stage.milestone({ challengeWindow: day })], salt: id("all proved") });
    const running = await stage.openActive(own);
    await vault.release(...(await stage.proof(own, stage.claim(running))));
    const before = await vault.poolBalance(stage.pool, asset);
    await vault.cancelProject(...(await signedCancellation(stage, agreement(0n, running, own))));
    expect(await vault.poolBalance(stage.pool, asset)).to.equal(before);
    expect((await vault.getProject(running)).status).to.equal(projectStatus.cancelled);
  });
});
