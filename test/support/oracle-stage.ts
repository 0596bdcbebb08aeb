/** Deploys an oracle with operators, ready to be reported to; for tests of the oracle and of whatever rests on it. */
import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";
import type { NetworkHelpers } from "@nomicfoundation/hardhat-network-helpers/types";
import { ZeroAddress, ZeroHash, type BaseWallet } from "ethers";

import { leafTree, operatorWallets, signReport, type OracleLeaf, type Report } from "./oracle.ts";

/** The default parameters of the specification, in units of 1e18 = 1. */
export const thresholdParameters = {
  initial: 5n * 10n ** 17n,
  minimum: 2n * 10n ** 17n,
  maximum: 8n * 10n ** 17n,
  step: 10n ** 17n,
  gain: 5n * 10n ** 17n,
  targetSurvival: 8n * 10n ** 17n,
};

export const epochSeconds = 600;
export const reportDeadlineSeconds = 300;

/** Constructor parameters of an oracle whose epoch 1 begins at `genesis`. */
export const parametersFrom = (genesis: number) => ({
  operatorKeys: ZeroAddress,
  genesis,
  epochSeconds,
  reportDeadlineSeconds,
  threshold: thresholdParameters,
  bounds: { softStep: thresholdParameters.step, lostShare: 25n * 10n ** 16n, lostLeaves: 10 },
});

interface Connection {
  ethers: HardhatEthers;
  networkHelpers: NetworkHelpers;
}

/**
 * An oracle whose first set of `operatorCount` operators is active in epoch 1, which has just begun.
 * @param changes Of its parameters.
 */
export async function deployOracle(
  { ethers, networkHelpers }: Connection,
  operatorCount = 4,
  changes: Partial<Pick<ReturnType<typeof parametersFrom>, "threshold" | "bounds">> = {},
) {
  const [admin, anchor, outsider] = await ethers.getSigners();
  if (admin === undefined || anchor === undefined || outsider === undefined) throw new Error("no accounts");
  const authority = await ethers.deployContract("AuthorityDouble", [admin]);
  const genesis = (await networkHelpers.time.latest()) + 1000;
  const oracle = await ethers.deployContract("HeartbeatOracle", [
    authority,
    { ...parametersFrom(genesis), ...changes },
  ]);
  const operators = operatorWallets(operatorCount);
  await authority.setAnchorLiveUntil(anchor, genesis + 10_000_000);
  await oracle.scheduleOperatorSet(
    operators.map((operator) => operator.address),
    1,
    anchor,
  );
  await networkHelpers.time.increaseTo(genesis);
  return { admin, anchor, outsider, authority, oracle, operators, genesis };
}

export type OracleStage = Awaited<ReturnType<typeof deployOracle>>;

/** End of epoch `epoch`: the first second in which its report is accepted. */
export const epochEnd = (genesis: number, epoch: number): number => genesis + epoch * epochSeconds;

/** A report on `leaves` that the oracle would accept for `epoch`; its counters follow from the leaves. */
export async function reportOn(
  { oracle }: Pick<OracleStage, "oracle">,
  epoch: number,
  leaves: readonly OracleLeaf[] = [],
  changes: Partial<Report> = {},
): Promise<Report> {
  const threshold = await oracle.threshold();
  const scored = leaves.filter((leaf) => leaf.outcome === 1);
  return {
    configuration: 1,
    epoch,
    root: leafTree(leaves).root,
    threshold,
    leafCount: leaves.length,
    scored: scored.length,
    surviving: scored.filter((leaf) => leaf.score >= threshold).length,
    manifest: ZeroHash.replace(/0$/, "7"),
    ...changes,
  };
}

/** Moves to the opening of the window of `report` and submits it, signed by `seats`. */
export async function submitReport(
  { ethers, networkHelpers }: Connection,
  { oracle, operators, genesis }: Pick<OracleStage, "oracle" | "genesis"> & { operators: readonly BaseWallet[] },
  report: Report,
  seats: readonly number[] = [0, 1, 2],
) {
  const { chainId } = await ethers.provider.getNetwork();
  const { signers, signatures } = await signReport(oracle, chainId, operators, seats, report);
  await networkHelpers.time.setNextBlockTimestamp(epochEnd(genesis, report.epoch));
  return oracle.submit(report, signers, signatures);
}
