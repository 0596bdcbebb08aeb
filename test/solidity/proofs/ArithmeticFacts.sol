// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev What the EVM computes, told to the prover: Halmos takes a quotient or a power for an unknown function of its operands, and
/// works out what it is only when it has to, which takes too long. Each fact is true of every input that it is told of, so that
/// none is left out by it; that three steps are enough is proved in {RoundedAmountProofs}.
library ArithmeticFacts {
    uint256 private constant STEP = 10 ** 6;

    /// @dev Of the steps in which an amount below 2^112 is encoded: three are enough.
    function ofEncoding(uint256 amount) internal pure {
        for (uint256 i = 0; i < 3; ++i) {
            ofQuotient(amount, STEP);
            amount /= STEP;
        }
        require(amount >> 56 == 0);
    }

    function ofQuotient(uint256 dividend, uint256 divisor) internal pure {
        uint256 quotient = dividend / divisor;
        unchecked {
            uint256 product = quotient * divisor;
            require(quotient <= dividend && product <= dividend && dividend - product < divisor);
        }
    }

    /// @dev Of the power by which a code is decoded, and of what it multiplies.
    function ofDecoding(uint256 code) internal pure {
        uint256 mantissa = code & ((1 << 56) - 1);
        uint256 exponent = code >> 56;
        uint256 power = STEP ** exponent;
        unchecked {
            uint256 product = mantissa * power;
            if (exponent == 0) require(product == mantissa);
            if (exponent == 1) require(product == mantissa * STEP);
            if (exponent == 2) require(product == mantissa * 10 ** 12);
            if (exponent == 3) require(product == mantissa * 10 ** 18);
        }
    }
}
