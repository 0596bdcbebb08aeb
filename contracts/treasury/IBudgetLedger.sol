// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHeartbeatOracle} from "../oracle/IHeartbeatOracle.sol";
import {ISafetyLedger} from "./ISafetyLedger.sol";

/// @title BudgetLedger: the words, events and errors of the budget vault
/// @notice Shared by the vault and by the office that runs its cold paths; {IBudgetVault} draws the life cycles.
interface IBudgetLedger is ISafetyLedger {
    enum ProjectStatus {
        None,
        Proposed,
        Active,
        Closed,
        Reclaimed,
        Expired,
        Cancelled
    }

    enum MilestoneStatus {
        None,
        Pending,
        Proved,
        Paid,
        Reclaimed
    }

    /// @notice Outcome of a release, a payment or a withdrawal. Held: nothing was paid, and it is payable later (challenge window,
    /// co-signature, breaker). Claimable: the push to the payee failed, and the amount waits as its claim.
    enum PaymentOutcome {
        Paid,
        Held,
        Claimable
    }

    enum Party {
        Payee,
        Anchor
    }

    /// @notice What became of a project in a batch of renewals, in the order in which reasons are looked at. Only Renewed
    /// changed anything.
    enum RenewalOutcome {
        Renewed,
        NotActive,
        NotNewer,
        Lapsed,
        BelowThreshold,
        Refused,
        TooManyMissing
    }

    /// @notice What a lease was renewed on. Value and Missing are numbered as the oracle's outcomes. Rise: a value too far above the stored
    /// score, which stays until the next report confirms the new one.
    enum LeaseGround {
        None,
        Value,
        Missing,
        Rise
    }

    /// @notice What became of a project in a batch of reclaims. Only Reclaimed moved money; Running is a lease that runs; Held is
    /// money that stays where it is until people have looked at it (see {BreakerState}).
    enum ReclaimOutcome {
        Reclaimed,
        NotActive,
        Running,
        Held
    }

    /// @notice Terms of a milestone, fixed when the plan opens.
    /// @param amount Base units of the plan's asset.
    /// @param deadline First second in which a proof is no longer accepted.
    /// @param challengeWindow Seconds after a proof in which the anchor or the opener may overturn it; 0 pays at once.
    /// @param specification Hash of what has to be delivered.
    /// @param attestorSet Set that proves it, and `attestorSetVersion` of it.
    /// @param coSignature Whether an anchor co-signs the payment, decided at opening.
    struct Milestone {
        uint128 amount;
        uint48 deadline;
        uint32 challengeWindow;
        bytes32 specification;
        bytes32 attestorSet;
        uint32 attestorSetVersion;
        bool coSignature;
    }

    /// @notice An immutable plan. The EIP-712 digest of version 1 in the vault's domain is the project's id, so that the id binds
    /// chain, vault and every term. A later version takes its place whole; the id stays.
    /// @param version 1; each amendment counts up and names its `project`.
    /// @param project 0 in version 1; otherwise the id of the project that is amended.
    /// @param pool Account that money is committed from, and `reclaimTo` the account that takes back what is reclaimed.
    /// @param asset ERC-20, or 0xEeee…EEeE for the chain's own coin.
    /// @param payee Who is paid; `opener` who proposes the plan, `anchor` the accountable human.
    /// @param team Id of the team that delivers; 0 where none is named.
    /// @param oracle The heartbeat oracle that decides the lease, for the life of this plan; registered when it opens.
    /// @param scoreDefinition Hash of the definition by which the project is scored.
    /// @param leaseReports Reports that a proof renews for; `initialReports` the ones a new project starts with.
    /// @param maxMissing How many reports in a row may renew on "missing".
    /// @param renewalWindow Seconds after the last paid report is accepted in which the lease still runs.
    /// @param acceptBy First second in which the plan can no longer be accepted or funded, or an amendment made.
    struct Plan {
        uint32 version;
        bytes32 project;
        bytes32 pool;
        bytes32 reclaimTo;
        address asset;
        address payee;
        address opener;
        address anchor;
        bytes32 team;
        IHeartbeatOracle oracle;
        bytes32 scoreDefinition;
        uint8 leaseReports;
        uint8 initialReports;
        uint8 maxMissing;
        uint32 renewalWindow;
        uint48 acceptBy;
        bytes32 salt;
        Milestone[] milestones;
    }

    /// @notice An ERC-2612 permit that the caller signed for the vault; its value is the amount that the call takes.
    /// @param deadline Last second in which the token takes it.
    struct Permit {
        uint256 deadline;
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    /// @notice What attestors state, beyond what the plan fixes.
    /// @param project Project id.
    /// @param milestone Index within the plan, from 0.
    /// @param evidence Content hash of the evidence they checked.
    /// @param deadline First second in which this proof is no longer accepted.
    struct ProofClaim {
        bytes32 project;
        uint32 milestone;
        bytes32 evidence;
        uint48 deadline;
    }

