// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RoundedAmount} from "../../../contracts/libraries/RoundedAmount.sol";
import {ArithmeticFacts} from "./ArithmeticFacts.sol";

/// @dev Proved for all inputs by `npm run assure`, one assertion a function; what is required is what the callers guarantee.
/// An amount is given by what is kept of it, `mantissa · 10^(6 · exponent)`, and the digits to the base 10^6 that are not.
contract RoundedAmountProofs {
    struct Parts {
        uint8 exponent;
        uint56 mantissa;
        uint24[3] digits; // the first of them is the lowest
    }

    uint256 private constant STEP = 10 ** 6;

    /// {ArithmeticFacts-ofEncoding}; and so every amount has its parts.
    function prove_ThreeStepsAreEnough(uint112 amount) external pure {
        ArithmeticFacts.ofQuotient(amount, STEP);
        ArithmeticFacts.ofQuotient(amount / STEP, STEP);
        ArithmeticFacts.ofQuotient(amount / STEP / STEP, STEP);
        assert((amount / STEP / STEP / STEP) >> 56 == 0);
    }

    /// What is stored fits its field.
    function prove_FitsItsField(uint112 amount) external pure {
        ArithmeticFacts.ofEncoding(amount);
        assert(RoundedAmount.encode(amount) >> RoundedAmount.BITS == 0);
    }

    /// Amounts below 2^56 are exact.
    function prove_SmallIsExact(uint56 amount) external pure {
        uint256 code = RoundedAmount.encode(amount);
        ArithmeticFacts.ofDecoding(code);
        assert(RoundedAmount.decode(code) == amount);
    }

    /// The code is exponent and mantissa.
    function prove_EncodesTheParts(Parts memory parts) external pure {
        uint256 amount = _amountOf(parts);
        assert(RoundedAmount.encode(amount) == _codeOf(parts));
    }

    /// iTR-017: what is kept is rounded down, to a multiple of 10^(6 · exponent): so the order of amounts with one exponent is kept. Of others
    /// it need not be: 2^56 loses its last digits, and 2^56 − 1 none.
    function prove_NeverRoundsUp(Parts memory parts) external pure {
        uint256 amount = _amountOf(parts);
        unchecked {
            // safe: were more kept than the amount, this would wrap around, and be above any unit
            assert(amount - _keptOf(parts) < _unitOf(parts));
        }
    }

    /// Less than one part in 7·10^10 is lost.
    function prove_LosesLittle(Parts memory parts) external pure {
        uint256 amount = _amountOf(parts);
        unchecked {
            assert((amount - _keptOf(parts)) * (7 * 10 ** 10) <= amount); // safe: 112 bits by 37
        }
    }

    /// What is kept is kept exactly when it is encoded again.
    function prove_KeptStays(Parts memory parts) external pure {
        parts.digits = [uint24(0), 0, 0];
        uint256 amount = _amountOf(parts);
        assert(_keptOf(parts) == amount);
    }

    /// @dev What each quotient is, is told to the prover as the fact that it is.
    function _amountOf(Parts memory parts) private pure returns (uint256 amount) {
        require(parts.exponent <= 3);
        amount = parts.mantissa;
        unchecked {
            // safe: 112 bits are required in the end, and each step makes it larger by 20
            for (uint256 i = 3; i > 0; --i) {
                if (i > parts.exponent) continue;
                uint256 digit = parts.digits[i - 1];
                uint256 quotient = amount;
                amount = amount * STEP + digit;
                require(digit < STEP && amount >> 56 != 0 && amount / STEP == quotient);
            }
        }
        require(amount >> 112 == 0);
    }

    /// @dev By {prove_EncodesTheParts}, what is decoded of their amount.
    function _keptOf(Parts memory parts) private pure returns (uint256) {
        uint256 code = _codeOf(parts);
        ArithmeticFacts.ofDecoding(code);
        return RoundedAmount.decode(code);
    }

    function _unitOf(Parts memory parts) private pure returns (uint256) {
        if (parts.exponent == 0) return 1;
        if (parts.exponent == 1) return STEP;
        return parts.exponent == 2 ? STEP ** 2 : STEP ** 3;
    }

    function _codeOf(Parts memory parts) private pure returns (uint256) {
        return (uint256(parts.exponent) << 56) | parts.mantissa;
    }
}
