// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AttestorHeader} from "./AttestorTable.sol";
import {AttestorRules} from "./AttestorRules.sol";
import {CoSignature} from "./CoSignature.sol";
import {IBudgetLedger} from "./IBudgetLedger.sol";
import {MilestoneStatuses} from "./MilestoneStatuses.sol";

/// @title PlanRules: what a plan must satisfy before it is worth a signature
/// @dev Bounds are inclusive. They are constants, so that nobody can loosen them for plans that others rely on.
library PlanRules {
    uint256 internal constant MAX_MILESTONES = 32;
    uint256 internal constant MAX_CHALLENGE_WINDOW = 30 days;
    uint256 internal constant MAX_LEASE_REPORTS = 52;
    uint256 internal constant MAX_INITIAL_REPORTS = 52;
    uint256 internal constant MAX_MISSING = 8;

    /// @dev Of a plan that opens a project. Reverts with {BudgetVaultInvalidPlan} and the first problem found.
    function requireValid(
        IBudgetLedger.Plan memory plan,
        mapping(bytes32 attestorSet => mapping(uint32 version => AttestorHeader)) storage sets
    ) internal view {
        _require(plan.version == 1 && plan.project == 0, IBudgetLedger.PlanProblem.Version);
        _require(plan.opener == msg.sender, IBudgetLedger.PlanProblem.Opener);
        requireSound(plan, MilestoneStatuses.wrap(0), sets);
    }

    /// @dev What holds of every version of a plan. Its milestones are looked at where they are Pending: what is proved, paid or
    /// taken back is beyond its deadline and its attestors.
    function requireSound(
        IBudgetLedger.Plan memory plan,
        MilestoneStatuses statuses,
        mapping(bytes32 attestorSet => mapping(uint32 version => AttestorHeader)) storage sets
    ) internal view {
        _require(_arePartiesValid(plan), IBudgetLedger.PlanProblem.Parties);
        _require(plan.acceptBy > block.timestamp, IBudgetLedger.PlanProblem.AcceptBy);
        _require(plan.scoreDefinition != 0, IBudgetLedger.PlanProblem.ScoreDefinition);
        _require(_isLeaseValid(plan), IBudgetLedger.PlanProblem.Lease);
        uint256 count = plan.milestones.length;
        _require(count > 0 && count <= MAX_MILESTONES, IBudgetLedger.PlanProblem.Milestones);
        uint256 total = 0;
        for (uint256 i = 0; i < count; ++i) {
            IBudgetLedger.Milestone memory milestone = plan.milestones[i];
            total += milestone.amount;
            if (statuses.statusOf(i) == IBudgetLedger.MilestoneStatus.Pending) _requireValidMilestone(milestone);
        }
        _require(total <= type(uint112).max, IBudgetLedger.PlanProblem.Amounts);
        _require(CoSignature.isAskedWhereNeeded(plan, statuses), IBudgetLedger.PlanProblem.CoSignature);
        AttestorRules.requireIndependent(plan, statuses, sets);
    }

    /// @dev The anchor watches over what the payee is paid, so they differ. Money sent to the vault or to the token itself
    /// would be lost.
    function _arePartiesValid(IBudgetLedger.Plan memory plan) private view returns (bool) {
        address payee = plan.payee;
        return payee != address(0) && payee != address(this) && payee != plan.asset && payee != plan.anchor;
    }

    /// @dev See {Lease} for why the report's deadline and the renewal window must fit one epoch.
    function _isLeaseValid(IBudgetLedger.Plan memory plan) private view returns (bool) {
        if (plan.leaseReports == 0 || plan.leaseReports > MAX_LEASE_REPORTS) return false;
        if (plan.initialReports == 0 || plan.initialReports > MAX_INITIAL_REPORTS) return false;
        if (plan.maxMissing > MAX_MISSING || plan.renewalWindow == 0) return false;
        if (address(plan.oracle).code.length == 0) return false;
        uint256 closing = uint256(plan.oracle.reportDeadlineSeconds()) + plan.renewalWindow;
        return closing <= plan.oracle.epochSeconds();
    }

    function _requireValidMilestone(IBudgetLedger.Milestone memory milestone) private view {
        _require(milestone.amount > 0, IBudgetLedger.PlanProblem.Amounts);
        _require(
            milestone.deadline > block.timestamp && milestone.challengeWindow <= MAX_CHALLENGE_WINDOW,
            IBudgetLedger.PlanProblem.Deadlines
        );
        // A false proof that nobody co-signs would hold the money for ever, if nobody could overturn it.
        _require(!milestone.coSignature || milestone.challengeWindow > 0, IBudgetLedger.PlanProblem.CoSignature);
    }

    function _require(bool holds, IBudgetLedger.PlanProblem problem) private pure {
        if (!holds) revert IBudgetLedger.BudgetVaultInvalidPlan(problem);
    }
}
