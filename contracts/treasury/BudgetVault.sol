// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {SignedTypes} from "../types/SignedTypes.sol";
import {ReportIndex} from "../types/Time.sol";
import {IBudgetVault} from "./IBudgetVault.sol";
import {Milestones} from "./Milestones.sol";
import {OfficeCalls} from "./OfficeCalls.sol";
import {PlanTerms} from "./PlanTerms.sol";
import {ProjectState} from "./ProjectState.sol";

/// @title BudgetVault: see {IBudgetVault}; invariants and assumptions are numbered in docs/spec/treasury.md
/// @dev Aspects, each on top of the ones before: {Assets} (credited money, in and out), {Pools}, {Projects}, {Payments}, {Leases}
/// (renewLease, reclaim), {Milestones} (release), {OfficeCalls} (what {BudgetOffice} runs: assets, pools, propose, accept, fund, cancel,
/// amend, claim, several calls in one; and {PaymentOffice}: parts, pay, overturn, milestones past their deadline, breaker).
/// There is no receive function, no upgrade, no delegatecall but to the fixed code of the offices, of linked libraries and of the
/// vault itself (several calls in one), and no path by which a role moves committed money.
contract BudgetVault is OfficeCalls {
    /// @param teams_ Learns of overturned proofs; without it, teams keep their tiers.
    /// @param office_ Runs the cold paths, and `paymentOffice_` what waits for people or time.
    /// @param maxRise_ Largest rise of a score that is stored at once, 1e18 = 1, which lets every rise pass; above 0.
    constructor(
        address authority_,
        address teams_,
        address office_,
        address paymentOffice_,
        uint64 maxRise_
    )
        AccessManaged(authority_)
        EIP712(SignedTypes.BUDGET_VAULT_DOMAIN, SignedTypes.BUDGET_VAULT_VERSION)
        Milestones(teams_, maxRise_)
        OfficeCalls(office_, paymentOffice_)
    {}

    /// @inheritdoc IBudgetVault
    function teams() external view returns (address) {
        return address(TEAMS);
    }

    /// @inheritdoc IBudgetVault
    function getProject(bytes32 project) external view returns (Project memory found) {
        ProjectState state = _projects[project];
        if (state.statusOf() == ProjectStatus.None) return found;
        Plan memory plan = PlanTerms.read(PlanTerms.locate(state));
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
        found.paidThrough = ReportIndex.unwrap(state.paidThroughOf());
        found.lastProvedReport = state.lastProvedReportOf();
        found.score = state.scoreOf();
        found.missing = state.missingOf();
        found.isRising = state.isRising();
        found.maxMissing = plan.maxMissing;
        found.leaseReports = plan.leaseReports;
        found.initialReports = plan.initialReports;
        found.renewalWindow = plan.renewalWindow;
        found.acceptBy = plan.acceptBy;
        found.payeeAccepted = state.hasAccepted(Party.Payee);
        found.anchorAccepted = state.hasAccepted(Party.Anchor);
        found.milestones = uint8(state.countOf()); // safe: at most 32
        // Nothing is committed, and nothing to settle, before the money is there.
        if (found.paidThrough == 0) return found;
        for (uint256 i = 0; i < state.countOf(); ++i) {
            MilestoneStatus status = state.milestonesOf().statusOf(i);
            if (status == MilestoneStatus.Pending || status == MilestoneStatus.Proved) ++found.unsettled;
        }
        found.committed = uint128(_pendingOf(project, state)); // safe: 112 bits
    }
}
