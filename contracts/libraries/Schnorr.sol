// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Secp256k1} from "./Secp256k1.sol";

/// @title Schnorr: signatures over secp256k1, checked by ecrecover
/// @notice A signature of `message` by the key P is `(s, R)` with `R = s·G − e·P`, of which the address stands for the point, and
/// `e = keccak256(P.x ‖ parity of P.y ‖ message ‖ R) mod N`.
/// @dev Why it works: `ecrecover(h, v, r, s')` is the address of `r⁻¹·(s'·K − h·G)`, where K is the point with x = r and the parity of v. With r = P.x,
/// K = P, s' = −e·P.x and h = −s·P.x that is `s·G − e·P`. A forger would have to find a point from its address, which has 160 bits: the bound
/// of every account on the chain.
library Schnorr {
    /// @param isOdd Whether P.y is odd.
    /// @param s Below N: of s and s + N one counts.
    /// @param commitment Address of R.
    /// @return Whether it is one. Never of a key with x = 0 or x ≥ N, which ecrecover does not take: about one key in 2^128.
    function isSigned(
        uint256 x,
        bool isOdd,
        bytes32 message,
        uint256 s,
        address commitment
    ) internal view returns (bool) {
        if (commitment == address(0) || s >= Secp256k1.N) return false; // a recovery that fails gives zero
        uint256 order = Secp256k1.N;
        address opened;
        // In assembly because the compiler copies what is hashed twice, and each report pays for it.
        assembly ("memory-safe") {
            let input := mload(0x40) // scratch behind the free memory pointer: digest, v, r, s
            mstore(input, x)
            mstore8(add(input, 0x20), isOdd)
            mstore(add(input, 0x21), message)
            mstore(add(input, 0x41), shl(96, commitment))
            let e := keccak256(input, 0x55)
            // remainders are below the order; ecrecover refuses the order itself, where one of them is 0
            mstore(input, sub(order, mulmod(s, x, order)))
            mstore(add(input, 0x20), add(27, isOdd))
            mstore(add(input, 0x40), x)
            mstore(add(input, 0x60), sub(order, mulmod(e, x, order)))
            mstore(0x00, 0) // a recovery that fails returns nothing and leaves this zero in place
            pop(staticcall(gas(), 1, input, 0x80, 0x00, 0x20))
            opened := mload(0x00)
        }
        return opened == commitment;
    }
}
