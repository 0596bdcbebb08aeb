import type { LocalAccount } from "viem";
import { iBudgetVaultAbi } from "../../chain/abi.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { typedDataOf } from "../../core/signing/typed-data.ts";
import { contractCall, type ContractCall } from "../chain/contract-call.ts";
import { addressOf, type Session } from "../chain/session.ts";
import type { Plan } from "./plan.ts";

/** Numbers of the contract's enums, in its order. */
export const projectStatuses = ["none", "proposed", "active", "closed", "reclaimed", "expired", "cancelled"] as const;
export const milestoneStatuses = ["none", "pending", "proved", "paid", "reclaimed"] as const;
const parties = { payee: 0, anchor: 1 } as const;
export type Party = keyof typeof parties;

export function planId(session: Session, plan: Plan): Promise<Hex> {
  const address = addressOf(session, "BudgetVault");
  return session.client.readContract({ address, abi: iBudgetVaultAbi, functionName: "planId", args: [plan] });
}

export async function readProject(session: Session, project: Hex) {
  const address = addressOf(session, "BudgetVault");
  const found = await session.client.readContract({
    address,
    abi: iBudgetVaultAbi,
    functionName: "getProject",
    args: [project],
  });
  if (found.status === 0) {
    throw new MandateError("ProjectUnknown", `there is no project ${project}`, { kind: "input", data: { project } });
  }
  return found;
}

export async function readMilestones(session: Session, project: Hex, count: number) {
  const address = addressOf(session, "BudgetVault");
  return Promise.all(
    Array.from({ length: count }, (_, index) =>
      session.client.readContract({
        address,
        abi: iBudgetVaultAbi,
        functionName: "getMilestone",
        args: [project, index],
      }),
    ),
  );
}

export function isLeaseRunning(session: Session, project: Hex): Promise<boolean> {
  const address = addressOf(session, "BudgetVault");
  return session.client.readContract({
    address,
    abi: iBudgetVaultAbi,
    functionName: "isLeaseRunning",
    args: [project],
  });
}

export function openProjectCall(session: Session, plan: Plan): ContractCall {
  return contractCall(session, "BudgetVault", iBudgetVaultAbi, "openProject", [plan]);
}

/** The signature by which a payee or an anchor accepts a plan; anybody can relay it. */
export async function signAcceptance(
  session: Session,
  account: LocalAccount,
  project: Hex,
  party: Party,
): Promise<Hex> {
  const [found, total] = await Promise.all([readProject(session, project), totalOf(session, project)]);
  const place = { chainId: session.client.chain.id, verifyingContract: addressOf(session, "BudgetVault") };
  const terms = { project, planVersion: found.planVersion, asset: found.asset, total };
  return party === "payee"
    ? account.signTypedData({ ...typedDataOf("PayeeAcceptance", place), message: { ...terms, payee: account.address } })
    : account.signTypedData({
        ...typedDataOf("AnchorAcceptance", place),
        message: { ...terms, anchor: account.address },
      });
}

/** Base units of all milestones together. */
export async function totalOf(session: Session, project: Hex): Promise<bigint> {
  const { milestones } = await readProject(session, project);
  return (await readMilestones(session, project, milestones)).reduce((sum, { amount }) => sum + amount, 0n);
}

export function acceptProjectCall(
  session: Session,
  acceptance: { project: Hex; party: Party; signature: Hex },
): ContractCall {
  const { project, party, signature } = acceptance;
  return contractCall(session, "BudgetVault", iBudgetVaultAbi, "acceptProject", [project, parties[party], signature]);
}

export function commitProjectCall(session: Session, project: Hex): ContractCall {
  return contractCall(session, "BudgetVault", iBudgetVaultAbi, "commitProject", [project]);
}

export function fundProjectCall(session: Session, funding: { project: Hex; intent: Hex; value: bigint }): ContractCall {
  return contractCall(
    session,
    "BudgetVault",
    iBudgetVaultAbi,
    "fundProject",
    [funding.project, funding.intent],
    funding.value,
  );
}

export function reclaimCall(session: Session, project: Hex): ContractCall {
  return contractCall(session, "BudgetVault", iBudgetVaultAbi, "reclaim", [project]);
}