    /// @notice What a leaf says of a project; its project and its score definition are the ones that the vault knows.
    /// @param outcome Value or Missing; nothing else renews.
    /// @param grade Integrity grade of the score: 1 (A) to 4 (D); 0 where there is no value.
    /// @param score 0 to 1e18; 0 unless the outcome is a value.
    struct LeafScore {
        IHeartbeatOracle.Outcome outcome;
        uint8 grade;
        uint64 score;
    }

    /// @param score The last value that was proved and is not, or no longer, in quarantine; 0 before the first.
    /// @param missing Proofs in a row that said "missing".
    /// @param isRising Whether the last value that was proved is in quarantine, until the next report confirms it.
    struct Project {
        ProjectStatus status;
        uint32 planVersion;
        address asset;
        address payee;
        address anchor;
        address opener;
        IHeartbeatOracle oracle;
        bytes32 scoreDefinition;
        bytes32 pool;
        bytes32 reclaimTo;
        uint128 committed;
        uint32 paidThrough;
        uint32 lastProvedReport;
        uint64 score;
        uint8 missing;
        bool isRising;
        uint8 maxMissing;
        uint8 leaseReports;
        uint8 initialReports;
        uint32 renewalWindow;
        uint48 acceptBy;
        bool payeeAccepted;
        bool anchorAccepted;
        uint8 milestones;
        uint8 unsettled;
    }

    /// @param payableFrom First second in which what is proved can be paid; 0 unless the status is Proved.
    /// @param paid What was paid of it so far, in base units.
    struct MilestoneState {
        MilestoneStatus status;
        uint128 amount;
        uint48 deadline;
        uint32 challengeWindow;
        bytes32 attestorSet;
        uint32 attestorSetVersion;
        bool coSignature;
        uint48 payableFrom;
        uint128 paid;
    }

