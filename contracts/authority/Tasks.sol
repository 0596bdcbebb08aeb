// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {IAuthority} from "./IAuthority.sol";
import {Book, TaskBook} from "./TaskBook.sol";
import {TaskState} from "./TaskState.sol";
import {TeamLimits} from "./TeamLimits.sol";

/// @title Tasks, each a team's: what its anchor answers for, and until when
/// @dev What happens to them is in the linked library {TaskBook}.
abstract contract Tasks is TeamLimits {
    Book internal _book;

    /// @inheritdoc IAuthority
    function openTask(uint16 team, bytes32 purpose, uint48 deadline) external returns (uint32 task) {
        return TaskBook.openTask(_book, team, _policy.teams[team].anchor, purpose, deadline);
    }

    /// @inheritdoc IAuthority
    function completeTask(uint32 task) external {
        TaskBook.completeTask(_book, task);
    }

    /// @inheritdoc IAuthority
    function failTask(uint32 task, bytes32 reason) external {
        TaskBook.failTask(_book, task, reason);
    }

    /// @inheritdoc IAuthority
    function setAnchorLiveness(address anchor, uint48 liveUntil) external onlyAuthorized {
        TaskBook.setAnchorLiveness(_book, anchor, liveUntil, _callId());
    }

    /// @inheritdoc IAuthority
    function getTask(uint32 task) external view returns (Task memory) {
        TaskState state = _book.tasks[task];
        address anchor = state.anchorOf();
        return
            Task({
                status: state.statusAt(Time.timestamp()),
                anchor: anchor,
                deadline: state.deadlineOf(),
                opener: anchor,
                purpose: _book.purposes[task],
                team: state.teamOf()
            });
    }

    /// @inheritdoc IAuthority
    function openTasksOf(address anchor) external view returns (uint32[] memory tasks) {
        return TaskBook.openTasksOf(_book, anchor);
    }

    /// @inheritdoc IAuthority
    function anchorLiveUntil(address anchor) external view returns (uint48) {
        return _book.liveUntil[anchor];
    }
}
