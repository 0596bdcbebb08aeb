import { getAddress } from "viem";
import { iBudgetVaultAbi } from "../../chain/abi.ts";
import type { ChainClient } from "../../chain/client.ts";
import { readPlan, type Plan, type PlanOutcome } from "../../chain/plan/read-plan.ts";
import type { Hex } from "../../core/hex.ts";
import type { MilestonePlace } from "../store/load-store.ts";
import type { MilestoneParties } from "./decide-access.ts";

export type PartiesOutcome =
  | { readonly found: true; readonly parties: MilestoneParties }
  | { readonly found: false; readonly reason: "unknown-project" | "plan-mismatch" | "unknown-milestone" };

/** A plan as it opened; amendments count up. */
const FIRST_VERSION = 1;

/** Most plans that are remembered; the oldest give way. */
const MAXIMUM_PLANS = 1_000;

/** Reads who the parties of milestones are. */
export type ReadParties = (place: MilestonePlace) => Promise<PartiesOutcome>;

/**
 * Remembers plans as they opened, which a project's id fixes, and asks the chain every time whether one was amended, who proves
 * and who was revoked. An amended plan is read anew each time: a reorganization may put another one in its place.
 */
export function partiesReader(
  client: ChainClient,
  options: { readonly vault: Hex; readonly fromBlock: bigint },
): ReadParties {
  const vault = getAddress(options.vault);
  const plans = new Map<Hex, Plan>();
  const at = { address: vault, abi: iBudgetVaultAbi } as const;

  async function planOf(project: Hex): Promise<PlanOutcome> {
    const { planVersion } = await client.readContract({ ...at, functionName: "getProject", args: [project] });
    const known = planVersion === FIRST_VERSION ? plans.get(project) : undefined;
    if (known !== undefined) return { found: true, plan: known };
    const outcome = await readPlan(client, { ...options, project });
    if (!outcome.found || outcome.plan.version !== FIRST_VERSION) return outcome;
    const oldest = plans.keys().next();
    if (plans.size >= MAXIMUM_PLANS && oldest.done !== true) plans.delete(oldest.value);
    plans.set(project, outcome.plan);
    return outcome;
  }

  return async ({ project, milestone: index }) => {
    const outcome = await planOf(project);
    if (!outcome.found) return outcome;
    const { plan } = outcome;
    const milestone = plan.milestones[index];
    if (milestone === undefined) return { found: false, reason: "unknown-milestone" };
    // Where a successor proves in the place of the plan's set, its members are who must see the evidence.
    const proving = await client.readContract({
      ...at,
      functionName: "provingAttestorSetFor",
      args: [milestone.attestorSet, milestone.attestorSetVersion],
    });
    const { attestors, revoked } = await client.readContract({ ...at, functionName: "getAttestorSet", args: proving });
    const { payee, opener, anchor } = plan;
    return { found: true, parties: { payee, opener, anchor, attestors, revoked } };
  };
}
