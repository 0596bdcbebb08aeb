import { expect } from "chai";
import { TypedDataEncoder, type BaseContract, type ContractTransactionResponse, type TransactionReceipt } from "ethers";
import hre from "hardhat";
import { z } from "zod";

import { expectJournalComplete } from "../../support/journal.ts";
import { anyWord } from "../../support/matchers.ts";
import { operatorWallets, oracleDomain, reportTypes, signReport, type Report } from "../../support/oracle.ts";
import { deployOracle, epochEnd, parametersFrom, reportOn } from "../../support/oracle-stage.ts";
import { aggregateMessage, inverseHint, registration, schnorrKeys, schnorrSign } from "../../support/schnorr.ts";
import { signingDomains } from "../../../src/core/signing/signed-types.ts";

const connection = await hre.network.create();
const { ethers, networkHelpers } = connection;
const { chainId } = await ethers.provider.getNetwork();

const gwei = 10n ** 9n;
const ether = 10n ** 18n;
const maxTip = 2n * gwei;
const coinInGwei = 10n ** 9n; // a limit that nothing here reaches
/** Offers more than any base fee here. */
const generous = { maxFeePerGas: 1000n * gwei, maxPriorityFeePerGas: gwei };

/** A fund of `oracle` with terms and five coins. */
async function filledFund(
  stage: Pick<Awaited<ReturnType<typeof deployOracle>>, "authority" | "admin" | "anchor" | "oracle">,
) {
  const { authority, admin, anchor, oracle } = stage;
  const fund = await ethers.deployContract("ReportFund", [authority, oracle]);
  await fund.setTerms(coinInGwei, maxTip, anchor);
  await admin.sendTransaction({ to: fund, value: 5n * ether });
  return fund;
}

async function deployFilled() {
  const stage = await deployOracle(connection, 7);
  return { ...stage, fund: await filledFund(stage) };
}
type Stage = Awaited<ReturnType<typeof deployFilled>>;
const given = () => networkHelpers.loadFixture(deployFilled);
const quorum = [0, 1, 2, 3, 4];

async function deployAggregating() {
  const stage = await deployOracle(connection, 4);
  const { authority, anchor } = stage;
  const keys = await ethers.deployContract("OperatorKeys", [authority]);
  const operators = operatorWallets(4);
  const secrets = schnorrKeys(4);
  const domain = { ...signingDomains.OperatorKeys, chainId, verifyingContract: await keys.getAddress() };
  for (const [seat, operator] of operators.entries()) {
    const key = secrets[seat];
    if (key === undefined) throw new Error("too few keys");
    await keys.register(...(await registration(domain, operator, key)).args);
  }
  const genesis = (await networkHelpers.time.latest()) + 1000;
  const parameters = { ...parametersFrom(genesis), operatorKeys: await keys.getAddress() };
  const oracle = await ethers.deployContract("HeartbeatOracle", [authority, parameters]);
  await oracle.scheduleOperatorSet(
    operators.map(({ address }) => address),
    1,
    anchor,
  );
  return { ...stage, oracle, genesis, secrets, fund: await filledFund({ ...stage, oracle }) };
}

async function enterWindow({ genesis }: Pick<Stage, "genesis">, epoch: number): Promise<void> {
  const start = epochEnd(genesis, epoch);
  if ((await networkHelpers.time.latest()) < start) await networkHelpers.time.increaseTo(start);
}

/** A report on `epoch` and what signs it, as `submit` takes them; its window is open. */
async function signedReport(
  stage: Pick<Stage, "oracle" | "operators" | "genesis">,
  epoch: number,
  seats: readonly number[] = quorum,
) {
  const report: Report = await reportOn(stage, epoch, [], { manifest: `0x${"7d".repeat(32)}` });
  const { signers, signatures } = await signReport(stage.oracle, chainId, stage.operators, seats, report);
  await enterWindow(stage, epoch);
  return [report, signers, signatures] as const;
}

