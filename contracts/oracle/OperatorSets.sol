// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IAuthority} from "../authority/IAuthority.sol";
import {JournaledAccessManaged} from "../journal/JournaledAccessManaged.sol";
import {Timestamp} from "../types/Time.sol";
import {IHeartbeatOracle} from "./IHeartbeatOracle.sol";
import {IOperatorKeys} from "./IOperatorKeys.sol";
import {OperatorSignatures} from "./OperatorSignatures.sol";
import {OperatorTable, TableHeader} from "./OperatorTable.sol";
import {OracleState} from "./OracleState.sol";
import {ReportHash} from "./ReportHash.sol";

/// @title OperatorSets: who signs the reports of which epoch, see {IHeartbeatOracle}
/// @dev Design:
/// - Operator sets form a list from the newest back to the first. A scheduled set that is replaced drops out of it, so
///   that for each epoch the list holds exactly one valid set.
/// - A set can only be scheduled for an epoch that has not begun, so that nobody chooses who signs what is already known.
/// - Whom evidence took out comes back by a decision about itself: no set seats it by the way.
abstract contract OperatorSets is IHeartbeatOracle, JournaledAccessManaged, EIP712 {
    using ReportHash for Report;
    using OperatorTable for TableHeader;

    /// @param evidenceAfter What it signed in this configuration, or an earlier one, is no evidence any more.
    /// @param isOut Whether no set may seat it.
    struct Suspension {
        uint32 evidenceAfter;
        bool isOut;
    }

    /// @notice Four operators tolerate one liar; three would tolerate a crash only.
    uint256 public constant MIN_OPERATORS = 4;
    uint256 public constant MAX_OPERATORS = OperatorTable.MAX_SEATS;

    IOperatorKeys public immutable operatorKeys;
    Timestamp public immutable genesis;
    uint32 public immutable epochSeconds;

    OracleState internal _state;
    mapping(address operator => Suspension) private _suspensions;
    /// @dev The epoch after that of the last suspension, from which on the sets without a seat are active.
    uint32 private _suspendedFrom;

    constructor(IOperatorKeys operatorKeys_, Timestamp genesis_, uint32 epochSeconds_) {
        operatorKeys = operatorKeys_;
        genesis = genesis_;
        epochSeconds = epochSeconds_;
    }

    /// @inheritdoc IHeartbeatOracle
    function scheduleOperatorSet(address[] calldata operators, uint32 fromEpoch, address anchor) external restricted {
        // Check
        uint32 running = epochAt(Timestamp.wrap(_now()));
        _checkOperators(operators);
        if (fromEpoch <= running) revert HeartbeatOracleInvalidActivation(fromEpoch, running + 1);
        // A set for later would lead past the one without the seat, which is not active yet, to the one before it.
        if (_suspendedFrom > running && fromEpoch != _suspendedFrom) {
            revert HeartbeatOracleSuspensionComing(fromEpoch, _suspendedFrom);
        }
        _requireLive(anchor);

        // Effect
        OracleState state = _state;
        (uint32 previous, , ) = OperatorTable.find(running, state.newestConfiguration()); // skips a set that is not active yet
        uint32 configuration = state.newestConfiguration() + 1;
        _state = state.withNewestConfiguration(configuration);
        OperatorTable.write(configuration, previous, fromEpoch, anchor, operators, operatorKeys);
        _announce(configuration, _callId());
    }

    /// @inheritdoc IHeartbeatOracle
    function suspend(
        Report calldata report,
        Report calldata other,
        uint8 seat,
        bytes calldata signature,
        bytes calldata otherSignature
    ) external {
        // Check
        bytes32 digest = reportDigest(report);
        bytes32 otherDigest = reportDigest(other);
        uint32 configuration = report.configuration;
        if (configuration != other.configuration || report.epoch != other.epoch || digest == otherDigest) {
            revert HeartbeatOracleNoContradiction(digest, otherDigest);
        }
        address operator = OperatorSignatures.signerOf(configuration, seat, digest, signature);
        OperatorSignatures.signerOf(configuration, seat, otherDigest, otherSignature);
        if (configuration <= _suspensions[operator].evidenceAfter) {
            revert HeartbeatOracleSuspendedAlready(operator, _suspensions[operator].evidenceAfter);
        }

        // Effect: out of the sets that sign from the next epoch on
        OracleState state = _state;
        uint32 newest = state.newestConfiguration();
        uint32 coming = epochAt(Timestamp.wrap(_now())) + 1;
        (uint32 active, TableHeader table, uint256 operators) = OperatorTable.find(coming, newest);
        uint256 vacated = table.seatOf(operators, operator);
        uint32 created = newest;
        _suspensions[operator] = Suspension({evidenceAfter: newest, isOut: true});
        _suspendedFrom = coming;
        _record(
            OperatorSuspended.selector,
            bytes32(uint256(uint160(operator))),
            bytes32(uint256(configuration)),
            abi.encode(report.epoch, otherDigest, digest, table.anchorOf())
        );
        if (vacated != 0) {
            uint32 previous = table.fromEpochOf() < coming ? active : table.previousOf();
            OperatorTable.writeCopy(++created, active, previous, coming, vacated);
            _announce(created, digest);
        }
        if (active != newest) {
            // One that is scheduled for later is the end of the list, and has to lead to the set without the operator.
            (table, operators) = OperatorTable.load(newest);
            uint32 previous = vacated != 0 ? created : table.previousOf();
            uint256 vacatedLater = table.seatOf(operators, operator);
            if (vacated | vacatedLater != 0) {
                OperatorTable.writeCopy(++created, newest, previous, table.fromEpochOf(), vacatedLater);
                _announce(created, digest);
            }
        }
        if (created == newest) revert HeartbeatOracleNotSeated(operator);
        _state = state.withNewestConfiguration(created);
    }

    /// @inheritdoc IHeartbeatOracle
    function reinstate(address operator, address anchor) external restricted {
        // Check
        if (!_suspensions[operator].isOut) revert HeartbeatOracleNotSuspended(operator);
        _requireLive(anchor);

        // Effect: its seats were vacant up to the newest set, where nothing that it signed had any effect
        _suspensions[operator] = Suspension({evidenceAfter: _state.newestConfiguration(), isOut: false});
        _record(
            OperatorReinstated.selector,
            bytes32(uint256(uint160(operator))),
            bytes32(uint256(_state.newestConfiguration())),
            abi.encode(_callId(), anchor)
        );
    }

    /// @inheritdoc IHeartbeatOracle
    function isSuspended(address operator) external view returns (bool) {
        return _suspensions[operator].isOut;
    }

    /// @inheritdoc IHeartbeatOracle
    function operatorSet(uint32 epoch) external view returns (OperatorSet memory set) {
        (uint32 configuration, TableHeader table, uint256 operators) = OperatorTable.find(
            epoch,
            _state.newestConfiguration()
        );
        set = OperatorSet({
            configuration: configuration,
            fromEpoch: table.fromEpochOf(),
            faults: table.faultsOf(),
            quorum: table.quorumOf(),
            anchor: table.anchorOf(),
            vacant: configuration == 0 ? 0 : OperatorTable.vacantSeats(operators),
            operators: OperatorTable.operatorsOf(table, operators)
        });
    }

    /// @inheritdoc IHeartbeatOracle
    function reportDigest(Report calldata report) public view returns (bytes32) {
        return _hashTypedDataV4(report.structHash());
    }

    /// @inheritdoc IHeartbeatOracle
    function epochAt(Timestamp time) public view returns (uint32) {
        if (time < genesis) return 0;
        return SafeCast.toUint32((Timestamp.unwrap(time) - Timestamp.unwrap(genesis)) / epochSeconds + 1);
    }

    function _now() internal view returns (uint48) {
        return uint48(block.timestamp); // safe: 48 bits of seconds last nine million years
    }

    /// @dev Records a set that was written.
    function _announce(uint32 configuration, bytes32 cause) private {
        (TableHeader table, uint256 operators) = OperatorTable.load(configuration);
        _record(
            OperatorSetScheduled.selector,
            bytes32(uint256(configuration)),
            bytes32(uint256(table.fromEpochOf())),
            abi.encode(
                OperatorTable.operatorsOf(table, operators),
                table.faultsOf(),
                table.quorumOf(),
                OperatorTable.vacantSeats(operators),
                cause,
                table.anchorOf()
            )
        );
    }

    function _requireLive(address anchor) private view {
        uint48 liveUntil = IAuthority(authority()).anchorLiveUntil(anchor);
        if (block.timestamp >= liveUntil) revert HeartbeatOracleAnchorNotLive(anchor, liveUntil);
    }

    function _checkOperators(address[] calldata operators) private view {
        uint256 count = operators.length;
        if (count < MIN_OPERATORS || count > MAX_OPERATORS) {
            revert HeartbeatOracleInvalidSet(count, MIN_OPERATORS, MAX_OPERATORS);
        }
        address previous = address(0);
        for (uint256 i = 0; i < count; ++i) {
            address operator = operators[i];
            if (operator <= previous) revert HeartbeatOracleOperatorsNotAscending(previous, operator);
            if (_suspensions[operator].isOut) revert HeartbeatOracleSuspended(operator);
            previous = operator;
        }
    }
}
