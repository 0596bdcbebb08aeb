// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {MerkleMultiPath} from "../../../contracts/libraries/MerkleMultiPath.sol";
import {Bound} from "../support/Bound.sol";

/// @dev The library beside OpenZeppelin's, on true proofs and on whatever a forger may send.
contract MerkleMultiPathTest {
    error Differs(bool isProof, bytes32 root, bool expected, bytes32 expectedRoot);
    error TrueProofRefused(uint256 leafCount, uint256 chosen);
    error ForgeryAccepted(uint256 leafCount, uint256 chosen);

    /// @dev What {_proofOf} collects: nodes that wait, by their place in the tree, and the proof so far.
    struct Course {
        bytes32[] nodes;
        uint256[] places;
        bytes32[] siblings;
        bool[] flags;
        uint256 siblingCount;
        uint256 steps;
    }

    function rootOf(
        bytes32[] memory leaves,
        bytes32[] calldata siblings,
        uint256[] calldata flags
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

    /// iOR-005: of any leaves of a tree of any size, the multiproof leads to the root, here and in OpenZeppelin's library; with a
    /// leaf, a sibling or a flag changed it does not.
    function testFuzz_aTrueProofLeadsToTheRootAndNoOther(uint256 seed, uint256 chosen, uint16 change) external view {
        uint256 leafCount = Bound.within(seed, 1, 64);
        bytes32[] memory tree = _treeOf(leafCount, seed);
        chosen &= type(uint256).max >> (256 - leafCount);
        if (chosen == 0) chosen = 1;
        (bytes32[] memory leaves, bytes32[] memory siblings, bool[] memory flags) = _proofOf(tree, leafCount, chosen);
        bytes32 expected = this.rootByOpenZeppelin(leaves, siblings, flags);
        (bool isProof, bytes32 root) = this.rootOf(leaves, siblings, _pack(flags));
        if (!isProof || root != tree[0] || expected != root) revert TrueProofRefused(leafCount, chosen);

        uint256 place = change % (leaves.length + siblings.length + flags.length);
        if (place < leaves.length) {
            leaves[place] = bytes32(~uint256(leaves[place]));
        } else if (place < leaves.length + siblings.length) {
            place -= leaves.length;
            siblings[place] = bytes32(~uint256(siblings[place]));
        } else {
            place -= leaves.length + siblings.length;
            flags[place] = !flags[place];
        }
        (isProof, root) = this.rootOf(leaves, siblings, _pack(flags));
        if (isProof && root == tree[0]) revert ForgeryAccepted(leafCount, chosen);
    }

    /// iOR-005: any leaves, siblings and flags give OpenZeppelin's root, or are refused as it refuses them; nothing at all is
    /// refused here, where it takes a sibling for the root of no leaves (CVE-2023-34459 and its kin: zeros are frequent).
    function testFuzz_anyInputIsAnsweredAsByOpenZeppelin(
        uint256 seed,
        uint8 leafCount,
        uint8 siblingCount,
        uint256 bits
    ) external view {
        bytes32[] memory leaves = new bytes32[](leafCount % 6);
        bytes32[] memory siblings = new bytes32[](siblingCount % 6);
        for (uint256 i = 0; i < leaves.length; ++i) leaves[i] = _any(seed, i);
        for (uint256 i = 0; i < siblings.length; ++i) siblings[i] = _any(seed, 100 + i);
        uint256 steps = leaves.length + siblings.length;
        steps = steps == 0 ? 0 : steps - 1;
        bool[] memory flags = new bool[](steps);
        for (uint256 i = 0; i < steps; ++i) flags[i] = (bits >> i) & 1 != 0;

        (bool isProof, bytes32 root) = this.rootOf(leaves, siblings, _pack(flags));
        bool expected;
        bytes32 expectedRoot;
        try this.rootByOpenZeppelin(leaves, siblings, flags) returns (bytes32 found) {
            (expected, expectedRoot) = (leaves.length != 0, found);
        } catch {
            expected = false;
        }
        if (isProof != expected || (expected && root != expectedRoot)) {
            revert Differs(isProof, root, expected, expectedRoot);
        }
    }

    /// iOR-005: bits beyond the steps, and words beyond those that the steps need, are refused.
    function testFuzz_spareFlagsAreRefused(uint256 seed, uint256 chosen, uint256 spare) external view {
        uint256 leafCount = Bound.within(seed, 2, 64);
        bytes32[] memory tree = _treeOf(leafCount, seed);
        chosen &= type(uint256).max >> (256 - leafCount);
        if (chosen == 0) chosen = 1;
        (bytes32[] memory leaves, bytes32[] memory siblings, bool[] memory flags) = _proofOf(tree, leafCount, chosen);
        uint256[] memory words = _pack(flags);
        uint256 last = words.length - 1;
        uint256 bit = Bound.within(spare, flags.length - 256 * last, 255);
        words[last] |= 1 << bit;
        (bool isProof, ) = this.rootOf(leaves, siblings, words);
        if (isProof) revert ForgeryAccepted(leafCount, chosen);
        words[last] ^= 1 << bit;
        uint256[] memory more = new uint256[](words.length + 1);
        for (uint256 i = 0; i < words.length; ++i) more[i] = words[i];
        (isProof, ) = this.rootOf(leaves, siblings, more);
        if (isProof) revert ForgeryAccepted(leafCount, chosen);
    }

    /// @dev Every fourth word is zero, and others repeat: what a forger would try first.
    function _any(uint256 seed, uint256 place) private pure returns (bytes32) {
        uint256 word = uint256(keccak256(abi.encode(seed, place)));
        return word % 4 == 0 ? bytes32(0) : keccak256(abi.encode(word % 3));
    }

    /// @dev OpenZeppelin's layout: node `i` has the children `2i + 1` and `2i + 2`, and the first leaf stands last.
    function _treeOf(uint256 leafCount, uint256 seed) private pure returns (bytes32[] memory tree) {
        tree = new bytes32[](2 * leafCount - 1);
        for (uint256 i = 0; i < leafCount; ++i) tree[2 * leafCount - 2 - i] = keccak256(abi.encode(seed, i));
        for (uint256 i = leafCount - 1; i > 0; --i) tree[i - 1] = _parentOf(tree[2 * i - 1], tree[2 * i]);
    }

    function _parentOf(bytes32 a, bytes32 b) private pure returns (bytes32) {
        return a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
    }

    /// @dev The multiproof of the leaves whose bits are set in `chosen`.
    function _proofOf(
        bytes32[] memory tree,
        uint256 leafCount,
        uint256 chosen
    ) private pure returns (bytes32[] memory leaves, bytes32[] memory siblings, bool[] memory flags) {
        Course memory course = Course({
            nodes: new bytes32[](8 * leafCount),
            places: new uint256[](8 * leafCount),
            siblings: new bytes32[](8 * leafCount),
            flags: new bool[](8 * leafCount),
            siblingCount: 0,
            steps: 0
        });
        uint256 count;
        for (uint256 i = 0; i < leafCount; ++i) {
            if ((chosen >> i) & 1 == 0) continue;
            course.places[count] = 2 * leafCount - 2 - i;
            course.nodes[count++] = tree[2 * leafCount - 2 - i];
        }
        leaves = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) leaves[i] = course.nodes[i];
        uint256 next;
        while (course.places[next] != 0) {
            uint256 place = course.places[next++];
            uint256 sibling = place % 2 == 1 ? place + 1 : place - 1;
            bool meets = next < count && course.places[next] == sibling;
            if (meets) ++next;
            else course.siblings[course.siblingCount++] = tree[sibling];
            course.flags[course.steps++] = meets;
            course.places[count] = (place - 1) / 2;
            course.nodes[count++] = tree[(place - 1) / 2];
        }
        siblings = new bytes32[](course.siblingCount);
        for (uint256 i = 0; i < siblings.length; ++i) siblings[i] = course.siblings[i];
        flags = new bool[](course.steps);
        for (uint256 i = 0; i < flags.length; ++i) flags[i] = course.flags[i];
    }

    function _pack(bool[] memory flags) private pure returns (uint256[] memory words) {
        words = new uint256[]((flags.length + 255) / 256);
        for (uint256 i = 0; i < flags.length; ++i) {
            if (flags[i]) words[i / 256] |= 1 << (i % 256);
        }
    }
}
