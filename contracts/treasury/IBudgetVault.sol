// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHeartbeatOracle} from "../oracle/IHeartbeatOracle.sol";
import {ReportIndex} from "../types/Time.sol";
import {IAttestorSets} from "./IAttestorSets.sol";
import {IBudgetOffice} from "./IBudgetOffice.sol";

/// @title BudgetVault: budgets released on signed milestone proofs, kept only while a project proves that it is alive
/// @notice
/// Project:  None ──open──▶ Proposed ──fund / commit, once payee and anchor accepted──▶ Active ──last milestone settled──▶ Closed
///                             │                                                          └────reclaim (lease ran out)──▶ Reclaimed
///                             └──acceptBy passes──▶ Expired (derived)
///
/// Milestone: Pending ──release──▶ Proved ──pay──▶ Paid                                (Paid and Reclaimed are final)
///              ▲   │                └─overturn (within its challenge window)─▶ Pending, or Reclaimed where its project is
///              │   └──reclaim / reclaimMilestone──▶ Reclaimed
///              └── (Proved survives lapse, reclaim and archive: it is an entitlement)
///
/// Where no challenge window applies, proof and payment are one transaction. Every asset keeps
/// `credited = pools + committed + proved + claimable`, and a balance of at least `credited`.
interface IBudgetVault is IBudgetOffice, IAttestorSets {
    /// @notice Renews a running lease with the project's leaf in an accepted report. Anyone may call. Where the proof does not
    /// lead to the report's root, the oracle's error is passed on: the leaf is then another project's, or scored by another
    /// definition than the plan's.
    function renew(
        bytes32 project,
        IHeartbeatOracle.ReportHeader calldata header,
        LeafScore calldata leafScore,
        bytes32[] calldata proof
    ) external returns (ReportIndex paidThrough);

    /// @notice Accepts the proof of a milestone and, where no challenge window applies, pays it. Anyone may relay.
    /// @param attestors Bitmap of the seats that signed; `signatures` in ascending seat order.
    function release(
        ProofClaim calldata claim_,
        uint256 attestors,
        bytes[] calldata signatures
    ) external returns (PaymentOutcome outcome);

    /// @notice Pays a proved milestone after its challenge window. Anyone may call.
    function pay(bytes32 project, uint32 milestone) external returns (PaymentOutcome outcome);

    /// @notice The project's anchor overturns a proof within its challenge window.
    function overturn(bytes32 project, uint32 milestone, bytes32 evidence) external;

    /// @notice Takes back what is committed to a project whose lease ran out. Anyone may call.
    function reclaim(bytes32 project) external returns (uint256 amount);

    /// @notice Takes back one pending milestone of an active project whose deadline passed. Anyone may call.
    function reclaimMilestone(bytes32 project, uint32 milestone) external returns (uint256 amount);

    function getProject(bytes32 project) external view returns (Project memory);

    function getMilestone(bytes32 project, uint32 milestone) external view returns (MilestoneState memory);

    /// @notice The contract whose code runs the functions of {IBudgetOffice} on the vault's storage; for the vault's life.
    function office() external view returns (address);

    /// @notice The teams' contract that learns of overturned proofs.
    function teams() external view returns (address);

    /// @notice Whether the lease runs now.
    function isLeaseRunning(bytes32 project) external view returns (bool);

    function proofDigest(ProofClaim calldata claim_) external view returns (bytes32);
}
