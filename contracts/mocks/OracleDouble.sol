// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHeartbeatOracle} from "../oracle/IHeartbeatOracle.sol";
import {ReportIndex, Timestamp} from "../types/Time.sol";

/// @dev Test double of the heartbeat oracle, for tests of the vault that need many lease situations: what the vault reads, with
/// values that anyone sets, and leaves that are believed without a proof.
contract OracleDouble {
    uint32 public epochSeconds = 600;
    uint32 public reportDeadlineSeconds = 300;

    uint32 private _index;
    uint48 private _acceptedAt;
    uint48 private _managedUntil;

    error OracleDoubleUnknownReport(uint32 index);

    constructor() {
        _acceptedAt = uint48(block.timestamp);
    }

    function accept(uint32 index, uint48 acceptedAt) external {
        (_index, _acceptedAt) = (index, acceptedAt);
    }

    function manage(uint48 until) external {
        _managedUntil = until;
    }

    function setEpoch(uint32 epochSeconds_, uint32 reportDeadlineSeconds_) external {
        (epochSeconds, reportDeadlineSeconds) = (epochSeconds_, reportDeadlineSeconds_);
    }

    function latest() external view returns (ReportIndex, Timestamp, Timestamp) {
        return (ReportIndex.wrap(_index), Timestamp.wrap(_acceptedAt), Timestamp.wrap(_managedUntil));
    }

    function verifyLeaf(
        IHeartbeatOracle.ReportHeader calldata header,
        IHeartbeatOracle.Leaf calldata,
        bytes32[] calldata
    ) external view returns (ReportIndex, Timestamp) {
        if (header.index == 0 || header.index > _index) revert OracleDoubleUnknownReport(header.index);
        return (ReportIndex.wrap(_index), Timestamp.wrap(_acceptedAt));
    }

    function verifyLeaves(
        IHeartbeatOracle.ReportHeader calldata header,
        IHeartbeatOracle.Leaf[] calldata,
        bytes32[] calldata,
        uint256[] calldata
    ) external view returns (ReportIndex, Timestamp) {
        if (header.index == 0 || header.index > _index) revert OracleDoubleUnknownReport(header.index);
        return (ReportIndex.wrap(_index), Timestamp.wrap(_acceptedAt));
    }
}
