/** Who may call what: every function of every contract that can change state, with its guard. */
import { AbiCoder, id, keccak256, ZeroAddress, ZeroHash } from "ethers";

import { admin, authorityOnly, ofAuthority, role, type Guard } from "./guard.ts";
import { oracleGuards } from "./oracle-guards.ts";
import { coin } from "./treasury.ts";

const forVaultOnly = {
  guard: "nobody",
  by: "the vault's own storage alone",
  refusal: "BudgetOfficeNotVault",
} as const satisfies Guard;

/** By contract and function. */
export const guards: Record<string, Record<string, Guard>> = {
  Authority: {
    labelRole: admin,
    setRoleAdmin: admin,
    setRoleGuardian: admin,
    setGrantDelay: admin,
    setTargetAdminDelay: admin,
    setTargetClosed: admin,
    setTargetFunctionRole: admin,
    updateAuthority: admin,
    setActionGranter: admin,
    registerContract: admin,
    setEscalations: admin,
    grantRole: { ...admin, by: "the role's admin role; ADMIN_ROLE unless governance names another" },
    revokeRole: { ...admin, by: "the role's admin role; ADMIN_ROLE unless governance names another" },
    setAnchorLiveness: ofAuthority,
    setActionFacts: ofAuthority,
    setCapability: ofAuthority,
    setTeamLimits: ofAuthority,
    setRate: ofAuthority,
    renounceRole: { guard: "own", by: "the caller's own membership", refusal: "AccessManagerBadConfirmation" },
    openTask: { guard: "caller", by: "a live anchor, of its own team", refusal: "AuthorityAnchorNotLive" },
    completeTask: { guard: "caller", by: "the task's anchor", refusal: "AuthorityNotTaskAnchor", args: () => [1] },
    failTask: {
      guard: "caller",
      by: "the task's anchor",
      refusal: "AuthorityNotTaskAnchor",
      args: () => [1, ZeroHash],
    },
    grant: {
      guard: "caller",
      by: "a holder of the action's granter role, for an open task",
      refusal: "AuthorityNotGranter",
      args: () => [{ ...emptyGrant, target: grantable.target, selector: grantable.selector }],
    },
    grantCapability: {
      guard: "caller",
      by: "a holder of each action's granter role, for an open task",
      refusal: "AuthorityNotGranter",
      args: () => [capability.id, capability.actions, emptyGrant],
    },
    endGrant: {
      guard: "caller",
      by: "the grantee, the task's anchor, a holder of the action's granter role",
      refusal: "AuthorityNotEnder",
      args: () => [grantable.grantee, grantable.target, grantable.selector],
    },
    schedule: { guard: "caller", by: "who may make the call after a delay", refusal: "AuthorityDataTooShort" },
    execute: { guard: "caller", by: "who may make the call", refusal: "AuthorityDataTooShort" },
    cancel: {
      guard: "caller",
      by: "who scheduled it, an admin, the function's guardians",
      refusal: "AccessManagerNotScheduled",
      args: () => [ZeroAddress, ZeroAddress, "0x11223344"],
    },
    consumeScheduledOp: {
      guard: "caller",
      by: "the target, in the middle of a guarded call",
      refusal: "AuthorityDataTooShort",
    },
    multicall: { guard: "own", by: "nothing: each inner call keeps the caller and meets its own guard" },
  },
  Anchors: {
    enrol: role,
    accept: { guard: "state", by: "the anchor's signature", refusal: "AnchorsUnexpectedStatus" },
    checkIn: { guard: "caller", by: "an accepted anchor", refusal: "AnchorsUnexpectedStatus" },
    resign: { guard: "caller", by: "an enrolled or accepted anchor", refusal: "AnchorsUnexpectedStatus" },
    remove: { guard: "state", by: "a quorum of live anchors", refusal: "AnchorsQuorumNotReached" },
    approve: { guard: "caller", by: "a live anchor", refusal: "AnchorsUnexpectedStatus" },
    setSubstitute: { guard: "caller", by: "a live anchor", refusal: "AnchorsUnexpectedStatus" },
    setAuthority: authorityOnly,
  },
  ActionCatalog: {
    registerAction: role,
    retireAction: role,
    defineCapability: role,
    nameScope: role,
    setAuthority: authorityOnly,
  },
  Constitution: {
    defineParameter: role,
    proposeChange: role,
    defineAsset: role,
    setRate: role,
    wireTeams: { ...admin, refusal: "AccessManagedUnauthorized" },
    consent: {
      guard: "caller",
      by: "the live anchor of a team that was open at the proposal",
      refusal: "ConstitutionNotTeamAnchor",
      args: () => [kernelParameter, 1],
    },
    cancelChange: {
      guard: "caller",
      by: "the policy office, the root's live anchor, or the team's own",
      refusal: "ConstitutionNotCanceller",
      args: () => [kernelParameter, 0, ZeroHash],
    },
    enactChange: {
      guard: "state",
      by: "a change that has waited and, of the kernel, has consensus",
      refusal: "ConstitutionNothingPending",
    },
    setTeamValue: {
      guard: "caller",
      by: "the team's live anchor",
      refusal: "ConstitutionNotTeamAnchor",
      args: () => [1, kernelParameter, 0, ZeroHash],
    },
    setAuthority: authorityOnly,
  },
  Teams: {
    openTeam: role,
    closeTeam: role,
    setAnchor: role,
    setPath: role,
    setCones: role,
    setTriggers: role,
    addMember: role,
    removeMember: role,
    lowerTier: role,
    lowerTierAt: role,
    raiseTier: {
      guard: "caller",
      by: "a live anchor up the team's path",
      refusal: "TeamsNotUpThePath",
      args: () => [1, ZeroHash],
    },
    refresh: { guard: "state", by: "writes what the team's tier and the constitution say", args: () => [1] },
    refreshAll: { guard: "state", by: "the same for every open team" },
    setAuthority: authorityOnly,
  },
  Escalations: {
    open: {
      guard: "caller",
      by: "whose grant permits the call but for a limit",
      refusal: "EscalationsCallerDenied",
    },
    approve: {
      guard: "caller",
      by: "a live anchor up the team's path, or its substitute, from its time on",
      refusal: "EscalationsUnexpectedStatus",
    },
    reject: {
      guard: "caller",
      by: "a live anchor up the team's path, or its substitute, from its time on",
      refusal: "EscalationsUnexpectedStatus",
    },
    withdraw: { guard: "own", by: "what the caller opened", refusal: "EscalationsUnexpectedStatus" },
    consume: { guard: "caller", by: "the authority", refusal: "EscalationsNotAuthority" },
    setAuthority: authorityOnly,
  },
  ...oracleGuards,
  BudgetOffice: {
    ...Object.fromEntries(
      [
        "allowAsset",
        "openPool",
        "closePool",
        "deposit",
        "depositWithPermit",
        "creditSurplus",
        "withdraw",
        "movePool",
        "openProject",
        "acceptProject",
        "fundProject",
        "fundProjectWithPermit",
        "commitProject",
        "claim",
        "approveWithdrawal",
        "createAttestorSet",
        "createAttestorSetWithSuccessor",
        "addAttestorSetVersionWithSuccessor",
        "revokeAttestor",
        "cancelProject",
        "amendProject",
        "multicall",
      ].map((name) => [name, forVaultOnly]),
    ),
    setAuthority: authorityOnly,
  },
  PaymentOffice: {
    ...Object.fromEntries(
      [
        "releasePart",
        "pay",
        "overturn",
        "reclaimMilestone",
        "coSign",
        "extendLease",
        "tripAsset",
        "resetAsset",
        "ruleShortfall",
        "setLimits",
      ].map((name) => [name, forVaultOnly]),
    ),
    setAuthority: authorityOnly,
  },
  BudgetVault: {
    allowAsset: role,
    openPool: role,
    closePool: role,
    movePool: role,
    withdraw: role,
    openProject: {
      ...role,
      by: "of a pool with a steward: the steward instead",
      args: ({ pool }) => [emptyPlan(pool)],
    },
    commitProject: {
      guard: "role",
      by: "of a pool with a steward: the steward instead; and the payee's and the anchor's acceptance",
      refusal: "BudgetVaultUnexpectedProjectStatus",
    },
    acceptProject: {
      guard: "state",
      by: "the signature of the payee or the anchor, or the party itself",
      refusal: "BudgetVaultUnexpectedProjectStatus",
    },
    fundProject: {
      guard: "state",
      by: "both parties' acceptances; the caller pays",
      refusal: "BudgetVaultUnexpectedProjectStatus",
    },
    deposit: { guard: "own", by: "the caller's money", refusal: "BudgetVaultUnknownPool" },
    depositWithPermit: { guard: "own", by: "the caller's money", refusal: "BudgetVaultAssetNotAllowed" },
    fundProjectWithPermit: {
      guard: "state",
      by: "both parties' acceptances; the caller pays",
      refusal: "BudgetVaultUnexpectedProjectStatus",
    },
    creditSurplus: { guard: "state", by: "a balance above what is credited", refusal: "BudgetVaultUnknownPool" },
    createAttestorSet: { guard: "own", by: "a set that the caller owns", refusal: "AttestorSetsInvalidSize" },
    createAttestorSetWithSuccessor: {
      guard: "own",
      by: "a set that the caller owns",
      refusal: "AttestorSetsInvalidSize",
    },
    addAttestorSetVersionWithSuccessor: {
      guard: "caller",
      by: "the set's owner",
      refusal: "AttestorSetsNotOwner",
      args: ({ attestorSet }) => [attestorSet, [], 1, ZeroHash, 0],
    },
    revokeAttestor: {
      guard: "caller",
      by: "the set's owner",
      refusal: "AttestorSetsNotOwner",
      args: ({ attestorSet }) => [attestorSet, 1, 0],
    },
    release: {
      guard: "state",
      by: "a quorum of the plan's attestors, and a running lease",
      refusal: "BudgetVaultUnexpectedProjectStatus",
    },
    releasePart: {
      guard: "state",
      by: "a quorum of the plan's attestors, and a running lease",
      refusal: "BudgetVaultZeroAmount",
    },
    pay: {
      guard: "state",
      by: "a proved milestone whose windows have passed",
      refusal: "BudgetVaultUnexpectedProjectStatus",
    },
    claim: { guard: "own", by: "what the vault owes the caller", refusal: "BudgetVaultNothingToClaim" },
    overturn: {
      guard: "caller",
      by: "the project's anchor, while it is live, or its opener, within the challenge window",
      refusal: "BudgetVaultUnexpectedProjectStatus",
    },
    approveWithdrawal: {
      guard: "caller",
      by: "the pool's live anchor",
      refusal: "BudgetVaultNotPoolAnchor",
      args: ({ pool }) => [pool, ZeroAddress, ZeroAddress, 1, 1],
    },
    coSign: {
      guard: "state",
      by: "an anchor up the chain, or its signature",
      refusal: "BudgetVaultUnexpectedMilestoneStatus",
    },
    extendLease: {
      guard: "caller",
      by: "the project's anchor, while it is live",
      refusal: "BudgetVaultUnexpectedProjectStatus",
    },
    tripAsset: role,
    resetAsset: role,
    ruleShortfall: role,
    setLimits: role,
    cancelProject: {
      guard: "state",
      by: "the payee's and the anchor's signatures, or the party itself",
      refusal: "BudgetVaultUnexpectedProjectStatus",
    },
    amendProject: {
      guard: "role",
      by: "for more money, of a pool with a steward: the steward instead; and the payee's and the anchors' agreement",
      refusal: "BudgetVaultUnexpectedProjectStatus",
    },
    multicall: { guard: "own", by: "each inner call's own guard, with the same caller" },
    renew: {
      guard: "state",
      by: "a Merkle proof of a score in an accepted report",
      refusal: "BudgetVaultUnexpectedProjectStatus",
    },
    renewBatch: {
      guard: "state",
      by: "a Merkle proof of scores in an accepted report",
      refusal: "BudgetVaultBatchSize",
    },
    reclaim: { guard: "state", by: "a lease that has run out", refusal: "BudgetVaultUnexpectedProjectStatus" },
    reclaimBatch: { guard: "state", by: "leases that have run out", refusal: "BudgetVaultBatchSize" },
    reclaimMilestone: {
      guard: "state",
      by: "a deadline that has passed",
      refusal: "BudgetVaultUnexpectedProjectStatus",
    },
    setAuthority: authorityOnly,
  },
  CircuitBreaker: {
    trip: role,
    tripOracle: role,
    showShortfall: {
      guard: "state",
      by: "money that is missing",
      refusal: "CircuitBreakerNoShortfall",
      args: () => [coin],
    },
    reset: { guard: "state", by: "a quorum of live anchors", refusal: "CircuitBreakerNotApproved" },
    ruleShortfall: { guard: "state", by: "a quorum of live anchors", refusal: "CircuitBreakerNotApproved" },
    resetOracle: { guard: "state", by: "a quorum of live anchors", refusal: "CircuitBreakerUnknownOracle" },
    refreshLimits: {
      guard: "state",
      by: "the constitution's values, which a vault takes from its breaker alone",
      refusal: "AccessManagedUnauthorized",
    },
    setAuthority: authorityOnly,
  },
  Membership: {
    seat: role,
    unseat: role,
    setAuthority: authorityOnly,
  },
  MergeGovernor: {
    proposeMerge: { guard: "caller", by: "a seated member", refusal: "GovernorInsufficientProposerVotes" },
    castVote: { guard: "caller", by: "a member seated when the vote began", refusal: "GovernorNonexistentProposal" },
    castVoteWithReason: {
      guard: "caller",
      by: "a member seated when the vote began",
      refusal: "GovernorNonexistentProposal",
    },
    castVoteWithReasonAndParams: {
      guard: "caller",
      by: "a member seated when the vote began",
      refusal: "GovernorNonexistentProposal",
    },
    castVoteBySig: { guard: "state", by: "the signature of such a member", refusal: "GovernorInvalidSignature" },
    castVoteWithReasonAndParamsBySig: {
      guard: "state",
      by: "the signature of such a member",
      refusal: "GovernorInvalidSignature",
    },
    execute: { guard: "state", by: "a vote that succeeded", refusal: "GovernorNonexistentProposal" },
    queue: { guard: "nobody", by: "proposals are executed without a queue", refusal: "GovernorNonexistentProposal" },
    cancel: { guard: "nobody", by: "a vote cannot be canceled", refusal: "GovernorUnableToCancel" },
    relay: { guard: "nobody", by: "the governor makes no call but a merge", refusal: "MergeGovernorNotMergeProposal" },
    receive: { guard: "nobody", by: "the governor takes no coin", refusal: "MergeGovernorValueRefused" },
  },
  StrategyForks: {
    openFork: role,
    merge: role,
    archive: {
      guard: "state",
      by: "the fork's deadline has passed without a merge",
      refusal: "StrategyForksUnexpectedStatus",
    },
    sweep: {
      guard: "state",
      by: "a branch that lost or was archived; its money goes to the parent pool",
      refusal: "StrategyForksUnknownBranch",
    },
    setAuthority: authorityOnly,
  },
};

