// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {Actions} from "./Actions.sol";
import {IAuthority} from "./IAuthority.sol";

/// @title Tasks, and until when their anchors live
/// @dev A task ends no later than its anchor lives, so that an anchor's lapse needs neither a read nor a transaction. Only an
/// anchor's removal ends tasks before their deadline: it walks the anchor's open tasks, which are bounded.
abstract contract Tasks is Actions {
    struct StoredTask {
        TaskStatus status; // None, Open, Completed or Failed; Expired is derived
        address anchor;
        uint48 deadline;
        uint8 position; // in the anchor's list, while open
        bytes32 purpose;
    }

    uint256 internal constant MAX_OPEN_TASKS = 64;

    mapping(uint32 task => StoredTask) internal _tasks;
    mapping(address anchor => uint48) private _liveUntil;
    mapping(address anchor => uint32[]) private _open;
    uint32 private _lastTask;

    /// @inheritdoc IAuthority
    function openTask(bytes32 purpose, uint48 deadline) external returns (uint32 task) {
        address anchor = _msgSender();
        uint48 nowTime = Time.timestamp();
        uint48 liveUntil = _liveUntil[anchor];
        if (liveUntil <= nowTime) revert AuthorityAnchorNotLive(anchor, liveUntil);
        if (deadline <= nowTime || deadline > liveUntil) {
            revert AuthorityInvalidDeadline(deadline, nowTime + 1, liveUntil);
        }
        uint32[] storage open = _open[anchor];
        if (open.length == MAX_OPEN_TASKS) {
            _dropExpired(open, nowTime);
            if (open.length == MAX_OPEN_TASKS) revert AuthorityTooManyOpenTasks(anchor, MAX_OPEN_TASKS);
        }
        task = ++_lastTask;
        _tasks[task] = StoredTask({
            status: TaskStatus.Open,
            anchor: anchor,
            deadline: deadline,
            position: uint8(open.length), // safe: below MAX_OPEN_TASKS
            purpose: purpose
        });
        open.push(task);
        _record(
            TaskOpened.selector,
            bytes32(uint256(task)),
            _word(anchor),
            abi.encode(deadline, purpose, purpose, anchor)
        );
    }

    /// @inheritdoc IAuthority
    function completeTask(uint32 task) external {
        StoredTask storage stored = _openTaskOf(task, _msgSender());
        _endTask(task, stored, TaskStatus.Completed, stored.purpose);
    }

    /// @inheritdoc IAuthority
    function failTask(uint32 task, bytes32 reason) external {
        _endTask(task, _openTaskOf(task, _msgSender()), TaskStatus.Failed, reason);
    }

    /// @inheritdoc IAuthority
    function setAnchorLiveness(address anchor, uint48 liveUntil) external onlyAuthorized {
        bytes32 cause = _callId();
        uint48 previous = _liveUntil[anchor];
        _liveUntil[anchor] = liveUntil;
        _record(AnchorLivenessSet.selector, _word(anchor), abi.encode(liveUntil, cause));
        if (liveUntil >= previous) return;
        // Open tasks were bounded by the life that has just been cut short.
        uint32[] storage open = _open[anchor];
        _dropExpired(open, Time.timestamp());
        for (uint256 left = open.length; left > 0; --left) {
            uint32 task = open[left - 1];
            _endTask(task, _tasks[task], TaskStatus.Failed, cause);
        }
    }

    /// @inheritdoc IAuthority
    function getTask(uint32 task) external view returns (Task memory) {
        StoredTask storage stored = _tasks[task];
        return
            Task({
                status: _statusOf(task),
                anchor: stored.anchor,
                deadline: stored.deadline,
                opener: stored.anchor,
                purpose: stored.purpose
            });
    }

    /// @inheritdoc IAuthority
    function openTasksOf(address anchor) external view returns (uint32[] memory tasks) {
        uint32[] storage open = _open[anchor];
        tasks = new uint32[](open.length);
        uint256 count = 0;
        for (uint256 i = 0; i < open.length; ++i) {
            if (_statusOf(open[i]) == TaskStatus.Open) tasks[count++] = open[i];
        }
        assembly ("memory-safe") {
            mstore(tasks, count) // shortens the list: expired tasks are not open
        }
    }

    /// @inheritdoc IAuthority
    function anchorLiveUntil(address anchor) external view returns (uint48) {
        return _liveUntil[anchor];
    }

    function _statusOf(uint32 task) internal view returns (TaskStatus) {
        StoredTask storage stored = _tasks[task];
        TaskStatus status = stored.status;
        return status == TaskStatus.Open && stored.deadline <= Time.timestamp() ? TaskStatus.Expired : status;
    }

    function _requireOpen(uint32 task) internal view {
        TaskStatus status = _statusOf(task);
        if (status != TaskStatus.Open) revert AuthorityUnexpectedTaskStatus(task, status, TaskStatus.Open);
    }

    function _openTaskOf(uint32 task, address caller) private view returns (StoredTask storage stored) {
        _requireOpen(task);
        stored = _tasks[task];
        if (stored.anchor != caller) revert AuthorityNotTaskAnchor(task, caller, stored.anchor);
    }

    function _endTask(uint32 task, StoredTask storage stored, TaskStatus status, bytes32 cause) private {
        address anchor = stored.anchor;
        _unlist(_open[anchor], stored.position);
        stored.status = status;
        stored.deadline = Time.timestamp();
        _record(TaskEnded.selector, bytes32(uint256(task)), abi.encode(status, cause, anchor));
    }

    /// @dev Expired tasks leave the list when room is needed, without an event: their deadline was announced at opening.
    function _dropExpired(uint32[] storage open, uint48 nowTime) private {
        for (uint256 left = open.length; left > 0; --left) {
            if (_tasks[open[left - 1]].deadline <= nowTime) _unlist(open, left - 1);
        }
    }

    /// @dev The last task of the list takes the place that becomes free.
    function _unlist(uint32[] storage open, uint256 position) private {
        uint32 last = open[open.length - 1];
        open[position] = last;
        _tasks[last].position = uint8(position); // safe: below MAX_OPEN_TASKS
        open.pop();
    }
}
