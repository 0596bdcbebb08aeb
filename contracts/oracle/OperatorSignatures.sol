// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHeartbeatOracle} from "./IHeartbeatOracle.sol";
import {OperatorTable, TableHeader} from "./OperatorTable.sol";

/// @title OperatorSignatures: checks the signatures of seats
/// @notice Seats are named by a bitmap, so that a seat cannot count twice, and signatures follow in ascending seat order,
/// 64 bytes each (EIP-2098: `r`, then `s` with the recovery bit on top).
library OperatorSignatures {
    uint256 internal constant SIGNATURE_BYTES = 64;

    uint256 private constant ADDRESS_BYTES = 20;

    /// @dev First `s` that is refused, half the order of secp256k1 plus one: of the two signatures (s and n − s) one counts.
    uint256 private constant HIGH_S = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A1;

    /// @notice Number of seats in a bitmap of up to 32.
    function count(uint256 signers) internal pure returns (uint256 bits) {
        unchecked {
            // safe: sums of adjacent fields, each wide enough for its largest value
            bits = signers - ((signers >> 1) & 0x55555555);
            bits = (bits & 0x33333333) + ((bits >> 2) & 0x33333333);
            bits = (bits + (bits >> 4)) & 0x0f0f0f0f;
            bits = ((bits * 0x01010101) >> 24) & 0xff;
        }
    }

    /// @notice Reverts with {IHeartbeatOracle.HeartbeatOracleInvalidSignature} unless each seat in `signers` signed `digest`.
    /// @dev Assumes `signatures.length == SIGNATURE_BYTES * count(signers)` and every seat below the table's number of seats.
    /// @param operators Memory pointer from {OperatorTable.load}.
    function check(bytes32 digest, uint256 signers, bytes calldata signatures, uint256 operators) internal view {
        // In assembly because it is the one loop that each signer of each report pays for.
        uint256 operator = operators;
        uint256 failure; // the recovered address, and a bit above it
        assembly ("memory-safe") {
            let input := mload(0x40) // scratch behind the free memory pointer: digest, v, r, s
            mstore(input, digest)
            let signature := signatures.offset
            for {} signers {} {
                if and(signers, 1) {
                    let s := calldataload(add(signature, 0x20))
                    mstore(add(input, 0x20), add(27, shr(255, s)))
                    mstore(add(input, 0x40), calldataload(signature))
                    s := shr(1, shl(1, s))
                    mstore(add(input, 0x60), s)
                    mstore(0x00, 0) // a recovery that fails returns nothing and leaves this zero in place
                    if lt(s, HIGH_S) {
                        pop(staticcall(gas(), 1, input, 0x80, 0x00, 0x20))
                    }
                    // no signer is the zero address, so that a failed recovery is never equal
                    if xor(mload(0x00), shr(96, mload(operator))) {
                        failure := or(mload(0x00), shl(160, 1))
                        break
                    }
                    signature := add(signature, 0x40)
                }
                operator := add(operator, ADDRESS_BYTES)
                signers := shr(1, signers)
            }
        }
        if (failure != 0) {
            uint256 seat = (operator - operators) / ADDRESS_BYTES;
            revert IHeartbeatOracle.HeartbeatOracleInvalidSignature(
                seat,
                address(uint160(failure)), // safe: drops the bit
                OperatorTable.signerInSeat(operators, seat)
            );
        }
    }

    /// @dev Who sits in a seat of the set `configuration`, and whose delegate there signed. Reverts as {IHeartbeatOracle-suspend} says.
    function signerOf(
        uint32 configuration,
        uint8 seat,
        bytes32 digest,
        bytes calldata signature
    ) internal view returns (address) {
        (TableHeader table, uint256 operators) = OperatorTable.load(configuration);
        uint256 signer = uint256(1) << seat;
        if (seat >= table.seatsOf()) revert IHeartbeatOracle.HeartbeatOracleUnknownSeat(signer, table.seatsOf());
        uint256 vacant = OperatorTable.vacantSeats(operators);
        if (signer & vacant != 0) revert IHeartbeatOracle.HeartbeatOracleVacantSeat(signer, vacant);
        if (signature.length != SIGNATURE_BYTES) {
            revert IHeartbeatOracle.HeartbeatOracleInvalidSignatureLength(signature.length, SIGNATURE_BYTES);
        }
        check(digest, signer, signature, operators);
        (address[] memory names, ) = OperatorTable.listsOf(configuration);
        return names[seat];
    }
}
