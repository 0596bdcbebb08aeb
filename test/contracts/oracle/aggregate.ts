import { expect } from "chai";
import { TypedDataEncoder, ZeroAddress } from "ethers";
import hre from "hardhat";

import { expectJournalComplete } from "../../support/journal.ts";
import { operatorWallets, oracleDomain, reportTypes, signReport, type Report } from "../../support/oracle.ts";
import { epochEnd, parametersFrom, reportOn } from "../../support/oracle-stage.ts";
import {
  aggregateMessage,
  groupOrder,
  inverseHint,
  keyFrom,
  modulo,
  schnorrKeys,
  schnorrSign,
  registration,
} from "../../support/schnorr.ts";
import { signingDomains } from "../../../src/core/signing/signed-types.ts";

const connection = await hre.network.create();
const { ethers, networkHelpers } = connection;
const { chainId } = await ethers.provider.getNetwork();

const fieldPrime = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn;

async function deployKeys() {
  const [admin, outsider] = await ethers.getSigners();
  const authority = await ethers.deployContract("AuthorityDouble", [admin]);
  const keys = await ethers.deployContract("OperatorKeys", [authority]);
  return { authority, keys, outsider };
}

type Keys = Awaited<ReturnType<typeof deployKeys>>["keys"];

/** Where a registration is signed for. */
async function domainOf(keys: Keys) {
  return { ...signingDomains.OperatorKeys, chainId, verifyingContract: await keys.getAddress() };
}

async function deployAggregating(count: number) {
  const { authority, keys } = await deployKeys();
  const [, anchor] = await ethers.getSigners();
  if (anchor === undefined) throw new Error("no accounts");
  const operators = operatorWallets(count);
  const secrets = schnorrKeys(count);
  for (const [seat, operator] of operators.entries()) {
    const key = secrets[seat];
    if (key === undefined) throw new Error("too few keys");
    await keys.register(...(await registration(await domainOf(keys), operator, key)).args);
  }
  const genesis = (await networkHelpers.time.latest()) + 1000;
  const parameters = { ...parametersFrom(genesis), operatorKeys: await keys.getAddress() };
  const oracle = await ethers.deployContract("HeartbeatOracle", [authority, parameters]);
  await authority.setAnchorLiveUntil(anchor, genesis + 10_000_000);
  const seats = operators.map(({ address }) => address);
  await oracle.scheduleOperatorSet(seats, 1, anchor);
  await networkHelpers.time.increaseTo(epochEnd(genesis, 1));
  return { authority, keys, oracle, secrets, genesis, anchor, seats };
}

const deploySeven = async () => deployAggregating(7);
const given = async () => networkHelpers.loadFixture(deploySeven);
type Stage = Awaited<ReturnType<typeof deploySeven>>;

const bitmap = (...seats: number[]): bigint => seats.reduce((all, seat) => all | (1n << BigInt(seat)), 0n);

async function digestOf({ oracle }: Pick<Stage, "oracle">, report: Report): Promise<string> {
  return TypedDataEncoder.hash(oracleDomain(await oracle.getAddress(), chainId), reportTypes, report);
}

/** The signature of exactly `signers`, as the contract takes it. */
async function aggregate(stage: Stage, report: Report, signers: bigint) {
  const present = stage.secrets.filter((_, seat) => (signers >> BigInt(seat)) & 1n).map(({ secret }) => secret);
  const { s, commitment } = schnorrSign(present, aggregateMessage(await digestOf(stage, report), signers));
  return { signers, s, commitment, inverse: inverseHint(stage.secrets, signers) };
}

