// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ActionState} from "./ActionState.sol";
import {GrantState} from "./GrantState.sol";
import {IAuthorityLimits} from "./IAuthorityLimits.sol";
import {TeamState} from "./TeamState.sol";

/// @dev Units of account (4 decimals) for 1e18 base units of an asset, until `validUntil`. One slot.
struct Rate {
    uint128 rate;
    uint48 validUntil;
}

/// @title Which limit a call crosses, if any
/// @dev Decides and writes nothing; what is spent is written by whoever asks, once the decision stands.
library LimitRules {
    /// @dev What an amount of 2^128 or more counts as: more than any limit.
    uint256 internal constant MAX_IMPACT = type(uint128).max;
    uint256 private constant RATE_SCALE = 1e18;

    /// @param team Rolled to now.
    /// @param data The call's, with its selector.
    function check(
        ActionState action,
        GrantState given,
        TeamState team,
        mapping(address asset => Rate) storage rates,
        bytes calldata data
    ) internal view returns (IAuthorityLimits.Boundary boundary, uint256 limit, uint256 actual, uint256 impact) {
        (boundary, limit, actual, impact) = impactOf(action, rates, data);
        if (action.isImpact(IAuthorityLimits.ImpactKind.Unlisted)) {
            return (IAuthorityLimits.Boundary.Unlisted, 0, 0, impact);
        }
        if (!team.hasScope(action.scopeOf())) {
            return (IAuthorityLimits.Boundary.Scope, team.scopesOf(), action.scopeOf(), impact);
        }
        if (action.reversibilityOf() < team.minReversibilityOf()) {
            return (
                IAuthorityLimits.Boundary.Reversibility,
                team.minReversibilityOf(),
                action.reversibilityOf(),
                impact
            );
        }
        // What has no impact crosses no limit of impact, not even one that was lowered below what is used.
        if (boundary != IAuthorityLimits.Boundary.None || impact == 0) return (boundary, limit, actual, impact);
        if (given.isCapped() && impact > given.capOf()) {
            return (IAuthorityLimits.Boundary.GrantCap, given.capOf(), impact, impact);
        }
        uint256 total;
        unchecked {
            total = team.usedImpact() + impact; // safe: below 2^50 and 2^128
        }
        if (total > team.maxImpactOf()) {
            return (IAuthorityLimits.Boundary.TeamImpact, team.maxImpactOf(), total, impact);
        }
    }

    /// @dev Whether a listed action's scope and reversibility are inside the team's limits.
    function isInside(ActionState action, TeamState team) internal pure returns (bool) {
        return team.hasScope(action.scopeOf()) && action.reversibilityOf() >= team.minReversibilityOf();
    }

    /// @dev In units of account, rounded up: against the spender. `Unreadable` or `RateMissing` where it is not known.
    function impactOf(
        ActionState action,
        mapping(address asset => Rate) storage rates,
        bytes calldata data
    ) internal view returns (IAuthorityLimits.Boundary problem, uint256 limit, uint256 actual, uint256 impact) {
        if (action.isImpact(IAuthorityLimits.ImpactKind.Fixed)) return (problem, limit, actual, action.fixedImpactOf());
        bool isRated = action.isImpact(IAuthorityLimits.ImpactKind.AssetAmount);
        if (!isRated && !action.isImpact(IAuthorityLimits.ImpactKind.Amount)) return (problem, limit, actual, impact);

        uint256 needed = _endOf(action.amountWordOf());
        if (isRated) needed = Math.max(needed, _endOf(action.assetWordOf()));
        if (data.length < needed) return (IAuthorityLimits.Boundary.Unreadable, needed, data.length, 0);
        impact = _wordAt(data, action.amountWordOf());
        if (isRated) {
            uint256 asset = _wordAt(data, action.assetWordOf());
            if (asset > type(uint160).max) {
                return (IAuthorityLimits.Boundary.Unreadable, type(uint160).max, asset, 0);
            }
            Rate storage current = rates[address(uint160(asset))]; // safe: compared above
            uint256 rate = current.rate;
            uint256 validUntil = current.validUntil;
            if (rate == 0 || block.timestamp >= validUntil) {
                return (IAuthorityLimits.Boundary.RateMissing, rate == 0 ? 0 : validUntil, block.timestamp, 0);
            }
            if (impact <= MAX_IMPACT) impact = Math.ceilDiv(impact * rate, RATE_SCALE); // 128 bits each
        }
        if (impact > MAX_IMPACT) impact = MAX_IMPACT;
    }

    function _endOf(uint256 word) private pure returns (uint256) {
        unchecked {
            return 36 + 32 * word; // safe: a byte's value
        }
    }

    /// @dev `data` must reach so far.
    function _wordAt(bytes calldata data, uint256 word) private pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := calldataload(add(add(data.offset, 4), shl(5, word)))
        }
    }
}
