// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAuthorityLimits} from "./IAuthorityLimits.sol";

/// @dev A team's limits and what it used of them, in one slot:
/// `maxImpact 48 | scopes 32 | minReversibility 8 | window 24 | used 3 × 48`, from the lowest bit. `window` is the half-day in
/// which the team was charged last; `used` is what it was charged in it and in the two before, the latest lowest.
///
/// Any 24 hours touch at most three half-days. As the three together never exceed the limit, no 24 hours do; and after
/// 36 hours at most an impact counts no more.
type TeamState is uint256;

using {
    maxImpactOf,
    scopesOf,
    minReversibilityOf,
    hasScope,
    usedImpact,
    usedByHalfDay,
    toLimits,
    withLimits,
    rolledTo,
    charged
} for TeamState global;

uint256 constant WINDOW_SECONDS = 12 hours;
uint256 constant SCOPES_SHIFT = 48;
uint256 constant REVERSIBILITY_SHIFT = 80;
uint256 constant WINDOW_SHIFT = 88;
uint256 constant USED_SHIFT = 112;
uint256 constant USED_BITS = 48;

// safe, here and below: each cast keeps exactly the bits of its field
function maxImpactOf(TeamState self) pure returns (uint48) {
    return uint48(TeamState.unwrap(self));
}

function scopesOf(TeamState self) pure returns (uint32) {
    return uint32(TeamState.unwrap(self) >> SCOPES_SHIFT);
}

function minReversibilityOf(TeamState self) pure returns (uint8) {
    return uint8(TeamState.unwrap(self) >> REVERSIBILITY_SHIFT);
}

/// @dev No number above 31 is in a set of 32.
function hasScope(TeamState self, uint8 scope) pure returns (bool) {
    return (uint256(scopesOf(self)) >> scope) & 1 != 0;
}

/// @dev In the stored half-day and the two before it; of a state rolled to now, in the last 24 hours at least.
function usedImpact(TeamState self) pure returns (uint256) {
    uint256 used = usedByHalfDay(self);
    unchecked {
        return uint256(uint48(used)) + uint48(used >> USED_BITS) + (used >> (2 * USED_BITS)); // safe: 48 bits each
    }
}

function usedByHalfDay(TeamState self) pure returns (uint256) {
    return TeamState.unwrap(self) >> USED_SHIFT;
}

function toLimits(TeamState self) pure returns (IAuthorityLimits.Limits memory limits) {
    limits.maxImpact = maxImpactOf(self);
    limits.scopes = scopesOf(self);
    limits.minReversibility = minReversibilityOf(self);
}

function withLimits(TeamState self, IAuthorityLimits.Limits memory limits) pure returns (TeamState) {
    uint256 used = (TeamState.unwrap(self) >> WINDOW_SHIFT) << WINDOW_SHIFT;
    return
        TeamState.wrap(
            used |
                uint256(limits.maxImpact) |
                (uint256(limits.scopes) << SCOPES_SHIFT) |
                (uint256(limits.minReversibility) << REVERSIBILITY_SHIFT)
        );
}

/// @dev The same at `time` (seconds), which is not before the last charge: what is older than two half-days before falls out.
function rolledTo(TeamState self, uint256 time) pure returns (TeamState) {
    unchecked {
        uint256 window = time / WINDOW_SECONDS; // safe: 24 bits of half-days last 22,000 years
        uint256 used = TeamState.unwrap(self) >> USED_SHIFT;
        used <<= USED_BITS * (window - uint24(TeamState.unwrap(self) >> WINDOW_SHIFT)); // safe: never above 256 · 2^24
        uint256 limits = TeamState.unwrap(self) & ((1 << WINDOW_SHIFT) - 1);
        return TeamState.wrap(limits | (window << WINDOW_SHIFT) | (used << USED_SHIFT));
    }
}

/// @dev `self` is rolled to now, and all its impact with this one within its limit, so that no field overflows.
function charged(TeamState self, uint256 impact) pure returns (TeamState) {
    unchecked {
        return TeamState.wrap(TeamState.unwrap(self) + (impact << USED_SHIFT)); // safe: the lowest field stays in 48 bits
    }
}
