/** The real vault on the real oracle and authority, with money, four operators and three attestors. */
import { id, ZeroAddress, ZeroHash, type BaseWallet, type ContractTransactionResponse } from "ethers";
import hre from "hardhat";
import { newAuthority } from "../../test/support/new-authority.ts";
import { newVault } from "../../test/support/new-vault.ts";
import { operatorWallets, signReport, type Report } from "../../test/support/oracle.ts";
import { epochEnd, epochSeconds, parametersFrom, reportDeadlineSeconds } from "../../test/support/oracle-stage.ts";
import {
  anchorAcceptanceTypes,
  inSeatOrder,
  party,
  payeeAcceptanceTypes,
  proofMessage,
  proofTypes,
  scoreDefinition,
  vaultDomain,
  wallets,
  type PlanTerms,
} from "../../test/support/treasury.ts";

const day = 86_400;
const unit = 10n ** 18n;
const roles = { treasury: 1n, anchors: 2n };
const officeFunctions = ["allowAsset", "openPool", "openProject", "commitProject", "withdraw", "setLimits"] as const;

/** The specification's share of outflow; all that is committed may be reclaimed, as the benchmark reclaims most of it. */
const limits = {
  outflowShare: 2n * 10n ** 17n,
  reclaimShare: 10n ** 18n,
  reclaimWindow: epochSeconds,
  tripSeconds: day,
  enclaveShare: 0n,
};

export interface ProjectWish {
  readonly attestors: readonly BaseWallet[];
  readonly salt: string;
  readonly milestones: number;
}

export async function deployTreasury() {
  const { ethers, networkHelpers } = await hre.network.create();
  const [office, payee, anchor] = await ethers.getSigners();
  if (!office || !payee || !anchor) throw new Error("too few accounts");
  const authority = await newAuthority(ethers, office, day);
  const setLiveness = authority.interface.getFunction("setAnchorLiveness").selector;
  await authority.setTargetFunctionRole(authority, [setLiveness], roles.anchors);
  await authority.grantRole(roles.anchors, office, 0);
  const genesis = (await networkHelpers.time.latest()) + 1000;
  await authority.setAnchorLiveness(anchor, genesis + 365 * day);

  const oracle = await ethers.deployContract("HeartbeatOracle", [authority, parametersFrom(genesis)]);
  await authority.registerContract(oracle, id("HeartbeatOracle"));
  const operators = operatorWallets(4);
  const addresses = operators.map((operator) => operator.address);
  await oracle.scheduleOperatorSet(addresses, 1, anchor);

  const vault = await newVault(ethers, authority, ethers.ZeroAddress);
  const selectors = officeFunctions.map((name) => vault.interface.getFunction(name).selector);
  await authority.setTargetFunctionRole(vault, selectors, roles.treasury);
  await authority.grantRole(roles.treasury, office, 0);
  const token = await ethers.deployContract("TestToken");
  await vault.allowAsset(token, true);
  const pool = await vault.openPool.staticCall(id("bench"), ZeroAddress, anchor);
  await vault.openPool(id("bench"), ZeroAddress, anchor);
  await token.mint(office, 1_000_000n * unit);
  await token.approve(vault, 1_000_000n * unit);
  await vault.deposit(pool, token, 100_000n * unit, id("deposit"));
  await vault.setLimits(limits);

  const { chainId } = await ethers.provider.getNetwork();
  const domain = vaultDomain(await vault.getAddress(), chainId);
  const attestors = inSeatOrder(wallets(3, 50), (wallet) => wallet.address);

  async function attestorSetOf(members: readonly BaseWallet[], salt: string): Promise<string> {
    const signers = members.map((member) => member.address);
    const created = await vault.createAttestorSet.staticCall(id(salt), signers, members.length);
    await vault.createAttestorSet(id(salt), signers, members.length);
    return created;
  }

  /** A project on pool money whose set is all of `attestors`. */
  async function openActive(wish: ProjectWish): Promise<{ project: string; plan: PlanTerms }> {
    if (!office || !payee || !anchor) throw new Error("too few accounts");
    const attestorSet = await attestorSetOf(wish.attestors, wish.salt);
    const start = await networkHelpers.time.latest();
    const milestone = {
      amount: 10n * unit,
      deadline: start + 300 * day,
      challengeWindow: 0,
      specification: id("specification"),
      attestorSet,
      attestorSetVersion: 1,
      coSignature: false,
    };
    const plan: PlanTerms = {
      version: 1,
      project: ZeroHash,
      pool,
      reclaimTo: pool,
      asset: await token.getAddress(),
      payee: payee.address,
      opener: office.address,
      anchor: anchor.address,
      team: ZeroHash,
      oracle: await oracle.getAddress(),
      scoreDefinition,
      leaseReports: 2,
      initialReports: 2,
      maxMissing: 2,
      renewalWindow: epochSeconds - reportDeadlineSeconds,
      acceptBy: start + 30 * day,
      salt: id(wish.salt),
      milestones: Array.from({ length: wish.milestones }, () => milestone),
    };
    const project = await vault.planId(plan);
    await vault.openProject(plan);
    const common = { project, planVersion: 1, asset: plan.asset, total: milestone.amount * BigInt(wish.milestones) };
    const byPayee = await payee.signTypedData(domain, payeeAcceptanceTypes, { ...common, payee: plan.payee });
    const byAnchor = await anchor.signTypedData(domain, anchorAcceptanceTypes, { ...common, anchor: plan.anchor });
    await vault.acceptProject(project, party.payee, byPayee);
    await vault.acceptProject(project, party.anchor, byAnchor);
    await vault.commitProject(project);
    return { project, plan };
  }

  async function release(
    project: string,
    plan: PlanTerms,
    milestone: number,
    signers: readonly BaseWallet[],
  ): Promise<ContractTransactionResponse> {
    const claim = {
      project,
      milestone,
      evidence: id("evidence"),
      deadline: (await networkHelpers.time.latest()) + day,
    };
    const message = proofMessage(plan, claim);
    const signatures = await Promise.all(signers.map((signer) => signer.signTypedData(domain, proofTypes, message)));
    return await vault.release(claim, (1n << BigInt(signers.length)) - 1n, signatures);
  }

  const reports = { epoch: 0, index: 0 };

  /** Has the next epoch's report accepted, on a tree of 2^20 leaves; returns the header that provers supply. */
  async function report(root: string) {
    const now = await networkHelpers.time.latest();
    reports.epoch = Math.max(reports.epoch + 1, Math.floor((now - genesis) / epochSeconds) + 1);
    reports.index += 1;
    const threshold = await oracle.threshold();
    const message: Report = {
      configuration: 1,
      epoch: reports.epoch,
      root,
      threshold,
      leafCount: 2 ** 20,
      scored: 1000,
      surviving: 800,
      manifest: id("manifest"),
    };
    const { signers, signatures } = await signReport(oracle, chainId, operators, [0, 1, 2], message);
    const acceptedAt = epochEnd(genesis, reports.epoch);
    await networkHelpers.time.setNextBlockTimestamp(acceptedAt);
    await oracle.submit(message, signers, signatures);
    const { epoch, leafCount, manifest } = message;
    return { index: reports.index, epoch, root, threshold, leafCount, acceptedAt, manifest };
  }

  const now = () => networkHelpers.time.latest();
  const asset = await token.getAddress();
  return { ethers, vault, token, asset, limits, oracle, office, payee, attestors, openActive, release, report, now };
}

export type TreasuryBench = Awaited<ReturnType<typeof deployTreasury>>;
