// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MerkleMultiPath} from "../libraries/MerkleMultiPath.sol";
import {MerklePath} from "../libraries/MerklePath.sol";
import {ThresholdController} from "../libraries/ThresholdController.sol";
import {SignedTypes} from "../types/SignedTypes.sol";
import {ReportIndex, Timestamp} from "../types/Time.sol";
import {AggregateSignature} from "./AggregateSignature.sol";
import {IHeartbeatOracle} from "./IHeartbeatOracle.sol";
import {IOperatorKeys} from "./IOperatorKeys.sol";
import {OperatorSets} from "./OperatorSets.sol";
import {OperatorSignatures} from "./OperatorSignatures.sol";
import {OperatorTable, TableHeader} from "./OperatorTable.sol";
import {OracleState, initialState} from "./OracleState.sol";
import {
    REPORT_CONFIGURATION,
    REPORT_EPOCH,
    REPORT_LEAF_COUNT,
    REPORT_SCORED,
    REPORT_SURVIVING,
    REPORT_THRESHOLD,
    ReportHash
} from "./ReportHash.sol";
import {Rulesets} from "./Rulesets.sol";

/// @title HeartbeatOracle
/// @dev Design:
/// - The deadline is shorter than an epoch, so that the report of at most one epoch can be accepted at any time.
/// - Who signs for an epoch is for {OperatorSets}, by which rules it is measured for {Rulesets}.
/// - What is kept of a report is one hash in a ring; provers supply the header.
/// Trust: a quorum of operators can put any score into a report, and can leave a project out. They cannot move money.
contract HeartbeatOracle is Rulesets {
    using ReportHash for Report;
    using ReportHash for ReportHeader;
    using ReportHash for Leaf;
    using ReportHash for Leaf[];

    /// @param operatorKeys Where operators register the keys by which they sign together; none where they sign one by one only.
    /// @param genesis Start of epoch 1.
    /// @param epochSeconds Length of an epoch.
    /// @param reportDeadlineSeconds Time after an epoch's end in which its report is accepted; shorter than an epoch.
    /// @param threshold Parameters of τ.
    struct Parameters {
        IOperatorKeys operatorKeys;
        Timestamp genesis;
        uint32 epochSeconds;
        uint32 reportDeadlineSeconds;
        ThresholdController.Parameters threshold;
        SanityBounds bounds;
    }

    uint32 internal constant MIN_EPOCH_SECONDS = 10;
    uint32 internal constant MAX_EPOCH_SECONDS = 366 days;
    /// @notice Number of reports whose leaves can be proved.
    uint32 public constant RING_LENGTH = 128;
    /// @notice Age of the latest report, in epochs, from which on the oracle is stale.
    uint32 public constant STALE_EPOCHS = 2;
    /// @notice How long a trip lasts, in seconds.
    uint32 public constant TRIP_SECONDS = 1 days;

    uint32 public immutable reportDeadlineSeconds;
    uint64 private immutable _INITIAL_THRESHOLD;
    uint64 private immutable _MINIMUM_THRESHOLD;
    uint64 private immutable _MAXIMUM_THRESHOLD;
    uint64 private immutable _THRESHOLD_STEP;
    uint64 private immutable _THRESHOLD_GAIN;
    uint64 private immutable _TARGET_SURVIVAL;
    uint64 private immutable _SOFT_STEP;
    uint64 private immutable _LOST_SHARE;
    uint32 private immutable _LOST_LEAVES;

    bytes32[RING_LENGTH] private _ring;

    constructor(
        address authority_,
        Parameters memory parameters
    )
        AccessManaged(authority_)
        EIP712(SignedTypes.HEARTBEAT_ORACLE_DOMAIN, SignedTypes.HEARTBEAT_ORACLE_VERSION)
        OperatorSets(parameters.operatorKeys, parameters.genesis, parameters.epochSeconds)
    {
        uint32 length = parameters.epochSeconds;
        if (length < MIN_EPOCH_SECONDS || length > MAX_EPOCH_SECONDS) {
            revert HeartbeatOracleInvalidParameters(ParameterProblem.EpochSeconds);
        }
        if (parameters.reportDeadlineSeconds == 0 || parameters.reportDeadlineSeconds >= length) {
            revert HeartbeatOracleInvalidParameters(ParameterProblem.ReportDeadline);
        }
        if (!ThresholdController.areValid(parameters.threshold)) {
            revert HeartbeatOracleInvalidParameters(ParameterProblem.Threshold);
        }
        SanityBounds memory bounds = parameters.bounds;
        if (bounds.softStep == 0 || bounds.softStep > 1e18) {
            revert HeartbeatOracleInvalidParameters(ParameterProblem.SoftStep);
        }
        if (bounds.lostShare == 0 || bounds.lostShare > 1e18) {
            revert HeartbeatOracleInvalidParameters(ParameterProblem.LostShare);
        }
        address keys = address(parameters.operatorKeys);
        if (keys != address(0) && keys.code.length == 0) {
            revert HeartbeatOracleInvalidParameters(ParameterProblem.OperatorKeys);
        }
        reportDeadlineSeconds = parameters.reportDeadlineSeconds;
        _INITIAL_THRESHOLD = parameters.threshold.initial;
        _MINIMUM_THRESHOLD = parameters.threshold.minimum;
        _MAXIMUM_THRESHOLD = parameters.threshold.maximum;
        _THRESHOLD_STEP = parameters.threshold.step;
        _THRESHOLD_GAIN = parameters.threshold.gain;
        _TARGET_SURVIVAL = parameters.threshold.targetSurvival;
        (_SOFT_STEP, _LOST_SHARE, _LOST_LEAVES) = (bounds.softStep, bounds.lostShare, bounds.lostLeaves);
        _state = initialState(parameters.threshold.initial);
    }

    /// @inheritdoc IHeartbeatOracle
    function submit(
        Report calldata report,
        uint256 signers,
        bytes calldata signatures
    ) external returns (ReportIndex index) {
        (OracleState state, TableHeader table, uint256 operators, uint256 count) = _checkReport(report, signers);
        uint256 required = count * OperatorSignatures.SIGNATURE_BYTES;
        if (signatures.length != required) {
            revert HeartbeatOracleInvalidSignatureLength(signatures.length, required);
        }
        bytes32 digest = _hashTypedDataV4(report.structHash());
        OperatorSignatures.check(digest, signers, signatures, operators);
        return _accept(report, state, table, signers, digest);
    }

    /// @inheritdoc IHeartbeatOracle
    function submitAggregate(
        Report calldata report,
        Aggregate calldata signature
    ) external returns (ReportIndex index) {
        uint256 signers = signature.signers;
        (OracleState state, TableHeader table, uint256 operators, ) = _checkReport(report, signers);
        bytes32 digest = _hashTypedDataV4(report.structHash());
        AggregateSignature.check(digest, signers, signature, table, operators);
        return _accept(report, state, table, signers, digest);
    }

    /// @dev All but the signatures. Afterwards every member of the report is known to fit its type: epoch and number of leaves are read by it, the
    /// others are equal to, or at most, what fits.
    /// @return state Before the report.
    /// @return table Of the set that signs for its epoch.
    /// @return operators Memory pointer from {OperatorTable.load}.
    /// @return count Of the seats that are said to have signed.
    function _checkReport(
        Report calldata report,
        uint256 signers
    ) private view returns (OracleState state, TableHeader table, uint256 operators, uint256 count) {
        state = _state;
        uint32 epoch = report.epoch;
        _checkWindow(epoch, state.lastEpoch());
        _checkMeasurement(report, state.threshold());
        uint32 configuration;
        (configuration, table, operators) = OperatorTable.find(epoch, state.newestConfiguration());
        if (configuration == 0 || report.word(REPORT_CONFIGURATION) != configuration) {
            revert HeartbeatOracleWrongConfiguration(report.configuration, configuration);
        }
        count = _checkSigners(signers, table, OperatorTable.vacantSeats(operators));
    }

    function _accept(
        Report calldata report,
        OracleState state,
        TableHeader table,
        uint256 signers,
        bytes32 digest
    ) private returns (ReportIndex index) {
        uint256 judgedBy = state.threshold();
        uint256 accepted = _following(state.latestIndex());
        uint256 epoch = report.word(REPORT_EPOCH);
        uint256 leaves = report.word(REPORT_LEAF_COUNT);
        uint256 nextThreshold = ThresholdController.moved(
            judgedBy,
            report.word(REPORT_SCORED),
            report.word(REPORT_SURVIVING),
            _MINIMUM_THRESHOLD,
            _MAXIMUM_THRESHOLD,
            _THRESHOLD_STEP,
            _THRESHOLD_GAIN,
            _TARGET_SURVIVAL
        );
        _state = state.afterReport(accepted, epoch, nextThreshold, _sinceOpening(epoch), leaves);
        _ring[accepted % RING_LENGTH] = keccak256(
            // the words of a ReportHeader
            abi.encode(accepted, epoch, report.root, judgedBy, leaves, block.timestamp, report.manifest)
        );
        _record(
            ReportAccepted.selector,
            bytes32(accepted),
            bytes32(epoch),
            abi.encode(
                report.root,
                report.word(REPORT_CONFIGURATION),
                judgedBy,
                nextThreshold,
                leaves,
                report.word(REPORT_SCORED),
                report.word(REPORT_SURVIVING),
                block.timestamp,
                report.manifest,
                signers,
                digest,
                table.anchorOf()
            )
        );
        // What many projects did at once is for people to look at: the report stands, and what follows from it waits.
        if (_movesFar(judgedBy, nextThreshold) || _losesMany(state.leafCount(), leaves)) {
            _trip(digest, table.anchorOf());
        }
        return ReportIndex.wrap(uint32(accepted)); // safe: see _following
    }

    /// @inheritdoc IHeartbeatOracle
    function trip(bytes32 cause, address by) external restricted {
        _trip(cause, by);
    }

    /// @inheritdoc IHeartbeatOracle
    function reset(bytes32 cause, address by) external restricted {
        // Check
        OracleState state = _state;
        if (block.timestamp >= state.trippedUntil()) revert HeartbeatOracleNotTripped(state.trippedUntil());

        // Effect: over from now on
        _state = state.withTrippedUntil(uint40(block.timestamp)); // safe: 40 bits of seconds last 34,000 years
        _record(OracleReset.selector, bytes32(uint256(state.latestIndex())), abi.encode(cause, by));
    }

    /// @inheritdoc IHeartbeatOracle
    function verifyLeaf(
        ReportHeader calldata header,
        Leaf calldata leaf,
        bytes32[] calldata proof
    ) external view returns (ReportIndex index, Timestamp acceptedAt) {
        _requireKnown(header);
        bytes32 leafHash = leaf.leafHash();
        if (
            !MerklePath.isPlausibleLength(proof.length, header.leafCount) ||
            MerklePath.rootOf(leafHash, proof) != header.root
        ) revert HeartbeatOracleInvalidProof(header.index, leafHash);
        return _latest(_state);
    }

    /// @inheritdoc IHeartbeatOracle
    /// @dev The depth of each leaf is not looked at: a leaf is a hash of 32 bytes and an inner node one of 64, so that what leads to
    /// the root at another depth than the leaf count allows would be a leaf that a quorum put there.
    function verifyLeaves(
        ReportHeader calldata header,
        Leaf[] calldata leaves,
        bytes32[] calldata proof,
        uint256[] calldata flags
    ) external view returns (ReportIndex index, Timestamp acceptedAt) {
        _requireKnown(header);
        bool isProof = leaves.length <= header.leafCount;
        bytes32 root;
        if (isProof) (isProof, root) = MerkleMultiPath.rootOf(leaves.leafHashes(), proof, flags);
        if (!isProof || root != header.root) {
            revert HeartbeatOracleInvalidMultiProof(header.index, leaves.length, proof.length);
        }
        return _latest(_state);
    }

    /// @inheritdoc IHeartbeatOracle
    function latest() external view returns (ReportIndex index, Timestamp acceptedAt, Timestamp managedUntil) {
        OracleState state = _state;
        (index, acceptedAt) = _latest(state);
        bool isStale = block.timestamp >= _staleFrom(acceptedAt);
        managedUntil = Timestamp.wrap(isStale ? type(uint48).max : state.trippedUntil());
    }

    /// @inheritdoc IHeartbeatOracle
    function trippedUntil() external view returns (uint48) {
        return _state.trippedUntil();
    }

    /// @inheritdoc IHeartbeatOracle
    function threshold() external view returns (uint64) {
        return _state.threshold();
    }

    /// @inheritdoc IHeartbeatOracle
    function freshness() external view returns (Freshness) {
        OracleState state = _state;
        (ReportIndex index, Timestamp acceptedAt) = _latest(state);
        if (ReportIndex.unwrap(index) == 0) return Freshness.None;
        if (block.timestamp >= _staleFrom(acceptedAt)) return Freshness.Stale;
        return block.timestamp < state.trippedUntil() ? Freshness.Quarantined : Freshness.Fresh;
    }

    /// @inheritdoc IHeartbeatOracle
    function lastEpoch() external view returns (uint32) {
        return _state.lastEpoch();
    }

    /// @notice The parameters of τ, for life.
    function thresholdParameters() public view returns (ThresholdController.Parameters memory) {
        return
            ThresholdController.Parameters({
                initial: _INITIAL_THRESHOLD,
                minimum: _MINIMUM_THRESHOLD,
                maximum: _MAXIMUM_THRESHOLD,
                step: _THRESHOLD_STEP,
                gain: _THRESHOLD_GAIN,
                targetSurvival: _TARGET_SURVIVAL
            });
    }

    /// @notice What a report may change without tripping the oracle, for life.
    function sanityBounds() external view returns (SanityBounds memory) {
        return SanityBounds({softStep: _SOFT_STEP, lostShare: _LOST_SHARE, lostLeaves: _LOST_LEAVES});
    }

    function _following(uint256 latestIndex) private pure returns (uint256) {
        unchecked {
            return latestIndex + 1; // safe: below 2^32, as there is at most one report for each of as many epochs
        }
    }

    /// @dev Whether τ moves by more than people let pass unseen.
    function _movesFar(uint256 from, uint256 to) private view returns (bool) {
        unchecked {
            return (to > from ? to - from : from - to) > _SOFT_STEP; // safe: the smaller one is subtracted
        }
    }

    /// @dev Whether more leaves are gone than projects end at once, by number and by share: a list that was read in part looks like that.
    function _losesMany(uint256 before, uint256 leaves) private view returns (bool) {
        if (leaves >= before) return false;
        unchecked {
            uint256 lost = before - leaves; // safe: 32 bits, and shares have 60
            return lost > _LOST_LEAVES && lost * 1e18 > before * _LOST_SHARE;
        }
    }

    function _trip(bytes32 cause, address anchor) private {
        uint40 until = uint40(block.timestamp + TRIP_SECONDS); // safe: 40 bits of seconds last 34,000 years
        OracleState state = _state.withTrippedUntil(until);
        _state = state;
        _record(OracleTripped.selector, bytes32(uint256(state.latestIndex())), abi.encode(until, cause, anchor));
    }

    function _latest(OracleState state) private view returns (ReportIndex index, Timestamp acceptedAt) {
        unchecked {
            // safe: a sum of what was subtracted, a time of this chain; genesis before the first report
            uint48 at = uint48(_opensAt(state.lastEpoch()) + state.acceptedAfter());
            return (ReportIndex.wrap(state.latestIndex()), Timestamp.wrap(at));
        }
    }

    function _staleFrom(Timestamp acceptedAt) private view returns (uint256) {
        unchecked {
            return Timestamp.unwrap(acceptedAt) + uint256(STALE_EPOCHS) * epochSeconds; // safe: 48 bits and 33
        }
    }

    /// @dev Of a report in its window, which is shorter than the longest epoch.
    function _sinceOpening(uint256 epoch) private view returns (uint256) {
        unchecked {
            return block.timestamp - _opensAt(epoch); // safe: the window is open
        }
    }

    /// @dev The end of the epoch, which is when its report's window opens; genesis for epoch 0.
    function _opensAt(uint256 epoch) private view returns (uint256) {
        unchecked {
            return Timestamp.unwrap(genesis) + epoch * epochSeconds; // safe: 48 bits, and 32 times 25
        }
    }

    function _requireKnown(ReportHeader calldata header) private view {
        if (header.headerHash() != _ring[header.index % RING_LENGTH]) {
            revert HeartbeatOracleUnknownReport(header.index);
        }
    }

    function _checkWindow(uint32 epoch, uint32 lastAccepted) private view {
        if (epoch <= lastAccepted) revert HeartbeatOracleEpochNotNewer(epoch, lastAccepted);
        uint256 opensAt = _opensAt(epoch);
        unchecked {
            // safe: 48 bits, and 32 times 25; before the window opens the difference wraps around
            if (block.timestamp - opensAt < reportDeadlineSeconds) return;
            revert HeartbeatOracleOutsideWindow(
                epoch,
                uint64(opensAt),
                uint64(opensAt + reportDeadlineSeconds),
                _now()
            );
        }
    }

    function _checkMeasurement(Report calldata report, uint64 currentThreshold) private pure {
        if (report.word(REPORT_THRESHOLD) != currentThreshold) {
            revert HeartbeatOracleWrongThreshold(report.threshold, currentThreshold);
        }
        uint256 leaves = report.leafCount;
        uint256 scored = report.word(REPORT_SCORED);
        if (report.word(REPORT_SURVIVING) > scored || scored > leaves) {
            revert HeartbeatOracleInvalidCounters(report.leafCount, report.scored, report.surviving);
        }
        if (leaves != 0 && report.root == 0) revert HeartbeatOracleEmptyRoot();
    }

    function _checkSigners(uint256 signers, TableHeader table, uint256 vacant) private pure returns (uint256 count) {
        uint256 seats = table.seatsOf();
        if (signers >> seats != 0) revert HeartbeatOracleUnknownSeat(signers, seats);
        if (signers & vacant != 0) revert HeartbeatOracleVacantSeat(signers, vacant);
        count = OperatorSignatures.count(signers);
        if (count < table.quorumOf()) revert HeartbeatOracleQuorumNotReached(count, table.quorumOf());
    }
}
