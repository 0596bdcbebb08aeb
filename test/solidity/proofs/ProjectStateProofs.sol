// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBudgetLedger} from "../../../contracts/treasury/IBudgetLedger.sol";
import {MilestoneStatuses} from "../../../contracts/treasury/MilestoneStatuses.sol";
import {ProjectState, proposed} from "../../../contracts/treasury/ProjectState.sol";
import {ReportIndex} from "../../../contracts/types/Time.sol";

/// @dev Proved for all inputs by `npm run assure`, one assertion a function; what is required is what the callers guarantee.
/// iTR-007: each writer sets its fields to what it was given, and every other field reads as before.
contract ProjectStateProofs {
    struct Fields {
        MilestoneStatuses milestones;
        uint64 score;
        uint32 terms;
        ReportIndex paidThrough;
        uint32 lastProvedReport;
        IBudgetLedger.ProjectStatus status;
        bool payeeAccepted;
        bool anchorAccepted;
        bool isRising;
        bool isEnclave;
        bool hasParts;
        bool hasTripped;
        uint8 missing;
        uint256 count;
    }

    function prove_Proposed(uint32 terms, uint8 count) external pure {
        Fields memory expected;
        expected.terms = terms;
        expected.status = IBudgetLedger.ProjectStatus.Proposed;
        expected.count = count;
        _assertReads(proposed(terms, count), expected);
    }

    function prove_WithMilestones(ProjectState self, MilestoneStatuses milestones) external pure {
        Fields memory expected = _fieldsOf(self);
        expected.milestones = milestones;
        _assertReads(self.withMilestones(milestones), expected);
    }

    function prove_WithStatus(ProjectState self, IBudgetLedger.ProjectStatus status) external pure {
        Fields memory expected = _fieldsOf(self);
        expected.status = status;
        _assertReads(self.withStatus(status), expected);
    }

    function prove_StatusIsTheOneItIsIn(ProjectState self, IBudgetLedger.ProjectStatus status) external pure {
        assert(self.isIn(status) == (self.statusOf() == status));
    }

    function prove_WithAcceptanceOfPayee(ProjectState self) external pure {
        Fields memory expected = _fieldsOf(self);
        expected.payeeAccepted = true;
        _assertReads(self.withAcceptance(IBudgetLedger.Party.Payee), expected);
    }

    function prove_WithAcceptanceOfAnchor(ProjectState self) external pure {
        Fields memory expected = _fieldsOf(self);
        expected.anchorAccepted = true;
        _assertReads(self.withAcceptance(IBudgetLedger.Party.Anchor), expected);
    }

    function prove_WithEnclave(ProjectState self) external pure {
        Fields memory expected = _fieldsOf(self);
        expected.isEnclave = true;
        _assertReads(self.withEnclave(), expected);
    }

    function prove_WithParts(ProjectState self) external pure {
        Fields memory expected = _fieldsOf(self);
        expected.hasParts = true;
        _assertReads(self.withParts(), expected);
    }

    function prove_WithTrip(ProjectState self) external pure {
        Fields memory expected = _fieldsOf(self);
        expected.hasTripped = true;
        _assertReads(self.withTrip(), expected);
    }

    function prove_Activated(ProjectState self, ReportIndex paidThrough) external pure {
        Fields memory expected = _fieldsOf(self);
        require(ReportIndex.unwrap(expected.paidThrough) == 0);
        expected.paidThrough = paidThrough;
        expected.status = IBudgetLedger.ProjectStatus.Active;
        _assertReads(self.activated(paidThrough), expected);
    }

    function prove_Renewed(
        ProjectState self,
        ReportIndex paidThrough,
        uint32 report,
        uint64 score,
        uint8 missing,
        bool rising
    ) external pure {
        Fields memory expected = _fieldsOf(self);
        expected.paidThrough = paidThrough;
        expected.lastProvedReport = report;
        expected.score = score;
        expected.missing = missing;
        expected.isRising = rising;
        _assertReads(self.renewed(paidThrough, report, score, missing, rising), expected);
    }

    function prove_Amended(ProjectState self, uint32 terms, uint8 count) external pure {
        Fields memory expected = _fieldsOf(self);
        expected.terms = terms;
        expected.count = count;
        _assertReads(self.amended(terms, count), expected);
    }

    function _assertReads(ProjectState found, Fields memory expected) private pure {
        assert(keccak256(abi.encode(_fieldsOf(found))) == keccak256(abi.encode(expected)));
    }

    function _fieldsOf(ProjectState self) private pure returns (Fields memory) {
        return
            Fields({
                milestones: self.milestonesOf(),
                score: self.scoreOf(),
                terms: self.termsOf(),
                paidThrough: self.paidThroughOf(),
                lastProvedReport: self.lastProvedReportOf(),
                status: self.statusOf(),
                payeeAccepted: self.hasAccepted(IBudgetLedger.Party.Payee),
                anchorAccepted: self.hasAccepted(IBudgetLedger.Party.Anchor),
                isRising: self.isRising(),
                isEnclave: self.isEnclave(),
                hasParts: self.hasParts(),
                hasTripped: self.hasTripped(),
                missing: self.missingOf(),
                count: self.countOf()
            });
    }
}
