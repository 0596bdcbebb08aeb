import { expect } from "chai";
import { AbiCoder, keccak256, type BaseWallet } from "ethers";
import hre from "hardhat";

import { signingDomains } from "../../../src/core/signing/signed-types.ts";
import { contradiction } from "../../support/contradiction.ts";
import { delegation } from "../../support/delegation.ts";
import { expectJournalComplete } from "../../support/journal.ts";
import { operatorWallets, signReport } from "../../support/oracle.ts";
import { epochEnd, parametersFrom, reportOn, submitReport } from "../../support/oracle-stage.ts";
import {
  aggregateMessage,
  groupOrder,
  inverseHint,
  keyFrom,
  modulo,
  registration,
  schnorrKeys,
  schnorrSign,
  type SchnorrKey,
} from "../../support/schnorr.ts";

const connection = await hre.network.create();
const { ethers, networkHelpers } = connection;
const { chainId } = await ethers.provider.getNetwork();

const COUNT = 7;
/** The seat that changes in most tests. */
const SEAT = 2;
const addresses = (wallets: readonly BaseWallet[]): string[] => wallets.map(({ address }) => address);

/** Seven operators with keys, whose set is active in epoch 1, which has just begun. */
async function deployRotating() {
  const [admin, anchor, outsider] = await ethers.getSigners();
  if (admin === undefined || anchor === undefined || outsider === undefined) throw new Error("no accounts");
  const authority = await ethers.deployContract("AuthorityDouble", [admin]);
  const keys = await ethers.deployContract("OperatorKeys", [authority]);
  const domain = { ...signingDomains.OperatorKeys, chainId, verifyingContract: await keys.getAddress() };
  const operators = operatorWallets(COUNT);
  const secrets = schnorrKeys(COUNT);
  for (const [seat, key] of secrets.entries()) {
    await keys.register(...(await registration(domain, at(operators, seat), key)).args);
  }
  const genesis = (await networkHelpers.time.latest()) + 1000;
  const parameters = { ...parametersFrom(genesis), operatorKeys: await keys.getAddress() };
  const oracle = await ethers.deployContract("HeartbeatOracle", [authority, parameters]);
  await authority.setAnchorLiveUntil(anchor, genesis + 10_000_000);
  await oracle.scheduleOperatorSet(addresses(operators), 1, anchor);
  await networkHelpers.time.increaseTo(genesis);
  const [fresh, fresher] = operatorWallets(2, 500) as [BaseWallet, BaseWallet];
  return { admin, anchor, outsider, authority, keys, domain, oracle, operators, secrets, genesis, fresh, fresher };
}
const given = async () => networkHelpers.loadFixture(deployRotating);
type Stage = Awaited<ReturnType<typeof deployRotating>>;

function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`nothing at ${index}`);
  return found;
}

/** The operator in `seat` names `delegate`. */
async function name(
  { keys, domain, operators }: Pick<Stage, "keys" | "domain" | "operators">,
  seat: number,
  delegate: BaseWallet,
): Promise<void> {
  const by = at(operators, seat);
  const nonce = await keys.delegationNonceOf(by);
  const pair = [by.address, delegate.address] as const;
  await keys.delegate(...(await delegation(domain, pair, { by, provedBy: delegate }, { nonce })).args);
}

/** The operator in `seat` registers another key. */
async function register({ keys, domain, operators }: Stage, seat: number, key: SchnorrKey): Promise<void> {
  const operator = at(operators, seat);
  await keys.register(...(await registration(domain, operator, key, await keys.nonceOf(operator))).args);
}

/** Configurations of epochs, and who signs in {@link SEAT} of each. */
async function seatIn({ oracle }: Stage, ...epochs: number[]) {
  const found = await Promise.all(epochs.map((epoch) => oracle.operatorSet(epoch)));
  return found.map(({ configuration, delegates }) => [configuration, delegates[SEAT]]);
}

