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
    /// @return boundary The first one crossed.
    /// @return impact In units of account, rounded up: against the spender. 0 where it is not known.
    function check(
        ActionState action,
        GrantState given,
        TeamState team,
        mapping(address asset => Rate) storage rates,
        bytes calldata data
    ) internal view returns (IAuthorityLimits.Boundary boundary, uint256 impact) {
        (boundary, impact) = impactOf(action, rates, data);
        if (action.isImpact(IAuthorityLimits.ImpactKind.Unlisted)) {
            boundary = IAuthorityLimits.Boundary.Unlisted;
        } else if (!team.hasScope(action.scopeOf())) {
            boundary = IAuthorityLimits.Boundary.Scope;
        } else if (action.reversibilityOf() < team.minReversibilityOf()) {
            boundary = IAuthorityLimits.Boundary.Reversibility;
        } else if (impact != 0) {
            // What has no impact crosses no limit of impact, not even one that was lowered below what is used.
            if (given.isCapped() && impact > given.capOf()) {
                boundary = IAuthorityLimits.Boundary.GrantCap;
            } else if (_total(team, impact) > team.maxImpactOf()) {
                boundary = IAuthorityLimits.Boundary.TeamImpact;
            }
        }
    }

    /// @dev Whether a listed action's scope and reversibility are inside the team's limits.
    function isInside(ActionState action, TeamState team) internal pure returns (bool) {
        return team.hasScope(action.scopeOf()) && action.reversibilityOf() >= team.minReversibilityOf();
    }

    /// @dev `Unreadable` or `RateMissing` where the impact is not known.
    function impactOf(
        ActionState action,
        mapping(address asset => Rate) storage rates,
        bytes calldata data
    ) internal view returns (IAuthorityLimits.Boundary problem, uint256 impact) {
        if (action.isImpact(IAuthorityLimits.ImpactKind.Amount)) {
            uint256 word = action.amountWordOf();
            if (data.length < _endOf(word)) return (IAuthorityLimits.Boundary.Unreadable, 0);
            impact = _wordAt(data, word);
        } else if (action.isImpact(IAuthorityLimits.ImpactKind.Fixed)) {
            return (problem, action.fixedImpactOf());
        } else if (action.isImpact(IAuthorityLimits.ImpactKind.AssetAmount)) {
            if (data.length < _lengthRead(action)) return (IAuthorityLimits.Boundary.Unreadable, 0);
            impact = _wordAt(data, action.amountWordOf());
            uint256 asset = _wordAt(data, action.assetWordOf());
            if (asset > type(uint160).max) return (IAuthorityLimits.Boundary.Unreadable, 0);
            Rate storage current = rates[address(uint160(asset))]; // safe: compared above
            uint256 rate = current.rate;
            if (rate == 0 || block.timestamp >= current.validUntil) {
                return (IAuthorityLimits.Boundary.RateMissing, 0);
            }
            if (impact <= MAX_IMPACT) impact = Math.ceilDiv(impact * rate, RATE_SCALE); // 128 bits each
        }
        if (impact > MAX_IMPACT) impact = MAX_IMPACT;
    }

    /// @dev Both sides of the comparison in which `boundary` was crossed by `impact`.
    function figuresOf(
        IAuthorityLimits.Boundary boundary,
        uint256 impact,
        ActionState action,
        GrantState given,
        TeamState team,
        mapping(address asset => Rate) storage rates,
        bytes calldata data
    ) internal view returns (uint256 limit, uint256 actual) {
        if (boundary == IAuthorityLimits.Boundary.Scope) return (team.scopesOf(), action.scopeOf());
        if (boundary == IAuthorityLimits.Boundary.Reversibility) {
            return (team.minReversibilityOf(), action.reversibilityOf());
        }
        if (boundary == IAuthorityLimits.Boundary.Unreadable) {
            if (data.length < _lengthRead(action)) return (_lengthRead(action), data.length);
            return (type(uint160).max, _wordAt(data, action.assetWordOf()));
        }
        if (boundary == IAuthorityLimits.Boundary.RateMissing) {
            Rate storage current = rates[address(uint160(_wordAt(data, action.assetWordOf())))]; // safe: was readable
            return (current.rate == 0 ? 0 : current.validUntil, block.timestamp);
        }
        if (boundary == IAuthorityLimits.Boundary.GrantCap) return (given.capOf(), impact);
        if (boundary == IAuthorityLimits.Boundary.TeamImpact) return (team.maxImpactOf(), _total(team, impact));
    }

    function _total(TeamState team, uint256 impact) private pure returns (uint256) {
        unchecked {
            return team.usedImpact() + impact; // safe: below 2^50 and 2^128
        }
    }

    /// @dev Bytes that the call must have for its impact to be read.
    function _lengthRead(ActionState action) private pure returns (uint256) {
        uint256 word = action.amountWordOf();
        if (action.isImpact(IAuthorityLimits.ImpactKind.AssetAmount)) word = Math.max(word, action.assetWordOf());
        return _endOf(word);
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
