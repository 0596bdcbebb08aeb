// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {JournaledAccessManaged} from "../journal/JournaledAccessManaged.sol";
import {ReportIndex, Timestamp} from "../types/Time.sol";
import {IHeartbeatOracle} from "./IHeartbeatOracle.sol";
import {IReviewCalendar} from "./IReviewCalendar.sol";

/// @title ReviewCalendar: see {IReviewCalendar}
/// @dev It answers what the vault asks an oracle, so that leases, reclaim and payments of an enclave are those of any project. It is never
/// stale and never tripped: what it decides is nothing but time.
contract ReviewCalendar is IReviewCalendar, JournaledAccessManaged {
    uint32 public constant MIN_PERIOD_SECONDS = 10;
    uint32 public constant MAX_PERIOD_SECONDS = 366 days;

    Timestamp public immutable genesis;
    /// @notice Length of a period, under the name by which the vault asks an oracle for it.
    uint32 public immutable epochSeconds;
    /// @notice Time from a period's start in which it can be begun.
    uint32 public immutable reportDeadlineSeconds;

    uint32 private _index;
    uint32 private _period;
    uint48 private _begunAt;

    constructor(
        address authority_,
        Timestamp genesis_,
        uint32 periodSeconds,
        uint32 beginSeconds
    ) AccessManaged(authority_) {
        if (periodSeconds < MIN_PERIOD_SECONDS || periodSeconds > MAX_PERIOD_SECONDS) {
            revert ReviewCalendarInvalidParameters(CalendarProblem.PeriodSeconds);
        }
        if (beginSeconds == 0 || beginSeconds >= periodSeconds) {
            revert ReviewCalendarInvalidParameters(CalendarProblem.BeginSeconds);
        }
        (genesis, epochSeconds, reportDeadlineSeconds) = (genesis_, periodSeconds, beginSeconds);
        _begunAt = Timestamp.unwrap(genesis_);
    }

    /// @inheritdoc IReviewCalendar
    function begin() external returns (uint32 index) {
        // Check
        uint48 nowTime = uint48(block.timestamp); // safe: 48 bits of seconds last nine million years
        uint32 period = periodAt(nowTime);
        uint48 opensAt = Timestamp.unwrap(genesis) + uint48(period) * epochSeconds;
        uint48 closesAt = opensAt + reportDeadlineSeconds;
        if (period == 0 || nowTime >= closesAt) {
            revert ReviewCalendarOutsideWindow(period, opensAt, closesAt, nowTime);
        }
        if (period == _period) revert ReviewCalendarBegun(period);

        // Effect
        index = _index + 1;
        (_index, _period, _begunAt) = (index, period, nowTime);
        _record(
            ReviewPeriodBegan.selector,
            bytes32(uint256(index)),
            bytes32(uint256(period)),
            abi.encode(nowTime, _callId(), msg.sender)
        );
    }

    /// @notice As {IHeartbeatOracle-latest}: the period that was begun last, and when. Nobody manages it, as people do anyway.
    function latest() external view returns (ReportIndex index, Timestamp acceptedAt, Timestamp managedUntil) {
        return (ReportIndex.wrap(_index), Timestamp.wrap(_begunAt), Timestamp.wrap(0));
    }

    /// @notice As {IHeartbeatOracle-verifyLeaf}, which there is none of.
    function verifyLeaf(
        IHeartbeatOracle.ReportHeader calldata,
        IHeartbeatOracle.Leaf calldata,
        bytes32[] calldata
    ) external pure returns (ReportIndex, Timestamp) {
        revert ReviewCalendarNoReports();
    }

    /// @notice As {IHeartbeatOracle-verifyLeaves}, which there are none of.
    function verifyLeaves(
        IHeartbeatOracle.ReportHeader calldata,
        IHeartbeatOracle.Leaf[] calldata,
        bytes32[] calldata,
        uint256[] calldata
    ) external pure returns (ReportIndex, Timestamp) {
        revert ReviewCalendarNoReports();
    }

    /// @inheritdoc IReviewCalendar
    function periodAt(uint48 time) public view returns (uint32) {
        uint48 start = Timestamp.unwrap(genesis);
        return time < start ? 0 : uint32((time - start) / epochSeconds); // safe: a period has ten seconds or more
    }
}
