// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAuthority} from "./IAuthority.sol";

/// @dev A task but for its purpose, in one slot: `status 8 | anchor 160 | deadline 48 | position 8 | team 16`, from the lowest
/// bit. `status` is None, Open, Completed or Failed, Expired is derived; `position` is its place among its anchor's open tasks.
type TaskState is uint256;

using {isStored, statusAt, anchorOf, deadlineOf, positionOf, teamOf, withPosition, ended} for TaskState global;

uint256 constant ANCHOR_SHIFT = 8;
uint256 constant DEADLINE_SHIFT = 168;
uint256 constant POSITION_SHIFT = 216;
uint256 constant TEAM_SHIFT = 224;

function opened(address anchor, uint48 deadline, uint8 position, uint16 team) pure returns (TaskState) {
    return
        TaskState.wrap(
            uint256(IAuthority.TaskStatus.Open) |
                (uint256(uint160(anchor)) << ANCHOR_SHIFT) |
                (uint256(deadline) << DEADLINE_SHIFT) |
                (uint256(position) << POSITION_SHIFT) |
                (uint256(team) << TEAM_SHIFT)
        );
}

/// @dev Whether the stored status is `status`; whoever asks for Open looks at the deadline itself.
function isStored(TaskState self, IAuthority.TaskStatus status) pure returns (bool) {
    return uint8(TaskState.unwrap(self)) == uint8(status);
}

function statusAt(TaskState self, uint48 time) pure returns (IAuthority.TaskStatus status) {
    status = IAuthority.TaskStatus(uint8(TaskState.unwrap(self)));
    if (status == IAuthority.TaskStatus.Open && deadlineOf(self) <= time) return IAuthority.TaskStatus.Expired;
}

// safe, here and below: each cast keeps exactly the bits of its field
function anchorOf(TaskState self) pure returns (address) {
    return address(uint160(TaskState.unwrap(self) >> ANCHOR_SHIFT));
}

function deadlineOf(TaskState self) pure returns (uint48) {
    return uint48(TaskState.unwrap(self) >> DEADLINE_SHIFT);
}

function positionOf(TaskState self) pure returns (uint8) {
    return uint8(TaskState.unwrap(self) >> POSITION_SHIFT);
}

function teamOf(TaskState self) pure returns (uint16) {
    return uint16(TaskState.unwrap(self) >> TEAM_SHIFT);
}

function withPosition(TaskState self, uint8 position) pure returns (TaskState) {
    uint256 others = TaskState.unwrap(self) & ~(uint256(type(uint8).max) << POSITION_SHIFT);
    return TaskState.wrap(others | (uint256(position) << POSITION_SHIFT));
}

/// @dev Over since `time`.
function ended(TaskState self, IAuthority.TaskStatus status, uint48 time) pure returns (TaskState) {
    uint256 replaced = uint256(type(uint8).max) | (uint256(type(uint48).max) << DEADLINE_SHIFT);
    return TaskState.wrap((TaskState.unwrap(self) & ~replaced) | uint256(status) | (uint256(time) << DEADLINE_SHIFT));
}
