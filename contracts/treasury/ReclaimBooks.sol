// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RoundedAmount} from "../libraries/RoundedAmount.sol";

/// @dev What a reclaim reads and writes of its asset, in one slot that no payment touches:
/// `uncommitted 112 | remaining 58 | windowEnd 34 | resetAt 34 | trips 18`, from the lowest bit.
///
/// `uncommitted` is what lies in pools and waits as claims, so that what is committed is `credited - uncommitted` and no payment
/// has to count it. `remaining` may still be reclaimed until `windowEnd`. `trips` counts trips of the asset, modulo 2^18.
type ReclaimBooks is uint256;

using {
    uncommittedOf,
    remainingOf,
    windowEndOf,
    resetAtOf,
    tripsOf,
    withUncommitted,
    withRemaining,
    withReclaimWindow,
    withTrip,
    withReset
} for ReclaimBooks global;

uint256 constant UNCOMMITTED_BITS = 112;
uint256 constant REMAINING_SHIFT = UNCOMMITTED_BITS;
uint256 constant WINDOW_END_SHIFT = REMAINING_SHIFT + RoundedAmount.BITS;
uint256 constant RESET_AT_SHIFT = WINDOW_END_SHIFT + 34;
uint256 constant TRIPS_SHIFT = RESET_AT_SHIFT + 34;
uint256 constant TIME_BITS = 34;
uint256 constant TRIPS_BITS = 18;

function uncommittedOf(ReclaimBooks self) pure returns (uint256) {
    return _reclaimField(self, 0, UNCOMMITTED_BITS);
}

function remainingOf(ReclaimBooks self) pure returns (uint256) {
    return RoundedAmount.decode(_reclaimField(self, REMAINING_SHIFT, RoundedAmount.BITS));
}

function windowEndOf(ReclaimBooks self) pure returns (uint256) {
    return _reclaimField(self, WINDOW_END_SHIFT, TIME_BITS);
}

/// @dev When anchors last reset the asset; 0 where they never did.
function resetAtOf(ReclaimBooks self) pure returns (uint256) {
    return _reclaimField(self, RESET_AT_SHIFT, TIME_BITS);
}

function tripsOf(ReclaimBooks self) pure returns (uint256) {
    return _reclaimField(self, TRIPS_SHIFT, TRIPS_BITS);
}

/// @dev `uncommitted` is below 2^112.
function withUncommitted(ReclaimBooks self, uint256 uncommitted) pure returns (ReclaimBooks) {
    return _withReclaimField(self, 0, UNCOMMITTED_BITS, uncommitted);
}

function withRemaining(ReclaimBooks self, uint256 remaining) pure returns (ReclaimBooks) {
    return _withReclaimField(self, REMAINING_SHIFT, RoundedAmount.BITS, RoundedAmount.encode(remaining));
}

function withReclaimWindow(ReclaimBooks self, uint256 remaining, uint256 windowEnd) pure returns (ReclaimBooks) {
    return _withReclaimField(withRemaining(self, remaining), WINDOW_END_SHIFT, TIME_BITS, windowEnd);
}

function withTrip(ReclaimBooks self) pure returns (ReclaimBooks) {
    return _withReclaimField(self, TRIPS_SHIFT, TRIPS_BITS, (tripsOf(self) + 1) & ((uint256(1) << TRIPS_BITS) - 1));
}

/// @dev The next reclaim takes its limit anew.
function withReset(ReclaimBooks self, uint256 now_) pure returns (ReclaimBooks) {
    return _withReclaimField(withReclaimWindow(self, 0, 0), RESET_AT_SHIFT, TIME_BITS, now_);
}

function _reclaimField(ReclaimBooks self, uint256 shift, uint256 bits) pure returns (uint256) {
    return (ReclaimBooks.unwrap(self) >> shift) & ((uint256(1) << bits) - 1);
}

/// @dev `value` fits its field.
function _withReclaimField(ReclaimBooks self, uint256 shift, uint256 bits, uint256 value) pure returns (ReclaimBooks) {
    uint256 others = ReclaimBooks.unwrap(self) & ~(((uint256(1) << bits) - 1) << shift);
    return ReclaimBooks.wrap(others | (value << shift));
}
