// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {Lease} from "../libraries/Lease.sol";
import {ReportIndex, Timestamp, currentTime} from "../types/Time.sol";
import {AttestorRecords} from "./AttestorRecords.sol";
import {PlanTerms} from "./PlanTerms.sol";
import {Pools} from "./Pools.sol";
import {ProjectState} from "./ProjectState.sol";

/// @title Projects: plans and their state
/// @dev Design: a project is one slot and the code of its terms. What is committed to it is not a number of its own but the
/// sum of its Pending milestones, without the parts of them that were paid, so that no sum can ever disagree with them.
abstract contract Projects is Pools, AttestorRecords, EIP712 {
    mapping(bytes32 project => ProjectState) internal _projects;
    mapping(bytes32 project => mapping(uint256 milestone => mapping(bytes32 proof => bool))) internal _coSigned;

    /// @dev What was paid of a milestone that is not Paid, cumulative.
    mapping(bytes32 project => mapping(uint256 milestone => uint128)) internal _partsPaid;

    /// @dev Not an id of a pool, which are hashes: what is kept under it is kept of all pools together.
    bytes32 internal constant ALL_POOLS = 0;

    /// @dev What of a pool's money is committed to its enclaves, or proved there and not paid.
    mapping(bytes32 pool => mapping(address asset => uint128)) internal _enclaves;

    /// @dev Status as of now: a proposal that nobody completed in time has expired, without a transaction.
    function _statusOf(ProjectState state) internal view returns (ProjectStatus status) {
        status = state.statusOf();
        if (status == ProjectStatus.Proposed && block.timestamp >= PlanTerms.read(PlanTerms.locate(state)).acceptBy) {
            return ProjectStatus.Expired;
        }
    }

    function _requireProject(bytes32 project, ProjectStatus required) internal view returns (ProjectState state) {
        state = _projects[project];
        // A proposal that is required must not have expired; any other status is as stored.
        bool isOpen = required != ProjectStatus.Proposed || _statusOf(state) == required;
        if (isOpen && state.isIn(required)) return state;
        revert BudgetVaultUnexpectedProjectStatus(project, _statusOf(state), required);
    }

    /// @dev What of the project's Pending milestones is not paid.
    function _pendingOf(bytes32 project, ProjectState state) internal view returns (uint256) {
        return _pendingOf(project, state, PlanTerms.locate(state));
    }

    /// @param terms Where the plan's code stands.
    function _pendingOf(bytes32 project, ProjectState state, address terms) internal view returns (uint256 amount) {
        amount = PlanTerms.readPending(terms, state.countOf(), state.milestonesOf());
        if (!state.hasParts()) return amount;
        for (uint256 i = 0; i < state.countOf(); ++i) {
            bool isPending = state.milestonesOf().isPending(i);
            if (isPending) amount -= _partsPaid[project][i];
        }
    }

    /// @dev `amount` left the project: paid, or taken back.
    function _leaveEnclave(ProjectState state, Plan memory plan, uint256 amount) internal {
        if (!state.isEnclave()) return;
        _enclaves[plan.pool][plan.asset] -= uint128(amount); // safe: a part of what was added
        _enclaves[ALL_POOLS][plan.asset] -= uint128(amount); // safe: the same
    }

    /// @dev What was paid of a milestone in parts.
    function _partPaidOf(bytes32 project, ProjectState state, uint256 milestone) internal view returns (uint128) {
        return state.hasParts() ? _partsPaid[project][milestone] : 0;
    }

    function _requireRunning(
        bytes32 project,
        ReportIndex paidThrough,
        ReportIndex latest,
        Timestamp acceptedAt,
        uint32 renewalWindow
    ) internal view {
        Timestamp runsUntil = Lease.runsUntil(paidThrough, latest, acceptedAt, renewalWindow);
        if (currentTime() < runsUntil) return;
        revert BudgetVaultLeaseLapsed(
            project,
            ReportIndex.unwrap(paidThrough),
            ReportIndex.unwrap(latest),
            Timestamp.unwrap(runsUntil)
        );
    }

    function _requireBefore(uint48 deadline) internal view {
        if (block.timestamp >= deadline) {
            revert BudgetVaultDeadlinePassed(deadline, uint48(block.timestamp)); // safe: 48 bits
        }
    }
}
