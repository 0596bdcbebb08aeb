// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAuthority} from "./IAuthority.sol";

/// @dev A grant, in one slot: `notBefore 48 | notAfter 48 | task 32 | uses 16 | flags 8 | cap 48`, from the lowest bit. Uses
/// and cap are those left, so that both are spent by one write.
type GrantState is uint256;

using {
    notBeforeOf,
    notAfterOf,
    taskOf,
    usesOf,
    capOf,
    isCounted,
    isEnded,
    isCapped,
    isUncounted,
    isUsedUp,
    toGrant,
    ended,
    usedOnce,
    charged
} for GrantState global;

uint256 constant NOT_AFTER_SHIFT = 48;
uint256 constant TASK_SHIFT = 96;
uint256 constant USES_SHIFT = 128;
uint256 constant FLAGS_SHIFT = 144;
uint256 constant CAP_SHIFT = 152;
uint256 constant COUNTED = 1 << FLAGS_SHIFT;
uint256 constant ENDED = 2 << FLAGS_SHIFT;
uint256 constant USES = uint256(type(uint16).max) << USES_SHIFT;
uint256 constant CAPPED = 4 << FLAGS_SHIFT;

/// @dev `uses` and `cap` of 0 are "not counted" and "no cap".
function givenGrant(uint48 notBefore, uint48 notAfter, uint32 task, uint16 uses, uint48 cap) pure returns (GrantState) {
    return
        GrantState.wrap(
            uint256(notBefore) |
                (uint256(notAfter) << NOT_AFTER_SHIFT) |
                (uint256(task) << TASK_SHIFT) |
                (uint256(uses) << USES_SHIFT) |
                (uses == 0 ? 0 : COUNTED) |
                (cap == 0 ? 0 : CAPPED) |
                (uint256(cap) << CAP_SHIFT)
        );
}

// safe, here and below: each cast keeps exactly the bits of its field
function notBeforeOf(GrantState self) pure returns (uint48) {
    return uint48(GrantState.unwrap(self));
}

/// @dev 0 where no grant was ever given.
function notAfterOf(GrantState self) pure returns (uint48) {
    return uint48(GrantState.unwrap(self) >> NOT_AFTER_SHIFT);
}

function taskOf(GrantState self) pure returns (uint32) {
    return uint32(GrantState.unwrap(self) >> TASK_SHIFT);
}

function usesOf(GrantState self) pure returns (uint16) {
    return uint16(GrantState.unwrap(self) >> USES_SHIFT);
}

function capOf(GrantState self) pure returns (uint48) {
    return uint48(GrantState.unwrap(self) >> CAP_SHIFT);
}

function isCounted(GrantState self) pure returns (bool) {
    return GrantState.unwrap(self) & COUNTED != 0;
}

function isEnded(GrantState self) pure returns (bool) {
    return GrantState.unwrap(self) & ENDED != 0;
}

function isCapped(GrantState self) pure returns (bool) {
    return GrantState.unwrap(self) & CAPPED != 0;
}

/// @dev Neither counted nor capped: a call changes nothing of it.
function isUncounted(GrantState self) pure returns (bool) {
    return GrantState.unwrap(self) & (COUNTED | CAPPED) == 0;
}

/// @dev Counted, and no use left: of flag and uses only the flag is set.
function isUsedUp(GrantState self) pure returns (bool) {
    return GrantState.unwrap(self) & (COUNTED | USES) == COUNTED;
}

function toGrant(GrantState self) pure returns (IAuthority.Grant memory grant) {
    grant.notBefore = notBeforeOf(self);
    grant.notAfter = notAfterOf(self);
    grant.task = taskOf(self);
    grant.uses = usesOf(self);
    grant.flags = uint8(GrantState.unwrap(self) >> FLAGS_SHIFT);
    grant.cap = capOf(self);
}

/// @dev Ended early, at `time`.
function ended(GrantState self, uint48 time) pure returns (GrantState) {
    uint256 others = GrantState.unwrap(self) & ~(uint256(type(uint48).max) << NOT_AFTER_SHIFT);
    return GrantState.wrap(others | (uint256(time) << NOT_AFTER_SHIFT) | ENDED);
}

/// @dev One use less where they are counted; there must be one left.
function usedOnce(GrantState self) pure returns (GrantState) {
    if (!isCounted(self)) return self;
    unchecked {
        return GrantState.wrap(GrantState.unwrap(self) - (1 << USES_SHIFT)); // safe: one is left
    }
}

/// @dev `impact` less of the cap where there is one, in which it must fit.
function charged(GrantState self, uint256 impact) pure returns (GrantState) {
    if (!isCapped(self)) return self;
    unchecked {
        return GrantState.wrap(GrantState.unwrap(self) - (impact << CAP_SHIFT)); // safe: it fits
    }
}
