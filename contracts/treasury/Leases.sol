// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Lease} from "../libraries/Lease.sol";
import {IHeartbeatOracle} from "../oracle/IHeartbeatOracle.sol";
import {ReportIndex, Timestamp, currentTime} from "../types/Time.sol";
import {IBudgetVault} from "./IBudgetVault.sol";
import {MilestoneStatuses} from "./MilestoneStatuses.sol";
import {PlanTerms} from "./PlanTerms.sol";
import {ProjectState} from "./ProjectState.sol";
import {Projects} from "./Projects.sol";

/// @title Leases: a project keeps its money only while it proves that it is alive
/// @dev Nothing here asks the authority: the oracle that the plan names decides, and nobody else.
abstract contract Leases is Projects {
    /// @inheritdoc IBudgetVault
    function renew(
        bytes32 project,
        IHeartbeatOracle.ReportHeader calldata header,
        IHeartbeatOracle.Leaf calldata leaf,
        bytes32[] calldata
    ) external nonReentrant returns (ReportIndex paidThrough) {
        // Check
        ProjectState state = _requireProject(project, ProjectStatus.Active);
        Plan memory plan = PlanTerms.read(state.termsOf());
        if (leaf.project != project || leaf.definition != plan.scoreDefinition) {
            revert BudgetVaultWrongLeaf(project, leaf.project, leaf.definition);
        }
        uint32 report = header.index;
        if (report <= state.lastProvedReportOf()) {
            revert BudgetVaultReportNotNewer(project, report, state.lastProvedReportOf());
        }
        (ReportIndex latest, Timestamp acceptedAt) = _verifyLeaf(plan.oracle);
        paidThrough = state.paidThroughOf();
        _requireRunning(project, paidThrough, latest, acceptedAt, plan);
        (uint64 score, uint8 missing) = _judge(project, state, plan.maxMissing, report, header.threshold, leaf);

        // Effect
        paidThrough = Lease.renewed(paidThrough, ReportIndex.wrap(report), plan.leaseReports);
        _projects[project] = state.renewed(paidThrough, report, score, missing);
        _record(
            LeaseRenewed.selector,
            project,
            bytes32(uint256(report)),
            abi.encode(paidThrough, leaf.outcome, score, missing, _leafHash(leaf), plan.anchor)
        );
    }

    /// @inheritdoc IBudgetVault
    function reclaim(bytes32 project) external nonReentrant returns (uint256 amount) {
        // Check
        ProjectState state = _requireProject(project, ProjectStatus.Active);
        Plan memory plan = PlanTerms.read(state.termsOf());
        (ReportIndex latest, Timestamp acceptedAt) = plan.oracle.latest();
        ReportIndex paidThrough = state.paidThroughOf();
        Timestamp runsUntil = _runsUntil(paidThrough, latest, acceptedAt, plan);
        if (currentTime() < runsUntil) {
            revert BudgetVaultLeaseRunning(
                project,
                ReportIndex.unwrap(paidThrough),
                ReportIndex.unwrap(latest),
                Timestamp.unwrap(runsUntil)
            );
        }

        // Effect: proved milestones stay as they are, they are earned
        MilestoneStatuses statuses = state.milestonesOf();
        for (uint256 i = 0; i < state.countOf(); ++i) {
            if (statuses.statusOf(i) != MilestoneStatus.Pending) continue;
            statuses = statuses.withStatus(i, MilestoneStatus.Reclaimed);
            amount += PlanTerms.readMilestone(state.termsOf(), i).amount;
        }
        _projects[project] = state.withMilestones(statuses).withStatus(ProjectStatus.Reclaimed);
        _addToPool(plan.reclaimTo, plan.asset, amount);
        _record(
            ProjectReclaimed.selector,
            project,
            plan.reclaimTo,
            _word(plan.asset),
            abi.encode(amount, latest, bytes32(uint256(ReportIndex.unwrap(paidThrough))), plan.anchor)
        );
    }

    /// @inheritdoc IBudgetVault
    function isLeaseRunning(bytes32 project) external view returns (bool) {
        ProjectState state = _projects[project];
        if (state.statusOf() != ProjectStatus.Active) return false;
        Plan memory plan = PlanTerms.read(state.termsOf());
        (ReportIndex latest, Timestamp acceptedAt) = plan.oracle.latest();
        return currentTime() < _runsUntil(state.paidThroughOf(), latest, acceptedAt, plan);
    }

    function _requireRunning(
        bytes32 project,
        ReportIndex paidThrough,
        ReportIndex latest,
        Timestamp acceptedAt,
        Plan memory plan
    ) internal view {
        Timestamp runsUntil = _runsUntil(paidThrough, latest, acceptedAt, plan);
        if (currentTime() < runsUntil) return;
        revert BudgetVaultLeaseLapsed(
            project,
            ReportIndex.unwrap(paidThrough),
            ReportIndex.unwrap(latest),
            Timestamp.unwrap(runsUntil)
        );
    }

    function _runsUntil(
        ReportIndex paidThrough,
        ReportIndex latest,
        Timestamp acceptedAt,
        Plan memory plan
    ) private pure returns (Timestamp) {
        return Lease.runsUntil(paidThrough, latest, acceptedAt, plan.renewalWindow);
    }

    /// @dev The score that the project has from now on, and how many proofs in a row were "missing". A missing score renews
    /// and leaves the last score standing; "no data" is not "score zero", and `maxMissing` keeps it from being immortality.
    /// Reports that nobody proved neither count as missing nor end the row.
    function _judge(
        bytes32 project,
        ProjectState state,
        uint8 maxMissing,
        uint32 report,
        uint64 threshold,
        IHeartbeatOracle.Leaf calldata leaf
    ) private pure returns (uint64 score, uint8 missing) {
        IHeartbeatOracle.Outcome outcome = leaf.outcome;
        if (outcome == IHeartbeatOracle.Outcome.Value) {
            score = leaf.score;
            if (score < threshold) revert BudgetVaultBelowThreshold(project, report, score, threshold);
            return (score, 0);
        }
        if (outcome != IHeartbeatOracle.Outcome.Missing) revert BudgetVaultRefused(project, report);
        (score, missing) = (state.scoreOf(), state.missingOf());
        if (missing >= maxMissing) revert BudgetVaultTooManyMissing(project, missing, maxMissing);
        ++missing;
    }

    /// @dev {IHeartbeatOracle-verifyLeaf} with the call data of {renew} as it came, less its first argument: encoding the proof
    /// anew would cost more than checking it. What the oracle reverts with is passed on.
    function _verifyLeaf(IHeartbeatOracle oracle) private view returns (ReportIndex latest, Timestamp acceptedAt) {
        bytes4 selector = IHeartbeatOracle.verifyLeaf.selector;
        assembly ("memory-safe") {
            let data := mload(0x40)
            mstore(data, selector)
            calldatacopy(add(data, 0x04), 0x24, sub(calldatasize(), 0x24))
            // The offset of the proof, behind seven words of header and five of leaf, is counted from one word later.
            let offset := add(data, 0x184)
            mstore(offset, sub(mload(offset), 0x20))
            if iszero(staticcall(gas(), oracle, data, sub(calldatasize(), 0x20), 0x00, 0x40)) {
                returndatacopy(data, 0x00, returndatasize())
                revert(data, returndatasize())
            }
            if lt(returndatasize(), 0x40) {
                revert(0x00, 0x00)
            }
            latest := and(mload(0x00), 0xffffffff)
            acceptedAt := and(mload(0x20), 0xffffffffffff)
        }
    }

    /// @dev `keccak256(keccak256(abi.encode(leaf)))`, as in the tree, where hashing twice keeps inner nodes from passing for
    /// leaves.
    function _leafHash(IHeartbeatOracle.Leaf calldata leaf) private pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, leaf, 0xa0)
            mstore(0x00, keccak256(free, 0xa0))
            hash := keccak256(0x00, 0x20)
        }
    }
}
