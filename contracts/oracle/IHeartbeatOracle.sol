// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReportIndex, Timestamp} from "../types/Time.sol";
import {IOperatorKeys} from "./IOperatorKeys.sol";
import {IRulesets} from "./IRulesets.sol";

/// @title HeartbeatOracle: one quorum-signed Merkle root of scores per epoch
/// @notice Epoch `e` (from 1) is `[genesis + (e-1)·length, genesis + e·length)`. Its report is accepted only in
/// `[end(e), end(e) + reportDeadline)`: missed epochs are skipped, never filled in later. *Accepted* means that the
/// quorum was verified here; *finalized* is a word about the chain.
interface IHeartbeatOracle is IRulesets {
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

    /// @notice One signature of several operators, by the keys of {IOperatorKeys}: see `Schnorr`. What is signed is
    /// `keccak256(abi.encode(digest, signers))`.
    /// @param signers Bitmap of the seats that signed, seat 0 in the lowest bit.
    /// @param s Below the order of secp256k1.
    /// @param commitment Address of the sum of the signers' commitments.
    /// @param inverse Of Z, where (X, Y, Z) is the sum of all keys in the set less those of absent seats, in ascending order, each taken as
    /// `Secp256k1` does: whoever submits spares the contract a division. Nothing reads it where nobody is absent.
    struct Aggregate {
        uint256 signers;
        uint256 s;
        address commitment;
        uint256 inverse;
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

    /// @notice Whether reports come and may have their effect; derived on read.
    /// - None: no report was accepted yet.
    /// - Stale: the latest one is two epochs old or older.
    /// - Quarantined: reports come, and the oracle is tripped: nothing is reclaimed by them before people have looked.
    enum Freshness {
        None,
        Fresh,
        Stale,
        Quarantined
    }

    /// @notice What is wrong with constructor parameters that are refused.
    enum ParameterProblem {
        EpochSeconds,
        ReportDeadline,
        Threshold,
        SoftStep,
        OperatorKeys,
        LostShare
    }

    /// @notice A report beyond one of these is accepted and trips the oracle: what many projects did at once is for people to look at.
    /// @param softStep Change of τ in one report, 1e18 = 1; above 0, and at most 1.
    /// @param lostShare Share of the last report's leaves, 1e18 = 1, that are gone in this one; above 0, and at most 1, which nothing
    /// is beyond.
    /// @param lostLeaves Number of leaves that are gone. Both have to be passed: who has few projects does not trip when one ends.
    struct SanityBounds {
        uint64 softStep;
        uint64 lostShare;
        uint32 lostLeaves;
    }

    /// @param configuration Number of the set: sets are numbered from 1, a number is never used again.
    /// @param fromEpoch First epoch whose report it signs.
    /// @param faults Liars that it tolerates, ⌊(n − 1) / 3⌋.
    /// @param quorum Signatures that a report needs, ⌊(n + faults) / 2⌋ + 1.
    /// @param anchor The human who answers for the set.
    /// @param vacant Bitmap of the seats of suspended operators, which sign nothing.
    /// @param operators Names, in seat order.
    /// @param delegates Whose signatures count, in seat order: each operator's delegate when the set was written.
    struct OperatorSet {
        uint32 configuration;
        uint32 fromEpoch;
        uint8 faults;
        uint8 quorum;
        address anchor;
        uint256 vacant;
        address[] operators;
        address[] delegates;
    }

    /// @notice `configuration` will sign from `fromEpoch` on, all but the seats in the bitmap `vacant`. `cause` is the id of the call that
    /// scheduled it, or that of the suspension or rotation that changed a seat of the set before.
    event OperatorSetScheduled(
        uint32 indexed configuration,
        uint32 indexed fromEpoch,
        address[] operators,
        address[] delegates,
        uint8 faults,
        uint8 quorum,
        uint256 vacant,
        bytes32 cause,
        address anchor
    );
    /// @notice `operator` signed two reports for `epoch`, of which `other` and `cause` are the EIP-712 digests. `anchor` answers for the set
    /// that signs next.
    event OperatorSuspended(
        address indexed operator,
        uint32 indexed configuration,
        uint32 epoch,
        bytes32 other,
        bytes32 cause,
        address anchor
    );
    /// @notice In its seats from the next epoch on `delegate` signs for `operator`, and by its newest key. `cause` is the id of the call; `anchor` answers
    /// for the set that signs next, or for the newest one where none signs next.
    event OperatorRotated(address indexed operator, address indexed delegate, bytes32 cause, address anchor);
    /// @notice `operator` may be seated again, by sets after `configuration`. `cause` is the id of the call; `anchor` answers for it.
    event OperatorReinstated(address indexed operator, uint32 indexed configuration, bytes32 cause, address anchor);
    /// @notice A report was accepted. `threshold` is the τ by which it judges, `nextThreshold` the one after it.
    /// `signers` is the bitmap of seats. `cause` is the EIP-712 digest that they signed; `anchor` answers for the operator set.
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

