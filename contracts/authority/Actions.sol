// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Roles} from "../types/Roles.sol";
import {ActionState} from "./ActionState.sol";
import {GrantState} from "./GrantState.sol";
import {IAuthority} from "./IAuthority.sol";
import {IAuthorityLimits} from "./IAuthorityLimits.sol";
import {JournaledAccessManager} from "./JournaledAccessManager.sol";

/// @dev A function of a target, and who may call it for a task.
struct Action {
    ActionState state;
    mapping(address grantee => GrantState) grants;
}

/// @title The actions (function of a target): by which role, or by whose grants, each is reached, and what it can do at worst
/// @dev OpenZeppelin keeps a function's role and its target's closed flag in two slots of its own, which stay the record.
/// A copy of both stands here beside the granter role and the facts, so that a check and a grant read one slot. A target's
/// functions are listed (bounded) because closing a target, which is rare, then walks them.
abstract contract Actions is JournaledAccessManager, IAuthority, IAuthorityLimits {
    uint256 internal constant MAX_ACTIONS_PER_TARGET = 64;

    mapping(uint192 targetAndSelector => Action) private _actions;
    mapping(address target => bytes4[]) private _configured;

    /// @inheritdoc IAuthority
    function setActionGranter(address target, bytes4 selector, uint64 granterRole) external onlyAuthorized {
        // Anybody may not grant, and nobody can hold GRANT_ROLE.
        if (granterRole >= Roles.GRANT_ROLE) revert AuthorityRoleNotAssignable(granterRole);
        Action storage action = _configure(target, selector);
        action.state = action.state.withGranterRole(granterRole);
        _record(
            ActionGranterSet.selector,
            _word(target),
            bytes32(selector),
            abi.encode(granterRole, _callId(), _msgSender())
        );
    }

    /// @inheritdoc IAuthorityLimits
    function setActionFacts(address target, bytes4 selector, ActionFacts calldata facts) external onlyAuthorized {
        Action storage action = _action(target, selector);
        action.state = action.state.withFacts(facts);
        _record(ActionFactsSet.selector, _word(target), bytes32(selector), abi.encode(facts, _callId(), _msgSender()));
    }

    /// @inheritdoc IAuthority
    function actionGranter(address target, bytes4 selector) external view returns (uint64) {
        return _action(target, selector).state.granterRoleOf();
    }

    /// @inheritdoc IAuthorityLimits
    function actionFacts(address target, bytes4 selector) external view returns (ActionFacts memory) {
        return _action(target, selector).state.factsOf();
    }

    function _setTargetFunctionRole(address target, bytes4 selector, uint64 roleId) internal virtual override {
        // A grant never covers the authority itself: a grantee cannot grant.
        if (roleId == Roles.GRANT_ROLE && target == address(this)) {
            revert AuthorityActionNotGrantable(target, selector, roleId);
        }
        super._setTargetFunctionRole(target, selector, roleId);
        Action storage action = _configure(target, selector);
        action.state = action.state.withRole(roleId);
    }

    function _setTargetClosed(address target, bool closed) internal virtual override {
        super._setTargetClosed(target, closed);
        bytes4[] storage configured = _configured[target];
        uint256 length = configured.length; // at most MAX_ACTIONS_PER_TARGET
        for (uint256 i = 0; i < length; ++i) {
            Action storage action = _action(target, configured[i]);
            action.state = action.state.withClosed(closed);
        }
    }

    function _action(address target, bytes4 selector) internal view returns (Action storage) {
        return _actions[(uint192(uint160(target)) << 32) | uint32(selector)];
    }

    /// @dev The action as one of its target's configured functions.
    function _configure(address target, bytes4 selector) private returns (Action storage action) {
        action = _action(target, selector);
        if (action.state.isConfigured()) return action;
        if (_configured[target].length == MAX_ACTIONS_PER_TARGET) {
            revert AuthorityTooManyActions(target, MAX_ACTIONS_PER_TARGET);
        }
        _configured[target].push(selector);
        action.state = action.state.configured().withClosed(isTargetClosed(target));
    }

    /// @dev Id of the current call, as {hashOperation} gives it: the cause of what a standing role decides.
    function _callId() internal view returns (bytes32) {
        return hashOperation(_msgSender(), address(this), _msgData());
    }
}
