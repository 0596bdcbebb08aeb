// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHeartbeatOracle} from "../oracle/IHeartbeatOracle.sol";
import {ReportIndex} from "../types/Time.sol";
import {IAttestorSets} from "./IAttestorSets.sol";
import {IBudgetOffice} from "./IBudgetOffice.sol";
import {IPaymentOffice} from "./IPaymentOffice.sol";

/// @title BudgetVault: budgets released on signed milestone proofs, kept only while a project proves that it is alive
/// @notice
/// Project:  None ──open──▶ Proposed ──fund / commit, once payee and anchor accepted──▶ Active ──last milestone settled──▶ Closed
///                             │                                                          ├────reclaim (lease ran out)──▶ Reclaimed
///                             └──acceptBy passes──▶ Expired (derived)                    └────cancel (both sides)──▶ Cancelled
///
/// Milestone: Pending ──release──▶ Proved ──pay──▶ Paid                                (Paid and Reclaimed are final)
///              ▲   │                └─overturn (within its challenge window)─▶ Pending, or Reclaimed where its project ended
///              │   └──reclaim / reclaimMilestone / cancelProject──▶ Reclaimed
///              └── (Proved survives lapse, reclaim, cancellation and archive: it is an entitlement)
///
/// Where no challenge window applies, proof and payment are one transaction; there a milestone can be paid in parts (releasePart),
/// after each of which it is Pending with the rest. Every asset keeps
/// `credited = pools + committed + proved + claimable`, and a balance of at least `credited`.
interface IBudgetVault is IBudgetOffice, IPaymentOffice, IAttestorSets {
    /// @notice Renews a running lease with the project's leaf in an accepted report. Anyone may call. Where the proof does not
    /// lead to the report's root, the oracle's error is passed on: the leaf is then another project's, or scored by another
    /// definition than the plan's.
    /// @dev Emits {LeaseRenewed}. A value more than {maxRise} above the stored score renews for its report only, and is not stored, unless
    /// it was so in the report before as well (or in the last one before it, where those between said "missing").
    function renewLease(
        bytes32 project,
        IHeartbeatOracle.ReportHeader calldata header,
        LeafScore calldata leafScore,
        bytes32[] calldata proof
    ) external returns (ReportIndex paidThrough);

    /// @notice Renews the leases of several projects of one oracle with their leaves in one accepted report. Anyone may call. A
    /// project that cannot be renewed is left as it is, and does not keep the others from it.
    /// @dev Emits {LeaseRenewed} for each project that was renewed. Reverts with
    /// - {BudgetVaultBatchSize} unless there are 1 to 100 projects;
    /// - {BudgetVaultScoreCount} unless there is a score for each;
    /// - {BudgetVaultProjectsNotAscending} unless ids ascend strictly, which is the order of the tree;
    /// - {BudgetVaultUnexpectedProjectStatus} for an id that is no project: it has no plan, and so no leaf;
    /// - {BudgetVaultOtherOracle} for a project of another oracle than the first one's;
    /// - the oracle's errors, where the proof does not lead to the report's root: one of the leaves is then not in the report,
    ///   for instance because it is scored by another definition than its plan's.
    /// @param proof Siblings that the leaves lack, and `flags` a bit for each step ({IHeartbeatOracle-verifyLeaves}).
    /// @return outcomes Of each project, in the same order.
    function renewBatch(
        IHeartbeatOracle.ReportHeader calldata header,
        bytes32[] calldata projects,
        LeafScore[] calldata leafScores,
        bytes32[] calldata proof,
        uint256[] calldata flags
    ) external returns (RenewalOutcome[] memory outcomes);

    /// @notice Accepts the proof of a milestone and, where no challenge window applies, pays it, without the parts of it that were
    /// paid before. Anyone may relay.
    /// @param attestors Bitmap of the seats that signed; `signatures` in ascending seat order.
    function release(
        ProofClaim calldata claim_,
        uint256 attestors,
        bytes[] calldata signatures
    ) external returns (PaymentOutcome outcome);

    /// @notice Takes back what is committed to a project whose lease ran out. Anyone may call.
    function reclaim(bytes32 project) external returns (uint256 amount);

    /// @notice {reclaim} of several projects. Anyone may call. A project whose money cannot be taken back is left as it is.
    /// @dev Emits {ProjectReclaimed} for each project that was reclaimed. Reverts with {BudgetVaultBatchSize} unless there are
    /// 1 to 100 projects.
    /// @return outcomes Of each project, in the same order; an id that comes twice is NotActive the second time.
    function reclaimBatch(bytes32[] calldata projects) external returns (ReclaimOutcome[] memory outcomes);

    function getProject(bytes32 project) external view returns (Project memory);

    function getMilestone(bytes32 project, uint32 milestone) external view returns (MilestoneState memory);

    /// @notice The contract whose code runs the functions of {IBudgetOffice} on the vault's storage; for the vault's life.
    function office() external view returns (address);

    /// @notice {office} of the functions of {IPaymentOffice}.
    function paymentOffice() external view returns (address);

    /// @notice Largest rise of a score in one report that is stored at once, 1e18 = 1; for the vault's life.
    function maxRise() external view returns (uint64);

    /// @notice The teams' contract that learns of overturned proofs.
    function teams() external view returns (address);

    /// @notice Whether the lease runs now.
    function isLeaseRunning(bytes32 project) external view returns (bool);

    function proofDigest(ProofClaim calldata claim_) external view returns (bytes32);

    function credited(address asset) external view returns (uint256);

    function isAllowedAsset(address asset) external view returns (bool);

    function poolBalance(bytes32 pool, address asset) external view returns (uint256);

    /// @notice What of a pool's money its enclaves hold: committed from the pool to plans whose oracle is the review calendar, and not paid or
    /// taken back; of all pools together where the pool is zero.
    function enclaveCommitted(bytes32 pool, address asset) external view returns (uint256);

    function claimable(address payee, address asset) external view returns (uint256);

    function isIntentUsed(address from, bytes32 intent) external view returns (bool);

    function planId(Plan calldata plan) external view returns (bytes32 project);

    /// @notice What anchors ruled last of an asset of which money was missing, and the trip by whose ruling the payee took a share of its claim
    /// last; 0 where it never did.
    function ruling(address asset, address payee) external view returns (Ruling memory, uint32 takenIn);

    function limits() external view returns (Limits memory);

    function assetSafety(address asset) external view returns (AssetSafety memory);

    /// @notice Whether an anchor co-signed the payment that rests on the proof with this digest.
    function isCoSigned(bytes32 project, uint32 milestone, bytes32 proof) external view returns (bool);
}
