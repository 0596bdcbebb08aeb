import { getAddress, hashTypedData, type ContractEventArgsFromTopics } from "viem";
import type { Hex } from "../../core/hex.ts";
import { typedDataOf, type SigningPlace } from "../../core/signing/typed-data.ts";
import { iBudgetVaultAbi } from "../abi.ts";
import type { ChainClient } from "../client.ts";

/** A project's terms, as the vault's event tells them. */
export type Plan = ContractEventArgsFromTopics<typeof iBudgetVaultAbi, "ProjectOpened">["plan"];

export type PlanOutcome =
  | { readonly found: true; readonly plan: Plan }
  | { readonly found: false; readonly reason: "unknown-project" | "plan-mismatch" };

/** The id that `plan` has in the vault at `place`: its EIP-712 digest. */
export function planId(place: SigningPlace, plan: Plan): Hex {
  return hashTypedData({ ...typedDataOf("Plan", place), message: plan });
}

/** Reads a project's plan from the event that opened it; the project's id must be the digest of the plan in it. */
export async function readPlan(
  client: ChainClient,
  query: { readonly vault: Hex; readonly project: Hex; readonly fromBlock: bigint; readonly toBlock?: bigint },
): Promise<PlanOutcome> {
  const { project, fromBlock, toBlock } = query;
  const vault = getAddress(query.vault);
  const [opened] = await client.getContractEvents({
    address: vault,
    abi: iBudgetVaultAbi,
    eventName: "ProjectOpened",
    args: { project },
    fromBlock,
    ...(toBlock === undefined ? {} : { toBlock }),
    strict: true,
  });
  if (opened === undefined) return { found: false, reason: "unknown-project" };
  const { plan } = opened.args;
  const id = planId({ chainId: client.chain.id, verifyingContract: vault }, plan);
  return id === project.toLowerCase() ? { found: true, plan } : { found: false, reason: "plan-mismatch" };
}