async function submitTogether({ oracle, genesis }: Stage, secrets: readonly SchnorrKey[], configuration: number) {
  const report = await reportOn({ oracle }, 2, [], { configuration });
  const opensAt = epochEnd(genesis, 2);
  if ((await networkHelpers.time.latest()) < opensAt) await networkHelpers.time.increaseTo(opensAt);
  const signers = 0b1111101n;
  const present = secrets.filter((_, seat) => (signers >> BigInt(seat)) & 1n).map(({ secret }) => secret);
  const signed = schnorrSign(present, aggregateMessage(await oracle.reportDigest(report), signers));
  return oracle.submitAggregate(report, { signers, ...signed, inverse: inverseHint(secrets, signers) });
}

describe("HeartbeatOracle.rotate", () => {
  it("iOR-012: given a delegate that an operator named, it signs from the next epoch on, and the key before it until then", async () => {
    const stage = await given();
    const { oracle, operators, anchor, outsider, fresh } = stage;
    const operator = at(operators, SEAT);
    await name(stage, SEAT, fresh);
    expect(await seatIn(stage, 1, 2)).to.deep.equal([1, 2].map(() => [1n, operator.address]));

    const data = oracle.interface.encodeFunctionData("rotate", [operator.address]);
    const call = [outsider.address, await oracle.getAddress(), data];
    const cause = keccak256(AbiCoder.defaultAbiCoder().encode(["address", "address", "bytes"], call));
    const delegates = addresses(operators).with(SEAT, fresh.address);
    const sent = oracle.connect(outsider).rotate(operator);
    await expect(sent).to.emit(oracle, "OperatorRotated").withArgs(operator, fresh, cause, anchor);
    await expect(sent)
      .to.emit(oracle, "OperatorSetScheduled")
      .withArgs(2, 2, addresses(operators), delegates, 2, 5, 0, cause, anchor);
    await expectJournalComplete(ethers.provider, oracle);
    const rotated = [2n, 2n, 2n, 5n, anchor.address, 0n, addresses(operators), delegates];
    expect(await oracle.operatorSet(2)).to.deep.equal(rotated);

    await submitReport(connection, stage, await reportOn(stage, 1), [0, 1, 2, 3, 4]);
    const report = await reportOn(stage, 2, [], { configuration: 2 });
    await expect(submitReport(connection, stage, report, [0, 1, 2, 3, 4]))
      .to.be.revertedWithCustomError(oracle, "HeartbeatOracleInvalidSignature")
      .withArgs(SEAT, operator, fresh);
    const renewed = { ...stage, operators: operators.with(SEAT, fresh) };
    await submitReport(connection, renewed, report, [0, 1, 2, 3, 4]);
    expect(await oracle.lastEpoch()).to.equal(2n);
  });

  it("iOR-009: given another key, the sum is that of all keys with it, and the old key signs no more", async () => {
    const stage = await given();
    const key = keyFrom(123_456_789n);
    await register(stage, SEAT, key);
    await stage.oracle.rotate(at(stage.operators, SEAT));
    const secrets = stage.secrets.with(SEAT, key);
    await expect(submitTogether(stage, stage.secrets, 2)).to.be.revertedWithCustomError(
      stage.oracle,
      "HeartbeatOracleInvalidAggregate",
    );
    await expect(submitTogether(stage, secrets, 2)).to.emit(stage.oracle, "ReportAccepted");
  });

  it("given that others have new keys as well, a rotation takes one seat's alone", async () => {
    const stage = await given();
    await register(stage, 0, keyFrom(123_456_789n));
    await name(stage, 1, stage.fresher);
    await name(stage, SEAT, stage.fresh);
    await stage.oracle.rotate(at(stage.operators, SEAT));
    const { delegates } = await stage.oracle.operatorSet(2);
    expect([...delegates]).to.deep.equal(addresses(stage.operators).with(SEAT, stage.fresh.address));
    await expect(submitTogether(stage, stage.secrets, 2)).to.emit(stage.oracle, "ReportAccepted");
  });

  it("given keys that add up to nothing, the set signs one by one", async () => {
    const stage = await given();
    const { oracle, operators, secrets } = stage;
    const others = secrets.filter((_, seat) => seat !== COUNT - 1).reduce((sum, { secret }) => sum + secret, 0n);
    await register(stage, COUNT - 1, keyFrom(modulo(-others, groupOrder)));
    await oracle.rotate(at(operators, COUNT - 1));
    const table = ethers.getCreateAddress({ from: await oracle.getAddress(), nonce: 2 });
    const code = await ethers.provider.getCode(table);
    expect((code.length - 2) / 2).to.equal(32 + 64 + 32 + 2 * COUNT * 20);
    expect(BigInt(ethers.dataSlice(code, 32, 96))).to.equal(0n);
    await submitReport(connection, stage, await reportOn(stage, 2, [], { configuration: 2 }), [0, 1, 2, 3, 6]);
    await register(stage, COUNT - 1, at(secrets, COUNT - 1));
    await expect(oracle.rotate(at(operators, COUNT - 1))).to.be.revertedWithCustomError(
      oracle,
      "HeartbeatOracleSeatUnchanged",
    );
  });

  it("given a set that is scheduled for later, both have the delegate, and each set keeps its epochs", async () => {
    const stage = await given();
    const { oracle, operators, anchor, fresh } = stage;
    await oracle.scheduleOperatorSet(addresses(operators), 5, anchor);
    await name(stage, SEAT, fresh);
    await oracle.rotate(at(operators, SEAT));
    const old = at(operators, SEAT).address;
    expect(await seatIn(stage, 1, 2, 4, 5, 9)).to.deep.equal([
      [1n, old],
      ...[2, 4].map(() => [3n, fresh.address]),
      ...[5, 9].map(() => [4n, fresh.address]),
    ]);
  });

  it("given a set for later alone that names it, that one is written anew, and the one before it stays", async () => {
    const stage = await given();
    const { oracle, operators, anchor, fresh } = stage;
    const [, , , ...rest] = operators;
    await oracle.scheduleOperatorSet(addresses(rest), 2, anchor);
    await networkHelpers.time.increaseTo(epochEnd(stage.genesis, 1) + 1);
    await oracle.scheduleOperatorSet(addresses(operators), 6, anchor);
    await name(stage, SEAT, fresh);
    await oracle.rotate(at(operators, SEAT));
    const found = await Promise.all([2, 5, 6].map((epoch) => oracle.operatorSet(epoch)));
    expect(found.map(({ configuration }) => configuration)).to.deep.equal([2n, 2n, 4n]);
    expect(found[2]?.delegates[SEAT]).to.equal(fresh.address);
  });

  it("iOR-010, iOR-012: given a suspension and several rotations in one epoch, none of them is lost, in any order", async () => {
    for (const order of ["suspend first", "suspend last"]) {
      const stage = await given();
      const { oracle, operators, anchor, fresh, fresher } = stage;
      await oracle.scheduleOperatorSet(addresses(operators), 5, anchor);
      await name(stage, SEAT, fresh);
      await name(stage, 3, fresher);
      const suspend = async () => oracle.suspend(...(await contradiction(stage, chainId, 0)).args);
      if (order === "suspend first") await suspend();
      await oracle.rotate(at(operators, SEAT));
      await oracle.rotate(at(operators, 3));
      if (order === "suspend last") await suspend();
      const found = await Promise.all([1, 2, 4, 5].map((epoch) => oracle.operatorSet(epoch)));
      const delegates = addresses(operators).with(SEAT, fresh.address).with(3, fresher.address);
      expect(found.map((set) => set.vacant)).to.deep.equal([0n, 1n, 1n, 1n]);
      expect(found.map((set) => set.fromEpoch)).to.deep.equal([1n, 2n, 2n, 5n]);
      for (const set of found.slice(1)) expect([...set.delegates]).to.deep.equal(delegates);
    }
  });

  it("given a rotation, a set for later follows what it wrote, and one for the next epoch takes its place", async () => {
    const stage = await given();
    const { oracle, operators, anchor, fresh } = stage;
    await name(stage, SEAT, fresh);
    await oracle.rotate(at(operators, SEAT));
    const others = addresses(operatorWallets(4, 300));
    await oracle.scheduleOperatorSet(others, 7, anchor);
    expect(await seatIn(stage, 1, 2, 6)).to.deep.equal([
      [1n, at(operators, SEAT).address],
      [2n, fresh.address],
      [2n, fresh.address],
    ]);
    expect((await oracle.operatorSet(7)).configuration).to.equal(3n);
    await oracle.scheduleOperatorSet(others, 2, anchor);
    const found = await Promise.all([1, 2, 7].map((epoch) => oracle.operatorSet(epoch)));
    expect(found.map(({ configuration }) => configuration)).to.deep.equal([1n, 4n, 4n]);
  });

  it("PITFALLS: given nothing new, no seat, a vacant one or a delegate that sits elsewhere, it refuses", async () => {
    const stage = await given();
    const { oracle, operators, anchor, outsider } = stage;
    const operator = at(operators, SEAT);
    await expect(oracle.rotate(operator))
      .to.be.revertedWithCustomError(oracle, "HeartbeatOracleSeatUnchanged")
      .withArgs(operator, operator);
    await expect(oracle.rotate(outsider))
      .to.be.revertedWithCustomError(oracle, "HeartbeatOracleNotSeated")
      .withArgs(outsider);

    await name(stage, SEAT, at(operators, 0)); // who sits in seat 0 signs for itself, and would for another
    await expect(oracle.rotate(operator))
      .to.be.revertedWithCustomError(oracle, "HeartbeatOracleDelegateSeated")
      .withArgs(at(operators, 0));
    await expect(oracle.scheduleOperatorSet(addresses(operators), 2, anchor))
      .to.be.revertedWithCustomError(oracle, "HeartbeatOracleDelegateSeated")
      .withArgs(at(operators, 0));
  });

  it("given that its delegate in the set signed two reports, the operator is suspended, and not rotated until it is seated anew", async () => {
    const stage = await given();
    const { oracle, operators, anchor, genesis, fresh, fresher } = stage;
    const operator = at(operators, SEAT);
    await name(stage, SEAT, fresh);
    await oracle.rotate(operator);
    await networkHelpers.time.increaseTo(epochEnd(genesis, 1) + 1);
    const renewed = { ...stage, operators: operators.with(SEAT, fresh) };
    const evidence = await contradiction(renewed, chainId, SEAT, { configuration: 2, epoch: 2 });
    await expect(oracle.suspend(...evidence.args))
      .to.emit(oracle, "OperatorSuspended")
      .withArgs(operator, 2, 2, evidence.digests[1], evidence.digests[0], anchor);
    expect(await oracle.isSuspended(operator)).to.equal(true);
    expect(await oracle.isSuspended(fresh)).to.equal(false);
    expect((await oracle.operatorSet(3)).vacant).to.equal(1n << BigInt(SEAT));

    await name(stage, SEAT, fresher);
    await expect(oracle.rotate(operator))
      .to.be.revertedWithCustomError(oracle, "HeartbeatOracleSuspended")
      .withArgs(operator);
    await oracle.reinstate(operator, anchor);
    await expect(oracle.rotate(operator)).to.be.revertedWithCustomError(oracle, "HeartbeatOracleNotSeated");
    await oracle.scheduleOperatorSet(addresses(operators), 3, anchor);
    expect((await oracle.operatorSet(3)).delegates[SEAT]).to.equal(fresher.address);
  });

  it("iOR-011: given a leaked key in a vacant seat that another's rotation copies, nothing that it signs takes the seat again", async () => {
    const stage = await given();
    const { oracle, operators, anchor, genesis, fresh, fresher } = stage;
    const operator = at(operators, SEAT);
    await oracle.suspend(...(await contradiction(stage, chainId, SEAT)).args); // by whoever has the key that leaked
    await networkHelpers.time.increaseTo(epochEnd(genesis, 1));
    await name(stage, SEAT, fresh);
    await oracle.reinstate(operator, anchor);
    await oracle.scheduleOperatorSet(addresses(operators), 9, anchor);
    await name(stage, 5, fresher);
    await oracle.rotate(at(operators, 5)); // a set with a number above that of the reinstatement, and the seat still vacant
    await networkHelpers.time.increaseTo(epochEnd(genesis, 2));
    const { configuration, vacant } = await oracle.operatorSet(3);
    expect(vacant).to.equal(1n << BigInt(SEAT));
    const evidence = await contradiction(stage, chainId, SEAT, { configuration: Number(configuration), epoch: 3 });
    await expect(oracle.suspend(...evidence.args))
      .to.be.revertedWithCustomError(oracle, "HeartbeatOracleVacantSeat")
      .withArgs(1n << BigInt(SEAT), vacant);
    expect((await oracle.operatorSet(9)).vacant).to.equal(0n);
  });

  it("given a seat in a set for later alone, before any set is active, who answers for that set answers for the rotation", async () => {
    const { authority, keys, anchor, operators, fresh, domain } = await given();
    const genesis = (await networkHelpers.time.latest()) + 1000;
    const parameters = { ...parametersFrom(genesis), operatorKeys: await keys.getAddress() };
    const oracle = await ethers.deployContract("HeartbeatOracle", [authority, parameters]);
    await oracle.scheduleOperatorSet(addresses(operators), 5, anchor);
    await name({ keys, domain, operators }, SEAT, fresh);
    await expect(oracle.rotate(at(operators, SEAT)))
      .to.emit(oracle, "OperatorRotated")
      .withArgs(at(operators, SEAT), fresh, (cause: unknown) => typeof cause === "string", anchor);
    expect((await oracle.operatorSet(5)).delegates[SEAT]).to.equal(fresh.address);
  });

  it("given a key that was rotated out, what it signed twice in its set still takes the operator's seat", async () => {
    const stage = await given();
    const { oracle, operators, fresh } = stage;
    const { args } = await contradiction(stage, chainId, SEAT);
    await name(stage, SEAT, fresh);
    await oracle.rotate(at(operators, SEAT));
    await networkHelpers.time.increaseTo(epochEnd(stage.genesis, 1) + 1);
    await oracle.suspend(...args);
    expect((await oracle.operatorSet(3)).vacant).to.equal(1n << BigInt(SEAT));
    expect(await oracle.isSuspended(at(operators, SEAT))).to.equal(true);
  });

  it("given an oracle without OperatorKeys, operators sign for themselves, and there is nothing to rotate", async () => {
    const { authority, anchor, operators, genesis } = await given();
    const bare = await ethers.deployContract("HeartbeatOracle", [authority, parametersFrom(genesis)]);
    await bare.scheduleOperatorSet(addresses(operators), 2, anchor);
    const { delegates } = await bare.operatorSet(2);
    expect([...delegates]).to.deep.equal(addresses(operators));
    await expect(bare.rotate(at(operators, 0))).to.be.revertedWithCustomError(bare, "HeartbeatOracleSeatUnchanged");
    await expect(bare.rotate(anchor)).to.be.revertedWithCustomError(bare, "HeartbeatOracleNotSeated");
  });

  it("given 31 operators, the last seat is rotated as the first is, and signs", async () => {
    const stage = await given();
    const { oracle, anchor, genesis, keys, domain, fresh } = stage;
    const many = operatorWallets(31, 200);
    await oracle.scheduleOperatorSet(addresses(many), 2, anchor);
    const by = at(many, 30);
    await keys.delegate(...(await delegation(domain, [by.address, fresh.address], { by, provedBy: fresh })).args);
    await oracle.rotate(by);
    const set = await oracle.operatorSet(2);
    expect([...set.operators]).to.deep.equal(addresses(many));
    expect([...set.delegates]).to.deep.equal(addresses(many).with(30, fresh.address));
    const seats = Array.from({ length: 31 }, (_, seat) => seat);
    const report = await reportOn(stage, 2, [], { configuration: 3 });
    await networkHelpers.time.increaseTo(epochEnd(genesis, 2));
    const { signers, signatures } = await signReport(oracle, chainId, many.with(30, fresh), seats, report);
    await expect(oracle.submit(report, signers, signatures)).to.emit(oracle, "ReportAccepted");
  });
});
