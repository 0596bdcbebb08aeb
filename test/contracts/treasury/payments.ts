import { expect } from "chai";
import { id, ZeroAddress, type Contract } from "ethers";

import { expectConserved } from "../../support/treasury-conservation.ts";
import { deployVault, unit, type VaultStage } from "../../support/treasury-stage.ts";
import { coin, milestoneStatus, party, paymentOutcome, type PlanTerms } from "../../support/treasury.ts";

const amount = 10n * unit;
const tokenAnswers = { proper: 0, short: 1, long: 2, notABoolean: 3, burnsGas: 4 } as const;

describe("Payments: hostile tokens and payees", () => {
  let stage: VaultStage;

  beforeEach(async () => {
    stage = await deployVault();
  });

  afterEach(async () => stage.completeJournal());

  /** A hostile token that is allowed, with 1,000 units of the office's ready to be deposited. */
  async function allow(name: string): Promise<Contract> {
    const token = await stage.ethers.deployContract(name);
    await stage.vault.allowAsset(token, true);
    await token.getFunction("mint")(stage.office, 1000n * unit);
    if (token.interface.hasFunction("approve")) await token.getFunction("approve")(stage.vault, 1000n * unit);
    return token;
  }

  const deposit = (token: Contract, name = "hostile deposit") =>
    stage.vault.deposit(stage.pool, token, 1000n * unit, id(name));

  /** An active project in `asset` whose payee, a contract, accepted by its own call. */
  async function openFor(payee: Contract | string, asset: string): Promise<[PlanTerms, string]> {
    const address = typeof payee === "string" ? payee : await payee.getAddress();
    const terms = stage.plan({ asset, payee: address, salt: id(address + asset) });
    const project = await stage.open(terms);
    const { vault, anchor } = stage;
    if (typeof payee === "string") await vault.connect(stage.payee).acceptProject(project, party.payee, "0x");
    else {
      const data = vault.interface.encodeFunctionData("acceptProject", [project, party.payee, "0x"]);
      await payee.getFunction("act")(vault, data);
    }
    await vault.connect(anchor).acceptProject(project, party.anchor, "0x");
    await vault.commitProject(project);
    return [terms, project];
  }

  const proofOf = ([terms, project]: [PlanTerms, string], index = 0) => stage.proof(terms, stage.claim(project, index));
  const payeeMock = async (name: string) => await stage.ethers.deployContract(name);

  describe("deposits", () => {
    it("PITFALLS: a fee-on-transfer token is refused, because less arrives than was said", async () => {
      const token = await allow("FeeOnTransferToken");
      await expect(deposit(token))
        .to.be.revertedWithCustomError(stage.vault, "BudgetVaultWrongDeposit")
        .withArgs(token, 990n * unit, 1000n * unit);
      expect(await stage.vault.credited(token)).to.equal(0n);
    });

    it("a token that returns false is refused", async () => {
      const token = await allow("FalseReturningToken");
      await token.getFunction("setBroken")(true);
      await expect(deposit(token))
        .to.be.revertedWithCustomError(stage.vault, "BudgetVaultTransferFailed")
        .withArgs(token, stage.vault, 1000n * unit);
    });

    it("a token that returns nothing works, in and out", async () => {
      const token = await allow("SilentToken");
      await deposit(token);
      const opened = await openFor(stage.payee.address, await token.getAddress());
      await stage.vault.release(...(await proofOf(opened)));
      expect(await token.getFunction("balanceOf")(stage.payee)).to.equal(amount);
      await expectConserved(stage, await token.getAddress());
    });

    for (const before of [true, false]) {
      it(`PITFALLS: a token that calls back ${before ? "before" : "after"} it moves credits nothing twice`, async () => {
        const { vault, pool } = stage;
        const token = await allow("CallbackToken");
        const payload = vault.interface.encodeFunctionData("creditSurplus", [pool, await token.getAddress()]);
        await token.getFunction("setHook")(vault, payload, before);
        await deposit(token);
        expect(await token.getFunction("lastWorked")()).to.equal(false);
        expect(await token.getFunction("lastError")()).to.equal(
          vault.interface.encodeErrorResult("ReentrancyGuardReentrantCall"),
        );
        expect(await vault.credited(token)).to.equal(1000n * unit);
        await expectConserved(stage, await token.getAddress());
      });
    }

    it("PITFALLS: a rebasing token that grew gives a surplus; one that shrank gives none and owes what it owed", async () => {
      const { vault, pool } = stage;
      const token = await allow("RebasingToken");
      await deposit(token);
      await token.getFunction("rebase")(vault, 1100n * unit);
      await vault.creditSurplus(pool, token);
      expect(await vault.poolBalance(pool, token)).to.equal(1100n * unit);
      await token.getFunction("rebase")(vault, 500n * unit);
      await expect(vault.creditSurplus(pool, token)).to.be.revertedWithCustomError(vault, "BudgetVaultZeroAmount");
      expect(await vault.credited(token)).to.equal(1100n * unit);
      await expect(vault.withdraw(pool, token, stage.office, 501n * unit)).to.be.revertedWithCustomError(
        vault,
        "BudgetVaultTransferFailed",
      );
    });
  });

  describe("a push that fails becomes a claim", () => {
    for (const [manner, burnsGas] of [
      ["reverts", false],
      ["burns all gas", true],
    ] as const) {
      it(`PITFALLS: given a payee that ${manner} on coin, others are not held up, and it claims to another address`, async () => {
        const { vault, anchor, outsider } = stage;
        const refusing = await payeeMock("RefusingPayee");
        if (burnsGas) await refusing.getFunction("setBurnsGas")(true);
        const [terms, project] = await openFor(refusing, coin);
        const proof = await proofOf([terms, project]);
        const digest = await vault.proofDigest(proof[0]);
        await expect(vault.connect(outsider).release(...proof, { gasLimit: 700_000 }))
          .to.emit(vault, "MilestonePaid")
          .withArgs(project, 0, refusing, coin, amount, proof[0].evidence, proof[1], digest, anchor)
          .and.to.emit(vault, "ClaimCredited")
          .withArgs(project, 0, refusing, coin, amount, digest, anchor);
        expect((await vault.getMilestone(project, 0)).status).to.equal(milestoneStatus.paid);
        expect(await vault.claimable(refusing, coin)).to.equal(amount);
        expect(await vault.credited(coin)).to.equal(1000n * unit);
        await expectConserved(stage, coin, [await refusing.getAddress()]);

        await vault.release(...(await proofOf([terms, project], 1)), { gasLimit: 700_000 });
        expect(await vault.claimable(refusing, coin)).to.equal(2n * amount);
        const claim = (to: string) =>
          refusing.getFunction("act")(vault, vault.interface.encodeFunctionData("claim", [coin, to]), {
            gasLimit: 700_000,
          });
        await expect(claim(await refusing.getAddress()))
          .to.be.revertedWithCustomError(vault, "BudgetVaultTransferFailed")
          .withArgs(coin, refusing, 2n * amount);
        await expect(claim(outsider.address)).to.changeEtherBalance(stage.ethers, outsider, 2n * amount);
        const [claimed] = await vault.queryFilter(vault.filters.Claimed, -1);
        expect(claimed?.args.slice(0, 4)).to.deep.equal([refusing.target, coin, outsider.address, 2n * amount]);
        await expectConserved(stage, coin, [await refusing.getAddress()]);
        await expect(claim(outsider.address))
          .to.be.revertedWithCustomError(vault, "BudgetVaultNothingToClaim")
          .withArgs(refusing, coin);
      });
    }

    it("given a token that fails while the issuer blocks it, the payee claims when it works again", async () => {
      const { vault, payee } = stage;
      const token = await allow("FalseReturningToken");
      await deposit(token);
      const opened = await openFor(payee.address, await token.getAddress());
      await token.getFunction("setBroken")(true);
      await vault.release(...(await proofOf(opened)));
      expect(await vault.claimable(payee, token)).to.equal(amount);
      await expect(vault.connect(payee).claim(token, payee))
        .to.be.revertedWithCustomError(vault, "BudgetVaultTransferFailed")
        .withArgs(token, payee, amount);
      await token.getFunction("setBroken")(false);
      for (const to of [ZeroAddress, await vault.getAddress()]) {
        await expect(vault.connect(payee).claim(token, to))
          .to.be.revertedWithCustomError(vault, "BudgetVaultInvalidRecipient")
          .withArgs(to);
      }
      await vault.connect(payee).claim(token, payee);
      expect(await token.getFunction("balanceOf")(payee)).to.equal(amount);
      await expectConserved(stage, await token.getAddress());
    });

    for (const [name, answer] of Object.entries(tokenAnswers)) {
      it(`given a token whose transfer answers ${name}, the outcome follows what it said`, async () => {
        const { vault, payee } = stage;
        const token = await allow("OddlyAnsweringToken");
        await deposit(token);
        const opened = await openFor(payee.address, await token.getAddress());
        await token.getFunction("setAnswer")(answer);
        const proof = await proofOf(opened);
        const outcome = await vault.release.staticCall(...proof, { gasLimit: 900_000 });
        const paid = answer === tokenAnswers.proper || answer === tokenAnswers.long;
        expect(outcome).to.equal(paid ? paymentOutcome.paid : paymentOutcome.claimable);
        await vault.release(...proof, { gasLimit: 900_000 });
        expect(await vault.claimable(payee, token)).to.equal(paid ? 0n : amount);
      });
    }
  });

  describe("PITFALLS: 63/64 gas griefing", () => {
    it("given gas that would starve the payee, it reverts; it never turns a payment into a claim", async () => {
      const { vault, outsider } = stage;
      const accepting = await payeeMock("AcceptingPayee");
      const opened = await openFor(accepting, coin);
      const proof = await proofOf(opened);
      let refused = 0;
      for (let gasLimit = 60_000; gasLimit < 420_000; gasLimit += 15_000) {
        const snapshot = await stage.networkHelpers.takeSnapshot();
        try {
          await vault.connect(outsider).release(...proof, { gasLimit });
          expect((await vault.getMilestone(opened[1], 0)).status, `${gasLimit}`).to.equal(milestoneStatus.paid);
          expect(await vault.claimable(accepting, coin), `${gasLimit}`).to.equal(0n);
        } catch (error) {
          if (!/BudgetVaultInsufficientGas|ran out of gas|AttestorSetsInvalidSignature/.exec(String(error)))
            throw error;
          refused++;
        }
        await snapshot.restore();
      }
      expect(refused).to.be.within(1, 23);
      await expect(vault.connect(outsider).release(...proof, { gasLimit: 250_000 })).to.be.revertedWithCustomError(
        vault,
        "BudgetVaultInsufficientGas",
      );
    });
  });

  describe("PITFALLS: a payee that calls the vault while it is paid", () => {
    it("gets nothing twice, by no function", async () => {
      const { vault, pool } = stage;
      const reentering = await payeeMock("ReenteringPayee");
      const opened = await openFor(reentering, coin);
      const [, project] = opened;
      const calls = [
        vault.interface.encodeFunctionData("release", await proofOf(opened, 0)),
        vault.interface.encodeFunctionData("release", await proofOf(opened, 1)),
        vault.interface.encodeFunctionData("pay", [project, 0]),
        vault.interface.encodeFunctionData("claim", [coin, await reentering.getAddress()]),
        vault.interface.encodeFunctionData("creditSurplus", [pool, coin]),
        vault.interface.encodeFunctionData("reclaim", [project]),
        vault.interface.encodeFunctionData("reclaimMilestone", [project, 1]),
        vault.interface.encodeFunctionData("commitProject", [project]),
        vault.interface.encodeFunctionData("cancelProject", [project, 20n * unit, 2n ** 48n - 1n, "0x", "0x"]),
        vault.interface.encodeFunctionData("multicall", [
          [vault.interface.encodeFunctionData("release", await proofOf(opened, 1))],
        ]),
      ];
      const guarded = vault.interface.encodeErrorResult("ReentrancyGuardReentrantCall");
      for (const payload of calls) {
        const snapshot = await stage.networkHelpers.takeSnapshot();
        await reentering.getFunction("setCall")(vault, payload);
        await vault.release(...(await proofOf(opened, 0)));
        expect(await reentering.getFunction("received")()).to.equal(1n);
        expect(await reentering.getFunction("lastError")()).to.equal(guarded);
        expect(await stage.ethers.provider.getBalance(reentering)).to.equal(amount);
        await expectConserved(stage, coin, [await reentering.getAddress()]);
        await snapshot.restore();
      }
    });
  });
});