const emptyPlan = (pool: string) => ({
  version: 0,
  project: ZeroHash,
  pool,
  reclaimTo: pool,
  asset: ZeroAddress,
  payee: ZeroAddress,
  opener: ZeroAddress,
  anchor: ZeroAddress,
  team: ZeroHash,
  oracle: ZeroAddress,
  scoreDefinition: ZeroHash,
  leaseReports: 0,
  initialReports: 0,
  maxMissing: 0,
  renewalWindow: 0,
  acceptBy: 0,
  salt: ZeroHash,
  milestones: [],
});

/** A parameter of the kernel, of which a change waits: what an outsider meets there is its guard, not emptiness. */
export const kernelParameter = id("cone.maxImpact");

/** A grant's fields that say nothing. */
export const emptyGrant = { task: 0, grantee: ZeroAddress, notBefore: 0, notAfter: 0, uses: 0, cap: 0 };

/** What the set-up put under grants, so that refusals of `grant` and `endGrant` are about the caller. */
export const grantable = { grantee: "0x" + "a6".repeat(20), target: "0x" + "da".repeat(20), selector: "0x11223344" };

/** A capability of that one action. */
export const capability = {
  id: id("capability"),
  actions: [{ target: grantable.target, selector: grantable.selector }],
  hash: keccak256(
    AbiCoder.defaultAbiCoder().encode(["tuple(address,bytes4)[]"], [[[grantable.target, grantable.selector]]]),
  ),
};
