// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReportIndex, Timestamp} from "../types/Time.sol";

/// @title HeartbeatOracle: one quorum-signed Merkle root of scores per epoch
/// @notice Epoch `e` (from 1) is `[genesis + (e-1)·length, genesis + e·length)`. Its report is accepted only in
/// `[end(e), end(e) + reportDeadline)`: missed epochs are skipped, never filled in later. *Accepted* means that the
/// quorum was verified here; *finalized* is a word about the chain.
interface IHeartbeatOracle {
    /// @notice Outcome of scoring one project. `Missing`: sources outside the project's control were unreachable for a
    /// quorum of operators. `Refused`: the project's own endpoint or policy failed or declined.
    enum Outcome {
        None,
        Value,
        Missing,
        Refused
    }

    /// @notice What a quorum of operators signs (EIP-712 `HeartbeatReport`, see `SignedTypes`).
    /// @param configuration Number of the operator set that signs.
    /// @param epoch The epoch measured.
    /// @param root Merkle root of the leaves, ascending by project id.
    /// @param threshold τ by which the counters below were counted, 1e18 = 1; must be the contract's current one.
    /// @param leafCount Number of leaves.
    /// @param scored Number of leaves with a value.
    /// @param surviving Number of leaves with a value at or above `threshold`.
    /// @param manifest Hash of the inclusion set, configuration and evidence digests.
    struct Report {
        uint32 configuration;
        uint32 epoch;
        bytes32 root;
        uint64 threshold;
        uint32 leafCount;
        uint32 scored;
        uint32 surviving;
        bytes32 manifest;
    }

    /// @notice What is kept of an accepted report, as one hash in a ring; provers supply it.
    struct ReportHeader {
        uint32 index;
        uint32 epoch;
        bytes32 root;
        uint64 threshold;
        uint32 leafCount;
        uint48 acceptedAt;
        bytes32 manifest;
    }

    /// @notice One project's outcome in a report.
    /// Leaf hash: `keccak256(keccak256(abi.encode(project, definition, outcome, grade, score)))`.
    /// @param project Project id.
    /// @param definition Hash of the score definition by which it was scored.
    /// @param outcome Value, Missing or Refused.
    /// @param grade Integrity grade of the score: 1 (A) to 4 (D); 0 where there is no value.
    /// @param score 0 to 1e18; 0 unless the outcome is a value.
    struct Leaf {
        bytes32 project;
        bytes32 definition;
        Outcome outcome;
        uint8 grade;
        uint64 score;
    }

    struct OperatorSet {
        uint32 configuration;
        uint32 fromEpoch;
        uint8 faults;
        uint8 quorum;
        address[] operators;
    }

    /// @notice `configuration` will sign from `fromEpoch` on.
    event OperatorSetScheduled(
        uint32 indexed configuration,
        uint32 indexed fromEpoch,
        address[] operators,
        uint8 faults,
        uint8 quorum,
        bytes32 cause,
        address anchor
    );
    /// @notice A report was accepted. `threshold` is the τ by which it judges, `nextThreshold` the one after it.
    /// `signers` is the bitmap of seats. `cause` is the EIP-712 digest that they signed.
    event ReportAccepted(
        uint32 indexed index,
        uint32 indexed epoch,
        bytes32 root,
        uint32 configuration,
        uint64 threshold,
        uint64 nextThreshold,
        uint32 leafCount,
        uint32 scored,
        uint32 surviving,
        uint48 acceptedAt,
        bytes32 manifest,
        uint256 signers,
        bytes32 cause,
        address anchor
    );

    error HeartbeatOracleEpochNotNewer(uint32 epoch, uint32 lastEpoch);
    error HeartbeatOracleOutsideWindow(uint32 epoch, uint48 opensAt, uint48 closesAt, uint48 nowTime);
    error HeartbeatOracleWrongConfiguration(uint32 configuration, uint32 required);
    error HeartbeatOracleWrongThreshold(uint64 threshold, uint64 required);
    error HeartbeatOracleInvalidCounters(uint32 leafCount, uint32 scored, uint32 surviving);
    error HeartbeatOracleEmptyRoot();
    error HeartbeatOracleQuorumNotReached(uint256 signatures, uint256 required);
    error HeartbeatOracleUnknownSeat(uint256 signers, uint256 seats);
    error HeartbeatOracleInvalidSignatureLength(uint256 length, uint256 required);
    error HeartbeatOracleInvalidSignature(uint256 seat, address recovered, address operator);
    error HeartbeatOracleUnknownReport(uint32 index);
    error HeartbeatOracleInvalidProof(uint32 index, bytes32 leaf);
    error HeartbeatOracleInvalidSet(uint256 operators, uint256 minimum, uint256 maximum);
    error HeartbeatOracleOperatorsNotAscending(address previous, address operator);
    error HeartbeatOracleInvalidActivation(uint32 fromEpoch, uint32 earliest);
    error HeartbeatOracleInvalidParameters();

    /// @notice Accepts the report of an epoch. Anyone may submit.
    /// @param signers Bitmap of the seats that signed, seat 0 in the lowest bit.
    /// @param signatures 64 bytes (EIP-2098) for each set bit, in ascending seat order.
    function submit(Report calldata report, uint256 signers, bytes calldata signatures) external returns (ReportIndex index);

    /// @notice Schedules the operator set that signs from `fromEpoch` on; it replaces one that is scheduled and not active.
    /// @param operators Distinct, ascending addresses; their position is their seat.
    function scheduleOperatorSet(address[] calldata operators, uint32 fromEpoch, address anchor) external;

    /// @notice Index and time of the latest accepted report; (0, genesis) before the first one.
    function latest() external view returns (ReportIndex index, Timestamp acceptedAt);

    /// @notice Reverts unless `leaf` stands in the accepted report that `header` describes; returns {latest} as well, so
    /// that a lease decision takes one call.
    function verifyLeaf(
        ReportHeader calldata header,
        Leaf calldata leaf,
        bytes32[] calldata proof
    ) external view returns (ReportIndex index, Timestamp acceptedAt);

    /// @notice τ by which the next report will be judged, 1e18 = 1.
    function threshold() external view returns (uint64);

    /// @notice The set that signs the report of `epoch`, which must not lie before the last accepted one.
    function operatorSet(uint32 epoch) external view returns (OperatorSet memory);

    function reportDigest(Report calldata report) external view returns (bytes32);

    function lastEpoch() external view returns (uint32);

    function genesis() external view returns (Timestamp);

    function epochSeconds() external view returns (uint32);

    function reportDeadlineSeconds() external view returns (uint32);

    /// @notice The epoch that is running at `time`; 0 before genesis.
    function epochAt(Timestamp time) external view returns (uint32);
}
