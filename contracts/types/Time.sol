// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev A point in time: seconds since the Unix epoch, on the clock of the chain.
type Timestamp is uint48;

/// @dev A position in the oracle's sequence of accepted reports, counted from 1; 0 is "before the first report".
/// A distinct type, so that a lease counted in reports can never be compared with the wall clock.
type ReportIndex is uint32;

using {timestampLess as <, timestampLessOrEqual as <=, timestampEqual as ==} for Timestamp global;
using {reportLess as <, reportLessOrEqual as <=, reportEqual as ==} for ReportIndex global;
using {after_} for Timestamp global;
using {plus} for ReportIndex global;

function timestampLess(Timestamp a, Timestamp b) pure returns (bool) {
    return Timestamp.unwrap(a) < Timestamp.unwrap(b);
}

function timestampLessOrEqual(Timestamp a, Timestamp b) pure returns (bool) {
    return Timestamp.unwrap(a) <= Timestamp.unwrap(b);
}

function timestampEqual(Timestamp a, Timestamp b) pure returns (bool) {
    return Timestamp.unwrap(a) == Timestamp.unwrap(b);
}

function reportLess(ReportIndex a, ReportIndex b) pure returns (bool) {
    return ReportIndex.unwrap(a) < ReportIndex.unwrap(b);
}

function reportLessOrEqual(ReportIndex a, ReportIndex b) pure returns (bool) {
    return ReportIndex.unwrap(a) <= ReportIndex.unwrap(b);
}

function reportEqual(ReportIndex a, ReportIndex b) pure returns (bool) {
    return ReportIndex.unwrap(a) == ReportIndex.unwrap(b);
}

/// @dev The instant `durationSeconds` after `start`. Reverts on overflow of 48 bits (in nine million years).
function after_(Timestamp start, uint32 durationSeconds) pure returns (Timestamp) {
    return Timestamp.wrap(Timestamp.unwrap(start) + durationSeconds);
}

/// @dev The report `count` places later. Reverts on overflow of 32 bits.
function plus(ReportIndex index, uint32 count) pure returns (ReportIndex) {
    return ReportIndex.wrap(ReportIndex.unwrap(index) + count);
}

/// @dev The chain's current time.
function currentTime() view returns (Timestamp) {
    return Timestamp.wrap(uint48(block.timestamp)); // safe: 48 bits of seconds last nine million years
}
