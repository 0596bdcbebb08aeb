// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITeams} from "./ITeams.sol";

/// @dev What every team must satisfy, whatever the rest of the organization looks like.
library TeamRules {
    uint256 internal constant MAX_TIERS = 4;
    uint8 private constant PERCENT = 100;
    uint8 private constant EVERY_TRIGGER = uint8(1 << (uint8(type(ITeams.Trigger).max) + 1)) - 1;

    /// @dev 1 to MAX_TIERS cones, each contained in the next one.
    function requireCones(ITeams.Cone[] calldata cones) internal pure {
        uint256 length = cones.length;
        if (length == 0 || length > MAX_TIERS) revert ITeams.TeamsInvalidTierCount(length, MAX_TIERS);
        for (uint256 i = 0; i < length; ++i) {
            bool contained = i == 0 || contains(cones[i], cones[i - 1]);
            if (!contained || cones[i].minReversibility > PERCENT) revert ITeams.TeamsInvalidCones(uint8(i)); // safe: < 4
        }
    }

    /// @dev At least one, and none that does not exist: nothing else would ever lower the tier.
    function requireTriggers(uint8 triggers) internal pure {
        if (triggers == 0 || triggers > EVERY_TRIGGER) revert ITeams.TeamsInvalidTriggers(triggers);
    }

    /// @dev Whether everything that `inner` allows is allowed by `outer`, too.
    function contains(ITeams.Cone memory outer, ITeams.Cone memory inner) internal pure returns (bool) {
        return
            inner.maxImpact <= outer.maxImpact &&
            inner.scopes & ~outer.scopes == 0 &&
            inner.minReversibility >= outer.minReversibility;
    }
}
