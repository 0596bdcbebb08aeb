// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Assets} from "./Assets.sol";
import {IBudgetVault} from "./IBudgetVault.sol";

/// @title Pools: accounts inside the vault that hold uncommitted money
abstract contract Pools is Assets {
    struct Pool {
        address steward;
        address anchor;
    }

    mapping(bytes32 pool => Pool) private _pools;
    mapping(bytes32 pool => mapping(address asset => uint128)) private _balances;

    /// @inheritdoc IBudgetVault
    function openPool(bytes32 name, address steward, address anchor) external restricted returns (bytes32 pool) {
        // Check
        pool = keccak256(abi.encode(block.chainid, address(this), name));
        if (_pools[pool].anchor != address(0)) revert BudgetVaultPoolExists(pool);
        _requireLiveAnchor(anchor);

        // Effect
        _pools[pool] = Pool({steward: steward, anchor: anchor});
        _record(PoolOpened.selector, pool, abi.encode(name, steward, _callId(), anchor));
    }

    /// @inheritdoc IBudgetVault
    function deposit(bytes32 pool, address asset, uint256 amount, bytes32 intent) external payable nonReentrant {
        address anchor = _requirePool(pool).anchor;
        _addToPool(pool, asset, amount);
        _receive(asset, amount, intent);
        _record(PoolDeposited.selector, pool, _word(asset), _word(msg.sender), abi.encode(amount, intent, anchor));
    }

    /// @inheritdoc IBudgetVault
    function creditSurplus(bytes32 pool, address asset) external nonReentrant returns (uint256 amount) {
        // Check
        address anchor = _requirePool(pool).anchor;
        _requireAllowed(asset);

        // Effect
        amount = _creditSurplus(asset);
        _addToPool(pool, asset, amount);
        _record(SurplusCredited.selector, pool, _word(asset), abi.encode(amount, _callId(), anchor));
    }

    /// @inheritdoc IBudgetVault
    function withdraw(bytes32 pool, address asset, address to, uint256 amount) external restricted nonReentrant {
        address anchor = _requirePool(pool).anchor;
        _takeFromPool(pool, asset, amount);
        _send(asset, to, amount);
        _record(
            PoolWithdrawn.selector,
            pool,
            _word(asset),
            _word(to),
            abi.encode(amount, msg.sender, _callId(), anchor)
        );
    }

    /// @inheritdoc IBudgetVault
    function movePool(bytes32 from, bytes32 to, address asset, uint256 amount) external restricted nonReentrant {
        _requirePool(from);
        address anchor = _requirePool(to).anchor;
        _takeFromPool(from, asset, amount);
        _addToPool(to, asset, amount);
        _record(PoolMoved.selector, from, to, _word(asset), abi.encode(amount, _callId(), anchor));
    }

    /// @inheritdoc IBudgetVault
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
