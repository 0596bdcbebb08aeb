import { hashTypedData, type ContractEventArgsFromTopics } from "viem";
import type { Hex } from "../../core/hex.ts";
import { typedDataOf, type SigningPlace } from "../../core/signing/typed-data.ts";
import type { iBudgetVaultAbi } from "../abi.ts";

/** A project's terms, as the vault's events tell them. */
export type Plan = ContractEventArgsFromTopics<typeof iBudgetVaultAbi, "ProjectOpened">["plan"];

/** A later version of a plan, with the digest that its parties agreed to. */
export interface AmendedPlan {
  readonly plan: Plan;
  readonly cause: Hex;
}

export type PlanOutcome =
  | { readonly found: true; readonly plan: Plan }
  | { readonly found: false; readonly reason: "unknown-project" | "plan-mismatch" };

/** The id that `plan` has in the vault at `place`: its EIP-712 digest. Of version 1 it is the project's id. */
export function planId(place: SigningPlace, plan: Plan): Hex {
  return hashTypedData({ ...typedDataOf("Plan", place), message: plan });
}

/** What payee and anchors sign to put `plan` in the place of the version before. */
export function amendmentDigest(place: SigningPlace, plan: Plan): Hex {
  return hashTypedData({ ...typedDataOf("Amendment", place), message: amendmentMessage(place, plan) });
}

/** The message whose digest {@link amendmentDigest} is. */
export function amendmentMessage(place: SigningPlace, plan: Plan) {
  const { project, version: planVersion, payee, anchor, asset, milestones } = plan;
  const total = milestones.reduce((sum, { amount }) => sum + amount, 0n);
  return { project, planVersion, planHash: planId(place, plan), payee, anchor, asset, total };
}

/** Members that no amendment changes. */
export const fixedMembers = ["pool", "reclaimTo", "asset", "payee", "opener", "team", "oracle"] as const;

/**
 * The version of a project's plan that runs: the id fixes the first one; each later one is the next version, keeps what is
 * fixed, and is what its digest says. Pure. That nobody invented the last ones is for whoever read the events to know.
 */
export function newestPlan(
  place: SigningPlace,
  project: Hex,
  first: Plan,
  amendments: readonly AmendedPlan[],
): PlanOutcome {
  if (planId(place, first) !== project.toLowerCase()) return { found: false, reason: "plan-mismatch" };
  let current = first;
  for (const { plan, cause } of amendments) {
    const follows =
      plan.version === current.version + 1 &&
      plan.project.toLowerCase() === project.toLowerCase() &&
      fixedMembers.every((member) => plan[member] === first[member]) &&
      amendmentDigest(place, plan) === cause;
    if (!follows) return { found: false, reason: "plan-mismatch" };
    current = plan;
  }
  return { found: true, plan: current };
}
