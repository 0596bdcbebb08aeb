// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SignerCheck} from "../libraries/SignerCheck.sol";
import {Shelf, StoredCode} from "../libraries/StoredCode.sol";
import {IAttestorSets} from "./IAttestorSets.sol";

/// @dev A set in one slot. `table` is zero where there is none; `revoked` has a bit for each seat; `successors` counts the sets
/// that stand behind this one, of which the first is named at the end of the table.
struct AttestorHeader {
    uint32 table;
    uint32 revoked;
    uint8 threshold;
    uint8 count;
    uint8 live;
    uint8 successors;
    uint48 activeFrom;
}

/// @dev What all versions of a set have in common; they are numbered from 1.
struct AttestorOwnership {
    address owner;
    uint32 versions;
}

/// @title AttestorTable: the members of a set and the name of its successor, kept as code
/// @dev The code holds `abi.encode(bytes[])`: one code read brings all members, and a seat is found without decoding. Two words
/// behind it name the successor, where there is one: what is read only when a quorum is out of reach costs no slot.
library AttestorTable {
    uint256 internal constant MAX_ATTESTORS = 32;

    /// @dev Bytes of one signer: an account or verifier, and a key up to the size of RSA-2048.
    uint256 internal constant MIN_ATTESTOR_BYTES = 20;
    uint256 internal constant MAX_ATTESTOR_BYTES = 512;

    uint256 private constant SUCCESSOR_BYTES = 64;

    /// @dev Checks the members and writes them. Strictly ascending hashes make every seat a different signer.
    /// @param successor Two words that name the successor; empty where there is none.
    function write(
        Shelf storage shelf,
        bytes[] memory attestors,
        uint8 threshold,
        bytes memory successor
    ) internal returns (AttestorHeader memory header) {
        uint256 count = attestors.length;
        if (count == 0 || count > MAX_ATTESTORS) revert IAttestorSets.AttestorSetsInvalidSize(count, 1, MAX_ATTESTORS);
        if (threshold == 0 || threshold > count) revert IAttestorSets.AttestorSetsInvalidThreshold(threshold, count);
        bytes32 previous = 0;
        for (uint256 seat = 0; seat < count; ++seat) {
            if (!_isValid(attestors[seat])) revert IAttestorSets.AttestorSetsInvalidAttestor(seat);
            bytes32 current = keccak256(attestors[seat]);
            if (current <= previous) revert IAttestorSets.AttestorSetsNotAscending(seat);
            previous = current;
        }
        header.table = StoredCode.write(shelf, bytes.concat(abi.encode(attestors), successor));
        header.threshold = threshold;
        header.count = uint8(count); // safe: at most 32
        header.live = uint8(count);
    }

    function attestorsOf(AttestorHeader memory header) internal view returns (bytes[] memory) {
        return abi.decode(StoredCode.read(header.table), (bytes[]));
    }

    /// @dev Both zero where the set names no successor.
    function successorOf(AttestorHeader memory header) internal view returns (bytes32 attestorSet, uint32 version) {
        if (header.successors == 0) return (0, 0);
        bytes memory table = StoredCode.read(header.table);
        assembly ("memory-safe") {
            let end := add(add(table, 0x20), mload(table))
            attestorSet := mload(sub(end, SUCCESSOR_BYTES))
            version := mload(sub(end, 0x20))
        }
    }

    /// @dev Points into `table`: word 0 is the offset of the array, word 1 its length, then comes one offset for each member,
    /// counted from the first of those offsets. `seat` must be below the length.
    function signerAt(bytes memory table, uint256 seat) internal pure returns (bytes memory signer) {
        assembly ("memory-safe") {
            let offsets := add(table, 0x60)
            signer := add(offsets, mload(add(offsets, mul(seat, 0x20))))
        }
    }

    /// @dev A verifier must have code: without it, it could only ever say "no", or be a precompile that echoes.
    function _isValid(bytes memory attestor) private view returns (bool) {
        if (attestor.length < MIN_ATTESTOR_BYTES || attestor.length > MAX_ATTESTOR_BYTES) return false;
        address account = SignerCheck.accountOf(attestor);
        if (account == address(0) || account == address(this)) return false;
        return attestor.length == MIN_ATTESTOR_BYTES || account.code.length != 0;
    }
}