    event AssetAllowed(address indexed asset, bool allowed, bytes32 cause, address anchor);
    event PoolOpened(bytes32 indexed pool, bytes32 name, address steward, bytes32 cause, address anchor);
    event PoolClosed(bytes32 indexed pool, bytes32 cause, address anchor);
    /// @notice `cause` is the payer's intent id.
    event PoolDeposited(
        bytes32 indexed pool,
        address indexed asset,
        address indexed from,
        uint256 amount,
        bytes32 cause,
        address anchor
    );
    event PoolWithdrawn(
        bytes32 indexed pool,
        address indexed asset,
        address indexed to,
        uint256 amount,
        address by,
        bytes32 cause,
        address anchor
    );
    event PoolMoved(
        bytes32 indexed from,
        bytes32 indexed to,
        address indexed asset,
        uint256 amount,
        bytes32 cause,
        address anchor
    );
    /// @notice A plan was proposed; it commits nothing yet. `plan` is the full terms.
    event ProjectOpened(bytes32 indexed project, address indexed payee, Plan plan, bytes32 cause, address anchor);
    /// @notice `cause` is the EIP-712 digest that the party signed.
    event ProjectAccepted(bytes32 indexed project, address indexed by, Party party, bytes32 cause, address anchor);
    /// @notice Money is committed and the lease starts. `from` is the wallet that paid, or zero where it came from the pool.
    /// `cause` is the payer's intent id, or the pool.
    event ProjectFunded(
        bytes32 indexed project,
        address indexed from,
        uint256 amount,
        uint32 paidThrough,
        bytes32 cause,
        address anchor
    );
    /// @notice `score` is the one that was measured, or, where it is missing, the stored one. It is stored but on a Rise. From
    /// one on the project is in quarantine: to the next Value, or to a Missing that is not in the report after the last one proved. `cause` is the leaf that proved it.
    event LeaseRenewed(
        bytes32 indexed project,
        uint32 indexed report,
        uint32 paidThrough,
        LeaseGround ground,
        uint64 score,
        uint8 missing,
        bytes32 cause,
        address anchor
    );
    /// @notice A proof was accepted whose payment waits. It is of the whole milestone; `attestors` is the bitmap of seats that signed it, and
    /// `cause` its EIP-712 digest.
    event MilestoneProved(
        bytes32 indexed project,
        uint32 indexed milestone,
        bytes32 evidence,
        uint256 attestors,
        uint48 payableFrom,
        bytes32 cause,
        address anchor
    );
    /// @notice `by` is the anchor or the opener; `cause` the hash of the evidence against the proof.
    event MilestoneOverturned(
        bytes32 indexed project,
        uint32 indexed milestone,
        address indexed by,
        bytes32 cause,
        address anchor
    );
    /// @notice `amount` is what was paid now. The milestone is Paid once these add up to all of it, and Pending with the rest till then.
    /// Where the proof did not wait, `evidence` and `attestors` are what was signed and by which seats, and what is due of the milestone so
    /// far is what was paid of it; where it did, {MilestoneProved} said so, and both are zero. `cause` is the digest of the proof.
    /// {ClaimCredited} follows where the payee took no transfer.
    event MilestonePaid(
        bytes32 indexed project,
        uint32 indexed milestone,
        address indexed payee,
        address asset,
        uint256 amount,
        bytes32 evidence,
        uint256 attestors,
        bytes32 cause,
        address anchor
    );
    /// @notice Follows {MilestonePaid} where the payment could not be pushed: it waits as the payee's claim.
    event ClaimCredited(
        bytes32 indexed project,
        uint32 indexed milestone,
        address indexed payee,
        address asset,
        uint256 amount,
        bytes32 cause,
        address anchor
    );
    /// @notice `amount` is what was not paid of it.
    event MilestoneReclaimed(
        bytes32 indexed project,
        uint32 indexed milestone,
        uint256 amount,
        bytes32 cause,
        address anchor
    );
    /// @notice The lease ran out. `cause` is `bytes32(paidThrough)`, the report it was paid through.
    event ProjectReclaimed(
        bytes32 indexed project,
        bytes32 indexed reclaimTo,
        address indexed asset,
        uint256 amount,
        uint32 latestReport,
        bytes32 cause,
        address anchor
    );
    event Claimed(address indexed payee, address indexed asset, address indexed to, uint256 amount, bytes32 cause);
    /// @notice `by` co-signed the payment of a milestone; `cause` is the digest of its proof.
    event PaymentCoSigned(
        bytes32 indexed project,
        uint32 indexed milestone,
        address indexed by,
        bytes32 cause,
        address anchor
    );
    /// @notice The accountable anchor keeps a project alive that no proof does. `cause` is the hash of its reasons.
    event LeaseExtended(
        bytes32 indexed project,
        uint32 indexed report,
        uint32 paidThrough,
        bytes32 cause,
        address anchor
    );
    event SurplusCredited(bytes32 indexed pool, address indexed asset, uint256 amount, bytes32 cause, address anchor);
    /// @notice Payee and anchor ended the project. `cause` is the EIP-712 digest that they agreed to.
    event ProjectCancelled(
        bytes32 indexed project,
        bytes32 indexed reclaimTo,
        address indexed asset,
        uint256 amount,
        bytes32 cause,
        address anchor
    );
    /// @notice Payee and anchor changed the plan; `plan` is the full terms from now on. `added` came from the plan's pool, or
    /// `returned` went to its reclaim account. `cause` is the EIP-712 digest that they agreed to, `anchor` the plan's from now on.
    event ProjectAmended(
        bytes32 indexed project,
        uint32 indexed planVersion,
        Plan plan,
        uint256 added,
        uint256 returned,
        bytes32 cause,
        address anchor
    );

