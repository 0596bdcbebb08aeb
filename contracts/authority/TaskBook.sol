// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {JournalLog} from "../journal/JournalLog.sol";
import {IAuthority} from "./IAuthority.sol";
import {IAuthorityLimits} from "./IAuthorityLimits.sol";
import {opened, TaskState} from "./TaskState.sol";

/// @dev Tasks, and until when their anchors live.
struct Book {
    mapping(uint32 task => TaskState) tasks;
    mapping(uint32 task => bytes32) purposes;
    mapping(address anchor => uint48) liveUntil;
    mapping(address anchor => uint32[]) open;
    uint32 last;
}

/// @title The life of tasks
/// @dev A linked library, because the authority's code has a size limit, and these are not the paths of a check or a grant.
/// It runs as the authority: same storage, same caller, same journal.
///
/// A task ends no later than its anchor lives, so that an anchor's lapse needs neither a read nor a transaction. Only an
/// anchor's removal ends tasks before their deadline: it walks the anchor's open tasks, which are bounded.
library TaskBook {
    uint256 internal constant MAX_OPEN_TASKS = 64;

    /// @param anchor The team's, which must be the caller.
    function openTask(
        Book storage book,
        uint16 team,
        address anchor,
        bytes32 purpose,
        uint48 deadline
    ) external returns (uint32 task) {
        uint48 nowTime = _now();
        uint48 liveUntil = book.liveUntil[msg.sender];
        if (liveUntil <= nowTime) revert IAuthority.AuthorityAnchorNotLive(msg.sender, liveUntil);
        if (anchor != msg.sender) revert IAuthorityLimits.AuthorityNotTeamAnchor(team, msg.sender, anchor);
        if (deadline <= nowTime || deadline > liveUntil) {
            revert IAuthority.AuthorityInvalidDeadline(deadline, nowTime + 1, liveUntil);
        }
        uint32[] storage open = book.open[anchor];
        if (open.length == MAX_OPEN_TASKS) {
            _dropExpired(book, open, nowTime);
            if (open.length == MAX_OPEN_TASKS) revert IAuthority.AuthorityTooManyOpenTasks(anchor, MAX_OPEN_TASKS);
        }
        task = ++book.last;
        book.tasks[task] = opened(anchor, deadline, uint8(open.length), team); // safe: below MAX_OPEN_TASKS
        book.purposes[task] = purpose;
        open.push(task);
        JournalLog.record(
            IAuthority.TaskOpened.selector,
            bytes32(uint256(task)),
            bytes32(uint256(uint160(anchor))),
            bytes32(uint256(team)),
            abi.encode(deadline, purpose, purpose, anchor)
        );
    }

    function completeTask(Book storage book, uint32 task) external {
        _endByAnchor(book, task, IAuthority.TaskStatus.Completed, book.purposes[task]);
    }

    function failTask(Book storage book, uint32 task, bytes32 reason) external {
        _endByAnchor(book, task, IAuthority.TaskStatus.Failed, reason);
    }

    function setAnchorLiveness(Book storage book, address anchor, uint48 liveUntil, bytes32 cause) external {
        uint48 previous = book.liveUntil[anchor];
        book.liveUntil[anchor] = liveUntil;
        JournalLog.record(
            IAuthority.AnchorLivenessSet.selector,
            bytes32(uint256(uint160(anchor))),
            abi.encode(liveUntil, cause)
        );
        if (liveUntil >= previous) return;
        // Open tasks were bounded by the life that has just been cut short.
        uint32[] storage open = book.open[anchor];
        _dropExpired(book, open, _now());
        for (uint256 left = open.length; left > 0; --left) {
            _end(book, open[left - 1], IAuthority.TaskStatus.Failed, cause);
        }
    }

    function openTasksOf(Book storage book, address anchor) external view returns (uint32[] memory tasks) {
        uint32[] storage open = book.open[anchor];
        tasks = new uint32[](open.length);
        uint256 count = 0;
        for (uint256 i = 0; i < open.length; ++i) {
            if (book.tasks[open[i]].statusAt(_now()) == IAuthority.TaskStatus.Open) tasks[count++] = open[i];
        }
        assembly ("memory-safe") {
            mstore(tasks, count) // shortens the list: expired tasks are not open
        }
    }

    function _endByAnchor(Book storage book, uint32 task, IAuthority.TaskStatus status, bytes32 cause) private {
        TaskState state = book.tasks[task];
        IAuthority.TaskStatus current = state.statusAt(_now());
        if (current != IAuthority.TaskStatus.Open) {
            revert IAuthority.AuthorityUnexpectedTaskStatus(task, current, IAuthority.TaskStatus.Open);
        }
        if (state.anchorOf() != msg.sender) {
            revert IAuthority.AuthorityNotTaskAnchor(task, msg.sender, state.anchorOf());
        }
        _end(book, task, status, cause);
    }

    function _end(Book storage book, uint32 task, IAuthority.TaskStatus status, bytes32 cause) private {
        TaskState state = book.tasks[task];
        address anchor = state.anchorOf();
        book.tasks[task] = state.ended(status, _now());
        _unlist(book, book.open[anchor], state.positionOf());
        JournalLog.record(IAuthority.TaskEnded.selector, bytes32(uint256(task)), abi.encode(status, cause, anchor));
    }

    /// @dev Expired tasks leave the list when room is needed, without an event: their deadline was announced at opening.
    function _dropExpired(Book storage book, uint32[] storage open, uint48 nowTime) private {
        for (uint256 left = open.length; left > 0; --left) {
            if (book.tasks[open[left - 1]].deadlineOf() <= nowTime) _unlist(book, open, left - 1);
        }
    }

    /// @dev The last task of the list takes the place that becomes free.
    function _unlist(Book storage book, uint32[] storage open, uint256 position) private {
        uint32 last = open[open.length - 1];
        open[position] = last;
        book.tasks[last] = book.tasks[last].withPosition(uint8(position)); // safe: below MAX_OPEN_TASKS
        open.pop();
    }

    function _now() private view returns (uint48) {
        return uint48(block.timestamp); // safe: 48 bits of seconds last nine million years
    }
}
