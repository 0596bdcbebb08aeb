// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title MerkleMultiPath: the root that several leaves of one tree and the siblings they lack lead to
/// @dev Gives the answer of OpenZeppelin's `MerkleProof.processMultiProof` to the same leaves, siblings and flags, with a bit for
/// each flag: a step takes the oldest node and, where its bit is set, the next oldest one, else the next sibling. Written apart
/// because an array of booleans costs 32 bytes of call data for each hash, and bounds checks as much as the hash.
///
/// What makes a proof one:
/// - There is a leaf. Without this, a "proof" that is nothing but the root would prove the empty batch (and with it whatever
///   the caller makes of it).
/// - `leaves + siblings − 1` steps are made, and the last sibling is used by the last step. Then exactly `leaves − 1` bits are
///   set. A step without its bit leaves the number of waiting nodes as it is and one with it takes away one, so that one
///   is always waiting: no step reads a node that does not exist yet and counts as zero (CVE-2023-34459).
/// - Each leaf is then a child, over some steps, of the root. That it is a leaf of the tree and no inner node is for the
///   caller to see to: leaves that are hashed twice cannot be one.
library MerkleMultiPath {
    uint256 private constant FLAGS_PER_WORD = 256;

    /// @param leaves Hashes in the order of the tree, its first leaf first; the memory behind them is overwritten, so that nothing
    /// else may be allocated since.
    /// @param siblings In the order in which the steps need them.
    /// @param flags The flag of step `i` is bit `i % 256` of word `i / 256`; no other bits are set, and there are no other words.
    /// @return isProof Whether the three fit together; only then `root` means anything.
    function rootOf(
        bytes32[] memory leaves,
        bytes32[] calldata siblings,
        uint256[] calldata flags
    ) internal pure returns (bool isProof, bytes32 root) {
        uint256 steps;
        unchecked {
            if (leaves.length == 0) return (false, 0);
            steps = leaves.length + siblings.length - 1; // safe: lengths of what is there
            if (flags.length != (steps + FLAGS_PER_WORD - 1) / FLAGS_PER_WORD) return (false, 0);
        }
        assembly ("memory-safe") {
            let oldest := add(leaves, 0x20)
            let newest := add(leaves, shl(5, mload(leaves)))
            let sibling := siblings.offset
            let nextWord := flags.offset
            let word := 0
            let end := add(newest, shl(5, steps))
            for {} lt(newest, end) {} {
                // The steps of a word: the memory behind the newest node counts them.
                word := calldataload(nextWord)
                nextWord := add(nextWord, 0x20)
                let endOfWord := add(newest, 0x2000)
                if gt(endOfWord, end) {
                    endOfWord := end
                }
                for {} lt(newest, endOfWord) {} {
                    let a := mload(oldest)
                    let b := 0
                    switch and(word, 1)
                    case 0 {
                        b := calldataload(sibling)
                        sibling := add(sibling, 0x20)
                        oldest := add(oldest, 0x20)
                    }
                    default {
                        b := mload(add(oldest, 0x20))
                        oldest := add(oldest, 0x40)
                    }
                    word := shr(1, word)
                    // The scratch space holds both children: the smaller one first.
                    let place := shl(5, gt(a, b))
                    mstore(place, a)
                    mstore(xor(place, 0x20), b)
                    newest := add(newest, 0x20)
                    mstore(newest, keccak256(0x00, 0x40))
                }
            }
            root := mload(newest)
            isProof := and(iszero(word), eq(sibling, add(siblings.offset, shl(5, siblings.length))))
        }
    }
}
