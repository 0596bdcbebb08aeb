// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReportIndex, Timestamp, currentTime, plus} from "../types/Time.sol";

/// @title Lease: when a project's time runs out, counted in accepted reports
/// @dev A lease runs while `latest < paidThrough`, or while `latest = paidThrough` and `now < acceptedAt + renewalWindow`.
/// With `reportDeadline + renewalWindow <= epochSeconds`, which is checked when a plan opens, the window after report
/// `p` is always over before report `p + 1` can be accepted, so that `latest > paidThrough` implies that it is over.
/// A silent oracle accepts nothing, so it ends no lease. Twin of `decideLease` in TypeScript.
library Lease {
    /// @dev First second in which the lease does not run, as far as it is settled by now:
    /// - reports still paid for: no such second is known, the largest time stands for it;
    /// - the latest report was the last one paid for: the end of its window;
    /// - a later report was accepted: the lease was over when that one came, at the latest.
    function runsUntil(
        ReportIndex paidThrough,
        ReportIndex latest,
        Timestamp latestAcceptedAt,
        uint32 renewalWindow
    ) internal pure returns (Timestamp) {
        if (latest < paidThrough) return Timestamp.wrap(type(uint48).max);
        if (latest == paidThrough) return latestAcceptedAt.after_(renewalWindow);
        return latestAcceptedAt;
    }

    function isRunning(
        ReportIndex paidThrough,
        ReportIndex latest,
        Timestamp latestAcceptedAt,
        uint32 renewalWindow
    ) internal view returns (bool) {
        return currentTime() < runsUntil(paidThrough, latest, latestAcceptedAt, renewalWindow);
    }

    /// @dev `max(paidThrough, report + leaseReports)`: counted from the report that is proved, never from the latest one,
    /// so that an old proof cannot buy more than it did when it was new.
    function renewed(
        ReportIndex paidThrough,
        ReportIndex report,
        uint8 leaseReports
    ) internal pure returns (ReportIndex) {
        ReportIndex bought = plus(report, leaseReports);
        return paidThrough < bought ? bought : paidThrough;
    }
}
