import type { PublicClient, WalletClient } from "viem";
import { iBudgetVaultAbi } from "../../../src/chain/abi.ts";
import type { MilestoneAnswer, ProjectAnswer } from "../../../src/core/api/projects.ts";
import { MandateError } from "../../../src/core/errors/mandate-error.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { vaultEventsIn } from "../../../src/chain/treasury/vault-events.ts";
import { collectAttestations, type AttestationRefusal } from "./collect-attestations.ts";

export type ReleaseStep = "collecting" | "simulating" | "sending" | "waiting";

export type ReleaseOutcome =
  | { readonly status: "paid" | "held" | "claimable"; readonly transaction: Hex }
  | {
      readonly status: "unsigned";
      readonly collected: number;
      readonly required: number;
      readonly refusals: readonly AttestationRefusal[];
    };

export interface ReleaseInput {
  readonly chain: PublicClient;
  readonly wallet: WalletClient;
  readonly account: Hex;
  readonly attestorUrls: readonly string[];
  readonly project: ProjectAnswer;
  readonly milestone: MilestoneAnswer;
  readonly evidence: unknown;
  readonly onStep: (step: ReleaseStep) => void;
}

/** A proof collected here is relayed at once; this long it may take to be mined. */
const proofLifetimeSeconds = 900;

/**
 * Collects the attestors' signatures, simulates the release, and relays it from the wallet. Any account may relay: the vault
 * pays the plan's payee, once, whoever sends it.
 */
export async function releaseMilestone(input: ReleaseInput): Promise<ReleaseOutcome> {
  const { chain, wallet, account, project, milestone, onStep } = input;
  const { attestorSet } = milestone;
  if (attestorSet === null) {
    throw new MandateError("AttestorSetUnknown", "The indexer does not know the milestone's attestor set yet.", {
      kind: "retry",
    });
  }
  onStep("collecting");
  const { timestamp } = await chain.getBlock();
  const deadline = Number(timestamp) + proofLifetimeSeconds;
  const request = { project: project.id, milestone: milestone.index, evidence: input.evidence, deadline };
  const collected = await collectAttestations(input.attestorUrls, attestorSet, request);
  if (!collected.complete) {
    return {
      status: "unsigned",
      collected: collected.collected,
      required: collected.required,
      refusals: collected.refusals,
    };
  }

  onStep("simulating");
  const claim = { project: project.id, milestone: milestone.index, evidence: collected.evidence, deadline };
  const simulated = await chain.simulateContract({
    address: project.vault,
    abi: iBudgetVaultAbi,
    functionName: "release",
    args: [claim, collected.attestors, [...collected.signatures]],
    account,
  });
  onStep("sending");
  const transaction = await wallet.writeContract({ ...simulated.request, account, chain: wallet.chain });
  onStep("waiting");
  const receipt = await chain.waitForTransactionReceipt({ hash: transaction });
  if (receipt.status === "reverted") {
    throw new MandateError("ReleaseRefused", "The contract refused the release; nothing was paid by it.", {
      kind: "refused",
      remedy: "Somebody may have relayed the same proof first. Look at the milestone's state.",
    });
  }
  const names = vaultEventsIn(receipt.logs, project.vault).map(({ eventName }) => eventName);
  const status = names.includes("ClaimCredited") ? "claimable" : names.includes("MilestonePaid") ? "paid" : "held";
  return { status, transaction: receipt.transactionHash };
}
