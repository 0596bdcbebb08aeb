import {
  address,
  choice,
  coins,
  date,
  describe,
  duration,
  innerCall,
  money,
  proof,
  raw,
  type CallDescriptions,
} from "../description.ts";

const project = raw("project", "Project");
const milestone = raw("milestone", "Milestone (from 0)");
const permit = [date("permit.deadline", "Permit valid until"), proof("permit.v"), proof("permit.r"), proof("permit.s")];

/** What an accepted report is known by. */
export const reportHeader = [
  raw("header.index", "Report"),
  raw("header.epoch", "Epoch"),
  raw("header.root", "Root"),
  raw("header.threshold", "Threshold"),
  raw("header.leafCount", "Scores in the report"),
  date("header.acceptedAt", "Accepted at"),
  raw("header.manifest", "Manifest"),
];
const successor = [
  raw("successor", "Successor, which proves when a quorum is out of reach"),
  raw("successorVersion", "Successor's version"),
];

/** Every term of a plan. */
export const plan = [
  raw("plan.project", "Project"),
  raw("plan.version", "Plan version"),
  raw("plan.pool", "Pool that pays"),
  raw("plan.reclaimTo", "Pool that gets back what is not paid"),
  address("plan.asset", "Asset"),
  address("plan.payee", "Payee"),
  address("plan.opener", "Opener"),
  address("plan.anchor", "Accountable anchor"),
  raw("plan.team", "Team"),
  address("plan.oracle", "Oracle"),
  raw("plan.scoreDefinition", "Score definition"),
  raw("plan.leaseReports", "Reports a renewal buys"),
  raw("plan.initialReports", "Reports until the first renewal"),
  raw("plan.maxMissing", "Reports that may be missing"),
  duration("plan.renewalWindow", "Time to renew after a report"),
  date("plan.acceptBy", "Acceptances until"),
  raw("plan.salt", "Salt"),
  money("plan.milestones.[].amount", "plan.asset", "Milestone pays"),
  date("plan.milestones.[].deadline", "Milestone deadline"),
  duration("plan.milestones.[].challengeWindow", "Time to challenge"),
  raw("plan.milestones.[].specification", "Specification"),
  raw("plan.milestones.[].attestorSet", "Attestor set"),
  raw("plan.milestones.[].attestorSetVersion", "Attestor set version"),
  raw("plan.milestones.[].coSignature", "Anchor signs too"),
];

