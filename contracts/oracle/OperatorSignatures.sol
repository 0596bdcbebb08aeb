// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHeartbeatOracle} from "./IHeartbeatOracle.sol";
import {OperatorTable} from "./OperatorTable.sol";

/// @title OperatorSignatures: checks the signatures of seats
/// @notice Seats are named by a bitmap, so that a seat cannot count twice, and signatures follow in ascending seat order,
/// 64 bytes each (EIP-2098: `r`, then `s` with the recovery bit on top).
library OperatorSignatures {
    uint256 internal constant SIGNATURE_BYTES = 64;

    /// @dev Largest `s` that is accepted, half the order of secp256k1: of the two signatures (s and n − s) one is refused.
    uint256 private constant MAX_S = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;

    /// @notice Number of seats in a bitmap of up to 32.
    function count(uint256 signers) internal pure returns (uint256 bits) {
        unchecked {
            // safe: sums of adjacent fields, each wide enough for its largest value
            bits = signers - ((signers >> 1) & 0x55555555);
            bits = (bits & 0x33333333) + ((bits >> 2) & 0x33333333);
            bits = (bits + (bits >> 4)) & 0x0f0f0f0f;
            bits = (bits * 0x01010101 >> 24) & 0xff;
        }
    }

    /// @notice Reverts with {IHeartbeatOracle.HeartbeatOracleInvalidSignature} unless each seat in `signers` signed `digest`.
    /// @dev Assumes `signatures.length == SIGNATURE_BYTES * count(signers)` and every seat below the table's number of seats.
    /// @param operators Memory pointer from {OperatorTable.load}.
    function check(bytes32 digest, uint256 signers, bytes calldata signatures, uint256 operators) internal view {
        uint256 seat = 0;
        uint256 offset;
        assembly ("memory-safe") {
            offset := signatures.offset
        }
        unchecked {
            // safe: seats are at most 31 and offsets lie inside of calldata
            for (; signers != 0; signers >>= 1) {
                if (signers & 1 != 0) {
                    address operator = OperatorTable.operatorInSeat(operators, seat);
                    address recovered = _recover(digest, offset);
                    if (recovered != operator) {
                        revert IHeartbeatOracle.HeartbeatOracleInvalidSignature(seat, recovered, operator);
                    }
                    offset += SIGNATURE_BYTES;
                }
                ++seat;
            }
        }
    }

    /// @dev Zero where the signature is malformed or its `s` lies in the upper half; no operator is the zero address.
    function _recover(bytes32 digest, uint256 offset) private view returns (address recovered) {
        assembly ("memory-safe") {
            let vs := calldataload(add(offset, 0x20))
            let s := shr(1, shl(1, vs))
            let input := mload(0x40) // scratch beyond the free memory pointer, overwritten by whatever comes next
            mstore(input, digest)
            mstore(add(input, 0x20), add(27, shr(255, vs)))
            mstore(add(input, 0x40), calldataload(offset))
            mstore(add(input, 0x60), s)
            // a failed recovery returns nothing and leaves the zero in place
            mstore(0x00, 0)
            if iszero(gt(s, MAX_S)) {
                pop(staticcall(gas(), 1, input, 0x80, 0x00, 0x20))
            }
            recovered := mload(0x00)
        }
    }
}