describe("OperatorKeys", () => {
  const [operator, other] = operatorWallets(2);
  const [key, second] = schnorrKeys(2);
  if (operator === undefined || other === undefined || key === undefined || second === undefined) {
    throw new Error("too few keys");
  }

  it("given a key that proves itself and its operator's signature, it registers it, whoever submits; a later one replaces it", async () => {
    const { keys, outsider } = await networkHelpers.loadFixture(deployKeys);
    const first = await registration(await domainOf(keys), operator, key);
    await expect(keys.connect(outsider).register(...first.args))
      .to.emit(keys, "OperatorKeyRegistered")
      .withArgs(operator.address, key.x, key.y, 0, first.digest);
    expect(await keys.keyOf(operator)).to.deep.equal([key.x, key.y]);
    await keys.register(...(await registration(await domainOf(keys), operator, second, 1n)).args);
    expect(await keys.keyOf(operator)).to.deep.equal([second.x, second.y]);
    expect(await keys.nonceOf(operator)).to.equal(2n);
    await expectJournalComplete(ethers.provider, keys);
  });

  it("PITFALLS: given a registration again, an earlier key does not come back", async () => {
    const { keys } = await networkHelpers.loadFixture(deployKeys);
    const first = await registration(await domainOf(keys), operator, key);
    await keys.register(...first.args);
    await expect(keys.register(...first.args)).to.be.revertedWithCustomError(keys, "OperatorKeysNotPossessed");
  });

  it("PITFALLS: a key made of others' keys is not registered: nobody has its secret", async () => {
    const { keys } = await networkHelpers.loadFixture(deployKeys);
    const rogue = keyFrom(modulo(key.secret - second.secret, groupOrder));
    const [args] = [(await registration(await domainOf(keys), operator, { ...rogue, secret: key.secret })).args];
    await expect(keys.register(...args)).to.be.revertedWithCustomError(keys, "OperatorKeysNotPossessed");
  });

  it("given another operator's signature, a point off the curve, beyond the field or none, or no time left, it refuses", async () => {
    const { keys } = await networkHelpers.loadFixture(deployKeys);
    const { args } = await registration(await domainOf(keys), operator, key);
    const signedByOther = (await registration(await domainOf(keys), other, key)).args[5];
    await expect(
      keys.register(args[0], args[1], args[2], args[3], args[4], signedByOther),
    ).to.be.revertedWithCustomError(keys, "OperatorKeysInvalidSignature");
    for (const bad of [
      { x: key.x, y: key.y + 1n },
      { x: key.x + fieldPrime, y: key.y },
      { x: 0n, y: 0n },
      { x: key.x, y: fieldPrime },
    ]) {
      if (bad.x >= 2n ** 256n) continue;
      await expect(keys.register(args[0], bad, args[2], args[3], args[4], args[5])).to.be.revertedWithCustomError(
        keys,
        "OperatorKeysInvalidKey",
      );
    }
    await expect(
      keys.register(args[0], args[1], await networkHelpers.time.latest(), args[3], args[4], args[5]),
    ).to.be.revertedWithCustomError(keys, "OperatorKeysDeadlinePassed");
  });
});