async function mined(sent: ContractTransactionResponse): Promise<TransactionReceipt> {
  const receipt = await sent.wait();
  if (receipt === null) throw new Error("not mined");
  return receipt;
}

const refundSchema = z.object({
  to: z.string(),
  amount: z.bigint(),
  gasUsed: z.bigint(),
  gasPrice: z.bigint(),
  balance: z.bigint(),
});
type Refund = z.infer<typeof refundSchema>;

/** The refunds that a transaction's log tells of, in order. */
function refundsIn({ fund }: Pick<Stage, "fund">, receipt: TransactionReceipt): Refund[] {
  return receipt.logs.flatMap((log) => {
    const parsed = fund.interface.parseLog(log);
    return parsed?.name === "ReportRefunded" ? [refundSchema.parse(parsed.args.toObject())] : [];
  });
}

/** The one refund that a transaction's log tells of. */
function refundIn(stage: Pick<Stage, "fund">, receipt: TransactionReceipt): Refund {
  const [refund, ...others] = refundsIn(stage, receipt);
  if (refund === undefined || others.length > 0) throw new Error("not one refund");
  return refund;
}

const balanceOf = (account: { getAddress(): Promise<string> }) => ethers.provider.getBalance(account);
const call = (contract: BaseContract, name: string, args: readonly unknown[]): string =>
  contract.interface.encodeFunctionData(name, args);

