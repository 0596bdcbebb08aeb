// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title AssetTransfer: moves an ERC-20 or the chain's own coin, and answers whether it worked
/// @dev A token's transfer worked if it did not revert and returned nothing (and has code) or exactly `true`. At most 32
/// bytes of an answer are copied, so that a callee cannot make its caller pay for memory.
library AssetTransfer {
    /// @dev Stands for the chain's own coin.
    address internal constant COIN = 0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE;

    /// @dev Sends from this contract. `gasLimit` caps what the callee may use.
    function push(address asset, address to, uint256 amount, uint256 gasLimit) internal returns (bool worked) {
        if (asset == COIN) {
            assembly ("memory-safe") {
                worked := call(gasLimit, to, amount, 0, 0, 0, 0)
            }
        } else {
            worked = _callToken(asset, abi.encodeCall(IERC20.transfer, (to, amount)), gasLimit);
        }
    }

    /// @dev Fetches a token from an account that allowed it.
    function pull(address token, address from, uint256 amount) internal returns (bool worked) {
        return _callToken(token, abi.encodeCall(IERC20.transferFrom, (from, address(this), amount)), gasleft());
    }

    function balance(address asset) internal view returns (uint256) {
        return asset == COIN ? address(this).balance : IERC20(asset).balanceOf(address(this));
    }

    function _callToken(address token, bytes memory data, uint256 gasLimit) private returns (bool worked) {
        assembly ("memory-safe") {
            worked := call(gasLimit, token, 0, add(data, 0x20), mload(data), 0x00, 0x20)
            switch returndatasize()
            case 0 {
                worked := and(worked, gt(extcodesize(token), 0))
            }
            default {
                worked := and(worked, and(gt(returndatasize(), 0x1f), eq(mload(0x00), 1)))
            }
        }
    }
}
