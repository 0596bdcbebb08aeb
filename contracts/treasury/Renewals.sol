// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Lease} from "../libraries/Lease.sol";
import {IHeartbeatOracle} from "../oracle/IHeartbeatOracle.sol";
import {ReportIndex, Timestamp} from "../types/Time.sol";
import {IBudgetLedger} from "./IBudgetLedger.sol";
import {LeaseTerms} from "./PlanTerms.sol";
import {ProjectState} from "./ProjectState.sol";

/// @title Renewals: whether a leaf that was proved renews a lease, and if not, why
library Renewals {
    /// @dev Pure. A missing score renews and leaves the last one standing: "no data" is not "score zero", and `maxMissing` keeps it
    /// from being immortality. Reports that nobody proved neither count as missing nor end the row.
    ///
    /// A value more than `maxRise` above the stored one is a sudden rise: it waits in quarantine until the next report shows one as
    /// well. While it does, each proof renews for its own report only, and the stored score stays. "Missing" in the next report neither
    /// confirms it nor ends it. A report that nobody proved ends it: who does not show how low the score fell in between cannot
    /// make one rise out of two peaks.
    /// @param state Of a project that is active.
    /// @param maxRise Largest rise that is stored at once, 1e18 = 1.
    /// @param latest Index of the latest accepted report, and `acceptedAt` its time.
    /// @param now_ The chain's time.
    /// @return outcome The first reason against it, in the order of the enum.
    /// @return next The project with the lease renewed; only where the outcome says so.
    function decide(
        ProjectState state,
        LeaseTerms memory terms,
        uint64 maxRise,
        IHeartbeatOracle.ReportHeader calldata header,
        IBudgetLedger.LeafScore calldata found,
        ReportIndex latest,
        Timestamp acceptedAt,
        Timestamp now_
    ) internal pure returns (IBudgetLedger.RenewalOutcome outcome, ProjectState next) {
        uint32 report = header.index;
        if (report <= state.lastProvedReportOf()) return (IBudgetLedger.RenewalOutcome.NotNewer, state);
        ReportIndex paidThrough = state.paidThroughOf();
        Timestamp runsUntil = Lease.runsUntil(paidThrough, latest, acceptedAt, terms.renewalWindow);
        if (runsUntil <= now_) return (IBudgetLedger.RenewalOutcome.Lapsed, state);

        (uint64 score, uint8 missing, bool rising) = (found.score, 0, false);
        if (found.outcome == IHeartbeatOracle.Outcome.Value) {
            if (score < header.threshold) return (IBudgetLedger.RenewalOutcome.BelowThreshold, state);
            if (_rises(state.scoreOf(), score, maxRise) && !_followsRise(state, report)) {
                (score, rising) = (state.scoreOf(), true);
            }
        } else {
            if (found.outcome != IHeartbeatOracle.Outcome.Missing) return (IBudgetLedger.RenewalOutcome.Refused, state);
            (score, missing, rising) = (state.scoreOf(), state.missingOf(), _followsRise(state, report));
            if (missing >= terms.maxMissing) return (IBudgetLedger.RenewalOutcome.TooManyMissing, state);
            ++missing;
        }
        // One report is what lets the next one be proved, and never more than the plan buys.
        paidThrough = Lease.renewed(paidThrough, ReportIndex.wrap(report), rising ? 1 : terms.leaseReports);
        return (IBudgetLedger.RenewalOutcome.Renewed, state.renewed(paidThrough, report, score, missing, rising));
    }

    /// @dev A first value is no rise.
    function _rises(uint256 stored, uint256 score, uint256 maxRise) private pure returns (bool) {
        unchecked {
            return score > stored + maxRise && stored != 0; // safe: two values of 64 bits, whatever a leaf says
        }
    }

    /// @dev Whether the report after the one proved last is proved, and that one left a rise in quarantine.
    function _followsRise(ProjectState state, uint32 report) private pure returns (bool) {
        return state.isRising() && report - state.lastProvedReportOf() == 1;
    }
}