export const budgetVault: CallDescriptions = {
  openPool: describe("Open a pool", [
    raw("name", "Name"),
    address("steward", "Steward, who may pay out of it"),
    address("anchor", "Accountable anchor"),
  ]),
  closePool: describe("Close a pool for good", [raw("pool", "Pool")]),
  deposit: describe(
    "Deposit into a pool",
    [
      raw("pool", "Pool"),
      money("amount", "asset", "Amount"),
      address("asset", "Asset"),
      raw("intent", "Intent"),
      coins(),
    ],
    "Deposit {amount} into pool {pool}",
  ),
  depositWithPermit: describe(
    "Deposit into a pool, with a permit",
    [
      raw("pool", "Pool"),
      money("amount", "asset", "Amount"),
      address("asset", "Asset"),
      raw("intent", "Intent"),
      ...permit,
    ],
    "Deposit {amount} into pool {pool}",
  ),
  withdraw: describe(
    "Pay out of a pool",
    [raw("pool", "Pool"), money("amount", "asset", "Amount"), address("asset", "Asset"), address("to", "Payee")],
    "Pay {amount} out of pool {pool} to {to}",
  ),
  movePool: describe(
    "Move money between pools",
    [raw("from", "From pool"), raw("to", "To pool"), money("amount", "asset", "Amount"), address("asset", "Asset")],
    "Move {amount} from pool {from} to pool {to}",
  ),
  creditSurplus: describe("Credit what came without a deposit to a pool", [
    raw("pool", "Pool"),
    address("asset", "Asset"),
  ]),
  claim: describe("Claim all that waits for you", [address("asset", "Asset"), address("to", "Receiver")]),
  allowAsset: describe("Allow or forbid an asset", [address("asset", "Asset"), raw("allowed", "Allowed")]),
  openProject: describe("Open a project with this plan", plan),
  acceptProject: describe("Hand in an acceptance of a project", [
    project,
    choice("party", "party", "Acceptance by"),
    proof("signature"),
  ]),
  fundProject: describe("Give to a project", [project, raw("intent", "Intent"), coins()]),
  fundProjectWithPermit: describe("Give to a project, with a permit", [project, raw("intent", "Intent"), ...permit]),
  commitProject: describe("Commit a pool's money to a project", [project]),
  release: describe("Hand in the proof that a milestone is done", [
    raw("claim_.project", "Project"),
    raw("claim_.milestone", "Milestone (from 0)"),
    raw("claim_.evidence", "Evidence"),
    date("claim_.deadline", "Proof valid until"),
    raw("attestors", "Seats that signed, as bits"),
    proof("signatures.[]"),
  ]),
  releasePart: describe(
    "Hand in the proof that a part of a milestone is done",
    [
      raw("claim_.project", "Project"),
      raw("claim_.milestone", "Milestone (from 0)"),
      raw("part", "Base units that are due of it so far"),
      raw("claim_.evidence", "Evidence"),
      date("claim_.deadline", "Proof valid until"),
      raw("attestors", "Seats that signed, as bits"),
      proof("signatures.[]"),
    ],
    "Hand in the proof that {part} base units of milestone {claim_.milestone} are due so far",
  ),
  pay: describe("Pay a milestone whose time to challenge is over", [project, milestone]),
  overturn: describe("Overturn the proof of a milestone", [project, milestone, raw("evidence", "Evidence")]),
  renewLease: describe("Renew a project's lease with a report", [
    project,
    ...reportHeader,
    raw("leafScore.outcome", "Outcome"),
    raw("leafScore.grade", "Grade"),
    raw("leafScore.score", "Score"),
    proof("proof.[]"),
  ]),
  renewBatch: describe("Renew the leases of several projects with a report", [
    ...reportHeader,
    raw("projects.[]", "Project"),
    raw("leafScores.[].outcome", "Outcome"),
    raw("leafScores.[].grade", "Grade"),
    raw("leafScores.[].score", "Score"),
    proof("proof.[]"),
    proof("flags.[]"),
  ]),
  reclaim: describe("Return the money of a project that ended to its pool", [project]),
  reclaimBatch: describe("Return the money of projects that ended to their pools", [raw("projects.[]", "Project")]),
  reclaimMilestone: describe("Return the money of a milestone that ran out to its pool", [project, milestone]),
  cancelProject: describe(
    "End a project that both sides agreed to end",
    [
      project,
      raw("returned", "Base units that go back"),
      date("deadline", "Agreement valid until"),
      proof("payeeSignature"),
      proof("anchorSignature"),
    ],
    "End project {project}: {returned} base units go back to its pool",
  ),
  amendProject: describe("Change a project's plan to this one, as both sides agreed", [
    ...plan,
    proof("payeeSignature"),
    proof("anchorSignature"),
    proof("newAnchorSignature"),
  ]),
  approveWithdrawal: describe(
    "Let one withdrawal pass the circuit breaker",
    [
      raw("pool", "Pool"),
      money("amount", "asset", "Amount"),
      address("asset", "Asset"),
      address("to", "Payee"),
      date("usableUntil", "Usable until (1970 takes the approval back)"),
    ],
    "Approve that {amount} go from pool {pool} to {to}",
  ),
  coSign: describe(
    "Co-sign the payment of a milestone",
    [
      project,
      milestone,
      raw("proof", "Digest of the milestone's proof"),
      date("deadline", "Co-signature valid until"),
      address("signer", "Co-signing anchor"),
      proof("signature"),
    ],
    "Co-sign the payment of milestone {milestone} of project {project}",
  ),
  extendLease: describe("Keep a project alive that no proof does", [project, raw("reason", "Hash of the reason")]),
  multicall: describe("Make several calls in one", [innerCall("data.[]", "@.to", "Call")]),
  createAttestorSet: describe("Create an attestor set", [
    raw("attestors.[]", "Attestor"),
    raw("threshold", "Signatures needed"),
    raw("salt", "Salt"),
  ]),
  createAttestorSetWithSuccessor: describe("Create an attestor set with a successor", [
    raw("attestors.[]", "Attestor"),
    raw("threshold", "Signatures needed"),
    ...successor,
    raw("salt", "Salt"),
  ]),
  addAttestorSetVersionWithSuccessor: describe("Add a version to an attestor set, which counts in two days", [
    raw("attestorSet", "Attestor set"),
    raw("attestors.[]", "Attestor"),
    raw("threshold", "Signatures needed"),
    ...successor,
  ]),
  revokeAttestor: describe("Revoke an attestor", [
    raw("attestorSet", "Attestor set"),
    raw("version", "Version"),
    raw("seat", "Seat"),
  ]),
};
