import { getAddress } from "viem";
import { iBudgetVaultAbi } from "../../chain/abi.ts";
import type { ChainClient } from "../../chain/client.ts";
import { readPlan, type Plan } from "../../chain/plan/read-plan.ts";
import type { Hex } from "../../core/hex.ts";
import type { MilestonePlace } from "../store/evidence-store.ts";
import type { MilestoneParties } from "./decide-access.ts";

export type PartiesOutcome =
  | { readonly found: true; readonly parties: MilestoneParties }
  | { readonly found: false; readonly reason: "unknown-project" | "plan-mismatch" | "unknown-milestone" };

/** Most plans that are remembered; the oldest give way. */
const MAXIMUM_PLANS = 1_000;

/** Reads who the parties of milestones are. */
export type ReadParties = (place: MilestonePlace) => Promise<PartiesOutcome>;

/** Remembers plans, which a project's id fixes, and asks the chain every time for who proves and who was revoked. */
export function partiesReader(
  client: ChainClient,
  options: { readonly vault: Hex; readonly fromBlock: bigint },
): ReadParties {
  const vault = getAddress(options.vault);
  const plans = new Map<Hex, Plan>();
  return async ({ project, milestone: index }) => {
    let plan = plans.get(project);
    if (plan === undefined) {
      const outcome = await readPlan(client, { ...options, project });
      if (!outcome.found) return outcome;
      const oldest = plans.keys().next();
      if (plans.size >= MAXIMUM_PLANS && oldest.done !== true) plans.delete(oldest.value);
      plans.set(project, (plan = outcome.plan));
    }
    const milestone = plan.milestones[index];
    if (milestone === undefined) return { found: false, reason: "unknown-milestone" };
    const at = { address: vault, abi: iBudgetVaultAbi } as const;
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
