// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {SignedTypes} from "../types/SignedTypes.sol";
import {IBudgetVault} from "./IBudgetVault.sol";
import {Milestones} from "./Milestones.sol";
import {PlanTerms} from "./PlanTerms.sol";

/// @title BudgetVault: see {IBudgetVault}; invariants and assumptions are numbered in docs/spec/treasury.md
/// @dev Aspects, each on top of the ones before: {Assets} (credited money, in and out), {Pools}, {AttestorSets},
/// {PlanRules}, {Projects} (propose, accept, fund), {Leases} (renew, reclaim), {Milestones} (prove, pay, overturn).
/// There is no receive function, no upgrade, no delegatecall, and no path by which a role moves committed money.
contract BudgetVault is Milestones {
    constructor(
        address authority_
    ) AccessManaged(authority_) EIP712(SignedTypes.BUDGET_VAULT_DOMAIN, SignedTypes.BUDGET_VAULT_VERSION) {}

    /// @inheritdoc IBudgetVault
    function getProject(bytes32 project) external view returns (Project memory found) {
        ProjectState storage state = _projects[project];
        if (state.status == ProjectStatus.None) return found;
        Plan memory plan = PlanTerms.read(state.terms);
        found.status = _statusOf(state);
        found.planVersion = plan.version;
        found.asset = plan.asset;
        found.payee = plan.payee;
        found.anchor = plan.anchor;
        found.opener = plan.opener;
        found.oracle = plan.oracle;
        found.scoreDefinition = plan.scoreDefinition;
        found.pool = plan.pool;
        found.reclaimTo = plan.reclaimTo;
        found.paidThrough = state.paidThrough;
        found.lastProvedReport = state.lastProvedReport;
        found.score = state.score;
        found.missing = state.missing;
        found.maxMissing = plan.maxMissing;
        found.leaseReports = plan.leaseReports;
        found.initialReports = plan.initialReports;
        found.renewalWindow = plan.renewalWindow;
        found.acceptBy = plan.acceptBy;
        found.payeeAccepted = state.payeeAccepted;
        found.anchorAccepted = state.anchorAccepted;
        found.milestones = state.count;
        // Nothing is committed, and nothing to settle, before the money is there.
        if (state.paidThrough == 0) return found;
        for (uint256 i = 0; i < state.count; ++i) {
            MilestoneStatus status = state.milestones.statusOf(i);
            bool isPending = status == MilestoneStatus.Pending;
            if (isPending) found.committed += PlanTerms.readMilestone(state.terms, i).amount;
            if (isPending || status == MilestoneStatus.Proved) ++found.unsettled;
        }
    }
}
