import { readFileSync } from "node:fs";
import type { LocalAccount } from "viem";
import { z } from "zod";
import { iBudgetVaultAbi } from "../../chain/abi.ts";
import { amendmentMessage, type Plan } from "../../chain/plan/newest-plan.ts";
import { readPlan } from "../../chain/plan/read-plan.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { typedDataOf, type SigningPlace } from "../../core/signing/typed-data.ts";
import { contractCall, type ContractCall } from "../chain/contract-call.ts";
import { addressOf, fromBlockOf, type Session } from "../chain/session.ts";
import { signerOf } from "../chain/signer.ts";
import { readProject } from "./project.ts";

const placeOf = (session: Session): SigningPlace => ({
  chainId: session.client.chain.id,
  verifyingContract: addressOf(session, "BudgetVault"),
});

/** A side's part of an agreement: a signature is taken as it is, an account signs here, and nothing means that it calls itself. */
export async function agreed(
  session: Session,
  party: string | undefined,
  sign: (account: LocalAccount) => Promise<Hex>,
): Promise<Hex> {
  if (party === undefined) return "0x";
  if (/^0x([0-9a-fA-F]{2}){65,}$/.test(party)) return party as Hex;
  return sign(signerOf(party, session.deployment.chainId));
}

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

const bytes32 = z.templateLiteral(["0x", z.string().regex(/^[0-9a-fA-F]{64}$/)]);
const address = z.templateLiteral(["0x", z.string().regex(/^[0-9a-fA-F]{40}$/)]);
const count = z.number().int().min(0);
/** Base units of the plan's asset, as decimal text: JSON has no whole numbers of this size. */
const amount = z
  .string()
  .regex(/^\d{1,39}$/)
  .transform(BigInt);

const wholePlanSchema = z.strictObject({
  version: count,
  project: bytes32,
  pool: bytes32,
  reclaimTo: bytes32,
  asset: address,
  payee: address,
  opener: address,
  anchor: address,
  team: bytes32,
  oracle: address,
  scoreDefinition: bytes32,
  leaseReports: count,
  initialReports: count,
  maxMissing: count,
  renewalWindow: count,
  acceptBy: count,
  salt: bytes32,
  milestones: z.array(
    z.strictObject({
      amount,
      deadline: count,
      challengeWindow: count,
      specification: bytes32,
      attestorSet: bytes32,
      attestorSetVersion: count,
      coSignature: z.boolean(),
    }),
  ),
});

/**
 * A whole plan as `mandate project plan` writes it, so that all sides sign the very same one.
 * @throws {MandateError} `PlanFileInvalid`.
 */
export function readWholePlan(path: string): Plan {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new MandateError("PlanFileInvalid", `cannot read the plan ${path} as JSON`, {
      kind: "input",
      data: { path },
      cause,
    });
  }
  const parsed = wholePlanSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new MandateError("PlanFileInvalid", `not a whole plan: ${z.prettifyError(parsed.error)}`, {
    kind: "input",
    cause: parsed.error,
  });
}