    /// @notice `cause` is the digest of the report that went beyond a {SanityBounds}, which {ReportAccepted} and the one before it show, or a
    /// guardian's reason; `anchor` the human who answers for the operator set, or the guardian.
    event OracleTripped(uint32 indexed report, uint48 until, bytes32 cause, address anchor);
    /// @notice `cause` is the operation that a quorum of anchors approved.
    event OracleReset(uint32 indexed report, bytes32 cause, address by);

    error HeartbeatOracleNotTripped(uint48 until);
    error HeartbeatOracleEpochNotNewer(uint32 epoch, uint32 lastEpoch);
    /// @notice The window's bounds have 64 bits, as an epoch that nobody will live to see must not wrap around.
    error HeartbeatOracleOutsideWindow(uint32 epoch, uint64 opensAt, uint64 closesAt, uint48 nowTime);
    error HeartbeatOracleWrongConfiguration(uint32 configuration, uint32 required);
    error HeartbeatOracleWrongThreshold(uint64 threshold, uint64 required);
    error HeartbeatOracleInvalidCounters(uint32 leafCount, uint32 scored, uint32 surviving);
    error HeartbeatOracleEmptyRoot();
    error HeartbeatOracleQuorumNotReached(uint256 signatures, uint256 required);
    error HeartbeatOracleUnknownSeat(uint256 signers, uint256 seats);
    error HeartbeatOracleInvalidSignatureLength(uint256 length, uint256 required);
    error HeartbeatOracleInvalidSignature(uint256 seat, address recovered, address delegate);
    error HeartbeatOracleInvalidAggregate(uint256 signers, bytes32 digest);
    error HeartbeatOracleUnknownReport(uint32 index);
    error HeartbeatOracleInvalidProof(uint32 index, bytes32 leaf);
    /// @notice Leaves, siblings and flags do not fit together, or do not lead to the report's root.
    error HeartbeatOracleInvalidMultiProof(uint32 index, uint256 leaves, uint256 siblings);
    error HeartbeatOracleInvalidSet(uint256 operators, uint256 minimum, uint256 maximum);
    error HeartbeatOracleOperatorsNotAscending(address previous, address operator);
    error HeartbeatOracleInvalidActivation(uint32 fromEpoch, uint32 earliest);
    error HeartbeatOracleAnchorNotLive(address anchor, uint48 liveUntil);
    error HeartbeatOracleVacantSeat(uint256 signers, uint256 vacant);
    error HeartbeatOracleNoContradiction(bytes32 digest, bytes32 other);
    error HeartbeatOracleEvidenceOutOfTime(uint32 epoch, uint32 running);
    error HeartbeatOracleSuspended(address operator);
    error HeartbeatOracleNotSuspended(address operator);
    error HeartbeatOracleSuspendedAlready(address operator, uint32 configuration);
    error HeartbeatOracleNotSeated(address operator);
    error HeartbeatOracleSeatUnchanged(address operator, address delegate);
    error HeartbeatOracleDelegateSeated(address delegate);
    error HeartbeatOracleInvalidParameters(ParameterProblem problem);

