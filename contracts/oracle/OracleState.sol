// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev What each report reads and writes, in one word, so that it is loaded and stored once:
/// `… | trippedUntil 40 | newestConfiguration 32 | acceptedAt 48 | threshold 64 | lastEpoch 32 | latestIndex 32`.
type OracleState is uint256;

using {
    latestIndex,
    lastEpoch,
    threshold,
    acceptedAt,
    newestConfiguration,
    trippedUntil,
    withNewestConfiguration,
    withTrippedUntil
} for OracleState global;

function packState(
    uint32 latestIndex_,
    uint32 lastEpoch_,
    uint64 threshold_,
    uint48 acceptedAt_,
    uint32 newestConfiguration_,
    uint40 trippedUntil_
) pure returns (OracleState) {
    return
        OracleState.wrap(
            uint256(latestIndex_) |
                (uint256(lastEpoch_) << 32) |
                (uint256(threshold_) << 64) |
                (uint256(acceptedAt_) << 128) |
                (uint256(newestConfiguration_) << 176) |
                (uint256(trippedUntil_) << 208)
        );
}

// safe: each cast below takes its own field out of the word

function latestIndex(OracleState state) pure returns (uint32) {
    return uint32(OracleState.unwrap(state));
}

function lastEpoch(OracleState state) pure returns (uint32) {
    return uint32(OracleState.unwrap(state) >> 32);
}

function threshold(OracleState state) pure returns (uint64) {
    return uint64(OracleState.unwrap(state) >> 64);
}

function acceptedAt(OracleState state) pure returns (uint48) {
    return uint48(OracleState.unwrap(state) >> 128);
}

function newestConfiguration(OracleState state) pure returns (uint32) {
    return uint32(OracleState.unwrap(state) >> 176);
}

/// @dev First second in which no trip lasts any more; 0 where none ever did.
function trippedUntil(OracleState state) pure returns (uint40) {
    return uint40(OracleState.unwrap(state) >> 208);
}

function withNewestConfiguration(OracleState state, uint32 newest) pure returns (OracleState) {
    uint256 others = OracleState.unwrap(state) & ~(uint256(type(uint32).max) << 176);
    return OracleState.wrap(others | (uint256(newest) << 176));
}

function withTrippedUntil(OracleState state, uint40 until) pure returns (OracleState) {
    uint256 others = OracleState.unwrap(state) & ~(uint256(type(uint40).max) << 208);
    return OracleState.wrap(others | (uint256(until) << 208));
}
