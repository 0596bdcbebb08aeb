// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ReviewCalendar: review periods in the place of reports, for projects that people measure
/// @notice A plan that names it as its oracle is an enclave: exempt from the heartbeat, funded by people and reviewed by its anchor, who
/// extends the lease once in each period ({IPaymentOffice-extendLease}). Period `e` (from 1) starts at `genesis + e·periodSeconds`, and
/// anyone begins it in the first `beginSeconds` of it. A period that nobody begins is skipped, never filled in later: as with a silent
/// oracle, nothing lapses by it.
interface IReviewCalendar {
    /// @notice What is wrong with constructor parameters that are refused.
    enum CalendarProblem {
        PeriodSeconds,
        BeginSeconds
    }

    /// @notice Leases that were paid through an earlier period are over; those through this one are reviewed in their renewal window. `by`
    /// began it, which anybody may: the humans who answer are the anchors of the plans. `cause` is the id of the call.
    event ReviewPeriodBegan(uint32 indexed index, uint32 indexed period, uint48 begunAt, bytes32 cause, address by);

    error ReviewCalendarOutsideWindow(uint32 period, uint48 opensAt, uint48 closesAt, uint48 nowTime);
    error ReviewCalendarBegun(uint32 period);
    /// @notice No proof renews an enclave: its anchor reviews it.
    error ReviewCalendarNoReports();
    error ReviewCalendarInvalidParameters(CalendarProblem problem);

    /// @notice Begins the period that runs. Anyone may call.
    /// @dev Emits {ReviewPeriodBegan}. Reverts with {ReviewCalendarOutsideWindow} but in the first `reportDeadlineSeconds` of a period, and
    /// with {ReviewCalendarBegun} where it has begun.
    /// @return index Of the period among those that were begun, from 1: what leases count.
    function begin() external returns (uint32 index);

    /// @notice The period that runs at `time`; 0 before the first one starts.
    function periodAt(uint48 time) external view returns (uint32);
}
