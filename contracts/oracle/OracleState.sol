// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev What each report reads and writes, in one word, so that it is loaded and stored once:
/// `leafCount 32 | trippedUntil 40 | newestConfiguration 32 | acceptedAfter 28 | threshold 60 | lastEpoch 32 | latestIndex 32`.
/// Nothing in it can grow too long: τ is at most 1e18, which has 60 bits, and `acceptedAfter`, the seconds from the end of the last
/// epoch, or from genesis before the first report, to the report's acceptance, lies below the deadline, which is shorter than the longest
/// epoch, 25 bits of seconds.
type OracleState is uint256;

using {
    latestIndex,
    lastEpoch,
    threshold,
    acceptedAfter,
    newestConfiguration,
    trippedUntil,
    leafCount,
    afterReport,
    withNewestConfiguration,
    withTrippedUntil
} for OracleState global;

uint256 constant THRESHOLD_MASK = (1 << 60) - 1;
uint256 constant ACCEPTED_AFTER_MASK = (1 << 28) - 1;

/// @dev Before the first report. `threshold_` is below 2^60.
function initialState(uint64 threshold_) pure returns (OracleState) {
    return OracleState.wrap(uint256(threshold_) << 64);
}

// safe: each cast below takes its own field out of the word

function latestIndex(OracleState state) pure returns (uint32) {
    return uint32(OracleState.unwrap(state));
}

function lastEpoch(OracleState state) pure returns (uint32) {
    return uint32(OracleState.unwrap(state) >> 32);
}

function threshold(OracleState state) pure returns (uint64) {
    return uint64((OracleState.unwrap(state) >> 64) & THRESHOLD_MASK);
}

/// @dev Seconds from the end of `lastEpoch` to the acceptance of its report; 0 before the first one.
function acceptedAfter(OracleState state) pure returns (uint256) {
    return (OracleState.unwrap(state) >> 124) & ACCEPTED_AFTER_MASK;
}

function newestConfiguration(OracleState state) pure returns (uint32) {
    return uint32(OracleState.unwrap(state) >> 152);
}

/// @dev First second in which no trip lasts any more; 0 where none ever did.
function trippedUntil(OracleState state) pure returns (uint40) {
    return uint40(OracleState.unwrap(state) >> 184);
}

/// @dev Of the latest report; 0 before the first one.
function leafCount(OracleState state) pure returns (uint32) {
    return uint32(OracleState.unwrap(state) >> 224);
}

/// @dev After the report `index`, of `epoch`: what no report changes stays.
/// @param threshold_ Below 2^60, `acceptedAfter_` below 2^28, the others below 2^32: nothing is cut off here.
function afterReport(
    OracleState state,
    uint256 index,
    uint256 epoch,
    uint256 threshold_,
    uint256 acceptedAfter_,
    uint256 leaves
) pure returns (OracleState) {
    uint256 kept = (uint256(type(uint32).max) << 152) | (uint256(type(uint40).max) << 184);
    return
        OracleState.wrap(
            (OracleState.unwrap(state) & kept) |
                index |
                (epoch << 32) |
                (threshold_ << 64) |
                (acceptedAfter_ << 124) |
                (leaves << 224)
        );
}

function withNewestConfiguration(OracleState state, uint32 newest) pure returns (OracleState) {
    uint256 others = OracleState.unwrap(state) & ~(uint256(type(uint32).max) << 152);
    return OracleState.wrap(others | (uint256(newest) << 152));
}

function withTrippedUntil(OracleState state, uint40 until) pure returns (OracleState) {
    uint256 others = OracleState.unwrap(state) & ~(uint256(type(uint40).max) << 184);
    return OracleState.wrap(others | (uint256(until) << 184));
}
