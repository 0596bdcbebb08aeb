// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Assets} from "./Assets.sol";
import {IBudgetLedger} from "./IBudgetLedger.sol";

/// @title Pools: accounts inside the vault that hold uncommitted money
abstract contract Pools is Assets {
    struct Pool {
        address steward;
        address anchor;
    }

    mapping(bytes32 pool => Pool) internal _pools;
    mapping(bytes32 pool => mapping(address asset => uint128)) private _balances;

    /// @inheritdoc IBudgetLedger
    function poolBalance(bytes32 pool, address asset) external view returns (uint256) {
        return _balances[pool][asset];
    }

    /// @dev A pool with a steward is its steward's alone; any other is the office's, as the authority answers.
    function _requireOpener(bytes32 pool) internal {
        address steward = _requirePool(pool).steward;
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

    /// @dev `amount` is, or within this call becomes, a part of what is credited in the asset.
    function _addToPool(bytes32 pool, address asset, uint256 amount) internal {
        unchecked {
            _balances[pool][asset] += uint128(amount); // safe: credited fits 128 bits, and the pool is a part of it
        }
    }

    function _takeFromPool(bytes32 pool, address asset, uint256 amount) internal {
        if (amount == 0) revert BudgetVaultZeroAmount();
        uint256 available = _balances[pool][asset];
        if (amount > available) revert BudgetVaultPoolShort(pool, asset, available, amount);
        unchecked {
            _balances[pool][asset] = uint128(available - amount); // safe: not more than available
        }
    }
}