    /// @notice Accepts the report of an epoch. Anyone may submit.
    /// @dev Emits {ReportAccepted}. Reverts with
    /// - {HeartbeatOracleEpochNotNewer} unless the epoch lies after the last accepted one;
    /// - {HeartbeatOracleOutsideWindow} outside of `[end(epoch), end(epoch) + reportDeadlineSeconds)`;
    /// - {HeartbeatOracleWrongConfiguration} unless the report names the set that signs this epoch (0: there is none);
    /// - {HeartbeatOracleWrongThreshold} unless the counters were counted by the current τ;
    /// - {HeartbeatOracleInvalidCounters} unless surviving ≤ scored ≤ leafCount;
    /// - {HeartbeatOracleEmptyRoot} when there are leaves and the root is zero;
    /// - {HeartbeatOracleUnknownSeat} when the bitmap names a seat that the set does not have;
    /// - {HeartbeatOracleVacantSeat} when it names a seat whose operator is suspended;
    /// - {HeartbeatOracleQuorumNotReached} when it names fewer seats than the set's quorum;
    /// - {HeartbeatOracleInvalidSignatureLength} unless there are 64 bytes for each seat;
    /// - {HeartbeatOracleInvalidSignature} at the first seat that did not sign the report.
    /// @param signers Bitmap of the seats that signed, seat 0 in the lowest bit.
    /// @param signatures 64 bytes (EIP-2098) for each set bit, in ascending seat order.
    /// @return index The report's place in the sequence of accepted reports.
    function submit(
        Report calldata report,
        uint256 signers,
        bytes calldata signatures
    ) external returns (ReportIndex index);

    /// @notice Accepts the report of an epoch by one signature of several operators. Anyone may submit.
    /// @dev Emits {ReportAccepted}. Reverts as {submit}, but with {HeartbeatOracleInvalidAggregate} for every signature that is none of
    /// exactly the seats in `signature.signers`.
    function submitAggregate(Report calldata report, Aggregate calldata signature) external returns (ReportIndex index);

    /// @notice Schedules the operator set that signs from `fromEpoch` on, by the delegates and keys that its operators have now; it replaces
    /// one that is scheduled and not active. The next epoch's set is only replaced by a set for that epoch: one for later follows it.
    /// @dev Restricted. Emits {OperatorSetScheduled}. Reverts with
    /// - {HeartbeatOracleInvalidSet} outside of `MIN_OPERATORS` to `MAX_OPERATORS` operators;
    /// - {HeartbeatOracleOperatorsNotAscending} unless addresses ascend strictly, from above zero;
    /// - {HeartbeatOracleSuspended} when one of them was suspended, and not reinstated since;
    /// - {HeartbeatOracleInvalidActivation} unless `fromEpoch` lies after the running epoch;
    /// - {HeartbeatOracleDelegateSeated} when two of them have one delegate;
    /// - {HeartbeatOracleAnchorNotLive} unless `anchor` is live.
    /// @param operators Distinct, ascending addresses; their position is their seat.
    /// @param anchor The human who answers for the set.
    function scheduleOperatorSet(address[] calldata operators, uint32 fromEpoch, address anchor) external;

    /// @notice Takes the seat of an operator whose delegate signed two reports for an epoch: from the next epoch on it signs nothing, in the set that is
    /// active then and in one that is scheduled for later, where it has a seat. The quorum stays. No set seats it before it is reinstated. Anyone may call, with
    /// both reports.
    /// @dev Emits {OperatorSuspended}, and {OperatorSetScheduled} for each set that takes the place of another. Reverts with
    /// - {HeartbeatOracleNoContradiction} unless the reports are two, of one epoch and one set;
    /// - {HeartbeatOracleEvidenceOutOfTime} unless that epoch is the running one or one of the eight before it;
    /// - {HeartbeatOracleWrongConfiguration} unless that set signs for the epoch;
    /// - {HeartbeatOracleUnknownSeat} when their set has no such seat;
    /// - {HeartbeatOracleVacantSeat} when that seat is vacant: a signature has no effect there;
    /// - {HeartbeatOracleInvalidSignatureLength} unless each signature has 64 bytes;
    /// - {HeartbeatOracleInvalidSignature} unless who sits there signed both;
    /// - {HeartbeatOracleSuspendedAlready} when it was suspended, or reinstated, while their set, or a later one, was the newest.
    /// @param signature Its signature of `report`, 64 bytes (EIP-2098).
    function suspend(
        Report calldata report,
        Report calldata other,
        uint8 seat,
        bytes calldata signature,
        bytes calldata otherSignature
    ) external;

    /// @notice Puts the delegate and the key that an operator has now into its seat: from the next epoch on, in the set that is active then and in
    /// one that is scheduled for later. All else stays. Where the set signs one by one only, the delegate alone is taken. Anyone may call.
    /// @dev Emits {OperatorRotated}, and {OperatorSetScheduled} for each set that takes the place of another. Reverts with
    /// - {HeartbeatOracleSuspended} when it was suspended, and not reinstated since;
    /// - {HeartbeatOracleNotSeated} when it has no seat from the next epoch on, or a vacant one;
    /// - {HeartbeatOracleDelegateSeated} when its delegate signs for another seat;
    /// - {HeartbeatOracleSeatUnchanged} when its seats have both already.
    function rotate(address operator) external;

