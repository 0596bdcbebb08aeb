import { id, TypedDataEncoder } from "ethers";
import hre from "hardhat";
import { signingDomains } from "../../../src/core/signing/signed-types.ts";
import { newAuthority } from "../../../test/support/new-authority.ts";
import { oracleDomain, operatorWallets, reportTypes, signReport, type Report } from "../../../test/support/oracle.ts";
import { epochEnd, parametersFrom } from "../../../test/support/oracle-stage.ts";
import {
  aggregateMessage,
  inverseHint,
  registration,
  schnorrKeys,
  schnorrSign,
} from "../../../test/support/schnorr.ts";
import { gasOf, type GasTable } from "../measurement.ts";

/** Reports that fill the ring, so that a slot is rewritten, as it is for ever after. */
const RING_LENGTH = 128;
const DAY = 86_400;

/** An oracle of `count` operators whose ring is full; `report` answers the gas of the next epoch's one. */
async function fullRing(count: number) {
  const { ethers, networkHelpers } = await hre.network.create();
  const { chainId } = await ethers.provider.getNetwork();
  const [admin, anchor] = await ethers.getSigners();
  if (admin === undefined || anchor === undefined) throw new Error("no accounts");
  const authority = await newAuthority(ethers, admin, DAY);
  const setLiveness = authority.interface.getFunction("setAnchorLiveness").selector;
  await authority.setTargetFunctionRole(authority, [setLiveness], 2n);
  await authority.grantRole(2n, admin, 0);
  const operatorKeys = await ethers.deployContract("OperatorKeys", [authority]);
  const genesis = (await networkHelpers.time.latest()) + 1000;
  await authority.setAnchorLiveness(anchor, genesis + 365 * DAY);
  const parameters = { ...parametersFrom(genesis), operatorKeys: await operatorKeys.getAddress() };
  const oracle = await ethers.deployContract("HeartbeatOracle", [authority, parameters]);
  const operators = operatorWallets(count);
  const keys = schnorrKeys(count);
  const domain = { ...signingDomains.OperatorKeys, chainId, verifyingContract: await operatorKeys.getAddress() };
  for (const [seat, operator] of operators.entries()) {
    const key = keys[seat];
    if (key === undefined) throw new Error("too few keys");
    await operatorKeys.register(...(await registration(domain, operator, key)).args);
  }
  await oracle.scheduleOperatorSet(operators, 1, anchor);
  let epoch = 0;

  async function nextReport(): Promise<Report> {
    epoch += 1;
    await networkHelpers.time.setNextBlockTimestamp(epochEnd(genesis, epoch));
    return {
      configuration: 1,
      epoch,
      root: id(`root ${epoch}`),
      threshold: await oracle.threshold(),
      leafCount: 1_000_000,
      scored: 900_000,
      surviving: 700_000 + epoch,
      manifest: id(`manifest ${epoch}`),
    };
  }

  async function singly(seats: readonly number[]): Promise<number> {
    const report = await nextReport();
    const { signers, signatures } = await signReport(oracle, chainId, operators, seats, report);
    return await gasOf(oracle.submit(report, signers, signatures));
  }

  async function together(absent: readonly number[]): Promise<number> {
    const report = await nextReport();
    const signers = absent.reduce((all, seat) => all ^ (1n << BigInt(seat)), (1n << BigInt(count)) - 1n);
    const digest = TypedDataEncoder.hash(oracleDomain(await oracle.getAddress(), chainId), reportTypes, report);
    const secrets = keys.filter((_, seat) => !absent.includes(seat)).map(({ secret }) => secret);
    const { s, commitment } = schnorrSign(secrets, aggregateMessage(digest, signers));
    return await gasOf(oracle.submitAggregate(report, { signers, s, commitment, inverse: inverseHint(keys, signers) }));
  }

  for (let filled = 0; filled < RING_LENGTH; filled++) await together([]);
  return { singly, together };
}

/** Reports of seven operators, signed singly: with a quorum, and with one more. And of many, signed together. */
export async function measureReports(): Promise<GasTable> {
  const seven = await fullRing(7);
  const five = await seven.singly([0, 2, 3, 5, 6]);
  const six = await seven.singly([0, 1, 2, 3, 5, 6]);
  const thirteen = await fullRing(13);
  const thirtyOne = await fullRing(31);
  return {
    report5of7: { gas: five, peers: {} },
    signerMarginal: { gas: six - five, peers: {} },
    aggregate13: { gas: await thirteen.together([3, 8]), peers: {} },
    aggregate31: { gas: await thirtyOne.together([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]), peers: {} },
  };
}
