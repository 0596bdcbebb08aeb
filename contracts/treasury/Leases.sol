// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Lease} from "../libraries/Lease.sol";
import {IHeartbeatOracle} from "../oracle/IHeartbeatOracle.sol";
import {ReportIndex, Timestamp, currentTime} from "../types/Time.sol";
import {IBudgetVault} from "./IBudgetVault.sol";
import {MilestoneStatuses} from "./MilestoneStatuses.sol";
import {PlanTerms} from "./PlanTerms.sol";
import {Projects} from "./Projects.sol";

/// @title Leases: a project keeps its money only while it proves that it is alive
/// @dev Nothing here asks the authority: the oracle that the plan names decides, and nobody else.
abstract contract Leases is Projects {
    /// @inheritdoc IBudgetVault
    function renew(
        bytes32 project,
        IHeartbeatOracle.ReportHeader calldata header,
        IHeartbeatOracle.Leaf calldata leaf,
        bytes32[] calldata proof
    ) external nonReentrant returns (ReportIndex paidThrough) {
        // Check
        ProjectState storage state = _requireProject(project, ProjectStatus.Active);
        Plan memory plan = PlanTerms.read(state.terms);
        if (leaf.project != project || leaf.definition != plan.scoreDefinition) {
            revert BudgetVaultWrongLeaf(project, leaf.project, leaf.definition);
        }
        uint32 report = header.index;
        if (report <= state.lastProvedReport) {
            revert BudgetVaultReportNotNewer(project, report, state.lastProvedReport);
        }
        (ReportIndex latest, Timestamp acceptedAt) = plan.oracle.verifyLeaf(header, leaf, proof);
        paidThrough = ReportIndex.wrap(state.paidThrough);
        _requireRunning(project, paidThrough, latest, acceptedAt, plan);
        (uint64 score, uint8 missing) = _judge(project, state, plan.maxMissing, report, header.threshold, leaf);

        // Effect
        paidThrough = Lease.renewed(paidThrough, ReportIndex.wrap(report), plan.leaseReports);
        state.paidThrough = ReportIndex.unwrap(paidThrough);
        state.lastProvedReport = report;
        state.score = score;
        state.missing = missing;
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
        ProjectState storage state = _requireProject(project, ProjectStatus.Active);
        Plan memory plan = PlanTerms.read(state.terms);
        (ReportIndex latest, Timestamp acceptedAt) = plan.oracle.latest();
        ReportIndex paidThrough = ReportIndex.wrap(state.paidThrough);
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
        MilestoneStatuses statuses = state.milestones;
        for (uint256 i = 0; i < state.count; ++i) {
            if (statuses.statusOf(i) != MilestoneStatus.Pending) continue;
            statuses = statuses.withStatus(i, MilestoneStatus.Reclaimed);
            amount += PlanTerms.readMilestone(state.terms, i).amount;
        }
        state.milestones = statuses;
        state.status = ProjectStatus.Reclaimed;
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
        ProjectState storage state = _projects[project];
        if (state.status != ProjectStatus.Active) return false;
        Plan memory plan = PlanTerms.read(state.terms);
        (ReportIndex latest, Timestamp acceptedAt) = plan.oracle.latest();
        return currentTime() < _runsUntil(ReportIndex.wrap(state.paidThrough), latest, acceptedAt, plan);
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
        ProjectState storage state,
        uint8 maxMissing,
        uint32 report,
        uint64 threshold,
        IHeartbeatOracle.Leaf calldata leaf
    ) private view returns (uint64 score, uint8 missing) {
        IHeartbeatOracle.Outcome outcome = leaf.outcome;
        if (outcome == IHeartbeatOracle.Outcome.Value) {
            score = leaf.score;
            if (score < threshold) revert BudgetVaultBelowThreshold(project, report, score, threshold);
            return (score, 0);
        }
        if (outcome != IHeartbeatOracle.Outcome.Missing) revert BudgetVaultRefused(project, report);
        (score, missing) = (state.score, state.missing);
        if (missing >= maxMissing) revert BudgetVaultTooManyMissing(project, missing, maxMissing);
        ++missing;
    }

    /// @dev Twice, as in the tree, where no inner node can then be taken for a leaf.
    function _leafHash(IHeartbeatOracle.Leaf calldata leaf) private pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(leaf))));
    }
}
