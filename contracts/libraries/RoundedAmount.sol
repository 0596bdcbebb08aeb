// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title RoundedAmount: an amount below 2^112 in 58 bits, rounded down
/// @dev `exponent 2 | mantissa 56`: the amount is `mantissa · 2^(32 · exponent)`. Amounts below 2^56 are exact; above, at most one part in
/// 2^24 is lost. What a limit allows is rounded, so the rounding is against the spender.
library RoundedAmount {
    uint256 internal constant BITS = 58;

    uint256 private constant MANTISSA_BITS = 56;
    uint256 private constant STEP_BITS = 32;

    /// @dev `amount` is below 2^112.
    function encode(uint256 amount) internal pure returns (uint256 code) {
        if (amount >> MANTISSA_BITS == 0) return amount;
        uint256 exponent = amount >> (MANTISSA_BITS + STEP_BITS) == 0 ? 1 : 2;
        return (exponent << MANTISSA_BITS) | (amount >> (STEP_BITS * exponent));
    }

    function decode(uint256 code) internal pure returns (uint256 amount) {
        uint256 mantissa = code & ((uint256(1) << MANTISSA_BITS) - 1);
        return mantissa << (STEP_BITS * (code >> MANTISSA_BITS));
    }
}
