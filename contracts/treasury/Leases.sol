// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Lease} from "../libraries/Lease.sol";
import {IHeartbeatOracle} from "../oracle/IHeartbeatOracle.sol";
import {ReportIndex, Timestamp, currentTime} from "../types/Time.sol";
import {IBudgetVault} from "./IBudgetVault.sol";
import {MilestoneStatuses} from "./MilestoneStatuses.sol";
import {LeaseTerms, PlanTerms} from "./PlanTerms.sol";
import {ProjectState} from "./ProjectState.sol";
import {Projects} from "./Projects.sol";

/// @title Leases: a project keeps its money only while it proves that it is alive
/// @dev Nothing here asks the authority: the oracle that the plan names decides, and nobody else.
abstract contract Leases is Projects, IBudgetVault {
    /// @inheritdoc IBudgetVault
    /// @dev Without a guard against reentrancy: no money moves, and the only call is static.
    function renew(
        bytes32 project,
        IHeartbeatOracle.ReportHeader calldata header,
        LeafScore calldata leafScore,
        bytes32[] calldata
    ) external returns (ReportIndex paidThrough) {
        // Check
        ProjectState state = _requireProject(project, ProjectStatus.Active);
        LeaseTerms memory terms = PlanTerms.readLease(state.termsOf());
        uint32 report = header.index;
        if (report <= state.lastProvedReportOf()) {
            revert BudgetVaultReportNotNewer(project, report, state.lastProvedReportOf());
        }
        (ReportIndex latest, Timestamp acceptedAt, bytes32 leaf) = _verifyLeaf(
            terms.oracle,
            project,
            terms.scoreDefinition
        );
        paidThrough = state.paidThroughOf();
        _requireRunning(project, paidThrough, latest, acceptedAt, terms.renewalWindow);
        (IHeartbeatOracle.Outcome outcome, uint64 score, uint8 missing) = (leafScore.outcome, leafScore.score, 0);
        if (outcome == IHeartbeatOracle.Outcome.Value) {
            uint64 threshold = header.threshold;
            if (score < threshold) revert BudgetVaultBelowThreshold(project, report, score, threshold);
        } else {
            if (outcome != IHeartbeatOracle.Outcome.Missing) revert BudgetVaultRefused(project, report);
            (score, missing) = _miss(project, state, terms.maxMissing);
        }

        // Effect
        paidThrough = Lease.renewed(paidThrough, ReportIndex.wrap(report), terms.leaseReports);
        _projects[project] = state.renewed(paidThrough, report, score, missing);
        _record(
            LeaseRenewed.selector,
            project,
            bytes32(uint256(report)),
            abi.encode(paidThrough, outcome, score, missing, leaf, terms.anchor)
        );
    }

    /// @inheritdoc IBudgetVault
    function reclaim(bytes32 project) external nonReentrant returns (uint256 amount) {
        // Check
        ProjectState state = _requireProject(project, ProjectStatus.Active);
        Plan memory plan = PlanTerms.read(state.termsOf());
        (ReportIndex latest, Timestamp acceptedAt) = plan.oracle.latest();
        ReportIndex paidThrough = state.paidThroughOf();
        Timestamp runsUntil = Lease.runsUntil(paidThrough, latest, acceptedAt, plan.renewalWindow);
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
        return currentTime() < Lease.runsUntil(state.paidThroughOf(), latest, acceptedAt, plan.renewalWindow);
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

    /// @dev A missing score renews and leaves the last one standing: "no data" is not "score zero", and `maxMissing` keeps it
    /// from being immortality. Reports that nobody proved neither count as missing nor end the row.
    function _miss(
        bytes32 project,
        ProjectState state,
        uint8 maxMissing
    ) private pure returns (uint64 score, uint8 missing) {
        (score, missing) = (state.scoreOf(), state.missingOf());
        if (missing >= maxMissing) revert BudgetVaultTooManyMissing(project, missing, maxMissing);
        ++missing;
    }

    /// @dev {IHeartbeatOracle-verifyLeaf} with the call data of {renew} as it came, and the leaf completed by what the vault
    /// knows of it: encoding the proof anew would cost more than checking it. What the oracle reverts with is passed on.
    /// `leaf` is `keccak256(keccak256(abi.encode(leaf)))`, as in the tree.
    function _verifyLeaf(
        IHeartbeatOracle oracle,
        bytes32 project,
        bytes32 definition
    ) private view returns (ReportIndex latest, Timestamp acceptedAt, bytes32 leaf) {
        bytes4 selector = IHeartbeatOracle.verifyLeaf.selector;
        assembly ("memory-safe") {
            // renew:      selector ‖ project ‖ header (7 words) ‖                        outcome, grade, score ‖ offset ‖ proof
            // verifyLeaf: selector ‖           header (7 words) ‖ project ‖ definition ‖ outcome, grade, score ‖ offset ‖ proof
            let data := mload(0x40)
            let leafWords := add(data, 0xe4)
            mstore(data, selector)
            calldatacopy(add(data, 0x04), 0x24, 0xe0)
            mstore(leafWords, project)
            mstore(add(leafWords, 0x20), definition)
            calldatacopy(add(leafWords, 0x40), 0x104, sub(calldatasize(), 0x104))
            // The proof stands one word later in the arguments than it did.
            let offset := add(leafWords, 0xa0)
            mstore(offset, add(mload(offset), 0x20))
            if iszero(staticcall(gas(), oracle, data, add(calldatasize(), 0x20), 0x00, 0x40)) {
                returndatacopy(data, 0x00, returndatasize())
                revert(data, returndatasize())
            }
            if lt(returndatasize(), 0x40) {
                revert(0x00, 0x00)
            }
            latest := and(mload(0x00), 0xffffffff)
            acceptedAt := and(mload(0x20), 0xffffffffffff)
            mstore(0x00, keccak256(leafWords, 0xa0))
            leaf := keccak256(0x00, 0x20)
        }
    }
}