describe("HeartbeatOracle.submitAggregate", () => {
  it("given one signature of a quorum, it accepts the report, whoever is absent", async () => {
    for (const signers of [
      bitmap(0, 1, 2, 3, 4, 5, 6),
      bitmap(0, 1, 2, 3, 4),
      bitmap(2, 3, 4, 5, 6),
      bitmap(0, 2, 3, 4, 6),
    ]) {
      const stage = await given();
      const report = await reportOn(stage, 1);
      const sent = stage.oracle.submitAggregate(report, await aggregate(stage, report, signers));
      await expect(sent).to.emit(stage.oracle, "ReportAccepted");
      expect(await stage.oracle.lastEpoch()).to.equal(1n);
      await expectJournalComplete(ethers.provider, stage.oracle);
    }
  });

  it("PITFALLS: hostile signatures are refused, and change nothing", async () => {
    const stage = await given();
    const { oracle } = stage;
    const report = await reportOn(stage, 1);
    const signers = bitmap(0, 1, 2, 3, 4);
    const good = await aggregate(stage, report, signers);
    const others = bitmap(0, 1, 2, 3, 5);
    const more = bitmap(0, 1, 2, 3, 4, 5);
    const hostile: Record<string, { signers: bigint; s: bigint; commitment: string; inverse: bigint }> = {
      "another s": { ...good, s: modulo(good.s + 1n, groupOrder) },
      "s and the order": { ...good, s: good.s + groupOrder },
      "the negative of s": { ...good, s: groupOrder - good.s },
      "no s": { ...good, s: 0n },
      "another commitment": { ...good, commitment: stage.anchor.address },
      "no commitment": { ...good, commitment: ZeroAddress },
      "another inverse": { ...good, inverse: good.inverse + 1n },
      "no inverse": { ...good, inverse: 0n },
      "said to be of others": { ...good, signers: others, inverse: inverseHint(stage.secrets, others) },
      "said to be of more": { ...good, signers: more, inverse: inverseHint(stage.secrets, more) },
    };
    for (const [what, signature] of Object.entries(hostile)) {
      if (signature.s >= 2n ** 256n) continue;
      await expect(oracle.submitAggregate(report, signature), what).to.be.revertedWithCustomError(
        oracle,
        "HeartbeatOracleInvalidAggregate",
      );
    }
    const otherReport = { ...report, manifest: report.root.replace(/0$/, "1") };
    await expect(oracle.submitAggregate(otherReport, good)).to.be.revertedWithCustomError(
      oracle,
      "HeartbeatOracleInvalidAggregate",
    );
    expect(await oracle.lastEpoch()).to.equal(0n);
    await oracle.submitAggregate(report, good);
  });

  it("iOR-001: given fewer than a quorum, or a seat that the set does not have, it refuses whatever was signed", async () => {
    const stage = await given();
    const { oracle } = stage;
    const report = await reportOn(stage, 1);
    const few = bitmap(0, 1, 2, 3);
    await expect(oracle.submitAggregate(report, await aggregate(stage, report, few)))
      .to.be.revertedWithCustomError(oracle, "HeartbeatOracleQuorumNotReached")
      .withArgs(4, 5);
    const beyond = bitmap(0, 1, 2, 3, 4, 7);
    const signed = await aggregate(stage, report, bitmap(0, 1, 2, 3, 4));
    await expect(oracle.submitAggregate(report, { ...signed, signers: beyond }))
      .to.be.revertedWithCustomError(oracle, "HeartbeatOracleUnknownSeat")
      .withArgs(beyond, 7);
  });

  it("given a set in which one has no key, nothing signs together", async () => {
    const stage = await given();
    const { oracle, anchor, secrets, seats } = stage;
    const [stranger] = operatorWallets(1, 900);
    if (stranger === undefined) throw new Error("no operator");
    const mixed = [...seats.slice(1), stranger.address].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
    await oracle.scheduleOperatorSet(mixed, 3, anchor);
    await networkHelpers.time.increaseTo(epochEnd(stage.genesis, 3));
    const report = await reportOn(stage, 3, [], { configuration: 2 });
    const signers = bitmap(0, 1, 2, 3, 4);
    const { s, commitment } = schnorrSign(
      [secrets[0]?.secret ?? 1n],
      aggregateMessage(await digestOf(stage, report), signers),
    );
    for (const inverse of [0n, 1n]) {
      await expect(oracle.submitAggregate(report, { signers, s, commitment, inverse })).to.be.revertedWithCustomError(
        oracle,
        "HeartbeatOracleInvalidAggregate",
      );
    }
  });

  it("given a key that its operator replaced, a set that was scheduled before goes on with the old one", async () => {
    const stage = await given();
    const [operator] = operatorWallets(7);
    const [, , , , , , , fresh] = schnorrKeys(8);
    if (operator === undefined || fresh === undefined) throw new Error("too few keys");
    await stage.keys.register(...(await registration(await domainOf(stage.keys), operator, fresh, 1n)).args);
    const report = await reportOn(stage, 1);
    const signers = bitmap(0, 1, 2, 3, 4);
    await stage.oracle.submitAggregate(report, await aggregate(stage, report, signers));
  });

  it("PITFALLS: given that a seat is vacant, nothing counts it, though its operator signs with the others", async () => {
    const stage = await given();
    const { oracle, genesis } = stage;
    const one = await reportOn(stage, 1);
    const two = { ...one, manifest: `0x${"9".repeat(64)}` };
    const [a, b] = await Promise.all(
      [one, two].map((report) => signReport(oracle, chainId, operatorWallets(7), [2], report)),
    );
    if (a === undefined || b === undefined) throw new Error("not signed");
    await oracle.suspend(one, two, 2, a.signatures, b.signatures);
    await networkHelpers.time.increaseTo(epochEnd(genesis, 3));
    const report = await reportOn(stage, 3, [], { configuration: 2 });
    const withIt = bitmap(0, 1, 2, 3, 4);
    await expect(oracle.submitAggregate(report, await aggregate(stage, report, withIt))).to.be.revertedWithCustomError(
      oracle,
      "HeartbeatOracleVacantSeat",
    );
    const without = bitmap(0, 1, 3, 4, 5);
    await oracle.submitAggregate(report, await aggregate(stage, report, without));
    expect(await oracle.lastEpoch()).to.equal(3n);
  });

  for (const [count, absent] of [
    [13, [3, 8]],
    [31, [0, 2, 4, 6, 8, 10, 12, 14, 16, 18]],
  ] as const) {
    it(`given ${count} operators and ${absent.length} absent, it accepts`, async () => {
      const stage = await deployAggregating(count);
      const report = await reportOn(stage, 1);
      const signers = ((1n << BigInt(count)) - 1n) ^ bitmap(...absent);
      const sent = await stage.oracle.submitAggregate(report, await aggregate(stage, report, signers));
      expect((await sent.wait())?.gasUsed).to.be.greaterThan(0n);
    });
  }
});
