// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IEscalations} from "../accountability/IEscalations.sol";
import {Roles} from "../types/Roles.sol";
import {ActionState} from "./ActionState.sol";
import {Grants} from "./Grants.sol";
import {GrantState} from "./GrantState.sol";
import {IAuthority} from "./IAuthority.sol";
import {IAuthorityLimits} from "./IAuthorityLimits.sol";
import {JournaledAccessManager} from "./JournaledAccessManager.sol";
import {LimitRules} from "./LimitRules.sol";
import {TaskState} from "./TaskState.sol";
import {TeamState} from "./TeamState.sol";

/// @title How a call is answered: by role as OpenZeppelin does, by grant within limits, beyond them by approval alone
/// @dev A grant that no call changes, for an action without impact inside its team's limits, answers a target's `canCall` with
/// (true, 0). Any other one answers (false, 1), upon which the target, an unmodified AccessManaged, calls
/// `consumeScheduledOp`, which sees the arguments; so `schedule` and `execute`, which would read that answer as a delayed
/// permission, refuse such actions.
abstract contract Checks is Grants {
    function canCall(
        address caller,
        address target,
        bytes4 selector
    ) public view virtual override(AccessManager, IAccessManager) returns (bool immediate, uint32 delay) {
        ActionState action = _actions[target][selector];
        uint64 role = action.roleOf();
        if (role == ADMIN_ROLE || caller == address(this)) return super.canCall(caller, target, selector);
        if (action.isClosed()) return (false, 0);
        if (role == Roles.GRANT_ROLE) {
            GrantState given = _grants[_keyOf(caller, target, selector)];
            TaskState task = _book.tasks[given.taskOf()];
            if (_verdictOf(given, task) != Verdict.Allowed) return (false, 0);
            bool isPlain =
                given.isUncounted() &&
                    action.isImpact(ImpactKind.None) &&
                    LimitRules.isInside(action, _teams[task.teamOf()]);
            return isPlain ? (true, uint32(0)) : (false, uint32(1));
        }
        (bool isMember, uint32 executionDelay) = hasRole(role, caller);
        return isMember ? (executionDelay == 0, executionDelay) : (false, 0);
    }

    /// @notice Where the action rests on grants, holds this call against its limits and spends what it takes of `caller`'s
    /// grant and team, or the approval of exactly this call; otherwise OpenZeppelin's behaviour.
    /// @dev The sender is the target. Everything is checked again: a target may ask without having asked {canCall}. All is
    /// decided before anything is written, and all is written before another contract is called.
    function consumeScheduledOp(
        address caller,
        bytes calldata data
    ) public virtual override(AccessManager, IAccessManager) {
        address target = _msgSender();
        bytes4 selector = _selectorOf(data);
        ActionState action = _actions[target][selector];
        if (action.roleOf() != Roles.GRANT_ROLE) {
            super.consumeScheduledOp(caller, data);
            return;
        }
        if (IAccessManaged(target).isConsumingScheduledOp() != IAccessManaged.isConsumingScheduledOp.selector) {
            revert AccessManagerUnauthorizedConsume(target);
        }

        // Check
        bytes32 key = _keyOf(caller, target, selector);
        GrantState given = _grants[key];
        TaskState task = _book.tasks[given.taskOf()];
        Verdict answer = action.isClosed() ? Verdict.TargetClosed : _verdictOf(given, task);
        if (answer != Verdict.Allowed) revert AuthorityGrantDenied(caller, target, selector, answer);
        TeamState team = _teams[task.teamOf()].rolledTo(block.timestamp);
        (Boundary boundary, uint256 limit, uint256 actual, uint256 impact) = LimitRules.check(
            action,
            given,
            team,
            _rates,
            data
        );

        // Effect: an approved call takes a use, and neither cap nor impact
        GrantState left = given.usedOnce();
        if (boundary == Boundary.None && impact != 0) {
            left = left.charged(impact);
            _teams[task.teamOf()] = team.charged(impact);
        }
        if (GrantState.unwrap(left) != GrantState.unwrap(given)) _grants[key] = left;
        if (left.isUsedUp()) {
            _record(
                GrantUsedUp.selector,
                bytes32(uint256(given.taskOf())),
                _word(caller),
                _word(target),
                abi.encode(selector, uint256(given.taskOf()), task.anchorOf())
            );
        }

        // Interaction
        if (boundary != Boundary.None && !_spendApproval(caller, target, data, task.teamOf())) {
            revert AuthorityOutsideLimits(caller, target, selector, boundary, limit, actual);
        }
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
            GrantState given = _grants[_keyOf(caller, target, selector)];
            return _verdictOf(given, _book.tasks[given.taskOf()]);
        }
        (bool immediate, uint32 delay) = canCall(caller, target, selector);
        if (immediate) return Verdict.AllowedByRole;
        return delay == 0 ? Verdict.RoleMissing : Verdict.RoleDelayed;
    }

    /// @inheritdoc IAuthorityLimits
    function checkLimits(
        address caller,
        address target,
        bytes calldata data
    ) external view returns (LimitCheck memory met) {
        bytes4 selector = _selectorOf(data);
        GrantState given = _grants[_keyOf(caller, target, selector)];
        met.task = given.taskOf();
        TaskState task = _book.tasks[met.task];
        met.team = task.teamOf();
        met.anchor = task.anchorOf();
        TeamState team = _teams[met.team].rolledTo(block.timestamp);
        met.teamImpact = team.usedImpact();
        met.usedByHalfDay = team.usedByHalfDay();
        met.teamLimit = team.maxImpactOf();
        (met.boundary, met.limit, met.actual, met.impact) = LimitRules.check(
            _actions[target][selector],
            given,
            team,
            _rates,
            data
        );
    }

    function _spendApproval(address caller, address target, bytes calldata data, uint16 team) private returns (bool) {
        address approvals = _escalations;
        return approvals != address(0) && IEscalations(approvals).consume(hashOperation(caller, target, data), team);
    }

    function _requireNotByGrant(address target, bytes calldata data) private view {
        bytes4 selector = _selectorOf(data);
        if (_actions[target][selector].roleOf() == Roles.GRANT_ROLE) revert AuthorityNotSchedulable(target, selector);
    }

    function _selectorOf(bytes calldata data) private pure returns (bytes4) {
        if (data.length < 4) revert AuthorityDataTooShort(data.length, 4);
        return bytes4(data[0:4]);
    }
}
