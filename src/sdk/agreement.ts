import type { LocalAccount } from "viem";
import { iBudgetVaultAbi } from "../chain/abi.ts";
import { amendmentMessage, type Plan } from "../chain/plan/newest-plan.ts";
import { readPlan } from "../chain/plan/read-plan.ts";
import { MandateError } from "../core/errors/mandate-error.ts";
import type { Hex } from "../core/hex.ts";
import { typedDataOf, type SigningPlace } from "../core/signing/typed-data.ts";
import { contractCall, type ContractCall } from "./contract-call.ts";
import { addressOf, fromBlockOf, type Session } from "./session.ts";
import { readProject } from "./project.ts";

const placeOf = (session: Session): SigningPlace => ({
  chainId: session.client.chain.id,
  verifyingContract: addressOf(session, "BudgetVault"),
});

/** What both sides sign to end a project: everything that is pending goes back. */
export async function cancellationOf(session: Session, project: Hex, deadline: number) {
  const { planVersion, payee, anchor, asset, committed } = await readProject(session, project);
  const message = { project, planVersion, payee, anchor, asset, returned: committed, deadline };
  const typed = { ...typedDataOf("Cancellation", placeOf(session)), message };
  return { message, sign: (account: LocalAccount): Promise<Hex> => account.signTypedData(typed) };
}

export function cancelCall(
  session: Session,
  { message }: Awaited<ReturnType<typeof cancellationOf>>,
  byPayee: Hex,
  byAnchor: Hex,
): ContractCall {
  const args = [message.project, message.returned, message.deadline, byPayee, byAnchor] as const;
  return contractCall(session, "BudgetVault", iBudgetVaultAbi, "cancelProject", args);
}

/** What all sides sign to put `plan` in the place of the version that runs. */
export function amendmentOf(session: Session, plan: Plan) {
  const place = placeOf(session);
  const typed = { ...typedDataOf("Amendment", place), message: amendmentMessage(place, plan) };
  return { message: typed.message, sign: (account: LocalAccount): Promise<Hex> => account.signTypedData(typed) };
}

export function amendCall(session: Session, plan: Plan, signatures: readonly [Hex, Hex, Hex]): ContractCall {
  return contractCall(session, "BudgetVault", iBudgetVaultAbi, "amendProject", [plan, ...signatures]);
}

/**
 * The version of a project's plan that runs.
 * @throws {MandateError} `ProjectUnknown`, `PlanMismatch`.
 */
export async function runningPlan(session: Session, project: Hex): Promise<Plan> {
  const vault = addressOf(session, "BudgetVault");
  const outcome = await readPlan(session.client, { vault, project, fromBlock: fromBlockOf(session) });
  if (outcome.found) return outcome.plan;
  if (outcome.reason === "unknown-project") {
    throw new MandateError("ProjectUnknown", `there is no project ${project}`, { kind: "input", data: { project } });
  }
  throw new MandateError("PlanMismatch", `the node's events do not add up to the plan of project ${project}`, {
    kind: "retry",
    data: { project },
    remedy: "Ask another node.",
  });
}
