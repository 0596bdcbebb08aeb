// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SignerCheck} from "../libraries/SignerCheck.sol";
import {Shelf, StoredCode} from "../libraries/StoredCode.sol";
import {IAttestorSets} from "./IAttestorSets.sol";

/// @dev A set in one slot. `table` is zero where there is none; `revoked` has a bit for each seat.
struct AttestorHeader {
    uint32 table;
    uint32 revoked;
    uint8 threshold;
    uint8 count;
    uint8 live;
}

/// @title AttestorTable: the members of a set, kept as code, by seat
/// @dev The code holds `abi.encode(bytes[])`: one code read brings all members, and a seat is found without decoding.
library AttestorTable {
    uint256 internal constant MAX_ATTESTORS = 32;

    /// @dev Bytes of one signer: an account or verifier, and a key up to the size of RSA-2048.
    uint256 internal constant MIN_ATTESTOR_BYTES = 20;
    uint256 internal constant MAX_ATTESTOR_BYTES = 512;

    /// @dev Checks the members and writes them. Strictly ascending hashes make every seat a different signer.
    function write(
        Shelf storage shelf,
        bytes[] calldata attestors,
        uint8 threshold
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
        header.table = StoredCode.write(shelf, abi.encode(attestors));
        header.threshold = threshold;
        header.count = uint8(count); // safe: at most 32
        header.live = uint8(count);
    }

    function attestorsOf(AttestorHeader memory header) internal view returns (bytes[] memory) {
        return abi.decode(StoredCode.read(header.table), (bytes[]));
    }

    /// @dev Whether `account` is a member by itself. A key that the same person holds elsewhere cannot be told.
    function isAttestor(AttestorHeader memory header, address account) internal view returns (bool) {
        bytes memory table = StoredCode.read(header.table);
        for (uint256 seat = 0; seat < header.count; ++seat) {
            bytes memory signer = signerAt(table, seat);
            if (signer.length == MIN_ATTESTOR_BYTES && SignerCheck.accountOf(signer) == account) return true;
        }
        return false;
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
    function _isValid(bytes calldata attestor) private view returns (bool) {
        if (attestor.length < MIN_ATTESTOR_BYTES || attestor.length > MAX_ATTESTOR_BYTES) return false;
        address account = address(bytes20(attestor[:20]));
        if (account == address(0) || account == address(this)) return false;
        return attestor.length == MIN_ATTESTOR_BYTES || account.code.length != 0;
    }
}