    error BudgetVaultAssetNotAllowed(address asset);
    error BudgetVaultZeroAmount();
    error BudgetVaultAmountTooLarge(uint256 amount, uint256 maximum);
    error BudgetVaultWrongValue(uint256 value, uint256 required);
    error BudgetVaultWrongDeposit(address asset, uint256 received, uint256 required);
    error BudgetVaultIntentUsed(address from, bytes32 intent);
    error BudgetVaultInvalidIntent();
    error BudgetVaultUnknownPool(bytes32 pool);
    error BudgetVaultPoolExists(bytes32 pool);
    /// @notice Nothing is paid into it, planned with it or committed from it any more.
    error BudgetVaultPoolClosed(bytes32 pool);
    error BudgetVaultNotSteward(bytes32 pool, address caller, address steward);
    error BudgetVaultPoolShort(bytes32 pool, address asset, uint256 available, uint256 required);
    error BudgetVaultAnchorNotLive(address anchor, uint48 liveUntil);
    error BudgetVaultInvalidPlan(PlanProblem problem);
    error BudgetVaultProjectExists(bytes32 project);
    error BudgetVaultUnexpectedProjectStatus(bytes32 project, ProjectStatus status, ProjectStatus required);
    error BudgetVaultNotAccepted(bytes32 project, bool payeeAccepted, bool anchorAccepted);
    error BudgetVaultAlreadyAccepted(bytes32 project, Party party);
    error BudgetVaultInvalidSignature(address signer, bytes32 digest);
    error BudgetVaultUnexpectedMilestoneStatus(
        bytes32 project,
        uint32 milestone,
        MilestoneStatus status,
        MilestoneStatus required
    );
    /// @notice Less gas is left than the team's ratchet may need: who overturns cannot starve it.
    error BudgetVaultGasTooLow(uint256 left, uint256 required);
    /// @notice This very proof was accepted and overturned; attestors who stand by it sign a new one.
    error BudgetVaultProofOverturned(bytes32 project, uint32 milestone, bytes32 digest);
    /// @notice `lapsedAt` is the first second without a lease, or, where a later report than `paidThrough` was accepted, the
    /// time of the latest one, by which the lease was over.
    error BudgetVaultLeaseLapsed(bytes32 project, uint32 paidThrough, uint32 latestReport, uint48 lapsedAt);
    /// @notice `runsUntil` is the largest time while reports are still paid for: no end is known.
    error BudgetVaultLeaseRunning(bytes32 project, uint32 paidThrough, uint32 latestReport, uint48 runsUntil);
    error BudgetVaultDeadlinePassed(uint48 deadline, uint48 nowTime);
    error BudgetVaultDeadlineNotPassed(uint48 deadline, uint48 nowTime);
    error BudgetVaultChallengeWindowOpen(bytes32 project, uint32 milestone, uint48 payableFrom, uint48 nowTime);
    error BudgetVaultChallengeWindowClosed(bytes32 project, uint32 milestone, uint48 payableFrom, uint48 nowTime);
    error BudgetVaultReportNotNewer(bytes32 project, uint32 report, uint32 lastProvedReport);
    error BudgetVaultBelowThreshold(bytes32 project, uint32 report, uint64 score, uint64 threshold);
    error BudgetVaultRefused(bytes32 project, uint32 report);
    error BudgetVaultTooManyMissing(bytes32 project, uint8 missing, uint8 maximum);
    error BudgetVaultBatchSize(uint256 projects, uint256 maximum);
    error BudgetVaultScoreCount(uint256 scores, uint256 required);
    error BudgetVaultProjectsNotAscending(bytes32 previous, bytes32 project);
    /// @notice A batch is proved to the oracle of its first project.
    error BudgetVaultOtherOracle(bytes32 project, address oracle, address required);
    /// @notice A part is more than was `paid` of the milestone, and less than all of it, which is `amount`.
    error BudgetVaultInvalidPart(bytes32 project, uint32 milestone, uint256 part, uint256 paid, uint256 amount);
    /// @notice Parts are paid at once, or not accepted: this milestone has a challenge window.
    error BudgetVaultPartWouldWait(bytes32 project, uint32 milestone);
    /// @notice `held` would be committed to the pool's enclaves, and `limit` may: a share of what the pool has, its enclaves included; or, where
    /// the pool is zero, to all enclaves, and the share is of all that the vault owes in the asset.
    error BudgetVaultEnclaveShare(bytes32 pool, address asset, uint256 held, uint256 limit);
    error BudgetVaultNothingToClaim(address payee, address asset);
    error BudgetVaultTransferFailed(address asset, address to, uint256 amount);
    error BudgetVaultInsufficientGas(uint256 available, uint256 required);
    error BudgetVaultInvalidRecipient(address to);
    /// @notice The payment waits for an anchor's co-signature over this proof: the plan asks for one, or the breaker does.
    error BudgetVaultCoSignatureRequired(bytes32 project, uint32 milestone, bytes32 digest);
    error BudgetVaultNotUpTheChain(bytes32 project, address signer);
    error BudgetVaultNotPoolAnchor(bytes32 pool, address caller, address anchor);
    error BudgetVaultAlreadyApproved(bytes32 approval);
    error BudgetVaultInvalidReason();
    /// @notice An office was called at its own address, where no money is: call the vault.
    error BudgetOfficeNotVault(address office);
    /// @notice Not a contract.
    error BudgetVaultInvalidOffice(address office);
    /// @notice The largest rise of a score that is stored at once lies above 0, and is at most 1.
    error BudgetVaultInvalidRise(uint64 maxRise);
    error BudgetVaultNotAnchor(bytes32 project, address caller, address anchor);
    error BudgetVaultNotAnchorOrOpener(bytes32 project, address caller, address anchor, address opener);
    /// @notice Who overturns names what speaks against the proof.
    error BudgetVaultEvidenceMissing(bytes32 project, uint32 milestone);
    /// @notice What is pending is not what was agreed to be returned.
    error BudgetVaultUnexpectedReturn(bytes32 project, uint256 pending, uint256 agreed);

    /// @notice What is wrong with a plan that is refused.
    enum PlanProblem {
        Version,
        Opener,
        Parties,
        Milestones,
        Amounts,
        Deadlines,
        Lease,
        AcceptBy,
        AttestorSet,
        Attestors,
        CoSignature,
        ScoreDefinition,
        Oracle,
        Fixed,
        Settled,
        PartPaid,
        Enclave
    }
}
