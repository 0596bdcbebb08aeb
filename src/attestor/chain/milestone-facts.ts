import { getAddress } from "viem";
import { iBudgetVaultAbi } from "../../chain/abi.ts";
import type { ChainClient } from "../../chain/client.ts";
import { readPlan, type Plan } from "../../chain/plan/read-plan.ts";
import type { Hex } from "../../core/hex.ts";

/** Numbers of `IBudgetVault.ProjectStatus` and `MilestoneStatus`. */
const PROJECT_ACTIVE = 2;
const MILESTONE_PENDING = 1;

/** What the chain says about a milestone, all read at one block. */
export interface MilestoneFacts {
  readonly plan: Plan;
  /** Its terms; where a successor proves in the place of the set that the plan names, they name the successor, as proofs do. */
  readonly milestone: Plan["milestones"][number];
  readonly active: boolean;
  readonly pending: boolean;
  /** What was paid of it in parts, in base units. */
  readonly paid: bigint;
  /** How often a proof of it was overturned. */
  readonly overturned: number;
  readonly attestors: readonly Hex[];
  /** Bitmap of the seats that are revoked. */
  readonly revoked: bigint;
  readonly threshold: number;
  /** Time of the block, in seconds. */
  readonly now: bigint;
  readonly blockNumber: bigint;
}

export type FactsOutcome =
  | { readonly found: true; readonly facts: MilestoneFacts }
  | { readonly found: false; readonly reason: "unknown-project" | "plan-mismatch" | "unknown-milestone" };

export interface MilestoneQuery {
  readonly vault: Hex;
  readonly project: Hex;
  readonly milestone: number;
  readonly fromBlock: bigint;
}

/** Reads a milestone's terms from the events that opened and amended its project, as {@link readPlan} checks them. */
export async function readMilestoneFacts(client: ChainClient, query: MilestoneQuery): Promise<FactsOutcome> {
  const { project, milestone: index, fromBlock } = query;
  const vault = getAddress(query.vault);
  const block = await client.getBlock();
  const at = { address: vault, abi: iBudgetVaultAbi } as const;
  const range = { fromBlock, toBlock: block.number } as const;
  const opened = await readPlan(client, { vault, project, ...range });
  if (!opened.found) return opened;
  const { plan } = opened;
  const terms = plan.milestones[index];
  if (terms === undefined) return { found: false, reason: "unknown-milestone" };

  const pin = { blockNumber: block.number } as const;
  const [attestorSet, attestorSetVersion] = await client.readContract({
    ...at,
    ...pin,
    functionName: "provingAttestorSetFor",
    args: [terms.attestorSet, terms.attestorSetVersion],
  });
  const milestone = { ...terms, attestorSet, attestorSetVersion };
  const [projectState, milestoneState, set, overturns] = await Promise.all([
    client.readContract({ ...at, ...pin, functionName: "getProject", args: [project] }),
    client.readContract({ ...at, ...pin, functionName: "getMilestone", args: [project, index] }),
    client.readContract({
      ...at,
      ...pin,
      functionName: "getAttestorSet",
      args: [attestorSet, attestorSetVersion],
    }),
    client.getContractEvents({
      ...at,
      ...range,
      strict: true,
      eventName: "MilestoneOverturned",
      args: { project, milestone: index },
    }),
  ]);
  if (projectState.planVersion !== plan.version) return { found: false, reason: "plan-mismatch" };
  return {
    found: true,
    facts: {
      plan,
      milestone,
      active: projectState.status === PROJECT_ACTIVE,
      pending: milestoneState.status === MILESTONE_PENDING && milestoneState.amount === milestone.amount,
      paid: milestoneState.paid,
      overturned: overturns.length,
      attestors: set.attestors.map((signer) => signer.toLowerCase() as Hex),
      revoked: set.revoked,
      threshold: set.threshold,
      now: block.timestamp,
      blockNumber: block.number,
    },
  };
}
