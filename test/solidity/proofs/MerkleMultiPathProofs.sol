// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {MerkleMultiPath} from "../../../contracts/libraries/MerkleMultiPath.sol";

/// @dev Proved by `npm run assure`, one assertion a function. iOR-005: for any flags, up to three siblings are a proof of up to four leaves where
/// they are one for OpenZeppelin, and then lead to the same root. Which node is hashed with which is for the flags; the nodes
/// themselves are given, for the reason in {MerklePathProofs}.
contract MerkleMultiPathProofs {
    /// @dev The siblings last: a step that finds none left reads zero behind them, and not the flags, of which its hash would depend.
    function rootOf(
        bytes32[] memory leaves,
        uint256[] calldata flags,
        bytes32[] calldata siblings
    ) external pure returns (bool isProof, bytes32 root) {
        return MerkleMultiPath.rootOf(leaves, siblings, flags);
    }

    function rootByOpenZeppelin(
        bytes32[] memory leaves,
        bytes32[] memory siblings,
        bool[] memory flags
    ) external pure returns (bytes32) {
        return MerkleProof.processMultiProof(siblings, flags, leaves);
    }

    function prove_OneLeaf(uint256 flags, uint8 siblings) external view {
        _assertAsOpenZeppelin(1, siblings, flags);
    }

    function prove_TwoLeaves(uint256 flags, uint8 siblings) external view {
        _assertAsOpenZeppelin(2, siblings, flags);
    }

    function prove_ThreeLeaves(uint256 flags, uint8 siblings) external view {
        _assertAsOpenZeppelin(3, siblings, flags);
    }

    function prove_FourLeaves(uint256 flags, uint8 siblings) external view {
        _assertAsOpenZeppelin(4, siblings, flags);
    }

    /// No leaf is in any tree: OpenZeppelin would take a sibling for the root.
    function prove_NoLeaf(uint256 flags, uint256 sibling) external view {
        bytes32[] memory siblings = new bytes32[](1);
        siblings[0] = bytes32(sibling);
        uint256[] memory words = new uint256[](1);
        words[0] = flags;
        (bool isProof, ) = this.rootOf(new bytes32[](0), words, siblings);
        (bool isProofWithoutFlags, ) = this.rootOf(new bytes32[](0), new uint256[](0), siblings);
        assert(!isProof && !isProofWithoutFlags);
    }

    function _assertAsOpenZeppelin(uint256 leafCount, uint256 siblingCount, uint256 flags) private view {
        for (uint256 count = 0; count < 4; ++count) {
            if (count == siblingCount) _assertSame(_nodes(leafCount, 1), _nodes(count, 100), flags);
        }
    }

    function _assertSame(bytes32[] memory leaves, bytes32[] memory siblings, uint256 flags) private view {
        uint256 steps = leaves.length + siblings.length - 1;
        bool[] memory asBools = new bool[](steps);
        for (uint256 i = 0; i < steps; ++i) asBools[i] = (flags >> i) & 1 != 0;
        uint256[] memory words = new uint256[](steps == 0 ? 0 : 1);
        if (steps != 0) words[0] = flags;

        (bool isProof, bytes32 root) = this.rootOf(leaves, words, siblings);
        bool expected;
        bytes32 expectedRoot;
        try this.rootByOpenZeppelin(leaves, siblings, asBools) returns (bytes32 found) {
            // Bits beyond the steps are refused; OpenZeppelin has none.
            (expected, expectedRoot) = (steps == 0 || flags >> steps == 0, found);
        } catch {
            expected = false;
        }
        assert(isProof == expected && (!expected || root == expectedRoot));
    }

    /// @dev Each node another one, as if it were a hash.
    function _nodes(uint256 count, uint256 seed) private pure returns (bytes32[] memory nodes) {
        nodes = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) nodes[i] = keccak256(abi.encode(seed + i));
    }
}
