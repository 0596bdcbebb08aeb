// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Parameters} from "../types/Parameters.sol";
import {IConstitution} from "./IConstitution.sol";

/// @dev What a parameter's terms must be, for good, and which of two values binds more.
library ParameterTerms {
    uint128 private constant PERCENT = 100;

    /// @dev A parameter that contracts enforce has a direction, and a range that they can hold: elsewise a tightening could
    /// loosen, or a large value be read as a small one.
    function requireMeaning(bytes32 parameter, IConstitution.Terms calldata terms) internal pure {
        if (terms.minimum > terms.maximum) {
            revert IConstitution.ConstitutionInvalidBounds(terms.minimum, terms.maximum);
        }
        (bool isEnforced, IConstitution.Terms memory required) = _enforced(parameter);
        if (terms.cone != required.cone || (isEnforced && terms.stricter != required.stricter)) {
            revert IConstitution.ConstitutionInvalidTerms(parameter, required.stricter, required.cone);
        }
        if (isEnforced && terms.minimum < required.minimum) {
            revert IConstitution.ConstitutionOutOfBounds(parameter, terms.minimum, required.minimum, required.maximum);
        }
        if (isEnforced && terms.maximum > required.maximum) {
            revert IConstitution.ConstitutionOutOfBounds(parameter, terms.maximum, 0, required.maximum);
        }
    }

    function stricter(IConstitution.Stricter direction, uint128 a, uint128 b) internal pure returns (uint128) {
        return (direction == IConstitution.Stricter.Lower) == (a < b) ? a : b;
    }

    function isLooser(IConstitution.Terms memory terms, uint128 value, uint128 than) internal pure returns (bool) {
        return value != than && stricter(terms.stricter, value, than) == than;
    }

    function _enforced(bytes32 parameter) private pure returns (bool isEnforced, IConstitution.Terms memory required) {
        isEnforced = true;
        if (parameter == Parameters.CONE_MAX_IMPACT) {
            (required.cone, required.maximum) = (true, type(uint48).max);
        } else if (parameter == Parameters.CONE_MIN_REVERSIBILITY) {
            (required.stricter, required.cone, required.maximum) = (IConstitution.Stricter.Higher, true, PERCENT);
        } else if (
            parameter == Parameters.ESCALATION_DEADLINE_SECONDS || parameter == Parameters.ESCALATION_USABLE_SECONDS
        ) {
            required.maximum = type(uint24).max / 2; // both together are an escalation's longest duration
        } else if (parameter == Parameters.BREAKER_OUTFLOW_SHARE || parameter == Parameters.BREAKER_RECLAIM_SHARE) {
            (required.minimum, required.maximum) = (1, type(uint64).max); // none is no limit
        } else if (parameter == Parameters.BREAKER_TRIP_SECONDS) {
            (required.stricter, required.minimum) = (IConstitution.Stricter.Higher, 1);
            required.maximum = 30 days;
        } else {
            isEnforced = false;
        }
    }
}
