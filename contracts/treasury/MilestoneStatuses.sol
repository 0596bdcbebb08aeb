// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBudgetLedger} from "./IBudgetLedger.sol";

/// @dev Statuses of up to 32 milestones, two bits each: 0 Pending, 1 Proved, 2 Paid, 3 Reclaimed.
type MilestoneStatuses is uint64;

using {statusOf, withStatus, isSettled} for MilestoneStatuses global;

/// @dev `milestone` must be below the number of milestones.
function statusOf(MilestoneStatuses self, uint256 milestone) pure returns (IBudgetLedger.MilestoneStatus) {
    // safe: two bits, plus one, are Pending to Reclaimed.
    return IBudgetLedger.MilestoneStatus(((MilestoneStatuses.unwrap(self) >> (2 * milestone)) & 3) + 1);
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

/// @dev Whether each of the first `count` milestones is Paid or Reclaimed: those have the upper one of their two bits.
function isSettled(MilestoneStatuses self, uint256 count) pure returns (bool) {
    uint256 upper = 0xaaaaaaaaaaaaaaaa & ((uint256(1) << (2 * count)) - 1);
    return MilestoneStatuses.unwrap(self) & upper == upper;
}
