import { id } from "ethers";
import hre from "hardhat";
import { newAuthority } from "../../../test/support/new-authority.ts";
import { operatorWallets, signReport, type Report } from "../../../test/support/oracle.ts";
import { epochEnd, parametersFrom } from "../../../test/support/oracle-stage.ts";
import { gasOf, type GasTable } from "../measurement.ts";

/** Reports that fill the ring, so that a slot is rewritten, as it is for ever after. */
const RING_LENGTH = 128;

/** Reports of seven operators: with a quorum of signatures, and with one more. */
export async function measureReports(): Promise<GasTable> {
  const { ethers, networkHelpers } = await hre.network.create();
  const [admin, anchor] = await ethers.getSigners();
  if (admin === undefined || anchor === undefined) throw new Error("no accounts");
  const day = 86_400;
  const authority = await newAuthority(ethers, admin, day);
  const setLiveness = authority.interface.getFunction("setAnchorLiveness").selector;
  await authority.setTargetFunctionRole(authority, [setLiveness], 2n);
  await authority.grantRole(2n, admin, 0);
  const genesis = (await networkHelpers.time.latest()) + 1000;
  await authority.setAnchorLiveness(anchor, genesis + 365 * day);
  const oracle = await ethers.deployContract("HeartbeatOracle", [authority, parametersFrom(genesis)]);
  const operators = operatorWallets(7);
  const addresses = operators.map((operator) => operator.address);
  await oracle.scheduleOperatorSet(addresses, 1, anchor);
  const { chainId } = await ethers.provider.getNetwork();

  async function report(epoch: number, seats: readonly number[]): Promise<number> {
    const message: Report = {
      configuration: 1,
      epoch,
      root: id(`root ${epoch}`),
      threshold: await oracle.threshold(),
      leafCount: 1_000_000,
      scored: 900_000,
      surviving: 700_000 + epoch,
      manifest: id(`manifest ${epoch}`),
    };
    const { signers, signatures } = await signReport(oracle, chainId, operators, seats, message);
    await networkHelpers.time.setNextBlockTimestamp(epochEnd(genesis, epoch));
    return await gasOf(oracle.submit(message, signers, signatures));
  }

  const quorum = [0, 2, 3, 5, 6];
  for (let epoch = 1; epoch <= RING_LENGTH; epoch++) await report(epoch, quorum);
  const five = await report(RING_LENGTH + 1, quorum);
  const six = await report(RING_LENGTH + 2, [0, 1, 2, 3, 5, 6]);
  return {
    report5of7: { gas: five, peers: {} },
    signerMarginal: { gas: six - five, peers: {} },
  };
}
