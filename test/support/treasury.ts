/** Plans, proofs and attestors for tests of the budget vault; the network and its contracts are arguments. */
import { concat, hexlify, HDNodeWallet, id, keccak256, Wallet, ZeroAddress, ZeroHash, type BaseWallet } from "ethers";

import { signedTypes, signingDomains } from "../../src/core/signing/signed-types.ts";

/** Stands for the chain's own coin. */
export const coin = "0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE";

export const projectStatus = {
  none: 0n,
  proposed: 1n,
  active: 2n,
  closed: 3n,
  reclaimed: 4n,
  expired: 5n,
  cancelled: 6n,
} as const;
export const milestoneStatus = { none: 0n, pending: 1n, proved: 2n, paid: 3n, reclaimed: 4n } as const;
export const paymentOutcome = { paid: 0n, held: 1n, claimable: 2n } as const;
export const reclaimOutcome = { reclaimed: 0n, notActive: 1n, running: 2n, held: 3n } as const;
export const breakerState = { closed: 0n, tripped: 1n, halfOpen: 2n } as const;
export const party = { payee: 0n, anchor: 1n } as const;
export const planProblem = {
  version: 0n,
  opener: 1n,
  parties: 2n,
  milestones: 3n,
  amounts: 4n,
  deadlines: 5n,
  lease: 6n,
  acceptBy: 7n,
  attestorSet: 8n,
  attestors: 9n,
  coSignature: 10n,
  scoreDefinition: 11n,
  oracle: 12n,
  fixed: 13n,
  settled: 14n,
  partPaid: 15n,
  enclave: 16n,
} as const;
export const leafOutcome = { none: 0, value: 1, missing: 2, refused: 3 } as const;
/** `IBudgetLedger.LeaseGround` */
export const leaseGround = { value: 1, missing: 2, rise: 3 } as const;

/** Fields as `IBudgetVault.Milestone`. */
export interface MilestoneTerms {
  amount: bigint;
  deadline: number;
  challengeWindow: number;
  specification: string;
  attestorSet: string;
  attestorSetVersion: number;
  coSignature: boolean;
}

/** Fields as `IBudgetVault.Plan`. */
export interface PlanTerms {
  version: number;
  project: string;
  pool: string;
  reclaimTo: string;
  asset: string;
  payee: string;
  opener: string;
  anchor: string;
  team: string;
  oracle: string;
  scoreDefinition: string;
  leaseReports: number;
  initialReports: number;
  maxMissing: number;
  renewalWindow: number;
  acceptBy: number;
  salt: string;
  milestones: MilestoneTerms[];
}

/** What of a milestone proof the plan does not fix. */
export interface Claim {
  project: string;
  milestone: number;
  evidence: string;
  deadline: number;
}

export const scoreDefinition = id("score definition");

const publicTestMnemonic = "test test test test test test test test test test test junk";

/** `count` development keys from the public test mnemonic, from index `offset` on. */
export function wallets(count: number, offset: number): BaseWallet[] {
  const root = HDNodeWallet.fromPhrase(publicTestMnemonic, undefined, "m/44'/60'/0'/0");
  return Array.from({ length: count }, (_, i) => new Wallet(root.deriveChild(offset + i).privateKey));
}

/** ERC-7913 signers in seat order: ascending by `keccak256`. */
export function inSeatOrder<T>(members: readonly T[], signerOf: (member: T) => string): T[] {
  const key = (member: T) => BigInt(keccak256(signerOf(member)));
  return [...members].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** The vault's EIP-712 domain. */
export const vaultDomain = (verifyingContract: string, chainId: bigint) => ({
  ...signingDomains.BudgetVault,
  chainId,
  verifyingContract,
});

export const proofTypes = { MilestoneProof: [...signedTypes.MilestoneProof] };
export const planTypes = { Plan: [...signedTypes.Plan], Milestone: [...signedTypes.Milestone] };
export const payeeAcceptanceTypes = { PayeeAcceptance: [...signedTypes.PayeeAcceptance] };
export const anchorAcceptanceTypes = { AnchorAcceptance: [...signedTypes.AnchorAcceptance] };

export const paymentApprovalTypes = { PaymentApproval: [...signedTypes.PaymentApproval] };

/** The message that attestors sign for `claim` under `plan`, of all of its milestone or of what is due of it so far. */
export function proofMessage(plan: PlanTerms, claim: Claim, part?: bigint) {
  const milestone = plan.milestones[claim.milestone];
  if (milestone === undefined) throw new Error(`the plan has no milestone ${claim.milestone}`);
  return {
    project: claim.project,
    planVersion: plan.version,
    milestone: claim.milestone,
    payee: plan.payee,
    asset: plan.asset,
    amount: part ?? milestone.amount,
    evidence: claim.evidence,
    attestorSet: milestone.attestorSet,
    attestorSetVersion: milestone.attestorSetVersion,
    deadline: claim.deadline,
  };
}

/** A header that names report `index`; the oracle double believes the rest. */
export const reportHeader = (index: number, threshold = 5n * 10n ** 17n) => ({
  index,
  epoch: index,
  root: ZeroHash,
  threshold,
  leafCount: 1,
  acceptedAt: 0,
  manifest: ZeroHash,
});

/** A leaf of `project` with a score that survives, unless changed. */
export const leafOf = (
  project: string,
  changes: Partial<{ definition: string; outcome: number; score: bigint }> = {},
) => ({
  project,
  definition: scoreDefinition,
  outcome: leafOutcome.value as number,
  grade: 1,
  score: 8n * 10n ** 17n,
  ...changes,
});

export { concat, hexlify, id, ZeroAddress, ZeroHash };
