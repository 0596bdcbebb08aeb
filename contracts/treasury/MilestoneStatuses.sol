// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBudgetLedger} from "./IBudgetLedger.sol";

/// @dev Statuses of up to 32 milestones, two bits each: 0 Pending, 1 Proved, 2 Paid, 3 Reclaimed.
type MilestoneStatuses is uint64;

using {statusOf, isPending, withStatus, reclaimed, isSettled} for MilestoneStatuses global;

/// @dev `milestone` must be below the number of milestones.
function statusOf(MilestoneStatuses self, uint256 milestone) pure returns (IBudgetLedger.MilestoneStatus) {
    // safe: two bits, plus one, are Pending to Reclaimed.
    return IBudgetLedger.MilestoneStatus(((MilestoneStatuses.unwrap(self) >> (2 * milestone)) & 3) + 1);
}

/// @dev Cheaper than to decode it.
function isPending(MilestoneStatuses self, uint256 milestone) pure returns (bool) {
    return (MilestoneStatuses.unwrap(self) >> (2 * milestone)) & 3 == 0;
}

/// @dev `status` is not None.
function withStatus(
    MilestoneStatuses self,
    uint256 milestone,
    IBudgetLedger.MilestoneStatus status
) pure returns (MilestoneStatuses) {
    uint256 shift = 2 * milestone;
    uint256 cleared = MilestoneStatuses.unwrap(self) & ~(uint256(3) << shift);
    // safe: milestone < 32, so every bit stays within 64.
    return MilestoneStatuses.wrap(uint64(cleared | ((uint256(status) - 1) << shift)));
}

/// @dev With each of the first `count` that is Pending (no bit) Reclaimed (both bits), and all others as they are.
function reclaimed(MilestoneStatuses self, uint256 count) pure returns (MilestoneStatuses) {
    uint256 statuses = MilestoneStatuses.unwrap(self);
    uint256 lower = 0x5555555555555555 & ((uint256(1) << (2 * count)) - 1);
    uint256 pending = ~(statuses | (statuses >> 1)) & lower;
    return MilestoneStatuses.wrap(uint64(statuses | (3 * pending))); // safe: the mask has 64 bits
}

/// @dev Whether each of the first `count` milestones is Paid or Reclaimed: those have the upper one of their two bits.
function isSettled(MilestoneStatuses self, uint256 count) pure returns (bool) {
    uint256 upper = 0xaaaaaaaaaaaaaaaa & ((uint256(1) << (2 * count)) - 1);
    return MilestoneStatuses.unwrap(self) & upper == upper;
}
