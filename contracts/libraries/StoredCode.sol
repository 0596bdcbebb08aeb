// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title StoredCode: immutable data kept as the code of a contract that cannot run
/// @dev One cold `EXTCODECOPY` reads any length for 2,600 gas, where each cold storage slot costs 2,100; and what stands in
/// code cannot be rewritten by any fault of its owner. The code starts with STOP, so a call to it does nothing and
/// it can never destroy itself.
library StoredCode {
    error StoredCodeNotWritten(uint256 length);

    /// @dev Longest data that fits the limit of 24,576 bytes of code, less the STOP byte.
    uint256 internal constant MAX_LENGTH = 24_575;

    /// @dev Constructor of ten bytes that returns what follows it: PUSH2 size, DUP1, PUSH1 10, RETURNDATASIZE, CODECOPY,
    /// RETURNDATASIZE, RETURN. The size stands in bytes 1 and 2; the eleventh byte is the STOP.
    uint256 private constant CONSTRUCTOR = 0x610000_80_600a_3d_39_3d_f3_00;

    function write(bytes memory data) internal returns (address pointer) {
        uint256 length = data.length;
        if (length > MAX_LENGTH) revert StoredCodeNotWritten(length);
        assembly ("memory-safe") {
            // The length word of `data` makes room for the constructor, and is put back afterwards.
            mstore(data, or(CONSTRUCTOR, shl(64, add(length, 1))))
            pointer := create(0, add(data, 21), add(length, 11))
            mstore(data, length)
        }
        if (pointer == address(0)) revert StoredCodeNotWritten(length);
    }

    function read(address pointer) internal view returns (bytes memory data) {
        assembly ("memory-safe") {
            let length := sub(extcodesize(pointer), 1)
            data := mload(0x40)
            mstore(data, length)
            extcodecopy(pointer, add(data, 0x20), 1, length)
            mstore(0x40, and(add(add(data, length), 0x3f), not(0x1f)))
        }
    }

    /// @dev Copies `length` bytes from `offset` to memory at `destination`, which the caller has allocated.
    function copy(address pointer, uint256 offset, uint256 destination, uint256 length) internal view {
        assembly ("memory-safe") {
            extcodecopy(pointer, destination, add(offset, 1), length)
        }
    }
}
