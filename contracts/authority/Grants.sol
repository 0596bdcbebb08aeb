// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {IActionCatalog} from "../policy/IActionCatalog.sol";
import {Roles} from "../types/Roles.sol";
import {Action} from "./Actions.sol";
import {ActionState} from "./ActionState.sol";
import {givenGrant, GrantState} from "./GrantState.sol";
import {IAuthority} from "./IAuthority.sol";
import {Tasks} from "./Tasks.sol";
import {TaskState} from "./TaskState.sol";

/// @title Just-in-time grants: one function of one target for one account, for a task, for a time, for a number of uses and
/// an impact
/// @dev Given and ended here; what they let through is in {Checks}.
abstract contract Grants is Tasks {
    /// @inheritdoc IAuthority
    function grant(GrantRequest calldata request) external {
        _give(
            request.grantee,
            request.target,
            request.selector,
            givenGrant(request.notBefore, request.notAfter, request.task, request.uses, request.cap)
        );
    }

    /// @inheritdoc IAuthority
    function grantCapability(
        bytes32 capability,
        IActionCatalog.Action[] calldata actions,
        CapabilityTerms calldata terms
    ) external {
        bytes32 actionsHash = keccak256(abi.encode(actions));
        bytes32 expected = _policy.capabilities[capability];
        if (actionsHash != expected) revert AuthorityCapabilityMismatch(capability, actionsHash, expected);
        GrantState given = givenGrant(terms.notBefore, terms.notAfter, terms.task, terms.uses, terms.cap);
        uint256 length = actions.length; // as many as the catalog allows
        for (uint256 i = 0; i < length; ++i) _give(terms.grantee, actions[i].target, actions[i].selector, given);
        _record(
            CapabilityGranted.selector,
            bytes32(uint256(terms.task)),
            _word(terms.grantee),
            capability,
            abi.encode(actionsHash, _msgSender(), uint256(terms.task), _book.tasks[terms.task].anchorOf())
        );
    }

    /// @inheritdoc IAuthority
    function endGrant(address grantee, address target, bytes4 selector) external {
        address caller = _msgSender();
        Action storage action = _action(target, selector);
        GrantState given = action.grants[grantee];
        if (given.notAfterOf() == 0) revert AuthorityGrantMissing(grantee, target, selector);
        TaskState task = _book.tasks[given.taskOf()];
        address anchor = task.anchorOf();
        if (caller != grantee && caller != anchor && !_mayGrant(action.state.granterRoleOf(), caller)) {
            revert AuthorityNotEnder(caller, grantee, given.taskOf());
        }
        Verdict answer = _verdictOf(given, task);
        if (_isOver(answer)) revert AuthorityGrantDenied(grantee, target, selector, answer);

        action.grants[grantee] = given.ended(Time.timestamp());
        _record(
            GrantEnded.selector,
            bytes32(uint256(given.taskOf())),
            _word(grantee),
            _word(target),
            abi.encode(selector, caller, uint256(given.taskOf()), anchor)
        );
    }

    /// @inheritdoc IAuthority
    function getGrant(address grantee, address target, bytes4 selector) external view returns (Grant memory) {
        return _action(target, selector).grants[grantee].toGrant();
    }

    function _give(address grantee, address target, bytes4 selector, GrantState given) private {
        address granter = _msgSender();
        uint48 nowTime = Time.timestamp();

        // Check: the action, its granter, the task, the window
        Action storage action = _action(target, selector);
        ActionState state = action.state;
        if (state.roleOf() != Roles.GRANT_ROLE) {
            revert AuthorityActionNotGrantable(target, selector, state.roleOf());
        }
        if (!_mayGrant(state.granterRoleOf(), granter)) {
            revert AuthorityNotGranter(target, selector, granter, state.granterRoleOf());
        }
        if (state.isImpact(ImpactKind.Unlisted)) revert AuthorityActionUnlisted(target, selector);
        TaskState task = _book.tasks[given.taskOf()];
        uint48 latest = task.deadlineOf(); // which is never later than the anchor lives
        if (!task.isStored(TaskStatus.Open) || latest <= nowTime) {
            revert AuthorityUnexpectedTaskStatus(given.taskOf(), task.statusAt(nowTime), TaskStatus.Open);
        }
        uint48 start = given.notBeforeOf() > nowTime ? given.notBeforeOf() : nowTime;
        if (given.notAfterOf() <= start || given.notAfterOf() > latest) {
            uint48 earliest = start == type(uint48).max ? start : start + 1;
            revert AuthorityInvalidDeadline(given.notAfterOf(), earliest, latest);
        }
        GrantState former = action.grants[grantee];
        // The same task's grant may be given anew; it then replaces the former.
        if (former.notAfterOf() != 0 && former.taskOf() != given.taskOf()) {
            if (!_isOver(_verdictOf(former, _book.tasks[former.taskOf()]))) {
                revert AuthorityGrantExists(grantee, target, selector, former.taskOf());
            }
        }

        // Effect
        action.grants[grantee] = given;
        _record(
            GrantGiven.selector,
            bytes32(uint256(given.taskOf())),
            _word(grantee),
            _word(target),
            abi.encode(
                selector,
                given.notBeforeOf(),
                given.notAfterOf(),
                given.usesOf(),
                given.capOf(),
                granter,
                uint256(given.taskOf()),
                task.anchorOf()
            )
        );
    }

    /// @dev An open task's deadline needs no comparison of its own: the grant ends no later.
    function _hasEffect(GrantState given, TaskState task) internal view returns (bool) {
        if (block.timestamp >= given.notAfterOf()) return false;
        if (block.timestamp < given.notBeforeOf()) return false;
        if (given.isUsedUp()) return false;
        return task.isStored(TaskStatus.Open);
    }

    /// @dev Of several reasons for an end, the one that came first.
    function _verdictOf(GrantState given, TaskState task) internal view returns (Verdict) {
        if (_hasEffect(given, task)) return Verdict.Allowed;
        uint48 notAfter = given.notAfterOf();
        if (block.timestamp >= notAfter || !task.isStored(TaskStatus.Open)) {
            if (notAfter == 0) return Verdict.GrantMissing;
            if (given.isEnded()) return Verdict.GrantEnded; // whose notAfter is in the past
            if (notAfter < task.deadlineOf()) return Verdict.GrantExpired; // an ended task has the time of its end there
            if (task.isStored(TaskStatus.Completed)) return Verdict.TaskCompleted;
            return task.isStored(TaskStatus.Failed) ? Verdict.TaskFailed : Verdict.TaskExpired;
        }
        return given.isUsedUp() ? Verdict.GrantUsedUp : Verdict.GrantNotStarted;
    }

    /// @dev Whether nothing can give the grant effect any more.
    function _isOver(Verdict answer) private pure returns (bool) {
        return answer != Verdict.Allowed && answer != Verdict.GrantNotStarted;
    }

    /// @dev A granter acts at once or not at all: `grant` cannot be scheduled, so a delay would be bypassed.
    function _mayGrant(uint64 granterRole, address account) private view returns (bool) {
        if (granterRole == ADMIN_ROLE) return false; // not set
        (bool isMember, uint32 executionDelay) = hasRole(granterRole, account);
        return isMember && executionDelay == 0;
    }
}
