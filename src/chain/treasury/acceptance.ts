import type { Hex } from "../../core/hex.ts";
import { typedDataOf, type SigningPlace } from "../../core/signing/typed-data.ts";

/** Numbers of `IBudgetVault.Party`. */
export const partyNumbers = { payee: 0, anchor: 1 } as const;

/** Who accepts a plan. */
export type Party = keyof typeof partyNumbers;

/** What a party accepts: one plan, in one asset, in total. */
export interface AcceptanceTerms {
  readonly project: Hex;
  readonly planVersion: number;
  readonly asset: Hex;
  /** Base units of all milestones together. */
  readonly total: bigint;
}

/** The EIP-712 message by which `signer` accepts a plan as its payee or anchor, as wallets take it. Pure. */
export function acceptanceMessage(place: SigningPlace, party: Party, signer: Hex, terms: AcceptanceTerms) {
  return party === "payee"
    ? ({ ...typedDataOf("PayeeAcceptance", place), message: { ...terms, payee: signer } } as const)
    : ({ ...typedDataOf("AnchorAcceptance", place), message: { ...terms, anchor: signer } } as const);
}
