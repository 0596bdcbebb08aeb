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
/// - An operator is a name. A set keeps who signed for each when it was written, and by which keys; a rotation writes it anew.
/// - What nobody reads has no getter: each one makes reports, and what reads them, dearer by 22 gas.
/// - Whom evidence took out comes back by a decision about itself: no set seats it by the way.
abstract contract OperatorSets is IHeartbeatOracle, JournaledAccessManaged, EIP712 {
    using ReportHash for Report;

    /// @param evidenceAfter What it signed in this configuration, or an earlier one, is no evidence any more.
    /// @param isOut Whether no set may seat it.
    struct Suspension {
        uint32 evidenceAfter;
        bool isOut;
    }

    /// @notice Four operators tolerate one liar; three would tolerate a crash only.
    uint256 public constant MIN_OPERATORS = 4;
    uint256 internal constant MAX_OPERATORS = OperatorTable.MAX_SEATS;
    /// @dev For how many epochs after its own a report is evidence. Operators bring it forward within the epoch; a key that leaked, and that its
    /// operator rotated out, could make up some for ever.
    uint32 internal constant EVIDENCE_EPOCHS = 8;

    IOperatorKeys public immutable operatorKeys;
    Timestamp public immutable genesis;
    uint32 public immutable epochSeconds;

    OracleState internal _state;
    mapping(address operator => Suspension) private _suspensions;

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
        _requireLive(anchor);

        // Effect
        OracleState state = _state;
        // It leads past a set for later that is not active yet, never past the next epoch's: what evidence took or a rotation changed there stays.
        uint32 kept = fromEpoch > running + 1 ? running + 1 : running;
        (uint32 previous, , ) = OperatorTable.find(kept, state.newestConfiguration());
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
        _requireEvidential(report.epoch, configuration);
        address operator = OperatorSignatures.signerOf(configuration, seat, digest, signature);
        OperatorSignatures.signerOf(configuration, seat, otherDigest, otherSignature);
        if (configuration <= _suspensions[operator].evidenceAfter) {
            revert HeartbeatOracleSuspendedAlready(operator, _suspensions[operator].evidenceAfter);
        }

        // Effect: out of the sets that sign from the next epoch on
        uint32 newest = _state.newestConfiguration();
        _suspensions[operator] = Suspension({evidenceAfter: newest, isOut: true});
        _record(
            OperatorSuspended.selector,
            bytes32(uint256(uint160(operator))),
            bytes32(uint256(configuration)),
            abi.encode(report.epoch, otherDigest, digest, _comingAnchor())
        );
        IOperatorKeys.Key memory none;
        _rewrite(OperatorTable.Seating(operator, true, address(0), none), digest); // nothing where its seat is over: it stays out
    }

    /// @inheritdoc IHeartbeatOracle
    function rotate(address operator) external {
        // Check
        if (_suspensions[operator].isOut) revert HeartbeatOracleSuspended(operator);

        // Effect: what it has now, in the sets that sign from the next epoch on
        address delegate = OperatorTable.delegateOf(operatorKeys, operator);
        IOperatorKeys.Key memory key;
        if (address(operatorKeys) != address(0)) key = operatorKeys.keyOf(operator);
        bytes32 cause = _callId();
        uint32 newest = _state.newestConfiguration();
        _record(
            OperatorRotated.selector,
            bytes32(uint256(uint160(operator))),
            bytes32(uint256(uint160(delegate))),
            abi.encode(cause, _comingAnchor())
        );
        if (!_rewrite(OperatorTable.Seating(operator, false, delegate, key), cause)) {
            revert HeartbeatOracleNotSeated(operator);
        }
        if (_state.newestConfiguration() == newest) revert HeartbeatOracleSeatUnchanged(operator, delegate);
    }

    /// @inheritdoc IHeartbeatOracle
    function reinstate(address operator, address anchor) external restricted {
        // Check
        if (!_suspensions[operator].isOut) revert HeartbeatOracleNotSuspended(operator);
        _requireLive(anchor);

        // Effect: its seats are vacant in every set that signs from the epoch after its suspension on, where nothing that it signs has any effect
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
        (uint32 configuration, TableHeader table, uint256 signers) = OperatorTable.find(
            epoch,
            _state.newestConfiguration()
        );
        (address[] memory operators, address[] memory delegates) = OperatorTable.listsOf(configuration);
        set = OperatorSet({
            configuration: configuration,
            fromEpoch: table.fromEpochOf(),
            faults: table.faultsOf(),
            quorum: table.quorumOf(),
            anchor: table.anchorOf(),
            vacant: configuration == 0 ? 0 : OperatorTable.vacantSeats(signers),
            operators: operators,
            delegates: delegates
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

    /// @dev Writes the sets that sign from the next epoch on anew, with another seating of one operator. Nothing that is coming is lost:
    /// what was written before for the next epoch is what is written anew.
    /// @return isSeated Whether the operator has a seat in one of them.
    function _rewrite(OperatorTable.Seating memory seating, bytes32 cause) private returns (bool isSeated) {
        OracleState state = _state;
        uint32 newest = state.newestConfiguration();
        uint32 created = newest;
        uint32 coming = epochAt(Timestamp.wrap(_now())) + 1;
        (uint32 active, TableHeader table, ) = OperatorTable.find(coming, newest);
        bytes memory packed;
        bool isChanged;
        (packed, isSeated, isChanged) = OperatorTable.reseat(active, seating);
        if (isChanged) {
            uint32 previous = table.fromEpochOf() < coming ? active : table.previousOf();
            OperatorTable.writeCopy(++created, packed, previous, coming);
            _announce(created, cause);
        }
        if (active != newest) {
            // One that is scheduled for later is the end of the list, and has to lead to what was written.
            bool isSeatedLater;
            bool isChangedLater;
            (packed, isSeatedLater, isChangedLater) = OperatorTable.reseat(newest, seating);
            isSeated = isSeated || isSeatedLater;
            if (isChanged || isChangedLater) {
                table = OperatorTable.headerOf(packed);
                uint32 previous = isChanged ? created : table.previousOf();
                OperatorTable.writeCopy(++created, packed, previous, table.fromEpochOf());
                _announce(created, cause);
            }
        }
        _state = state.withNewestConfiguration(created);
    }

    /// @dev The human who answers for the set that signs next; for the newest one where none signs next.
    function _comingAnchor() private view returns (address) {
        uint32 coming = epochAt(Timestamp.wrap(_now())) + 1;
        uint32 newest = _state.newestConfiguration();
        (uint32 active, TableHeader table, ) = OperatorTable.find(coming, newest);
        if (active == 0) (table, ) = OperatorTable.load(newest);
        return table.anchorOf();
    }

    /// @dev Records a set that was written.
    function _announce(uint32 configuration, bytes32 cause) private {
        (TableHeader table, uint256 signers) = OperatorTable.load(configuration);
        (address[] memory operators, address[] memory delegates) = OperatorTable.listsOf(configuration);
        _record(
            OperatorSetScheduled.selector,
            bytes32(uint256(configuration)),
            bytes32(uint256(table.fromEpochOf())),
            abi.encode(
                operators,
                delegates,
                table.faultsOf(),
                table.quorumOf(),
                OperatorTable.vacantSeats(signers),
                cause,
                table.anchorOf()
            )
        );
    }

    /// @dev Evidence is of the running epoch or one of the latest, and of the set that signs for it.
    function _requireEvidential(uint32 epoch, uint32 configuration) private view {
        uint32 running = epochAt(Timestamp.wrap(_now()));
        if (epoch > running || running - epoch > EVIDENCE_EPOCHS) {
            revert HeartbeatOracleEvidenceOutOfTime(epoch, running);
        }
        (uint32 required, , ) = OperatorTable.find(epoch, _state.newestConfiguration());
        if (configuration != required) revert HeartbeatOracleWrongConfiguration(configuration, required);
    }

    function _requireLive(address anchor) internal view {
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