    /// @notice Lets sets seat an operator again that was suspended; what it signed before is no evidence any more. It gets no seat by it.
    /// @dev Restricted. Emits {OperatorReinstated}. Reverts with
    /// - {HeartbeatOracleNotSuspended} unless it was suspended, and not reinstated since;
    /// - {HeartbeatOracleAnchorNotLive} unless `anchor` is live.
    /// @param anchor The human who answers for it.
    function reinstate(address operator, address anchor) external;

    /// @notice Whether the operator was suspended, and not reinstated since.
    function isSuspended(address operator) external view returns (bool);

    /// @notice For {TRIP_SECONDS} people manage what rests on reports; a trip within a trip lasts anew. Restricted (`BREAKER_ROLE`).
    function trip(bytes32 cause, address by) external;

    /// @notice Ends a trip. Restricted (`BREAKER_ROLE`).
    function reset(bytes32 cause, address by) external;

    /// @notice Index and time of the latest accepted report; (0, genesis) before the first one. `managedUntil` is the first second in
    /// which what rests on reports may move by itself: the end of the last trip, 0 where there was none; the largest time while
    /// the oracle is stale, as nobody knows when it will report again.
    function latest() external view returns (ReportIndex index, Timestamp acceptedAt, Timestamp managedUntil);

    /// @notice First second in which no trip lasts any more; 0 where none ever did.
    function trippedUntil() external view returns (uint48);

    /// @notice Reverts unless `leaf` stands in the accepted report that `header` describes; returns index and time of {latest} as well, so
    /// that a lease decision takes one call.
    /// @dev Reverts with
    /// - {HeartbeatOracleUnknownReport} unless the header is the one kept for its index, which is so for the latest
    ///   `RING_LENGTH` reports;
    /// - {HeartbeatOracleInvalidProof} when the proof does not lead to the root, or has a length that no leaf of a tree
    ///   of this size has.
    /// @param proof Sibling hashes from the leaf to the root, pairs sorted (OpenZeppelin's `StandardMerkleTree`).
    function verifyLeaf(
        ReportHeader calldata header,
        Leaf calldata leaf,
        bytes32[] calldata proof
    ) external view returns (ReportIndex index, Timestamp acceptedAt);

    /// @notice Reverts unless each of `leaves` stands in the accepted report that `header` describes; returns {latest} as well.
    /// @dev Siblings that leaves share, or are to each other, are neither sent nor hashed twice. Reverts with
    /// - {HeartbeatOracleUnknownReport} as {verifyLeaf} does;
    /// - {HeartbeatOracleInvalidMultiProof} when there is no leaf, when there are more than the report has, when the lengths do not
    ///   fit together, or when the proof does not lead to the root.
    /// @param leaves In the order of the tree, which is that of their project ids.
    /// @param proof Sibling hashes in the order of OpenZeppelin's `getMultiProof`.
    /// @param flags Its flags, a bit for each: flag `i` is bit `i % 256` of word `i / 256`; other bits are 0.
    function verifyLeaves(
        ReportHeader calldata header,
        Leaf[] calldata leaves,
        bytes32[] calldata proof,
        uint256[] calldata flags
    ) external view returns (ReportIndex index, Timestamp acceptedAt);

    /// @notice Where the set's keys come from: {scheduleOperatorSet} keeps those of its time.
    function operatorKeys() external view returns (IOperatorKeys);

    /// @notice τ by which the next report will be judged, 1e18 = 1.
    function threshold() external view returns (uint64);

    /// @notice Whether a report was accepted, less than two epochs ago, and may have its effect.
    function freshness() external view returns (Freshness);

    /// @notice The set that signs the report of `epoch`; all zero where there is none.
    function operatorSet(uint32 epoch) external view returns (OperatorSet memory);

    function reportDigest(Report calldata report) external view returns (bytes32);

    /// @notice The epoch of the latest accepted report; 0 before the first one.
    function lastEpoch() external view returns (uint32);

    function genesis() external view returns (Timestamp);

    function epochSeconds() external view returns (uint32);

    function reportDeadlineSeconds() external view returns (uint32);

    /// @notice The epoch that is running at `time`; 0 before genesis.
    function epochAt(Timestamp time) external view returns (uint32);
}
