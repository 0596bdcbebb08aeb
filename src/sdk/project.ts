import type { ContractFunctionArgs, LocalAccount, Log } from "viem";
import { iBudgetVaultAbi } from "../chain/abi.ts";
import { acceptanceMessage, partyNumbers, type Party } from "../chain/treasury/acceptance.ts";
import type { Permit } from "../chain/treasury/permit.ts";
import { MandateError } from "../core/errors/mandate-error.ts";
import type { Hex } from "../core/hex.ts";
import { contractCall, type ContractCall } from "./contract-call.ts";
import { addressOf, type Session } from "./session.ts";
import { eventsOf } from "./events.ts";
import { vaultEventsIn } from "../chain/treasury/vault-events.ts";

/** Projects that the contract takes in one batch. */
export const MAX_BATCH = 100;

/** Numbers of the contract's enums, in its order. */
export const projectStatuses = ["none", "proposed", "active", "closed", "reclaimed", "expired", "cancelled"] as const;
export const milestoneStatuses = ["none", "pending", "proved", "paid", "reclaimed"] as const;
export type { Party };

/** A plan as the vault takes it: amounts in base units, times in seconds since the Unix epoch. */
export type Plan = ContractFunctionArgs<typeof iBudgetVaultAbi, "nonpayable", "openProject">[0];

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

/** Every project that was ever opened, in their order. */
export async function allProjects(session: Session): Promise<Hex[]> {
  const opened = await eventsOf(session, addressOf(session, "BudgetVault"), iBudgetVaultAbi, "ProjectOpened");
  return opened.map(({ args }) => args.project);
}

export async function activeProjects(session: Session): Promise<Hex[]> {
  const projects = await allProjects(session);
  const found = await Promise.all(projects.map((project) => readProject(session, project)));
  return projects.filter((_project, index) => projectStatuses[found[index]?.status ?? 0] === "active");
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
  return account.signTypedData(acceptanceMessage(place, party, account.address, terms));
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
  return contractCall(session, "BudgetVault", iBudgetVaultAbi, "acceptProject", [
    project,
    partyNumbers[party],
    signature,
  ]);
}

export function commitProjectCall(session: Session, project: Hex): ContractCall {
  return contractCall(session, "BudgetVault", iBudgetVaultAbi, "commitProject", [project]);
}

export function fundProjectCall(
  session: Session,
  funding: { project: Hex; intent: Hex; value: bigint; permit?: Permit | undefined },
): ContractCall {
  if (funding.permit !== undefined) {
    const args = [funding.project, funding.intent, funding.permit] as const;
    return contractCall(session, "BudgetVault", iBudgetVaultAbi, "fundProjectWithPermit", args);
  }
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

export function reclaimBatchCall(session: Session, projects: readonly Hex[]): ContractCall {
  return contractCall(session, "BudgetVault", iBudgetVaultAbi, "reclaimBatch", [projects]);
}

/** Projects whose money a transaction took back. */
export function reclaimedIn(session: Session, logs: readonly Log[]): Hex[] {
  return vaultEventsIn(logs, addressOf(session, "BudgetVault")).flatMap((event) =>
    event.eventName === "ProjectReclaimed" ? [event.args.project] : [],
  );
}
