// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RoundedAmount} from "../libraries/RoundedAmount.sol";

/// @dev What a payment reads and writes of its asset, in one slot:
/// `credited 112 | allowed 1 | watched 1 | limit 58 | emptyAt 45 | since 34`, from the lowest bit.
///
/// Closed: not watched. Tripped: watched, and `since` in the future: the end of the trip. Half open: watched, and `since` not in
/// the future. Where the asset is not tripped, `since` is when its window opened, and `limit` what may leave in any window.
///
/// The limit is a leaky bucket, kept as the one time at which it will be empty again (GCRA): an outflow moves that time on by its
/// share of the window, and fits while the bucket is not fuller than a window. O(1), however long nothing happened. So the limit may leave
/// at once, and as much again over the 24 hours that follow: any 24 hours see at most twice the limit.
type AssetBooks is uint256;

using {
    creditedOf,
    isAllowed,
    isWatched,
    isTripped,
    limitOf,
    emptyAtOf,
    sinceOf,
    isWindowOver,
    withCredited,
    withAllowed,
    withWindow,
    tripped,
    closed,
    taking
} for AssetBooks global;

/// @dev The largest limit that can be kept, which is none: nothing is counted against it.
uint256 constant UNLIMITED = type(uint112).max - (type(uint112).max % 10 ** 18);

/// @dev Seconds for which a limit, once taken, is not taken anew, and in which a full bucket leaks out.
uint256 constant OUTFLOW_WINDOW = 1 days;

uint256 constant CREDITED_BITS = 112;
uint256 constant ALLOWED_SHIFT = CREDITED_BITS;
uint256 constant WATCHED_SHIFT = 113;
uint256 constant LIMIT_SHIFT = 114;
uint256 constant EMPTY_AT_SHIFT = LIMIT_SHIFT + RoundedAmount.BITS;
uint256 constant EMPTY_AT_BITS = 45;
uint256 constant SINCE_SHIFT = EMPTY_AT_SHIFT + EMPTY_AT_BITS;
uint256 constant SINCE_BITS = 34;

function creditedOf(AssetBooks self) pure returns (uint256) {
    return _field(self, 0, CREDITED_BITS);
}

function isAllowed(AssetBooks self) pure returns (bool) {
    return _field(self, ALLOWED_SHIFT, 1) != 0;
}

/// @dev Tripped or half open: no human has reset it since the last trip.
function isWatched(AssetBooks self) pure returns (bool) {
    return _field(self, WATCHED_SHIFT, 1) != 0;
}

/// @dev `now_`, here and below, in seconds.
function isTripped(AssetBooks self, uint256 now_) pure returns (bool) {
    return isWatched(self) && now_ < sinceOf(self);
}

/// @dev What may leave within a window.
function limitOf(AssetBooks self) pure returns (uint256) {
    return RoundedAmount.decode(_field(self, LIMIT_SHIFT, RoundedAmount.BITS));
}

/// @dev In milliseconds.
function emptyAtOf(AssetBooks self) pure returns (uint256) {
    return _field(self, EMPTY_AT_SHIFT, EMPTY_AT_BITS);
}

function sinceOf(AssetBooks self) pure returns (uint256) {
    return _field(self, SINCE_SHIFT, SINCE_BITS);
}

/// @dev Whether the next outflow takes the limit anew.
function isWindowOver(AssetBooks self, uint256 now_) pure returns (bool) {
    return now_ >= sinceOf(self) + OUTFLOW_WINDOW;
}

/// @dev `credited` is below 2^112.
function withCredited(AssetBooks self, uint256 credited) pure returns (AssetBooks) {
    return _with(self, 0, CREDITED_BITS, credited);
}

function withAllowed(AssetBooks self, bool allowed) pure returns (AssetBooks) {
    return _with(self, ALLOWED_SHIFT, 1, allowed ? 1 : 0);
}

function withWindow(AssetBooks self, uint256 limit, uint256 since) pure returns (AssetBooks) {
    return
        _with(
            _with(self, LIMIT_SHIFT, RoundedAmount.BITS, RoundedAmount.encode(limit)),
            SINCE_SHIFT,
            SINCE_BITS,
            since
        );
}

/// @dev `limit` is what may leave within a window from `until` on, while it is half open.
function tripped(AssetBooks self, uint256 limit, uint256 until) pure returns (AssetBooks) {
    return _with(withWindow(self, limit, until), WATCHED_SHIFT, 1, 1);
}

/// @dev The next outflow takes the limit anew. What left before still counts.
function closed(AssetBooks self) pure returns (AssetBooks) {
    return _with(withWindow(self, 0, 0), WATCHED_SHIFT, 1, 0);
}

/// @dev `self` with `amount`, below 2^112, counted against its limit, where it fits; `credited` stays for the caller to lower.
function taking(AssetBooks self, uint256 amount, uint256 now_) pure returns (bool fits, AssetBooks next) {
    uint256 limit = limitOf(self);
    if (limit == 0) return (false, self);
    if (limit == UNLIMITED) return (true, self);
    unchecked {
        // safe: a time of 44 bits, and an amount of 112 bits by a window of 27
        uint256 nowMs = now_ * 1000;
        uint256 windowMs = OUTFLOW_WINDOW * 1000;
        uint256 start = emptyAtOf(self);
        if (start < nowMs) start = nowMs;
        uint256 emptyAt = start + (amount * windowMs + limit - 1) / limit; // rounded up: against the spender
        if (emptyAt > nowMs + windowMs) return (false, self);
        return (true, _with(self, EMPTY_AT_SHIFT, EMPTY_AT_BITS, emptyAt));
    }
}

function _field(AssetBooks self, uint256 shift, uint256 bits) pure returns (uint256) {
    return (AssetBooks.unwrap(self) >> shift) & ((uint256(1) << bits) - 1);
}

/// @dev `value` fits its field.
function _with(AssetBooks self, uint256 shift, uint256 bits, uint256 value) pure returns (AssetBooks) {
    uint256 others = AssetBooks.unwrap(self) & ~(((uint256(1) << bits) - 1) << shift);
    return AssetBooks.wrap(others | (value << shift));
}
