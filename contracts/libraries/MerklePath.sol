// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title MerklePath: the root that a leaf and its siblings lead to
/// @dev Nodes are the hash of their two children in ascending order, as in OpenZeppelin's MerkleProof, whose answer it gives;
/// written apart because a path of twenty levels costs half as much without bounds checks on each.
library MerklePath {
    function rootOf(bytes32 leaf, bytes32[] calldata siblings) internal pure returns (bytes32 root) {
        assembly ("memory-safe") {
            root := leaf
            let next := siblings.offset
            let end := add(next, shl(5, siblings.length))
            let sibling := 0
            let place := 0
            // The scratch space holds both children: the smaller one first.
            for {
                let odd := add(next, shl(5, and(siblings.length, 3)))
            } lt(next, odd) {} {
                sibling := calldataload(next)
                place := shl(5, gt(root, sibling))
                mstore(place, root)
                mstore(xor(place, 0x20), sibling)
                root := keccak256(0x00, 0x40)
                next := add(next, 0x20)
            }
            // Four levels a turn: the turn itself costs as much as half a level.
            for {} lt(next, end) {} {
                sibling := calldataload(next)
                place := shl(5, gt(root, sibling))
                mstore(place, root)
                mstore(xor(place, 0x20), sibling)
                root := keccak256(0x00, 0x40)
                sibling := calldataload(add(next, 0x20))
                place := shl(5, gt(root, sibling))
                mstore(place, root)
                mstore(xor(place, 0x20), sibling)
                root := keccak256(0x00, 0x40)
                sibling := calldataload(add(next, 0x40))
                place := shl(5, gt(root, sibling))
                mstore(place, root)
                mstore(xor(place, 0x20), sibling)
                root := keccak256(0x00, 0x40)
                sibling := calldataload(add(next, 0x60))
                place := shl(5, gt(root, sibling))
                mstore(place, root)
                mstore(xor(place, 0x20), sibling)
                root := keccak256(0x00, 0x40)
                next := add(next, 0x80)
            }
        }
    }

    /// @dev Whether a leaf of a complete binary tree of `leafCount` leaves can lie `depth` below the root, which is at
    /// ⌊log2(n)⌋ and ⌈log2(n)⌉: n < 2^(depth + 1) and 2n > 2^depth. Assumes a count of at most 32 bits.
    function isPlausibleLength(uint256 depth, uint256 leafCount) internal pure returns (bool) {
        unchecked {
            return leafCount < (2 << depth) && 2 * leafCount > (1 << depth); // safe: leafCount has 32 bits
        }
    }
}
