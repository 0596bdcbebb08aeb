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
    /// @param state Of a project that is active.
    /// @param latest Index of the latest accepted report, and `acceptedAt` its time.
    /// @param now_ The chain's time.
    /// @return outcome The first reason against it, in the order of the enum.
    /// @return next The project with the lease renewed; only where the outcome says so.
    function decide(
        ProjectState state,
        LeaseTerms memory terms,
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

        (uint64 score, uint8 missing) = (found.score, 0);
        if (found.outcome == IHeartbeatOracle.Outcome.Value) {
            if (score < header.threshold) return (IBudgetLedger.RenewalOutcome.BelowThreshold, state);
        } else {
            if (found.outcome != IHeartbeatOracle.Outcome.Missing) return (IBudgetLedger.RenewalOutcome.Refused, state);
            (score, missing) = (state.scoreOf(), state.missingOf());
            if (missing >= terms.maxMissing) return (IBudgetLedger.RenewalOutcome.TooManyMissing, state);
            ++missing;
        }
        paidThrough = Lease.renewed(paidThrough, ReportIndex.wrap(report), terms.leaseReports);
        return (IBudgetLedger.RenewalOutcome.Renewed, state.renewed(paidThrough, report, score, missing));
    }
}
