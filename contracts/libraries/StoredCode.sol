// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Where a contract keeps what it wrote: entry `i` (from 1) is the code of the `i`-th contract that it created.
struct Shelf {
    uint32 written;
}

/// @title StoredCode: immutable data kept as the code of contracts that cannot run
/// @dev One cold `EXTCODECOPY` reads any length for 2,600 gas, where each cold storage slot costs 2,100; and what stands in
/// code cannot be rewritten by any fault of its owner. The code starts with STOP, so a call to it does nothing and it can
/// never destroy itself. An entry is named by its number, 32 bits in place of an address: `CREATE` gives the `n`-th contract
/// of an account `keccak256(rlp(account, n))` as its address, so the shelf must create everything that its owner creates.
library StoredCode {
    error StoredCodeNotWritten(uint256 length);

    /// @dev Longest data that fits the limit of 24,576 bytes of code, less the STOP byte.
    uint256 internal constant MAX_LENGTH = 24_575;

    /// @dev Constructor of ten bytes that returns what follows it: PUSH2 size, DUP1, PUSH1 10, RETURNDATASIZE, CODECOPY,
    /// RETURNDATASIZE, RETURN. The size stands in bytes 1 and 2; the eleventh byte is the STOP.
    uint256 private constant CONSTRUCTOR = 0x610000_80_600a_3d_39_3d_f3_00;

    function write(Shelf storage self, bytes memory data) internal returns (uint32 entry) {
        uint256 length = data.length;
        if (length > MAX_LENGTH) revert StoredCodeNotWritten(length);
        address created;
        assembly ("memory-safe") {
            // The length word of `data` makes room for the constructor, and is put back afterwards.
            mstore(data, or(CONSTRUCTOR, shl(64, add(length, 1))))
            created := create(0, add(data, 21), add(length, 11))
            mstore(data, length)
        }
        entry = ++self.written;
        // Fails for want of gas, or where the owner created anything else.
        if (created != pointerOf(entry)) revert StoredCodeNotWritten(length);
    }

    /// @dev Address of an entry of this contract's shelf. Pure arithmetic: nothing needs to be there.
    function pointerOf(uint32 entry) internal view returns (address pointer) {
        // rlp([account, entry]): a list of the account (20 bytes behind 0x94) and the number, which is its own encoding below
        // 128, and stands behind 0x80 + its bytes above.
        uint256 size = _significantBytes(entry);
        uint256 length;
        uint256 list;
        unchecked {
            // safe: size is at most 4
            length = 23 + size;
            list = ((0xd694 + (size << 8)) << 160) | uint160(address(this));
            if (size > 0) list = (list << 8) | (0x80 + size);
            list = (list << (size > 1 ? 8 * size : 8)) | entry;
        }
        assembly ("memory-safe") {
            mstore(0x00, list)
            pointer := and(keccak256(sub(0x20, length), length), 0xffffffffffffffffffffffffffffffffffffffff)
        }
    }

    function read(uint32 entry) internal view returns (bytes memory data) {
        address pointer = pointerOf(entry);
        assembly ("memory-safe") {
            let length := sub(extcodesize(pointer), 1)
            data := mload(0x40)
            mstore(data, length)
            extcodecopy(pointer, add(data, 0x20), 1, length)
            mstore(0x40, and(add(add(data, length), 0x3f), not(0x1f)))
        }
    }

    /// @dev Copies `length` bytes from `offset` of the entry at `pointer` to memory at `destination`, which the caller has allocated.
    function copy(address pointer, uint256 offset, uint256 destination, uint256 length) internal view {
        assembly ("memory-safe") {
            extcodecopy(pointer, destination, add(offset, 1), length)
        }
    }

    /// @dev Bytes that RLP counts for `entry`: 0 where it is its own encoding.
    function _significantBytes(uint256 entry) private pure returns (uint256) {
        if (entry < 0x80) return 0;
        if (entry < 0x100) return 1;
        if (entry < 0x10000) return 2;
        return entry < 0x1000000 ? 3 : 4;
    }
}
