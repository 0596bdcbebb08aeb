// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {Journal} from "../journal/Journal.sol";

/// @title OpenZeppelin's AccessManager with every one of its events in the journal
/// @dev Each override calls `super`, which emits last, then chains the identical topics and data. Time points that the
/// base computes and keeps to itself are computed again here by its published rule; the fold tests hold the two together.
abstract contract JournaledAccessManager is AccessManager, Journal {
    function labelRole(uint64 roleId, string calldata label) public virtual override {
        super.labelRole(roleId, label);
        _chain(RoleLabel.selector, bytes32(uint256(roleId)), abi.encode(label));
    }

    function schedule(
        address target,
        bytes calldata data,
        uint48 when
    ) public virtual override returns (bytes32 operationId, uint32 nonce) {
        (operationId, nonce) = super.schedule(target, data, when);
        _chain(
            OperationScheduled.selector,
            operationId,
            bytes32(uint256(nonce)),
            abi.encode(getSchedule(operationId), _msgSender(), target, data)
        );
    }

    function cancel(
        address caller,
        address target,
        bytes calldata data
    ) public virtual override returns (uint32 nonce) {
        nonce = super.cancel(caller, target, data);
        _chain(OperationCanceled.selector, hashOperation(caller, target, data), bytes32(uint256(nonce)), "");
    }

    function _consumeScheduledOp(bytes32 operationId) internal virtual override returns (uint32 nonce) {
        nonce = super._consumeScheduledOp(operationId);
        _chain(OperationExecuted.selector, operationId, bytes32(uint256(nonce)), "");
    }

    function _grantRole(
        uint64 roleId,
        address account,
        uint32 grantDelay,
        uint32 executionDelay
    ) internal virtual override returns (bool newMember) {
        newMember = super._grantRole(roleId, account, grantDelay, executionDelay);
        (uint48 since, , , uint48 effect) = getAccess(roleId, account);
        // For a member, the event tells since when the new delay applies; an effect of 0 is "now".
        if (!newMember) since = effect == 0 ? Time.timestamp() : effect;
        _chain(
            RoleGranted.selector,
            bytes32(uint256(roleId)),
            _word(account),
            abi.encode(executionDelay, since, newMember)
        );
    }

    function _revokeRole(uint64 roleId, address account) internal virtual override returns (bool revoked) {
        revoked = super._revokeRole(roleId, account);
        if (revoked) _chain(RoleRevoked.selector, bytes32(uint256(roleId)), _word(account), "");
    }

    function _setRoleAdmin(uint64 roleId, uint64 admin) internal virtual override {
        super._setRoleAdmin(roleId, admin);
        _chain(RoleAdminChanged.selector, bytes32(uint256(roleId)), bytes32(uint256(admin)), "");
    }

    function _setRoleGuardian(uint64 roleId, uint64 guardian) internal virtual override {
        super._setRoleGuardian(roleId, guardian);
        _chain(RoleGuardianChanged.selector, bytes32(uint256(roleId)), bytes32(uint256(guardian)), "");
    }

    function _setGrantDelay(uint64 roleId, uint32 newDelay) internal virtual override {
        uint48 effect = _effectOf(getRoleGrantDelay(roleId), newDelay);
        super._setGrantDelay(roleId, newDelay);
        _chain(RoleGrantDelayChanged.selector, bytes32(uint256(roleId)), abi.encode(newDelay, effect));
    }

    function _setTargetFunctionRole(address target, bytes4 selector, uint64 roleId) internal virtual override {
        super._setTargetFunctionRole(target, selector, roleId);
        _chain(TargetFunctionRoleUpdated.selector, _word(target), bytes32(uint256(roleId)), abi.encode(selector));
    }

    function _setTargetAdminDelay(address target, uint32 newDelay) internal virtual override {
        uint48 effect = _effectOf(getTargetAdminDelay(target), newDelay);
        super._setTargetAdminDelay(target, newDelay);
        _chain(TargetAdminDelayUpdated.selector, _word(target), abi.encode(newDelay, effect));
    }

    function _setTargetClosed(address target, bool closed) internal virtual override {
        super._setTargetClosed(target, closed);
        _chain(TargetClosed.selector, _word(target), abi.encode(closed));
    }

    /// @dev A shortened delay applies once the difference has passed, and no change before the minimum setback.
    function _effectOf(uint32 current, uint32 next) private view returns (uint48) {
        return Time.timestamp() + uint48(Math.max(minSetback(), current > next ? current - next : 0)); // safe: both are uint32
    }

    function _word(address account) internal pure returns (bytes32) {
        return bytes32(uint256(uint160(account)));
    }
}
