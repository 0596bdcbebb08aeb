// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {MerklePath} from "../../../contracts/libraries/MerklePath.sol";

/// @dev Proved by `npm run assure`, one assertion a function. iOR-005: for any leaf, and each order of node and sibling on each level, the root
/// is the one of OpenZeppelin's MerkleProof, which hashes a node and its sibling in ascending order.
///
/// Siblings are given, and not any: the library stores a node at its place in the scratch space, and Halmos 0.3.3 follows no store to
/// a place that depends on inputs. Whether a node is above a sibling of nothing but ones, it finds in the node's highest
/// bits, where they are known. Fuzz tests take any siblings.
contract MerklePathProofs {
    function rootOf(bytes32 leaf, bytes32[] calldata siblings) external pure returns (bytes32) {
        return MerklePath.rootOf(leaf, siblings);
    }

    function prove_NoLevel(bytes32 leaf) external view {
        assert(this.rootOf(leaf, new bytes32[](0)) == leaf);
    }

    function prove_OneLevel(bytes32 leaf) external view {
        _assertAsOpenZeppelin(leaf, 1);
    }

    function prove_TwoLevels(bytes32 leaf) external view {
        _assertAsOpenZeppelin(leaf, 2);
    }

    function prove_ThreeLevels(bytes32 leaf) external view {
        _assertAsOpenZeppelin(leaf, 3);
    }

    /// A turn of four levels.
    function prove_FourLevels(bytes32 leaf) external view {
        _assertAsOpenZeppelin(leaf, 4);
    }

    /// A level, then a turn.
    function prove_FiveLevels(bytes32 leaf) external view {
        _assertAsOpenZeppelin(leaf, 5);
    }

    function _assertAsOpenZeppelin(bytes32 leaf, uint256 levels) private view {
        bytes32[] memory siblings = new bytes32[](levels);
        bytes32 node = leaf;
        for (uint256 i = 0; i < levels; ++i) {
            siblings[i] = bytes32(type(uint256).max >> (i + 1)); // on each level another one
            uint256 highest = uint256(node) >> (255 - i);
            if (highest == 0) {
                node = Hashes.efficientKeccak256(node, siblings[i]);
            } else {
                require(highest == 1); // one of the cases in which the node is above its sibling
                node = Hashes.efficientKeccak256(siblings[i], node);
            }
        }
        assert(this.rootOf(leaf, siblings) == MerkleProof.processProof(siblings, leaf));
    }
}
