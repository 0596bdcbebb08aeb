import { erc20Abi, isAddressEqual, TransactionNotFoundError, type PublicClient, type WalletClient } from "viem";
import { iBudgetVaultAbi } from "../../../src/chain/abi.ts";
import type { ProjectAnswer } from "../../../src/core/api/projects.ts";
import { MandateError } from "../../../src/core/errors/mandate-error.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { beginPayment, forgetPayment, savePayment, type PaymentKey } from "./payment-record.ts";

/** The chain's own coin, as the vault names it. */
export const nativeAsset = "0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE";

/** What is under way, for the person who waits. */
export type PaymentStep = "checking" | "approving" | "funding" | "waiting";

export type PaymentOutcome =
  | { readonly status: "funded"; readonly transaction: Hex | null }
  /** The wallet replaced the transaction by one that does something else: nothing was paid. */
  | { readonly status: "cancelled" }
  /** Another tab of this browser is paying right now. */
  | { readonly status: "busy" };

export interface FundProjectInput {
  readonly chain: PublicClient;
  readonly wallet: WalletClient;
  readonly account: Hex;
  readonly project: ProjectAnswer;
  readonly storage: Storage;
  readonly onStep: (step: PaymentStep) => void;
}

/**
 * Funds a project from the wallet, once: the intent is saved before anything is sent, a begun payment is continued rather
 * than repeated, and one tab pays at a time. Simulated first: what the contract would refuse is thrown, not sent.
 */
export async function fundProject(input: FundProjectInput): Promise<PaymentOutcome> {
  const key = await paymentKey(input);
  const lock = `mandate.fund:${key.vault}:${key.project}`;
  return navigator.locks.request(lock, { ifAvailable: true }, async (held) =>
    held === null ? { status: "busy" } : await payOnce(input, key),
  );
}

async function paymentKey({ chain, account, project }: FundProjectInput): Promise<PaymentKey> {
  return { chainId: await chain.getChainId(), vault: project.vault, account, project: project.id };
}

async function payOnce(input: FundProjectInput, key: PaymentKey): Promise<PaymentOutcome> {
  const { chain, account, project, storage, onStep } = input;
  onStep("checking");
  const begun = beginPayment(storage, key);
  if (await isIntentUsed(chain, project.vault, account, begun.intent)) {
    forgetPayment(storage, key);
    return { status: "funded", transaction: begun.transaction };
  }
  // A transaction that the chain has forgotten is sent again with the same intent: should the old one come back, only one pays.
  if (begun.transaction !== null && (await isKnown(chain, begun.transaction))) {
    return await follow(input, key, begun.transaction);
  }
  const total = BigInt(project.total);
  const native = isAddressEqual(project.asset.address, nativeAsset);
  if (!native) await allow(input, total);

  onStep("funding");
  const { request } = await chain.simulateContract({
    address: project.vault,
    abi: iBudgetVaultAbi,
    functionName: "fundProject",
    args: [project.id, begun.intent],
    account,
    value: native ? total : 0n,
  });
  const transaction = await input.wallet.writeContract({ ...request, account, chain: input.wallet.chain });
  savePayment(storage, key, { ...begun, transaction });
  return await follow(input, key, transaction);
}

/** Allows the vault exactly what is missing of this payment, never more. */
async function allow({ chain, wallet, account, project, onStep }: FundProjectInput, total: bigint): Promise<void> {
  const token = { address: project.asset.address, abi: erc20Abi } as const;
  const allowance = await chain.readContract({ ...token, functionName: "allowance", args: [account, project.vault] });
  if (allowance >= total) return;
  onStep("approving");
  const { request } = await chain.simulateContract({
    ...token,
    functionName: "approve",
    args: [project.vault, total],
    account,
  });
  const transaction = await wallet.writeContract({ ...request, account, chain: wallet.chain });
  await chain.waitForTransactionReceipt({ hash: transaction });
}

/** Waits for a sent payment, through replacements of its nonce, and settles its record. */
async function follow(input: FundProjectInput, key: PaymentKey, transaction: Hex): Promise<PaymentOutcome> {
  const { chain, storage, onStep } = input;
  onStep("waiting");
  const seen = { cancelled: false };
  const receipt = await chain.waitForTransactionReceipt({
    hash: transaction,
    onReplaced: ({ reason }) => {
      seen.cancelled = reason !== "repriced";
    },
  });
  forgetPayment(storage, key);
  if (seen.cancelled) return { status: "cancelled" };
  if (receipt.status === "reverted") {
    throw new MandateError("FundingRefused", "The contract refused the transaction; nothing was paid by it.", {
      kind: "refused",
      remedy: "Look at the project: somebody else may have funded it first.",
    });
  }
  return { status: "funded", transaction: receipt.transactionHash };
}

/** Whether the chain or its waiting room knows the transaction. */
async function isKnown(chain: PublicClient, transaction: Hex): Promise<boolean> {
  try {
    await chain.getTransaction({ hash: transaction });
    return true;
  } catch (error) {
    if (error instanceof TransactionNotFoundError) return false;
    throw error;
  }
}

function isIntentUsed(chain: PublicClient, vault: Hex, account: Hex, intent: Hex): Promise<boolean> {
  return chain.readContract({
    address: vault,
    abi: iBudgetVaultAbi,
    functionName: "isIntentUsed",
    args: [account, intent],
  });
}
