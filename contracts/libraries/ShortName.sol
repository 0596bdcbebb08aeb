// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ShortName: a name in one word
library ShortName {
    /// @dev Printable ASCII from the left, zeros after it, no space at either end: two names never look alike.
    function isValid(bytes32 name) internal pure returns (bool) {
        uint256 length = 32;
        while (length > 0 && name[length - 1] == 0) --length;
        if (length == 0 || name[0] == " " || name[length - 1] == " ") return false;
        for (uint256 i = 0; i < length; ++i) {
            if (name[i] < " " || name[i] > "~") return false;
        }
        return true;
    }
}
