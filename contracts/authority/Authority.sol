// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {Roles} from "../types/Roles.sol";
import {Checks} from "./Checks.sol";
import {IAuthority} from "./IAuthority.sol";

/// @title Authority: who may call what, by standing role or for the length of a task
/// @dev Design:
/// - `JournaledAccessManager`: OpenZeppelin's rules and events, unchanged, chained;
/// - `Actions`: by which role, or by whose grants, a function is reached, and what it can do at worst;
/// - `Tasks`: what an anchor answers for, and until when;
/// - `TeamLimits`: within which limits a team acts by itself;
/// - `Grants`: the permissions that serve a task;
/// - `Checks`: how a call is answered;
/// - here: what bounds governance itself, and the list of the system's contracts.
///
/// Trust: the admin (governance) can change every rule, but never sooner than `minAdminDelay` after announcing it. The one
/// exception is the first admin, who deploys, must renounce, and is found by the check after deployment if it did not.
contract Authority is Checks {
    uint32 private constant LEAST_ADMIN_DELAY = 60;

    uint32 private immutable MIN_ADMIN_DELAY;

    mapping(address account => bool) private _registered;

    /// @param firstAdmin Sets the system up without delay, then renounces.
    /// @param minAdminDelaySeconds Least execution delay of every other admin.
    constructor(address firstAdmin, uint32 minAdminDelaySeconds) AccessManager(firstAdmin) {
        if (minAdminDelaySeconds < LEAST_ADMIN_DELAY) {
            revert AuthorityAdminDelayTooShort(minAdminDelaySeconds, LEAST_ADMIN_DELAY);
        }
        MIN_ADMIN_DELAY = minAdminDelaySeconds;
    }

    /// @inheritdoc IAuthority
    function registerContract(address account, bytes32 kind) external onlyAuthorized {
        if (account.code.length == 0) revert AuthorityNotContract(account);
        if (_registered[account]) revert AuthorityAlreadyRegistered(account);
        _registered[account] = true;
        _record(
            ContractRegistered.selector,
            _word(account),
            kind,
            abi.encode(account.codehash, _callId(), _msgSender())
        );
    }

    /// @inheritdoc IAuthority
    function isRegistered(address account) external view returns (bool) {
        return _registered[account];
    }

    /// @inheritdoc IAuthority
    function minAdminDelay() external view returns (uint32) {
        return MIN_ADMIN_DELAY;
    }

    function _grantRole(
        uint64 roleId,
        address account,
        uint32 grantDelay,
        uint32 executionDelay
    ) internal override returns (bool) {
        if (roleId == Roles.GRANT_ROLE) revert AuthorityRoleNotAssignable(roleId);
        // During construction the account has no code yet: that is the first admin's grant.
        if (roleId == ADMIN_ROLE && address(this).code.length != 0 && executionDelay < MIN_ADMIN_DELAY) {
            revert AuthorityAdminDelayTooShort(executionDelay, MIN_ADMIN_DELAY);
        }
        return super._grantRole(roleId, account, grantDelay, executionDelay);
    }
}
