import { getAddress } from "viem";
import type { Hex } from "../../core/hex.ts";
import { iBudgetVaultAbi } from "../abi.ts";
import type { ChainClient } from "../client.ts";
import { newestPlan, type PlanOutcome } from "./newest-plan.ts";

export { planId, type Plan, type PlanOutcome } from "./newest-plan.ts";

/**
 * Reads the version of a project's plan that runs, from the events that opened and amended it. The project's id must be the
 * digest of the plan that opened it; what amended it is believed to the node as far as it follows from the version before.
 */
export async function readPlan(
  client: ChainClient,
  query: { readonly vault: Hex; readonly project: Hex; readonly fromBlock: bigint; readonly toBlock?: bigint },
): Promise<PlanOutcome> {
  const { project, fromBlock, toBlock } = query;
  const vault = getAddress(query.vault);
  const events = {
    address: vault,
    abi: iBudgetVaultAbi,
    args: { project },
    fromBlock,
    ...(toBlock === undefined ? {} : { toBlock }),
    strict: true,
  } as const;
  const [[opened], amended] = await Promise.all([
    client.getContractEvents({ ...events, eventName: "ProjectOpened" }),
    client.getContractEvents({ ...events, eventName: "ProjectAmended" }),
  ]);
  if (opened === undefined) return { found: false, reason: "unknown-project" };
  const place = { chainId: client.chain.id, verifyingContract: vault };
  return newestPlan(
    place,
    project,
    opened.args.plan,
    amended.map(({ args }) => args),
  );
}
