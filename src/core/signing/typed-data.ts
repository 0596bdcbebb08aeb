import type { Hex } from "../hex.ts";
import { signedTypes, signingDomains, type SignedTypeName, type SigningDomainName } from "./signed-types.ts";

/** Domain of each message that is signed on its own (`Milestone` only occurs inside `Plan`). */
const domainOf = {
  Plan: "BudgetVault",
  PayeeAcceptance: "BudgetVault",
  AnchorAcceptance: "BudgetVault",
  MilestoneProof: "BudgetVault",
  Cancellation: "BudgetVault",
  Amendment: "BudgetVault",
  PaymentApproval: "BudgetVault",
  HeartbeatReport: "HeartbeatOracle",
  OperatorKey: "OperatorKeys",
  OperatorDelegate: "OperatorKeys",
  AnchorOath: "Anchors",
} as const satisfies Partial<Record<SignedTypeName, SigningDomainName>>;

export type SignedMessageName = keyof typeof domainOf;

/** Where a signature is valid: one chain, one contract. */
export interface SigningPlace {
  readonly chainId: number;
  readonly verifyingContract: Hex;
}

/** Domain, types and primary type of a message, in the shape that viem and wallets take; the caller adds `message`. */
export function typedDataOf<Name extends SignedMessageName>(name: Name, place: SigningPlace) {
  return {
    domain: { ...signingDomains[domainOf[name]], ...place },
    types: signedTypes,
    primaryType: name,
  } as const;
}
