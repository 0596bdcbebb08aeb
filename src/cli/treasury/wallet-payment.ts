import type { Command } from "commander";
import { permitTerms, signPermit, type Permit } from "../../chain/treasury/permit.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import type { ContractCall } from "../../sdk/contract-call.ts";
import { chainTime } from "../../sdk/read.ts";
import { addressOf, type Session } from "../../sdk/session.ts";
import { signerOf } from "../chain/signer.ts";
import { amountText, type Asset } from "../../sdk/asset.ts";
import { bytes32 } from "../values/bytes32.ts";
import { approvalFor, momentText } from "./vault.ts";

/** How long a permit can be used: enough to answer the question and to be put into a block. */
const PERMIT_SECONDS = 3_600;

/** Options of a payment out of a wallet. */
export interface WalletOptions {
  readonly as: string;
  readonly sender?: Hex;
  readonly intent?: Hex;
  readonly permit?: boolean;
}

export function addWalletOptions(command: Command): Command {
  return command
    .option("--intent <bytes32>", "number of this payment; sent twice, it pays once (default: a new one)", bytes32)
    .option("--permit", "sign a permit (ERC-2612) instead of sending an approval first: one transaction");
}

type Facts = readonly (readonly [string, string])[];

export function intentFact(intent: Hex): readonly [string, string] {
  return ["intent", `${intent} (with --intent it can be repeated without paying twice)`];
}

/** How the vault comes to be allowed to take the money: by nothing, by a call before, or by a permit within. */
export interface Allowance {
  readonly before: readonly ContractCall[];
  readonly permit: Permit | undefined;
  readonly facts: Facts;
}

function unsupported(message: string): MandateError {
  return new MandateError("PermitUnsupported", message, {
    kind: "input",
    remedy: "Leave --permit out: the exact amount is approved first, in a transaction of its own.",
  });
}

async function permitFor(
  session: Session,
  { from, asset, amount }: { readonly from: Hex; readonly asset: Asset; readonly amount: bigint },
  options: WalletOptions,
): Promise<Permit> {
  if (options.sender !== undefined)
    throw unsupported("a permit is signed with the sender's key, and --sender has none");
  const terms = asset.native ? undefined : await permitTerms(session.client, asset.address, from);
  if (terms === undefined) throw unsupported(`${asset.symbol} takes no permits`);
  const deadline = BigInt((await chainTime(session)) + PERMIT_SECONDS);
  const account = signerOf(options.as, session.deployment.chainId);
  return signPermit(account, terms, { spender: addressOf(session, "BudgetVault"), value: amount, deadline });
}

/** @throws {MandateError} `WalletShort` where `from` does not own so much, `PermitUnsupported`. */
export async function allowanceFor(
  session: Session,
  payment: { readonly from: Hex; readonly asset: Asset; readonly amount: bigint },
  options: WalletOptions,
): Promise<Allowance> {
  const { from, asset, amount } = payment;
  const needed = await approvalFor(session, from, asset, amount);
  const exactly = amountText(asset, amount);
  if (options.permit !== true) {
    const facts = needed.map(() => ["approves", `the vault, to take ${exactly}, in a transaction before`] as const);
    return { before: needed, permit: undefined, facts };
  }
  const permit = await permitFor(session, payment, options);
  const until = momentText(permit.deadline, await chainTime(session));
  return { before: [], permit, facts: [["permits", `the vault to take ${exactly}, until ${until}`]] };
}
