// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Lease} from "../../../contracts/libraries/Lease.sol";
import {ReportIndex, Timestamp} from "../../../contracts/types/Time.sol";

/// @dev Proved for all inputs by `npm run assure`, one assertion a function; what is required is what the callers guarantee.
contract LeaseProofs {
    /// iTR-005: a renewal never shortens what is paid for.
    function prove_RenewalNeverShortens(uint32 paidThrough, uint32 report, uint8 leaseReports) external pure {
        assert(paidThrough <= _renewed(paidThrough, report, leaseReports));
    }

    /// iTR-005: it buys `leaseReports` from the report that is proved, or nothing.
    function prove_RenewalCountsFromItsReport(uint32 paidThrough, uint32 report, uint8 leaseReports) external pure {
        uint256 bought = uint256(report) + leaseReports;
        assert(_renewed(paidThrough, report, leaseReports) == (bought > paidThrough ? bought : paidThrough));
    }

    /// iTR-005: the same proof again buys nothing.
    function prove_RenewalTwiceIsRenewalOnce(uint32 paidThrough, uint32 report, uint8 leaseReports) external pure {
        uint32 once = _renewed(paidThrough, report, leaseReports);
        assert(_renewed(once, report, leaseReports) == once);
    }

    /// iTR-006: while reports are paid for, no time ends the lease.
    function prove_PaidReportsKeepTheLease(
        uint32 paidThrough,
        uint32 latest,
        uint48 acceptedAt,
        uint32 window
    ) external pure {
        require(latest < paidThrough);
        assert(_runsUntil(paidThrough, latest, acceptedAt, window) == type(uint48).max);
    }

    /// iTR-006: after the last report that was paid for, the lease runs for exactly the window.
    function prove_LastReportLeavesTheWindow(uint32 paidThrough, uint48 acceptedAt, uint32 window) external pure {
        assert(_runsUntil(paidThrough, paidThrough, acceptedAt, window) == uint256(acceptedAt) + window);
    }

    /// iTR-006: a lease that ended does not run again when the next report comes, which is never before the window is over.
    function prove_ALapsedLeaseStaysLapsed(
        uint32 paidThrough,
        uint32 latest,
        uint48 acceptedAt,
        uint32 window,
        uint48 lapsedAt,
        uint48 nextAcceptedAt,
        uint48 later
    ) external pure {
        require(lapsedAt < type(uint48).max && _runsUntil(paidThrough, latest, acceptedAt, window) <= lapsedAt);
        require(latest < type(uint32).max && nextAcceptedAt >= uint256(acceptedAt) + window);
        require(later >= lapsedAt && later >= nextAcceptedAt);
        assert(_runsUntil(paidThrough, latest + 1, nextAcceptedAt, window) <= later);
    }

    function _renewed(uint32 paidThrough, uint32 report, uint8 leaseReports) private pure returns (uint32) {
        return ReportIndex.unwrap(Lease.renewed(ReportIndex.wrap(paidThrough), ReportIndex.wrap(report), leaseReports));
    }

    function _runsUntil(
        uint32 paidThrough,
        uint32 latest,
        uint48 acceptedAt,
        uint32 window
    ) private pure returns (uint48) {
        return
            Timestamp.unwrap(
                Lease.runsUntil(
                    ReportIndex.wrap(paidThrough),
                    ReportIndex.wrap(latest),
                    Timestamp.wrap(acceptedAt),
                    window
                )
            );
    }
}
