// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Maps a fuzzed value into a range, so that no run is thrown away.
library Bound {
    function within(uint256 value, uint256 lowest, uint256 highest) internal pure returns (uint256) {
        if (lowest == 0 && highest == type(uint256).max) return value;
        return lowest + (value % (highest - lowest + 1));
    }
}
