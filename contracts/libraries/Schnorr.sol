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
    ) internal pure returns (bool) {
        if (commitment == address(0) || s >= Secp256k1.N) return false; // a recovery that fails gives zero
        uint256 e = uint256(keccak256(abi.encodePacked(x, isOdd, message, commitment)));
        unchecked {
            // safe: remainders by N are below it; ecrecover refuses N where one of them is 0
            bytes32 hash = bytes32(Secp256k1.N - mulmod(s, x, Secp256k1.N));
            bytes32 recovering = bytes32(Secp256k1.N - mulmod(e, x, Secp256k1.N));
            return ecrecover(hash, isOdd ? 28 : 27, bytes32(x), recovering) == commitment;
        }
    }
}
