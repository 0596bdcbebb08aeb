// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Secp256k1: sums of points, without a division
/// @notice Points are Jacobian: (X, Y, Z) is (X / Z², Y / Z³). A division costs thousands of gas, and is left to whoever calls: the
/// inverse of Z is easy to check.
library Secp256k1 {
    /// @dev Of the field, and order of the group.
    uint256 internal constant P = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFC2F;
    uint256 internal constant N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;

    /// @dev Whether (x, y) is a point, with coordinates below P. Zero is none: 7 is no square.
    function isOnCurve(uint256 x, uint256 y) internal pure returns (bool) {
        return x < P && y < P && mulmod(y, y, P) == addmod(mulmod(mulmod(x, x, P), x, P), 7, P);
    }

    /// @dev The sum of (x1, y1, z1) and the point (x, y), which is on the curve. Where the two have the same x, be they equal or opposite, or
    /// where (x1, y1, z1) is no point any more, z3 is 0, and stays it in further sums: such a sum has no inverse, so that nothing is ever
    /// read of it.
    function add(
        uint256 x1,
        uint256 y1,
        uint256 z1,
        uint256 x,
        uint256 y
    ) internal pure returns (uint256 x3, uint256 y3, uint256 z3) {
        unchecked {
            // safe: what is subtracted from P is below P
            uint256 zz = mulmod(z1, z1, P);
            uint256 h = addmod(mulmod(x, zz, P), P - x1, P);
            uint256 r = addmod(mulmod(y, mulmod(zz, z1, P), P), P - y1, P);
            uint256 hh = mulmod(h, h, P);
            uint256 v = mulmod(x1, hh, P);
            uint256 hhh = mulmod(hh, h, P);
            x3 = addmod(mulmod(r, r, P), P - addmod(hhh, addmod(v, v, P), P), P);
            y3 = addmod(mulmod(r, addmod(v, P - x3, P), P), P - mulmod(y1, hhh, P), P);
            z3 = mulmod(z1, h, P);
        }
    }

    /// @dev The point that (x, y, z) is, by the inverse of z: x / z², y / z³.
    function affine(uint256 x, uint256 y, uint256 inverse) internal pure returns (uint256, uint256) {
        uint256 square = mulmod(inverse, inverse, P);
        return (mulmod(x, square, P), mulmod(y, mulmod(square, inverse, P), P));
    }
}
