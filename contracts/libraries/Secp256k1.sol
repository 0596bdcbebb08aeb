// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Secp256k1: sums of points, without a division
/// @notice Points are Jacobian: (X, Y, Z) is (X / Z², Y / Z³). A division costs thousands of gas, and is left to whoever calls: the
/// inverse of Z is easy to check.
library Secp256k1 {
    /// @dev Of the field, and order of the group.
    uint256 internal constant P = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFC2F;
    uint256 internal constant N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;

    struct Jacobian {
        uint256 x;
        uint256 y;
        uint256 z;
    }

    /// @dev Whether (x, y) is a point, with coordinates below P. Zero is none: 7 is no square.
    function isOnCurve(uint256 x, uint256 y) internal pure returns (bool) {
        return x < P && y < P && mulmod(y, y, P) == addmod(mulmod(mulmod(x, x, P), x, P), 7, P);
    }

    /// @dev Adds the point (x, y), which is on the curve, to `sum`. Where the two have the same x, be they equal or opposite, or where
    /// `sum` is no point any more, z becomes 0 and stays it: such a sum has no inverse, so that nothing is ever read of it.
    function add(Jacobian memory sum, uint256 x, uint256 y) internal pure {
        unchecked {
            // safe: what is subtracted from P is below P
            (uint256 x1, uint256 y1, uint256 z1) = (sum.x, sum.y, sum.z);
            uint256 zz = mulmod(z1, z1, P);
            uint256 h = addmod(mulmod(x, zz, P), P - x1, P);
            uint256 r = addmod(mulmod(y, mulmod(zz, z1, P), P), P - y1, P);
            uint256 hh = mulmod(h, h, P);
            uint256 v = mulmod(x1, hh, P);
            uint256 hhh = mulmod(hh, h, P);
            uint256 x3 = addmod(mulmod(r, r, P), P - addmod(hhh, addmod(v, v, P), P), P);
            sum.x = x3;
            sum.y = addmod(mulmod(r, addmod(v, P - x3, P), P), P - mulmod(y1, hhh, P), P);
            sum.z = mulmod(z1, h, P);
        }
    }

    /// @dev Takes the point (x, y), which is on the curve, from `sum`. As {add}: y is never 0.
    function subtract(Jacobian memory sum, uint256 x, uint256 y) internal pure {
        unchecked {
            add(sum, x, P - y); // safe: y is below P
        }
    }
}