describe("ReportFund", () => {
  it("iOR-013: given a report that the oracle accepts, whoever sends it is refunded almost all of what it cost, and never more", async () => {
    const stage = await given();
    const { fund, oracle, outsider, anchor } = stage;
    for (const [place, seats] of [quorum, [0, 2, 3, 4, 6], [0, 1, 2, 3, 4, 5, 6], quorum].entries()) {
      const epoch = place + 1;
      const args = await signedReport(stage, epoch, seats);
      const before = await balanceOf(outsider);
      const sent = await fund.connect(outsider).submit(...args, generous);
      const receipt = await mined(sent);
      const { gasUsed, gasPrice, amount, balance } = refundIn(stage, receipt);
      await expect(sent).to.emit(oracle, "ReportAccepted");
      await expect(sent)
        .to.emit(fund, "ReportRefunded")
        .withArgs(epoch, outsider, amount, gasUsed, gasPrice, balance, anyWord, anchor);
      expect(gasPrice).to.equal(receipt.gasPrice);
      expect(amount).to.equal(gasUsed * gasPrice);
      expect(gasUsed).to.be.at.most(receipt.gasUsed);
      expect(gasUsed * 100n).to.be.at.least(receipt.gasUsed * 99n);
      expect(await balanceOf(outsider)).to.equal(before - receipt.fee + amount);
      expect(await balanceOf(fund)).to.equal(balance);
    }
    await expectJournalComplete(ethers.provider, fund);
  });

  it("iOR-013: given one signature of all operators, or of a quorum, it is refunded in the same way", async () => {
    const stage = await networkHelpers.loadFixture(deployAggregating);
    const { fund, oracle, outsider, secrets } = stage;
    for (const [place, signers] of [0b1111n, 0b1101n, 0b1111n].entries()) {
      const report = await reportOn(stage, place + 1, [], { manifest: `0x${"7d".repeat(32)}` });
      const digest = TypedDataEncoder.hash(oracleDomain(await oracle.getAddress(), chainId), reportTypes, report);
      const present = secrets.filter((_, seat) => (signers >> BigInt(seat)) & 1n).map(({ secret }) => secret);
      const { s, commitment } = schnorrSign(present, aggregateMessage(digest, signers));
      await enterWindow(stage, place + 1);
      const signature = { signers, s, commitment, inverse: inverseHint(secrets, signers) };
      const receipt = await mined(await fund.connect(outsider).submitAggregate(report, signature, generous));
      const { gasUsed } = refundIn(stage, receipt);
      expect(gasUsed).to.be.at.most(receipt.gasUsed);
      expect(gasUsed * 100n).to.be.at.least(receipt.gasUsed * 99n);
    }
  });

  it("iOR-013: whatever price a sender offers, it gets back no more than it paid, and no more than the maximum tip beyond the base fee", async () => {
    const stage = await given();
    const { fund, outsider } = stage;
    let seed = 0x2545f491;
    const upTo = (bound: bigint): bigint => {
      seed = (seed * 1_103_515_245 + 12_345) % 0x80000000;
      return (BigInt(seed) * (bound + 1n)) / 0x80000000n;
    };
    const tips = [0n, maxTip - 1n, maxTip, maxTip + 1n, ...Array.from({ length: 12 }, () => upTo(10n * gwei))];
    for (const [place, offered] of tips.entries()) {
      await networkHelpers.setNextBlockBaseFeePerGas(upTo(50n * gwei));
      const args = await signedReport(stage, place + 1);
      const base = upTo(50n * gwei);
      await networkHelpers.setNextBlockBaseFeePerGas(base);
      const fees = { maxFeePerGas: 200n * gwei, maxPriorityFeePerGas: offered };
      const receipt = await mined(await fund.connect(outsider).submit(...args, fees));
      const { amount, gasPrice } = refundIn(stage, receipt);
      expect(receipt.gasPrice).to.equal(base + offered);
      expect(gasPrice).to.equal(base + (offered < maxTip ? offered : maxTip));
      expect(amount).to.be.at.most(receipt.fee);
    }
  });

  it("iOR-013: what a sender adds to the calldata, or to the access list, earns nothing", async () => {
    const stage = await given();
    const { fund, outsider } = stage;
    const plain = refundIn(
      stage,
      await mined(await fund.connect(outsider).submit(...(await signedReport(stage, 1)), generous)),
    );
    const padded = `${call(fund, "submit", await signedReport(stage, 2))}${"ff".repeat(4000)}`;
    const sent = await outsider.sendTransaction({ to: fund, data: padded, ...generous });
    const receipt = await sent.wait();
    if (receipt === null) throw new Error("not mined");
    const { gasUsed, amount } = refundIn(stage, receipt);
    // signatures differ by a few bytes that are zero; the first report writes where nothing was
    expect(gasUsed).to.be.at.most(plain.gasUsed + 200n);
    expect(amount).to.be.at.most(receipt.fee);

    const accessList = [
      {
        address: await fund.getAddress(),
        storageKeys: ["0x35ad331082fb284865cc8706f16c045273973bb48f79603d43326a9013693900", `0x${"00".repeat(32)}`],
      },
    ];
    const listed = await mined(
      await fund.connect(outsider).submit(...(await signedReport(stage, 3)), { ...generous, accessList }),
    );
    expect(refundIn(stage, listed).amount).to.be.at.most(listed.fee);
  });

  it("iOR-013: given several funds in one transaction, they refund no more than it cost together", async () => {
    const stage = await given();
    const { fund, authority, genesis, operators, anchor } = stage;
    const oracle = await ethers.deployContract("HeartbeatOracle", [authority, parametersFrom(genesis)]);
    await oracle.scheduleOperatorSet(
      operators.map(({ address }) => address),
      2,
      anchor,
    );
    const second = { ...stage, oracle, fund: await filledFund({ ...stage, oracle }) };
    const batcher = await ethers.deployContract("BatchingPayee");
    const [ours, theirs] = [await signedReport(stage, 2), await signedReport(second, 2)];
    const receipt = await mined(
      await batcher.actAll(
        [fund, second.fund],
        [call(fund, "submit", ours), call(second.fund, "submit", theirs)],
        generous,
      ),
    );
    const refunds = refundsIn(stage, receipt);
    expect(refunds.map(({ to }) => to)).to.deep.equal([await batcher.getAddress(), await batcher.getAddress()]);
    const total = refunds.reduce((sum, { amount }) => sum + amount, 0n);
    expect(total).to.be.at.most(receipt.fee);
    expect(await balanceOf(batcher)).to.equal(total);
  });

  it("iOR-013: a sender that is a contract, or an account with the code of one, is refunded what was measured alone", async () => {
    const stage = await given();
    const { fund, outsider } = stage;
    const payee = await ethers.deployContract("AcceptingPayee");
    const throughContract = await mined(
      await payee.act(fund, call(fund, "submit", await signedReport(stage, 1)), generous),
    );
    const measured = refundIn(stage, throughContract);
    expect(measured.to).to.equal(await payee.getAddress());
    expect(measured.amount).to.be.at.most(throughContract.fee - 21_000n * throughContract.gasPrice);
    expect(await balanceOf(payee)).to.equal(measured.amount);

    const direct = refundIn(
      stage,
      await mined(await fund.connect(outsider).submit(...(await signedReport(stage, 2)), generous)),
    );
    expect(direct.gasUsed - measured.gasUsed).to.be.at.least(21_000n);

    // EIP-7702: from here on the account can make several calls in a transaction
    await networkHelpers.setCode(outsider.address, `0xef0100${(await payee.getAddress()).slice(2)}`);
    const receipt = await mined(await fund.connect(outsider).submit(...(await signedReport(stage, 3)), generous));
    const delegated = refundIn(stage, receipt);
    expect(delegated.to).to.equal(outsider.address);
    expect(direct.gasUsed - delegated.gasUsed).to.be.at.least(21_000n);
  });

  it("iOR-014: given an epoch that was reported, it refunds nothing: the oracle takes no second report", async () => {
    const stage = await given();
    const { fund, oracle, outsider } = stage;
    const args = await signedReport(stage, 1);
    await fund.submit(...args);
    const balance = await balanceOf(fund);
    await expect(fund.connect(outsider).submit(...args))
      .to.be.revertedWithCustomError(oracle, "HeartbeatOracleEpochNotNewer")
      .withArgs(1, 1);
    expect(await balanceOf(fund)).to.equal(balance);
  });

  it("iOR-014: given no terms, a limit of nothing or no coin, reports are accepted all the same, and nothing is refunded", async () => {
    const stage = await given();
    const { authority, oracle, admin, anchor } = stage;
    const fund = await ethers.deployContract("ReportFund", [authority, oracle]);
    expect([...(await fund.terms())]).to.deep.equal([0n, 0n, "0x0000000000000000000000000000000000000000"]);
    const steps = [
      async () => admin.sendTransaction({ to: fund, value: 1n }), // coin, and no terms
      async () => fund.setTerms(0, maxTip, anchor), // terms that pay nothing
      async () => {
        await fund.setTerms(1, maxTip, anchor); // terms, and no coin
        return fund.withdraw(1n, admin, anchor);
      },
    ];
    for (const [place, step] of steps.entries()) {
      await step();
      const sent = fund.submit(...(await signedReport(stage, place + 1)));
      await expect(sent).to.emit(oracle, "ReportAccepted");
      await expect(sent).not.to.emit(fund, "ReportRefunded");
    }
    await expectJournalComplete(ethers.provider, fund);
  });

  it("iOR-014: a refund is at most the limit, and at most what is there", async () => {
    const stage = await given();
    const { fund, oracle, anchor, admin } = stage;
    const cost = refundIn(stage, await mined(await fund.submit(...(await signedReport(stage, 1)), generous))).amount;
    const belowCost = cost / (4n * gwei);
    await fund.setTerms(belowCost, maxTip, anchor);
    const limited = await mined(await fund.submit(...(await signedReport(stage, 2)), generous));
    expect(refundIn(stage, limited).amount).to.equal(belowCost * gwei);

    for (const left of [1n, belowCost * gwei - 1n]) {
      await fund.withdraw(await balanceOf(fund), admin, anchor);
      await admin.sendTransaction({ to: fund, value: left });
      const args = await signedReport(stage, Number(await oracle.lastEpoch()) + 1);
      const refund = refundIn(stage, await mined(await fund.submit(...args, generous)));
      expect([refund.amount, refund.balance]).to.deep.equal([left, 0n]);
    }
    await admin.sendTransaction({ to: fund, value: belowCost * gwei + 1n });
    const args = await signedReport(stage, Number(await oracle.lastEpoch()) + 1);
    const refund = refundIn(stage, await mined(await fund.submit(...args, generous)));
    expect([refund.amount, refund.balance]).to.deep.equal([belowCost * gwei, 1n]);
  });

  it("iOR-014: given a sender that refuses coin or burns the gas it gets for it, the report counts and the fund keeps the coin", async () => {
    const stage = await given();
    const { fund, oracle, anchor } = stage;
    const refusing = await ethers.deployContract("RefusingPayee");
    for (const [epoch, burnsGas] of [
      [1, false],
      [2, true],
    ] as const) {
      await refusing.setBurnsGas(burnsGas);
      const sent = await refusing.act(fund, call(fund, "submit", await signedReport(stage, epoch)), generous);
      const { amount } = refundIn(stage, await mined(sent));
      await expect(sent).to.emit(oracle, "ReportAccepted");
      await expect(sent)
        .to.emit(fund, "ReportRefundRefused")
        .withArgs(epoch, refusing, amount, 5n * ether, anyWord, anchor);
      expect(await balanceOf(fund)).to.equal(5n * ether);
    }
    await expectJournalComplete(ethers.provider, fund);
  });

  it("PITFALLS: given too little gas for a contract to take its refund, nothing is done, so that nobody turns a refund into a refusal", async () => {
    const stage = await given();
    const { fund } = stage;
    const payee = await ethers.deployContract("AcceptingPayee");
    const data = call(fund, "submit", await signedReport(stage, 1));
    const enough = await payee.act.estimateGas(fund, data);
    await expect(payee.act(fund, data, { gasLimit: enough - 5_000n })).to.be.revertedWithCustomError(
      fund,
      "ReportFundGasTooLow",
    );
    await payee.act(fund, data, { gasLimit: enough });
    expect(await balanceOf(payee)).to.be.greaterThan(0n);
  });

  it("iOR-013: given a sender that submits again and gives coin while it is paid, it is refunded once", async () => {
    const stage = await given();
    const { fund, oracle, outsider } = stage;
    const payee = await ethers.deployContract("GivingBackPayee");
    const data = call(fund, "submit", await signedReport(stage, 1));
    await networkHelpers.setCode(outsider.address, data);
    await payee.setHolder(outsider);
    const receipt = await mined(await payee.act(fund, data, generous));
    const { amount } = refundIn(stage, receipt);
    expect([await payee.received(), await payee.worked(), await payee.gave()]).to.deep.equal([2n, false, true]);
    expect(await balanceOf(payee)).to.equal(amount - amount / 2n);
    expect(await balanceOf(fund)).to.equal(5n * ether - amount + amount / 2n);
    expect(await oracle.lastEpoch()).to.equal(1n);
    await expectJournalComplete(ethers.provider, fund);
  });

  it("given an estimate at no price, or from before there was any coin, the report is accepted with that much gas", async () => {
    const stage = await given();
    const { fund, oracle, outsider, admin, anchor } = stage;
    const data = call(fund, "submit", await signedReport(stage, 1));
    await fund.withdraw(await balanceOf(fund), admin, anchor);
    const gasLimit = await ethers.provider.estimateGas({ to: fund, from: outsider, data, gasPrice: 0 });
    await admin.sendTransaction({ to: fund, value: ether });
    await outsider.sendTransaction({ to: fund, data, gasLimit, ...generous });
    expect(await oracle.lastEpoch()).to.equal(1n);
    expect(await balanceOf(fund)).to.be.lessThan(ether);
  });

  it("iOR-015: given coin, it says who gave how much", async () => {
    const { fund, outsider } = await given();
    await expect(outsider.sendTransaction({ to: fund, value: 7n }))
      .to.emit(fund, "ReportFundDeposited")
      .withArgs(outsider, 7n, 5n * ether + 7n);
  });

  it("iOR-015: given terms up to the bounds and a live anchor, the oracle's office sets them; the event says what they were", async () => {
    const { fund, authority, admin, anchor, outsider } = await given();
    const [limit, tip] = [await fund.MAX_LIMIT_GWEI(), await fund.MAX_TIP_WEI()];
    await expect(fund.setTerms(limit + 1n, tip, anchor))
      .to.be.revertedWithCustomError(fund, "ReportFundLimitTooHigh")
      .withArgs(limit + 1n, limit);
    await expect(fund.setTerms(limit, tip + 1n, anchor))
      .to.be.revertedWithCustomError(fund, "ReportFundTipTooHigh")
      .withArgs(tip + 1n, tip);
    await expect(fund.setTerms(limit, tip, outsider))
      .to.be.revertedWithCustomError(fund, "ReportFundAnchorNotLive")
      .withArgs(outsider, 0);
    const until = (await networkHelpers.time.latest()) + 10;
    await authority.setAnchorLiveUntil(outsider, until);
    await networkHelpers.time.setNextBlockTimestamp(until - 1);
    await expect(fund.setTerms(limit, tip, outsider))
      .to.emit(fund, "ReportFundTermsSet")
      .withArgs(coinInGwei, limit, maxTip, tip, anyWord, outsider, admin);
    await expect(fund.setTerms(limit, tip, outsider))
      .to.be.revertedWithCustomError(fund, "ReportFundAnchorNotLive")
      .withArgs(outsider, until);
    expect([...(await fund.terms())]).to.deep.equal([limit, tip, outsider.address]);
    await expect(fund.connect(outsider).setTerms(0, 0, anchor)).to.be.revertedWithCustomError(
      fund,
      "AccessManagedUnauthorized",
    );
    await expectJournalComplete(ethers.provider, fund);
  });

  it("iOR-015: given a live anchor, governance takes out up to all of it, to whoever takes it", async () => {
    const { fund, admin, anchor, outsider } = await given();
    await expect(fund.connect(outsider).withdraw(1, outsider, anchor)).to.be.revertedWithCustomError(
      fund,
      "AccessManagedUnauthorized",
    );
    await expect(fund.withdraw(5n * ether + 1n, outsider, anchor))
      .to.be.revertedWithCustomError(fund, "ReportFundInsufficientBalance")
      .withArgs(5n * ether + 1n, 5n * ether);
    await expect(fund.withdraw(1, outsider, outsider)).to.be.revertedWithCustomError(fund, "ReportFundAnchorNotLive");
    const refusing = await ethers.deployContract("RefusingPayee");
    await expect(fund.withdraw(1, refusing, anchor))
      .to.be.revertedWithCustomError(fund, "ReportFundWithdrawalRefused")
      .withArgs(refusing, 1);
    const before = await balanceOf(outsider);
    await expect(fund.withdraw(ether, outsider, anchor))
      .to.emit(fund, "ReportFundWithdrawn")
      .withArgs(outsider, ether, 4n * ether, anyWord, anchor, admin);
    await fund.withdraw(4n * ether, outsider, anchor);
    expect(await balanceOf(outsider)).to.equal(before + 5n * ether);
    await expectJournalComplete(ethers.provider, fund);
  });

  it("given no contract to hand reports on to, it is not deployed", async () => {
    const { fund, authority, outsider } = await given();
    await expect(ethers.deployContract("ReportFund", [authority, outsider]))
      .to.be.revertedWithCustomError(fund, "ReportFundNoOracle")
      .withArgs(outsider);
  });
});
