import type { SignedTypeName, SigningDomainName } from "../../core/signing/signed-types.ts";
import { address, date, describe, money, raw, type Description } from "./description.ts";

/** What each message that is signed alone says, and the contract whose domain it belongs to. */
export const signedMessages = {
  PayeeAcceptance: {
    domain: "BudgetVault",
    ...describe(
      "Accept a project as its payee",
      [
        raw("project", "Project"),
        raw("planVersion", "Plan version"),
        address("payee", "Payee"),
        money("total", "asset", "All milestones together"),
        address("asset", "Asset"),
      ],
      "Accept to be paid up to {total} for project {project}",
    ),
  },
  AnchorAcceptance: {
    domain: "BudgetVault",
    ...describe(
      "Answer for a project as its anchor",
      [
        raw("project", "Project"),
        raw("planVersion", "Plan version"),
        address("anchor", "Accountable anchor"),
        money("total", "asset", "All milestones together"),
        address("asset", "Asset"),
      ],
      "Answer for payments of up to {total} by project {project}",
    ),
  },
  MilestoneProof: {
    domain: "BudgetVault",
    ...describe(
      "Attest that a milestone is done",
      [
        raw("project", "Project"),
        raw("planVersion", "Plan version"),
        raw("milestone", "Milestone (from 0)"),
        money("amount", "asset", "Pays"),
        address("asset", "Asset"),
        address("payee", "Payee"),
        raw("evidence", "Evidence"),
        raw("attestorSet", "Attestor set"),
        raw("attestorSetVersion", "Attestor set version"),
        date("deadline", "Proof valid until"),
      ],
      "Attest milestone {milestone}: {amount} to {payee}",
    ),
  },
  Cancellation: {
    domain: "BudgetVault",
    ...describe(
      "End a project",
      [
        raw("project", "Project"),
        raw("planVersion", "Plan version"),
        address("payee", "Payee"),
        address("anchor", "Accountable anchor"),
        money("returned", "asset", "Goes back to the pool"),
        address("asset", "Asset"),
        date("deadline", "Agreement valid until"),
      ],
      "End project {project}: {returned} go back",
    ),
  },
  Amendment: {
    domain: "BudgetVault",
    ...describe(
      "Change a project's plan",
      [
        raw("project", "Project"),
        raw("planVersion", "Plan version from now on"),
        raw("planHash", "Digest of the whole plan"),
        address("payee", "Payee"),
        address("anchor", "Accountable anchor from now on"),
        money("total", "asset", "All milestones together, paid ones included"),
        address("asset", "Asset"),
      ],
      "Change the plan of project {project}: {total} in all",
    ),
  },
  PaymentApproval: {
    domain: "BudgetVault",
    ...describe(
      "Co-sign the payment of a milestone",
      [
        raw("project", "Project"),
        raw("milestone", "Milestone (from 0)"),
        address("payee", "Payee"),
        money("amount", "asset", "Amount"),
        address("asset", "Asset"),
        raw("proof", "Digest of the milestone's proof"),
        date("deadline", "Co-signature valid until"),
      ],
      "Approve that {amount} go to {payee}",
    ),
  },
  HeartbeatReport: {
    domain: "HeartbeatOracle",
    ...describe("Report the scores of an epoch", [
      raw("configuration", "Configuration"),
      raw("epoch", "Epoch"),
      raw("root", "Root"),
      raw("threshold", "Threshold"),
      raw("leafCount", "Subjects"),
      raw("scored", "Scored"),
      raw("surviving", "Surviving"),
      raw("manifest", "Manifest"),
    ]),
  },
  OperatorKey: {
    domain: "OperatorKeys",
    ...describe("Register a key by which an operator signs with others", [
      address("operator", "Operator"),
      raw("x", "Key, x"),
      raw("y", "Key, y"),
      raw("nonce", "Nonce"),
      date("deadline", "Registration valid until"),
    ]),
  },
  OperatorDelegate: {
    domain: "OperatorKeys",
    ...describe("Name who signs reports for an operator", [
      address("operator", "Operator"),
      address("delegate", "Who signs for it"),
      raw("nonce", "Nonce"),
      date("deadline", "Naming valid until"),
    ]),
  },
  AnchorOath: {
    domain: "Anchors",
    ...describe("Swear to be an anchor, an accountable human", [
      address("anchor", "Anchor"),
      raw("identity", "Hash of the identity record"),
      raw("nonce", "Nonce"),
      date("deadline", "Oath valid until"),
    ]),
  },
} as const satisfies Partial<Record<SignedTypeName, Description & { domain: SigningDomainName }>>;

/** Types that nobody signs alone, each with the reason. */
export const unsignedTypes = {
  Plan: "only its digest is used: as the project's id, which the acceptances name, and in an amendment",
  Milestone: "a part of Plan",
} as const satisfies Partial<Record<SignedTypeName, string>>;
