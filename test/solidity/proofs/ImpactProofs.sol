// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ActionState} from "../../../contracts/authority/ActionState.sol";
import {GrantState} from "../../../contracts/authority/GrantState.sol";
import {IAuthorityLimits} from "../../../contracts/authority/IAuthorityLimits.sol";
import {LimitRules, Rate} from "../../../contracts/authority/LimitRules.sol";
import {TeamState} from "../../../contracts/authority/TeamState.sol";
import {ArithmeticFacts} from "./ArithmeticFacts.sol";

/// @dev Proved for all inputs by `npm run assure`, one assertion a function; what is required is what the callers guarantee.
/// Equation (17) of docs/mechanism.md.
contract ImpactProofs {
    uint256 private constant RATE_SCALE = 1e18;
    address private constant ASSET = address(1);

    mapping(address asset => Rate) private _rates;

    /// The fixed figure, whatever the call's data.
    function prove_FixedIsItsFigure(uint48 figure, uint256 amount) external view {
        (IAuthorityLimits.Boundary problem, uint256 impact) = this.impactOf(
            _action(IAuthorityLimits.ImpactKind.Fixed, figure),
            abi.encodeWithSelector(0, amount, ASSET)
        );
        assert(problem == IAuthorityLimits.Boundary.None && impact == figure);
    }

    /// iAU-010: the amount; from 2^128 on, what is more than any limit.
    function prove_AmountIsItself(uint256 amount) external view {
        (IAuthorityLimits.Boundary problem, uint256 impact) = this.impactOf(
            _action(IAuthorityLimits.ImpactKind.Amount, 0),
            abi.encodeWithSelector(0, amount, ASSET)
        );
        uint256 expected = amount >> 128 == 0 ? amount : LimitRules.MAX_IMPACT;
        assert(problem == IAuthorityLimits.Boundary.None && impact == expected);
    }

    /// iAU-010: by a rate, what is worth something is never charged as less than it is worth, nor by a unit more.
    function prove_AssetIsRoundedUp(uint112 amount, uint64 rate) external {
        require(rate > 0 && amount > 0);
        uint256 product = uint256(amount) * rate;
        unchecked {
            require(product > 0 && product >> 176 == 0); // 112 bits by 64, and neither is 0
            ArithmeticFacts.ofQuotient(product - 1, RATE_SCALE);
        }
        uint256 impact = _impactByRate(amount, rate);
        unchecked {
            // safe: were less charged than it is worth, this would wrap around, and be more than a unit
            assert(impact * RATE_SCALE - product < RATE_SCALE);
        }
    }

    /// Nothing is nothing.
    function prove_NothingHasNoImpact(uint128 rate) external {
        require(rate > 0);
        assert(_impactByRate(0, rate) == 0);
    }

    /// iAU-010: from 2^128 on, an amount is more than any limit, whatever its rate.
    function prove_HugeIsMoreThanAnyLimit(uint256 amount, uint128 rate) external {
        require(rate > 0 && amount >> 128 != 0);
        assert(_impactByRate(amount, rate) == LimitRules.MAX_IMPACT);
    }

    /// iAU-011: what is charged is added to what was used, within any limit.
    function prove_ChargedIsUsed(TeamState team, uint48 impact) external pure {
        require(team.usedImpact() + impact <= team.maxImpactOf());
        assert(team.charged(impact).usedImpact() == team.usedImpact() + impact);
    }

    /// iAU-011: charging moves no limit.
    function prove_ChargingKeepsTheLimits(TeamState team, uint48 impact) external pure {
        require(team.usedImpact() + impact <= team.maxImpactOf());
        assert(uint88(TeamState.unwrap(team.charged(impact))) == uint88(TeamState.unwrap(team)));
    }

    /// iAU-011: time moves no limit.
    function prove_TimeKeepsTheLimits(TeamState team, uint48 time) external pure {
        assert(uint88(TeamState.unwrap(team.rolledTo(time))) == uint88(TeamState.unwrap(team)));
    }

    /// iAU-011: within a half-day, and the two that follow, what its first one used counts; later nothing does.
    function prove_WhatIsUsedCountsForThreeHalfDays(TeamState team, uint48 time) external pure {
        uint256 last = uint24(TeamState.unwrap(team) >> 88);
        uint256 window = uint256(time) / 12 hours;
        require(window >= last && window >> 24 == 0);
        uint256 used = team.usedByHalfDay();
        uint256 latest = uint48(used);
        uint256 before = uint48(used >> 48);
        uint256 expected;
        if (window == last) expected = team.usedImpact();
        else if (window == last + 1) expected = latest + before;
        else if (window == last + 2) expected = latest;
        assert(team.rolledTo(time).usedImpact() == expected);
    }

    /// iAU-009: a capped grant is charged the impact, and nothing else of it changes.
    function prove_ChargedIsOffTheCap(GrantState given, uint48 impact) external pure {
        require(given.isCapped() && impact <= given.capOf());
        uint256 expected = uint256(given.capOf() - impact);
        GrantState next = given.charged(impact);
        bool isRest = uint152(GrantState.unwrap(next)) == uint152(GrantState.unwrap(given));
        assert(isRest && next.capOf() == expected);
    }

    function impactOf(
        ActionState action,
        bytes calldata data
    ) external view returns (IAuthorityLimits.Boundary problem, uint256 impact) {
        return LimitRules.impactOf(action, _rates, data);
    }

    function _impactByRate(uint256 amount, uint128 rate) private returns (uint256 impact) {
        _rates[ASSET] = Rate({rate: rate, validUntil: type(uint48).max});
        (, impact) = this.impactOf(
            _action(IAuthorityLimits.ImpactKind.AssetAmount, 0),
            abi.encodeWithSelector(0, amount, ASSET)
        );
    }

    /// @dev Its amount is the call's first word, its asset the second.
    function _action(IAuthorityLimits.ImpactKind kind, uint48 fixedImpact) private pure returns (ActionState) {
        IAuthorityLimits.ActionFacts memory facts;
        facts.impact = kind;
        facts.fixedImpact = fixedImpact;
        facts.assetWord = 1;
        return ActionState.wrap(0).withFacts(facts);
    }
}
