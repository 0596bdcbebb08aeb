// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {Roles} from "../types/Roles.sol";
import {IAuthority} from "./IAuthority.sol";
import {JournaledAccessManager} from "./JournaledAccessManager.sol";
import {Tasks} from "./Tasks.sol";

/// @title Just-in-time grants: one function of one target for one account, for a task, for a time, for a number of uses
/// @dev A plain grant answers a target's `canCall` with (true, 0). A counted one answers (false, 1), upon which the target, an
/// unmodified AccessManaged, calls `consumeScheduledOp`, which counts the use; so `schedule` and `execute`, which would read
/// that answer as a delayed permission, refuse such actions.
abstract contract Grants is Tasks {
    uint8 internal constant COUNTED = 1;
    uint8 internal constant ENDED = 2;

    mapping(bytes32 key => Grant) private _grants;

    /// @inheritdoc IAuthority
    function grant(GrantRequest calldata request) external {
        address granter = _msgSender();
        uint48 nowTime = Time.timestamp();

        // Check: the action, its granter, the task, the window
        Action storage action = _actions[request.target][request.selector];
        if (action.role != Roles.GRANT_ROLE) {
            revert AuthorityActionNotGrantable(request.target, request.selector, action.role);
        }
        if (!_mayGrant(action.granterRole, granter)) {
            revert AuthorityNotGranter(request.target, request.selector, granter, action.granterRole);
        }
        StoredTask storage task = _tasks[request.task];
        address anchor = task.anchor;
        uint48 latest = task.deadline; // which is never later than the anchor lives
        if (task.status != TaskStatus.Open || latest <= nowTime) {
            revert AuthorityUnexpectedTaskStatus(request.task, _statusOf(request.task), TaskStatus.Open);
        }
        uint48 start = request.notBefore > nowTime ? request.notBefore : nowTime;
        if (request.notAfter <= start || request.notAfter > latest) {
            uint48 earliest = start == type(uint48).max ? start : start + 1;
            revert AuthorityInvalidDeadline(request.notAfter, earliest, latest);
        }
        bytes32 key = _keyOf(request.grantee, request.target, request.selector);
        Grant storage stored = _grants[key];
        // The same task's grant may be given anew; it then replaces the former.
        if (stored.notAfter != 0 && stored.task != request.task && !_isOver(stored)) {
            revert AuthorityGrantExists(request.grantee, request.target, request.selector, stored.task);
        }

        // Effect
        _grants[key] = Grant({
            notBefore: request.notBefore,
            notAfter: request.notAfter,
            task: request.task,
            uses: request.uses,
            flags: request.uses == 0 ? 0 : COUNTED,
            cap: 0
        });
        _record(
            GrantGiven.selector,
            bytes32(uint256(request.task)),
            _word(request.grantee),
            _word(request.target),
            abi.encode(
                request.selector,
                request.notBefore,
                request.notAfter,
                request.uses,
                granter,
                uint256(request.task),
                anchor
            )
        );
    }

    /// @inheritdoc IAuthority
    function endGrant(address grantee, address target, bytes4 selector) external {
        address caller = _msgSender();
        Grant storage stored = _grants[_keyOf(grantee, target, selector)];
        if (stored.notAfter == 0) revert AuthorityGrantMissing(grantee, target, selector);
        address anchor = _tasks[stored.task].anchor;
        if (caller != grantee && caller != anchor && !_mayGrant(_actions[target][selector].granterRole, caller)) {
            revert AuthorityNotEnder(caller, grantee, stored.task);
        }
        if (_isOver(stored)) revert AuthorityGrantDenied(grantee, target, selector, _grantVerdict(stored));

        stored.notAfter = Time.timestamp();
        stored.flags |= ENDED;
        _record(
            GrantEnded.selector,
            bytes32(uint256(stored.task)),
            _word(grantee),
            _word(target),
            abi.encode(selector, caller, uint256(stored.task), anchor)
        );
    }

    function canCall(
        address caller,
        address target,
        bytes4 selector
    ) public view virtual override(AccessManager, IAccessManager) returns (bool immediate, uint32 delay) {
        Action storage action = _actions[target][selector];
        if (action.role == ADMIN_ROLE || caller == address(this)) return super.canCall(caller, target, selector);
        if (action.closed) return (false, 0);
        if (action.role == Roles.GRANT_ROLE) {
            Grant storage given = _grants[_keyOf(caller, target, selector)];
            if (_grantVerdict(given) != Verdict.Allowed) return (false, 0);
            return given.flags & COUNTED == 0 ? (true, uint32(0)) : (false, uint32(1));
        }
        (bool isMember, uint32 executionDelay) = hasRole(action.role, caller);
        return isMember ? (executionDelay == 0, executionDelay) : (false, 0);
    }

    /// @notice Where the action rests on grants, counts one use of `caller`'s grant; otherwise OpenZeppelin's behaviour.
    /// @dev The sender is the target. Everything is checked again: a target may ask without having asked {canCall}.
    function consumeScheduledOp(
        address caller,
        bytes calldata data
    ) public virtual override(AccessManager, IAccessManager) {
        address target = _msgSender();
        bytes4 selector = _selectorOf(data);
        Action storage action = _actions[target][selector];
        if (action.role != Roles.GRANT_ROLE) {
            super.consumeScheduledOp(caller, data);
            return;
        }
        if (IAccessManaged(target).isConsumingScheduledOp() != IAccessManaged.isConsumingScheduledOp.selector) {
            revert AccessManagerUnauthorizedConsume(target);
        }
        Grant storage stored = _grants[_keyOf(caller, target, selector)];
        Verdict answer = action.closed ? Verdict.TargetClosed : _grantVerdict(stored);
        if (answer != Verdict.Allowed) revert AuthorityGrantDenied(caller, target, selector, answer);
        if (stored.flags & COUNTED == 0) return;

        uint16 usesLeft;
        unchecked {
            usesLeft = stored.uses - 1; // safe: a counted grant without uses is not allowed
        }
        stored.uses = usesLeft;
        if (usesLeft != 0) return;
        uint32 task = stored.task;
        _record(
            GrantUsedUp.selector,
            bytes32(uint256(task)),
            _word(caller),
            _word(target),
            abi.encode(selector, uint256(task), _tasks[task].anchor)
        );
    }

    function schedule(
        address target,
        bytes calldata data,
        uint48 when
    ) public virtual override(JournaledAccessManager, IAccessManager) returns (bytes32 operationId, uint32 nonce) {
        _requireNotByGrant(target, data);
        return super.schedule(target, data, when);
    }

    function execute(
        address target,
        bytes calldata data
    ) public payable virtual override(AccessManager, IAccessManager) returns (uint32) {
        _requireNotByGrant(target, data);
        return super.execute(target, data);
    }

    /// @inheritdoc IAuthority
    function verdict(address caller, address target, bytes4 selector) external view returns (Verdict) {
        if (isTargetClosed(target)) return Verdict.TargetClosed;
        if (getTargetFunctionRole(target, selector) == Roles.GRANT_ROLE) {
            return _grantVerdict(_grants[_keyOf(caller, target, selector)]);
        }
        (bool immediate, uint32 delay) = canCall(caller, target, selector);
        if (immediate) return Verdict.AllowedByRole;
        return delay == 0 ? Verdict.RoleMissing : Verdict.RoleDelayed;
    }

    /// @inheritdoc IAuthority
    function getGrant(address grantee, address target, bytes4 selector) external view returns (Grant memory) {
        return _grants[_keyOf(grantee, target, selector)];
    }

    /// @dev Of several reasons for an end, the one that came first.
    function _grantVerdict(Grant storage given) private view returns (Verdict) {
        uint48 nowTime = Time.timestamp();
        uint48 notAfter = given.notAfter;
        StoredTask storage task = _tasks[given.task];
        TaskStatus status = task.status;
        // An open task's deadline needs no comparison of its own: the grant ends no later.
        if (nowTime >= notAfter || status != TaskStatus.Open) {
            if (notAfter == 0) return Verdict.GrantMissing;
            if (given.flags & ENDED != 0) return Verdict.GrantEnded; // whose notAfter is in the past
            if (notAfter < task.deadline) return Verdict.GrantExpired; // a task that ended has the time of its end there
            if (status == TaskStatus.Completed) return Verdict.TaskCompleted;
            return status == TaskStatus.Failed ? Verdict.TaskFailed : Verdict.TaskExpired;
        }
        if (given.flags & COUNTED != 0 && given.uses == 0) return Verdict.GrantUsedUp;
        return nowTime < given.notBefore ? Verdict.GrantNotStarted : Verdict.Allowed;
    }

    /// @dev Whether nothing can give the grant effect any more.
    function _isOver(Grant storage given) private view returns (bool) {
        Verdict answer = _grantVerdict(given);
        return answer != Verdict.Allowed && answer != Verdict.GrantNotStarted;
    }

    /// @dev A granter acts at once or not at all: `grant` cannot be scheduled, so a delay would be bypassed.
    function _mayGrant(uint64 granterRole, address account) private view returns (bool) {
        if (granterRole == ADMIN_ROLE) return false; // not set
        (bool isMember, uint32 executionDelay) = hasRole(granterRole, account);
        return isMember && executionDelay == 0;
    }

    function _requireNotByGrant(address target, bytes calldata data) private view {
        bytes4 selector = _selectorOf(data);
        if (_actions[target][selector].role == Roles.GRANT_ROLE) revert AuthorityNotSchedulable(target, selector);
    }

    function _selectorOf(bytes calldata data) private pure returns (bytes4) {
        if (data.length < 4) revert AuthorityDataTooShort(data.length, 4);
        return bytes4(data[0:4]);
    }

    function _keyOf(address grantee, address target, bytes4 selector) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(grantee, target, selector));
    }
}
