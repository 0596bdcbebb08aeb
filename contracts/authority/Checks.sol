// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IEscalations} from "../accountability/IEscalations.sol";
import {Roles} from "../types/Roles.sol";
import {Action} from "./Actions.sol";
import {ActionState} from "./ActionState.sol";
import {Grants} from "./Grants.sol";
import {GrantState} from "./GrantState.sol";
import {IAuthority} from "./IAuthority.sol";
import {IAuthorityLimits} from "./IAuthorityLimits.sol";
import {JournaledAccessManager} from "./JournaledAccessManager.sol";
import {LimitRules} from "./LimitRules.sol";
import {PolicyBook, Team} from "./PolicyBook.sol";
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
        Action storage action = _action(target, selector);
        ActionState state = action.state;
        uint64 role = state.roleOf();
        if (role == Roles.GRANT_ROLE) {
            if (state.isClosed()) return (false, 0);
            GrantState given = action.grants[caller];
            TaskState task = _book.tasks[given.taskOf()];
            if (!_hasEffect(given, task)) return (false, 0);
            bool isPlain =
                given.isUncounted() &&
                    state.isImpact(ImpactKind.None) &&
                    LimitRules.isInside(state, _policy.teams[task.teamOf()].state);
            return isPlain ? (true, uint32(0)) : (false, uint32(1));
        }
        if (role == ADMIN_ROLE || caller == address(this)) return super.canCall(caller, target, selector);
        if (state.isClosed()) return (false, 0);
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
        Action storage action = _action(target, selector);
        ActionState state = action.state;
        if (state.roleOf() != Roles.GRANT_ROLE) {
            super.consumeScheduledOp(caller, data);
            return;
        }
        if (!_isConsuming(target)) revert AccessManagerUnauthorizedConsume(target);

        // Check
        GrantState given = action.grants[caller];
        TaskState task = _book.tasks[given.taskOf()];
        if (state.isClosed()) revert AuthorityGrantDenied(caller, target, selector, Verdict.TargetClosed);
        if (!_hasEffect(given, task)) {
            revert AuthorityGrantDenied(caller, target, selector, _verdictOf(given, task));
        }
        Team storage team = _policy.teams[task.teamOf()];
        TeamState rolled = team.state.rolledTo(block.timestamp);
        (Boundary boundary, uint256 impact) = LimitRules.check(state, given, rolled, _policy.rates, data);

        // Effect: an approved call takes a use, and neither cap nor impact
        GrantState left = given.usedOnce();
        if (boundary == Boundary.None && impact != 0) {
            left = left.charged(impact);
            team.state = rolled.charged(impact);
        }
        if (GrantState.unwrap(left) != GrantState.unwrap(given)) action.grants[caller] = left;
        if (left.isUsedUp()) {
            _record(
                GrantUsedUp.selector,
                bytes32(uint256(given.taskOf())),
                _word(caller),
                _word(target),
                abi.encode(selector, uint256(given.taskOf()), task.anchorOf())
            );
        }
        if (boundary == Boundary.None) return;

        // Interaction
        if (!_spendApproval(caller, target, data, task.teamOf())) {
            LimitCheck memory met = PolicyBook.check(_policy, _book, action, caller, data); // cap and impact are as before
            revert AuthorityOutsideLimits(caller, target, selector, boundary, met.limit, met.actual);
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
            GrantState given = _action(target, selector).grants[caller];
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
    ) external view returns (LimitCheck memory) {
        return PolicyBook.check(_policy, _book, _action(target, _selectorOf(data)), caller, data);
    }

    function _spendApproval(address caller, address target, bytes calldata data, uint16 team) private returns (bool) {
        address approvals = _policy.escalations;
        return approvals != address(0) && IEscalations(approvals).consume(hashOperation(caller, target, data), team);
    }

    function _requireNotByGrant(address target, bytes calldata data) private view {
        bytes4 selector = _selectorOf(data);
        if (_action(target, selector).state.roleOf() == Roles.GRANT_ROLE) {
            revert AuthorityNotSchedulable(target, selector);
        }
    }

    function _selectorOf(bytes calldata data) private pure returns (bytes4) {
        if (data.length < 4) revert AuthorityDataTooShort(data.length, 4);
        return bytes4(data);
    }

    /// @dev {IAccessManaged-isConsumingScheduledOp}. By hand, as nothing of the answer needs to be kept.
    function _isConsuming(address target) private view returns (bool isConsuming) {
        bytes32 magic = IAccessManaged.isConsumingScheduledOp.selector;
        assembly ("memory-safe") {
            mstore(0, magic)
            let success := staticcall(gas(), target, 0, 4, 0, 32)
            isConsuming := and(eq(mload(0), magic), and(success, gt(returndatasize(), 31)))
        }
    }
}
