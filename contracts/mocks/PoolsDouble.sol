// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Test double of the vault's pools, for tests of the forks that must not depend on the whole vault: the same three
/// functions without assets behind them.
contract PoolsDouble {
    mapping(bytes32 pool => mapping(address asset => uint256)) public poolBalance;
    mapping(bytes32 pool => address) public stewardOf;
    mapping(bytes32 pool => bool) public exists;

    error PoolsDoublePoolExists(bytes32 pool);
    error PoolsDoublePoolShort(bytes32 pool, uint256 available, uint256 required);

    function mint(bytes32 pool, address asset, uint256 amount) external {
        poolBalance[pool][asset] += amount;
    }

    function openPool(bytes32 name, address steward, address) external returns (bytes32 pool) {
        pool = keccak256(abi.encode(block.chainid, address(this), name));
        if (exists[pool]) revert PoolsDoublePoolExists(pool);
        exists[pool] = true;
        stewardOf[pool] = steward;
    }

    function movePool(bytes32 from, bytes32 to, address asset, uint256 amount) external {
        uint256 available = poolBalance[from][asset];
        if (available < amount) revert PoolsDoublePoolShort(from, available, amount);
        poolBalance[from][asset] = available - amount;
        poolBalance[to][asset] += amount;
    }
}
