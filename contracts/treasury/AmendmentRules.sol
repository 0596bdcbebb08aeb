// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AttestorHeader} from "./AttestorTable.sol";
import {IBudgetLedger} from "./IBudgetLedger.sol";
import {MilestoneStatuses} from "./MilestoneStatuses.sol";
import {PlanRules} from "./PlanRules.sol";
import {PlanTerms} from "./PlanTerms.sol";

/// @title AmendmentRules: what a plan must satisfy that takes the place of a running one
/// @dev Who is paid, by what money, where it goes back to, who proposed, who delivers and which oracle decides stay as they were
/// when both sides accepted. Milestones keep their places. Those that are Pending may change, and have to satisfy what an
/// opening asks for; those that are proved, paid or taken back stay to the letter, so that an entitlement is what was proved.
library AmendmentRules {
    /// @param terms Where those of the plan that runs stand, `count` its milestones and `statuses` theirs.
    function requireValid(
        IBudgetLedger.Plan memory plan,
        address terms,
        uint256 count,
        MilestoneStatuses statuses,
        mapping(bytes32 attestorSet => mapping(uint32 version => AttestorHeader)) storage sets
    ) internal view {
        IBudgetLedger.Plan memory current = PlanTerms.read(terms);
        // In 256 bits: no version comes after the last one, and none is its own successor.
        bool isNext = uint256(plan.version) == uint256(current.version) + 1;
        _require(isNext, IBudgetLedger.PlanProblem.Version);
        _require(_keepsFixed(plan, current), IBudgetLedger.PlanProblem.Fixed);
        _require(plan.milestones.length >= count, IBudgetLedger.PlanProblem.Settled);
        for (uint256 i = 0; i < count; ++i) {
            if (statuses.statusOf(i) == IBudgetLedger.MilestoneStatus.Pending) continue;
            bytes32 before = keccak256(abi.encode(PlanTerms.readMilestone(terms, i)));
            bool isSame = keccak256(abi.encode(plan.milestones[i])) == before;
            _require(isSame, IBudgetLedger.PlanProblem.Settled);
        }
        PlanRules.requireSound(plan, statuses, sets);
    }

    function _keepsFixed(
        IBudgetLedger.Plan memory plan,
        IBudgetLedger.Plan memory current
    ) private pure returns (bool) {
        return
            plan.pool == current.pool &&
            plan.reclaimTo == current.reclaimTo &&
            plan.asset == current.asset &&
            plan.payee == current.payee &&
            plan.opener == current.opener &&
            plan.team == current.team &&
            address(plan.oracle) == address(current.oracle);
    }

    function _require(bool holds, IBudgetLedger.PlanProblem problem) private pure {
        if (!holds) revert IBudgetLedger.BudgetVaultInvalidPlan(problem);
    }
}
