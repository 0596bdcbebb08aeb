// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHeartbeatOracle} from "../oracle/IHeartbeatOracle.sol";
import {ReportIndex, Timestamp} from "../types/Time.sol";
import {IBudgetLedger} from "./IBudgetLedger.sol";

/// @title LeafProof: asks an oracle whether leaves stand in a report, with header and proof as they came
/// @dev The leaves are completed by what the vault knows of them, project and score definition. Proofs are copied and not decoded:
/// encoding them anew would cost more than checking them. What the oracle reverts with is passed on.
library LeafProof {
    /// @dev Words of `IHeartbeatOracle.Leaf`, in bytes.
    uint256 private constant LEAF_BYTES = 0xa0;

    /// @dev A call of {IHeartbeatOracle-verifyLeaves} in memory: where it begins and how long it is, and where its leaves stand.
    struct Call {
        uint256 start;
        uint256 length;
        uint256 leaves;
    }

    /// @dev {IHeartbeatOracle-verifyLeaf}, in {IBudgetVault-renewLease} only: its call data are the arguments.
    /// `leaf` is `keccak256(keccak256(abi.encode(leaf)))`, as in the tree.
    function verifyOne(
        IHeartbeatOracle oracle,
        bytes32 project,
        bytes32 definition
    ) internal view returns (ReportIndex latest, Timestamp acceptedAt, bytes32 leaf) {
        bytes4 selector = IHeartbeatOracle.verifyLeaf.selector;
        uint256 start;
        uint256 leafWords;
        assembly ("memory-safe") {
            // renewLease: selector ‖ project ‖ header (7 words) ‖                        outcome, grade, score ‖ offset ‖ proof
            // verifyLeaf: selector ‖           header (7 words) ‖ project ‖ definition ‖ outcome, grade, score ‖ offset ‖ proof
            start := mload(0x40)
            leafWords := add(start, 0xe4)
            mstore(start, selector)
            calldatacopy(add(start, 0x04), 0x24, 0xe0)
            mstore(leafWords, project)
            mstore(add(leafWords, 0x20), definition)
            calldatacopy(add(leafWords, 0x40), 0x104, sub(calldatasize(), 0x104))
            // The proof stands one word later in the arguments than it did.
            let offset := add(leafWords, LEAF_BYTES)
            mstore(offset, add(mload(offset), 0x20))
        }
        (latest, acceptedAt) = _ask(oracle, start, msg.data.length + 0x20);
        leaf = _hash(leafWords);
    }

    /// @dev Begins a call with room for `count` leaves, each of which has to be {put} before it is {verify}-ed.
    function begin(
        IHeartbeatOracle.ReportHeader calldata header,
        uint256 count,
        bytes32[] calldata proof,
        uint256[] calldata flags
    ) internal pure returns (Call memory batch) {
        bytes4 selector = IHeartbeatOracle.verifyLeaves.selector;
        uint256 start;
        uint256 leaves;
        uint256 length;
        assembly ("memory-safe") {
            // selector ‖ header (7 words) ‖ offsets of leaves, proof, flags ‖ count, leaves ‖ count, proof ‖ count, flags
            start := mload(0x40)
            mstore(start, selector)
            let arguments := add(start, 0x04)
            calldatacopy(arguments, header, 0xe0)
            mstore(add(arguments, 0xe0), 0x140)
            mstore(add(arguments, 0x140), count)
            leaves := add(arguments, 0x160)
            let next := add(leaves, mul(count, LEAF_BYTES))

            mstore(add(arguments, 0x100), sub(next, arguments))
            mstore(next, proof.length)
            calldatacopy(add(next, 0x20), proof.offset, shl(5, proof.length))
            next := add(next, shl(5, add(proof.length, 1)))

            mstore(add(arguments, 0x120), sub(next, arguments))
            mstore(next, flags.length)
            calldatacopy(add(next, 0x20), flags.offset, shl(5, flags.length))
            next := add(next, shl(5, add(flags.length, 1)))
            length := sub(next, start)
            mstore(0x40, and(add(next, 0x1f), not(0x1f)))
        }
        return Call({start: start, length: length, leaves: leaves});
    }

    /// @dev Writes the leaf at `index`, which is below the call's count.
    function put(
        Call memory batch,
        uint256 index,
        bytes32 project,
        bytes32 definition,
        IBudgetLedger.LeafScore calldata score
    ) internal pure {
        uint256 leafWords = batch.leaves + index * LEAF_BYTES;
        assembly ("memory-safe") {
            mstore(leafWords, project)
            mstore(add(leafWords, 0x20), definition)
            calldatacopy(add(leafWords, 0x40), score, 0x60)
        }
    }

    /// @dev As in the tree, of the leaf that was {put} at `index`.
    function hashOf(Call memory batch, uint256 index) internal pure returns (bytes32) {
        return _hash(batch.leaves + index * LEAF_BYTES);
    }

    function verify(
        Call memory batch,
        IHeartbeatOracle oracle
    ) internal view returns (ReportIndex latest, Timestamp acceptedAt) {
        return _ask(oracle, batch.start, batch.length);
    }

    function _ask(
        IHeartbeatOracle oracle,
        uint256 start,
        uint256 length
    ) private view returns (ReportIndex latest, Timestamp acceptedAt) {
        assembly ("memory-safe") {
            if iszero(staticcall(gas(), oracle, start, length, 0x00, 0x40)) {
                returndatacopy(start, 0x00, returndatasize())
                revert(start, returndatasize())
            }
            if lt(returndatasize(), 0x40) {
                revert(0x00, 0x00)
            }
            latest := and(mload(0x00), 0xffffffff)
            acceptedAt := and(mload(0x20), 0xffffffffffff)
        }
    }

    function _hash(uint256 leafWords) private pure returns (bytes32 leaf) {
        assembly ("memory-safe") {
            mstore(0x00, keccak256(leafWords, LEAF_BYTES))
            leaf := keccak256(0x00, 0x20)
        }
    }
}
