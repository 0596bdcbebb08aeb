// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title RoundedAmount: an amount below 2^112 in 58 bits, rounded down
/// @dev `exponent 2 | mantissa 56`: the amount is `mantissa · 10^(6 · exponent)`. Decimal, because people's amounts are: a limit of 200 units
/// of 18 decimals is kept as exactly that. Amounts below 2^56 are exact; above, less than one part in 7·10^10 is lost. What a limit
/// allows is rounded, so the rounding is against the spender.
library RoundedAmount {
    uint256 internal constant BITS = 58;

    uint256 private constant MANTISSA_BITS = 56;
    uint256 private constant STEP = 10 ** 6;

    /// @dev `amount` is below 2^112.
    function encode(uint256 amount) internal pure returns (uint256 code) {
        uint256 exponent = 0;
        while (amount >> MANTISSA_BITS != 0) {
            amount /= STEP;
            ++exponent; // at most 3: 2^112 is below 2^56 · 10^18
        }
        return (exponent << MANTISSA_BITS) | amount;
    }

    function decode(uint256 code) internal pure returns (uint256 amount) {
        uint256 mantissa = code & ((uint256(1) << MANTISSA_BITS) - 1);
        return mantissa * STEP ** (code >> MANTISSA_BITS);
    }
}
