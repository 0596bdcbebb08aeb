// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Lease} from "../libraries/Lease.sol";
import {IHeartbeatOracle} from "../oracle/IHeartbeatOracle.sol";
import {ReportIndex, Timestamp, currentTime} from "../types/Time.sol";
import {AssetBooks} from "./AssetBooks.sol";
import {IBudgetVault} from "./IBudgetVault.sol";
import {LedgerViews} from "./LedgerViews.sol";
import {Opening} from "./Opening.sol";
import {LeafProof} from "./LeafProof.sol";
import {MilestoneStatuses} from "./MilestoneStatuses.sol";
import {LeaseTerms, PlanTerms} from "./PlanTerms.sol";
import {ProjectState} from "./ProjectState.sol";
import {ReclaimBooks} from "./ReclaimBooks.sol";
import {Renewals} from "./Renewals.sol";

/// @title Leases: a project keeps its money only while it proves that it is alive
/// @dev The oracle that the plan names decides; the authority is asked only whether somebody who reclaims what waits for people is a
/// live anchor.
abstract contract Leases is LedgerViews {
    using LeafProof for LeafProof.Call;

    /// @dev Projects in a batch: what a block has room for several times over, at less than 30,000 gas each.
    uint256 internal constant MAX_BATCH = 100;

    /// @inheritdoc IBudgetVault
    uint64 public immutable maxRise;

    constructor(uint64 maxRise_) {
        if (maxRise_ == 0 || maxRise_ > 1e18) revert BudgetVaultInvalidRise(maxRise_);
        maxRise = maxRise_;
    }

    /// @inheritdoc IBudgetVault
    /// @dev Without a guard against reentrancy: no money moves, and the only call is static.
    function renewLease(
        bytes32 project,
        IHeartbeatOracle.ReportHeader calldata header,
        LeafScore calldata leafScore,
        bytes32[] calldata
    ) external returns (ReportIndex paidThrough) {
        // Check
        ProjectState state = _requireProject(project, ProjectStatus.Active);
        LeaseTerms memory terms = PlanTerms.readLease(PlanTerms.locate(state));
        (ReportIndex latest, Timestamp acceptedAt, bytes32 leaf) = LeafProof.verifyOne(
            terms.oracle,
            project,
            terms.scoreDefinition
        );
        (RenewalOutcome outcome, ProjectState next) = Renewals.decide(
            state,
            terms,
            maxRise,
            header,
            leafScore,
            latest,
            acceptedAt,
            currentTime()
        );
        if (outcome != RenewalOutcome.Renewed) {
            _refuse(outcome, project, state, terms, header, leafScore.score, latest, acceptedAt);
        }

        // Effect
        _renew(project, next, leafScore, leaf, terms.anchor);
        return next.paidThroughOf();
    }

    /// @inheritdoc IBudgetVault
    /// @dev Without a guard against reentrancy, as {renewLease}. Projects cannot be taken twice, as they ascend, and nothing between
    /// reading their states and writing them can change those.
    function renewBatch(
        IHeartbeatOracle.ReportHeader calldata header,
        bytes32[] calldata projects,
        LeafScore[] calldata leafScores,
        bytes32[] calldata proof,
        uint256[] calldata flags
    ) external returns (RenewalOutcome[] memory outcomes) {
        uint256 count = projects.length;
        _requireBatch(count);
        if (leafScores.length != count) revert BudgetVaultScoreCount(leafScores.length, count);

        // Check
        ProjectState[] memory states = new ProjectState[](count);
        LeaseTerms[] memory terms = PlanTerms.roomForLeases(count);
        LeafProof.Call memory leaves = LeafProof.begin(header, count, proof, flags);
        for (uint256 i = 0; i < count; ++i) {
            bytes32 project = projects[i];
            if (i > 0 && project <= projects[i - 1]) {
                revert BudgetVaultProjectsNotAscending(projects[i - 1], project);
            }
            ProjectState state = _projects[project];
            // Without a plan nobody knows by which definition its leaf would be scored.
            if (state.isIn(ProjectStatus.None)) {
                revert BudgetVaultUnexpectedProjectStatus(project, ProjectStatus.None, ProjectStatus.Active);
            }
            LeaseTerms memory lease = PlanTerms.readLease(PlanTerms.locate(state));
            (states[i], terms[i]) = (state, lease);
            IHeartbeatOracle oracle = terms[0].oracle;
            if (address(lease.oracle) != address(oracle)) {
                revert BudgetVaultOtherOracle(project, address(lease.oracle), address(oracle));
            }
            leaves.put(i, project, lease.scoreDefinition, leafScores[i]);
        }
        (ReportIndex latest, Timestamp acceptedAt) = leaves.verify(terms[0].oracle);

        // Effect
        outcomes = new RenewalOutcome[](count);
        for (uint256 i = 0; i < count; ++i) {
            if (!states[i].isIn(ProjectStatus.Active)) {
                outcomes[i] = RenewalOutcome.NotActive;
                continue;
            }
            LeafScore calldata leafScore = leafScores[i];
            LeaseTerms memory lease = terms[i];
            (RenewalOutcome outcome, ProjectState next) = Renewals.decide(
                states[i],
                lease,
                maxRise,
                header,
                leafScore,
                latest,
                acceptedAt,
                currentTime()
            );
            outcomes[i] = outcome;
            if (outcome != RenewalOutcome.Renewed) continue;
            _renew(projects[i], next, leafScore, leaves.hashOf(i), lease.anchor);
        }
    }

    /// @inheritdoc IBudgetVault
    function reclaim(bytes32 project) external nonReentrant returns (uint256 amount) {
        // Check
        ProjectState state = _requireProject(project, ProjectStatus.Active);
        address terms = PlanTerms.locate(state);
        Plan memory plan = PlanTerms.read(terms);
        (ReportIndex latest, Timestamp acceptedAt, Timestamp managedUntil) = plan.oracle.latest();
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

        // Effect
        uint256 pending = _pendingOf(project, state, terms);
        Passage passage = _reclaim(project, state, plan, pending, latest, managedUntil);
        if (passage == Passage.Held) revert BudgetVaultReclaimHeld(project, plan.asset);
        return passage == Passage.Free ? pending : 0;
    }

    /// @inheritdoc IBudgetVault
    function reclaimBatch(
        bytes32[] calldata projects
    ) external nonReentrant returns (ReclaimOutcome[] memory outcomes) {
        uint256 count = projects.length;
        _requireBatch(count);
        outcomes = new ReclaimOutcome[](count);
        IHeartbeatOracle asked;
        ReportIndex latest;
        Timestamp acceptedAt;
        Timestamp managedUntil;
        for (uint256 i = 0; i < count; ++i) {
            bytes32 project = projects[i];
            // Check
            ProjectState state = _projects[project];
            if (!state.isIn(ProjectStatus.Active)) {
                outcomes[i] = ReclaimOutcome.NotActive;
                continue;
            }
            address terms = PlanTerms.locate(state);
            Plan memory plan = PlanTerms.read(terms);
            if (address(plan.oracle) != address(asked)) {
                asked = plan.oracle;
                (latest, acceptedAt, managedUntil) = asked.latest(); // nothing here changes what it answers
            }
            if (Lease.isRunning(state.paidThroughOf(), latest, acceptedAt, plan.renewalWindow)) {
                outcomes[i] = ReclaimOutcome.Running;
                continue;
            }

            // Effect
            uint256 amount = _pendingOf(project, state, terms);
            Passage passage = _reclaim(project, state, plan, amount, latest, managedUntil);
            if (passage != Passage.Free) outcomes[i] = ReclaimOutcome.Held;
        }
    }

    /// @inheritdoc IBudgetVault
    function isLeaseRunning(bytes32 project) external view returns (bool) {
        ProjectState state = _projects[project];
        if (state.statusOf() != ProjectStatus.Active) return false;
        Plan memory plan = PlanTerms.read(PlanTerms.locate(state));
        (ReportIndex latest, Timestamp acceptedAt, ) = plan.oracle.latest();
        return Lease.isRunning(state.paidThroughOf(), latest, acceptedAt, plan.renewalWindow);
    }

    function _renew(
        bytes32 project,
        ProjectState next,
        LeafScore calldata found,
        bytes32 leaf,
        address anchor
    ) private {
        _projects[project] = next;
        // Outcomes that renew are grounds by the same number.
        (uint256 ground, uint64 score) = (uint256(found.outcome), next.scoreOf());
        if (next.isRising() && found.outcome == IHeartbeatOracle.Outcome.Value) {
            (ground, score) = (uint256(LeaseGround.Rise), found.score);
        }
        _record(
            LeaseRenewed.selector,
            project,
            bytes32(uint256(next.lastProvedReportOf())),
            abi.encode(next.paidThroughOf(), ground, score, next.missingOf(), leaf, anchor)
        );
    }

    /// @dev Takes back what is Pending, `amount` in all; proved milestones stay as they are, they are earned. Unless it passes, no money
    /// moves.
    function _reclaim(
        bytes32 project,
        ProjectState state,
        Plan memory plan,
        uint256 amount,
        ReportIndex latest,
        Timestamp managedUntil
    ) private returns (Passage passage) {
        passage = _passReclaim(project, state, plan, amount, managedUntil);
        if (passage != Passage.Free) return passage;
        MilestoneStatuses statuses = state.milestonesOf().reclaimed(state.countOf());
        _projects[project] = state.withMilestones(statuses).withStatus(ProjectStatus.Reclaimed);
        _leaveEnclave(state, plan, amount);
        _addToPool(plan.reclaimTo, plan.asset, amount);
        _record(
            ProjectReclaimed.selector,
            project,
            plan.reclaimTo,
            _word(plan.asset),
            abi.encode(amount, latest, bytes32(uint256(ReportIndex.unwrap(state.paidThroughOf()))), plan.anchor)
        );
    }

    /// @dev What people manage, they reclaim: the plan's live anchor and those up the chain may at any time, and nobody else while asset
    /// or oracle are tripped, or before those who lost time by it had a window to renew in.
    function _passReclaim(
        bytes32 project,
        ProjectState state,
        Plan memory plan,
        uint256 amount,
        Timestamp managedUntil
    ) private returns (Passage) {
        AssetBooks books = _assets[plan.asset];
        ReclaimBooks reclaims = _reclaims[plan.asset];
        uint256 managed = Math.max(Timestamp.unwrap(managedUntil), reclaims.resetAtOf());
        bool isManaged = books.isTripped(block.timestamp) || block.timestamp < managed + plan.renewalWindow;
        if (!isManaged) {
            (bool fits, ReclaimBooks counted) = _measureReclaim(books, reclaims, amount);
            if (fits) {
                _reclaims[plan.asset] = counted;
                return Passage.Free;
            }
        }
        bool isAnchor = msg.sender == plan.anchor || Opening.mayCoSign(plan.anchor, plan.payee, plan.team, msg.sender);
        if (isAnchor && _isLiveAnchor(msg.sender)) return Passage.Free;
        // Once: else one project that nobody renews would be a switch in everybody's hand.
        if (isManaged || state.hasTripped()) return Passage.Held;
        _projects[project] = state.withTrip();
        _trip(plan.asset, project, plan.anchor);
        return Passage.Trips;
    }

    /// @dev Reverts with what `outcome`, which is not Renewed and not NotActive, says of a single renewal.
    function _refuse(
        RenewalOutcome outcome,
        bytes32 project,
        ProjectState state,
        LeaseTerms memory terms,
        IHeartbeatOracle.ReportHeader calldata header,
        uint64 score,
        ReportIndex latest,
        Timestamp acceptedAt
    ) private view {
        uint32 report = header.index;
        if (outcome == RenewalOutcome.NotNewer) {
            revert BudgetVaultReportNotNewer(project, report, state.lastProvedReportOf());
        }
        if (outcome == RenewalOutcome.Lapsed) {
            _requireRunning(project, state.paidThroughOf(), latest, acceptedAt, terms.renewalWindow);
        }
        if (outcome == RenewalOutcome.BelowThreshold) {
            revert BudgetVaultBelowThreshold(project, report, score, header.threshold);
        }
        if (outcome == RenewalOutcome.Refused) revert BudgetVaultRefused(project, report);
        revert BudgetVaultTooManyMissing(project, state.missingOf(), terms.maxMissing);
    }

    function _requireBatch(uint256 count) private pure {
        if (count == 0 || count > MAX_BATCH) revert BudgetVaultBatchSize(count, MAX_BATCH);
    }
}
