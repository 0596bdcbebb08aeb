// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafetyLimits} from "./SafetyLimits.sol";

/// @title Pools: accounts inside the vault that hold uncommitted money
abstract contract Pools is SafetyLimits {
    struct Pool {
        address steward;
        bool closed;
        address anchor;
    }

    mapping(bytes32 pool => Pool) internal _pools;
    mapping(bytes32 withdrawal => uint48 usableUntil) internal _approvedWithdrawals;
    mapping(bytes32 pool => mapping(address asset => uint128)) internal _balances;

    /// @dev A pool with a steward is its steward's alone; any other is the office's, as the authority answers.
    function _requireOpener(bytes32 pool) internal {
        address steward = _requireOpenPool(pool).steward;
        if (steward == address(0)) {
            _checkCanCall(msg.sender, msg.data);
        } else if (msg.sender != steward) {
            revert BudgetVaultNotSteward(pool, msg.sender, steward);
        }
    }

    function _requirePool(bytes32 pool) internal view returns (Pool memory found) {
        found = _pools[pool];
        if (found.anchor == address(0)) revert BudgetVaultUnknownPool(pool);
    }

    function _requireOpenPool(bytes32 pool) internal view returns (Pool memory found) {
        found = _requirePool(pool);
        if (found.closed) revert BudgetVaultPoolClosed(pool);
    }

    /// @dev `amount` is, or within this call becomes, a part of what is credited in the asset.
    function _addToPool(bytes32 pool, address asset, uint256 amount) internal {
        unchecked {
            _balances[pool][asset] += uint128(amount); // safe: credited fits 112 bits, and the pool is a part of it
        }
        _addUncommitted(asset, amount);
    }

    function _requireInPool(bytes32 pool, address asset, uint256 amount) internal view returns (uint256 available) {
        if (amount == 0) revert BudgetVaultZeroAmount();
        available = _balances[pool][asset];
        if (amount > available) revert BudgetVaultPoolShort(pool, asset, available, amount);
    }

    function _takeFromPool(bytes32 pool, address asset, uint256 amount) internal {
        uint256 available = _requireInPool(pool, asset, amount);
        unchecked {
            _balances[pool][asset] = uint128(available - amount); // safe: not more than available
        }
        _takeUncommitted(asset, amount);
    }
}
