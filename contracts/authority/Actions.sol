// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Roles} from "../types/Roles.sol";
import {IAuthority} from "./IAuthority.sol";
import {JournaledAccessManager} from "./JournaledAccessManager.sol";

/// @title The actions (function of a target) and by which role, or by whose grants, each is reached
/// @dev OpenZeppelin keeps a function's role and its target's closed flag in two slots of its own, which stay the record.
/// A copy of both stands here beside the granter role, so that a check and a grant read one slot. A target's functions are
/// listed (bounded) because closing a target, which is rare, then walks them.
abstract contract Actions is JournaledAccessManager, IAuthority {
    struct Action {
        uint64 role; // ADMIN_ROLE (0) where OpenZeppelin's rule applies unchanged
        uint64 granterRole; // 0 is "nobody may grant"
        bool closed;
        bool listed;
    }

    uint256 internal constant MAX_ACTIONS_PER_TARGET = 64;

    mapping(address target => mapping(bytes4 selector => Action)) internal _actions;
    mapping(address target => bytes4[]) private _listed;

    /// @inheritdoc IAuthority
    function setActionGranter(address target, bytes4 selector, uint64 granterRole) external onlyAuthorized {
        // Anybody may not grant, and nobody can hold GRANT_ROLE.
        if (granterRole >= Roles.GRANT_ROLE) revert AuthorityRoleNotAssignable(granterRole);
        _listAction(target, selector).granterRole = granterRole;
        _record(
            ActionGranterSet.selector,
            _word(target),
            bytes32(selector),
            abi.encode(granterRole, _callId(), _msgSender())
        );
    }

    /// @inheritdoc IAuthority
    function actionGranter(address target, bytes4 selector) external view returns (uint64) {
        return _actions[target][selector].granterRole;
    }

    function _setTargetFunctionRole(address target, bytes4 selector, uint64 roleId) internal virtual override {
        // A grant never covers the authority itself: a grantee cannot grant.
        if (roleId == Roles.GRANT_ROLE && target == address(this)) {
            revert AuthorityActionNotGrantable(target, selector, roleId);
        }
        super._setTargetFunctionRole(target, selector, roleId);
        _listAction(target, selector).role = roleId;
    }

    function _setTargetClosed(address target, bool closed) internal virtual override {
        super._setTargetClosed(target, closed);
        bytes4[] storage listed = _listed[target];
        uint256 length = listed.length; // at most MAX_ACTIONS_PER_TARGET
        for (uint256 i = 0; i < length; ++i) {
            _actions[target][listed[i]].closed = closed;
        }
    }

    function _listAction(address target, bytes4 selector) private returns (Action storage action) {
        action = _actions[target][selector];
        if (!action.listed) {
            if (_listed[target].length == MAX_ACTIONS_PER_TARGET) {
                revert AuthorityTooManyActions(target, MAX_ACTIONS_PER_TARGET);
            }
            _listed[target].push(selector);
            action.listed = true;
            action.closed = isTargetClosed(target);
        }
    }

    /// @dev Id of the current call, as {hashOperation} gives it: the cause of what a standing role decides.
    function _callId() internal view returns (bytes32) {
        return hashOperation(_msgSender(), address(this), _msgData());
    }
}
