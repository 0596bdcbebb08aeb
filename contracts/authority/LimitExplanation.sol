// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAuthority} from "./IAuthority.sol";
import {IAuthorityLens} from "./IAuthorityLens.sol";
import {IAuthorityLimits} from "./IAuthorityLimits.sol";

/// @title What a call makes of each limit, and when it passes by itself
/// @dev The authority stops at the first limit that is crossed; somebody who has to decide wants to know of all. Impact comes
/// from the authority; the rest follows from the facts that it gives out.
library LimitExplanation {
    uint8 private constant CAPPED = 4;
    uint256 private constant HALF_DAY = 12 hours;
    uint256 private constant WINDOWS = 3;

    /// @dev `answer` has facts, grant and limits.
    function rulesOf(
        IAuthorityLimits authority,
        IAuthorityLens.Why memory answer,
        bytes calldata data
    ) internal view returns (IAuthorityLens.Rule[] memory rules) {
        rules = new IAuthorityLens.Rule[](uint256(type(IAuthorityLimits.Boundary).max));
        for (uint256 i = 0; i < rules.length; ++i) rules[i].boundary = IAuthorityLimits.Boundary(i + 1);
        IAuthorityLimits.ActionFacts memory facts = answer.facts;

        bool isListed = facts.impact != IAuthorityLimits.ImpactKind.Unlisted;
        _judge(_rule(rules, IAuthorityLimits.Boundary.Unlisted), isListed, isListed ? int256(0) : -1);
        if (!isListed) {
            for (uint256 i = 1; i < rules.length; ++i) rules[i].outcome = IAuthorityLens.Outcome.Unknown;
            return rules;
        }
        (, IAuthorityLimits.Limits memory limits, ) = authority.teamLimits(answer.limits.team);
        _judgeScope(_rule(rules, IAuthorityLimits.Boundary.Scope), limits.scopes, facts.scope);
        _atLeast(_rule(rules, IAuthorityLimits.Boundary.Reversibility), limits.minReversibility, facts.reversibility);
        if (facts.impact == IAuthorityLimits.ImpactKind.None) return rules;

        bool isKnown = facts.impact == IAuthorityLimits.ImpactKind.Fixed || _judgeImpact(authority, rules, facts, data);
        bool isCapped = answer.grant.flags & CAPPED != 0;
        _judgeSpending(
            _rule(rules, IAuthorityLimits.Boundary.GrantCap),
            isCapped,
            isKnown,
            answer.grant.cap,
            0,
            answer
        );
        _judgeSpending(
            _rule(rules, IAuthorityLimits.Boundary.TeamImpact),
            true,
            isKnown,
            answer.limits.teamLimit,
            answer.limits.teamImpact,
            answer
        );
    }

    /// @dev First second from now on in which the call passes although nobody does anything; 0 where there is none. With time
    /// a grant starts and ends, a rate ends, and half-days of impact fall out of the team's sum; nothing else changes.
    function passesFrom(IAuthorityLens.Why memory answer) internal view returns (uint48) {
        bool hasFuture =
            answer.verdict == IAuthority.Verdict.Allowed || answer.verdict == IAuthority.Verdict.GrantNotStarted;
        if (!hasFuture) return 0;
        uint256 last = answer.effectiveUntil;
        for (uint256 i = 0; i < answer.rules.length; ++i) {
            IAuthorityLens.Rule memory rule = answer.rules[i];
            bool fallsBack = rule.boundary == IAuthorityLimits.Boundary.TeamImpact;
            bool isPassed = rule.outcome == IAuthorityLens.Outcome.Passed;
            if (!fallsBack && !isPassed && rule.outcome != IAuthorityLens.Outcome.NotAsked) return 0;
            bool isRate = rule.boundary == IAuthorityLimits.Boundary.RateMissing && isPassed;
            if (isRate && rule.limit < last) last = rule.limit;
        }
        uint256 window = block.timestamp / HALF_DAY;
        uint256 first = answer.effectiveFrom > block.timestamp ? answer.effectiveFrom : block.timestamp;
        for (uint256 later = 0; later <= WINDOWS; ++later) {
            uint256 time = (window + later) * HALF_DAY;
            if (time < first) time = first;
            if (time >= last) return 0;
            uint256 used = _usedIn(answer.limits.usedByHalfDay, time / HALF_DAY - window);
            uint256 impact = answer.limits.impact;
            if (impact == 0 || used + impact <= answer.limits.teamLimit) return uint48(time); // safe: below `last`
        }
        return 0;
    }

    /// @dev What counts of the team's impact so many half-days later, if nothing is added.
    function _usedIn(uint256 usedByHalfDay, uint256 windowsLater) private pure returns (uint256 used) {
        for (uint256 i = 0; i + windowsLater < WINDOWS; ++i) used += uint48(usedByHalfDay >> (48 * i)); // safe: one field
    }

    /// @dev Whether the impact can be read and, of an asset, valued.
    function _judgeImpact(
        IAuthorityLimits authority,
        IAuthorityLens.Rule[] memory rules,
        IAuthorityLimits.ActionFacts memory facts,
        bytes calldata data
    ) private view returns (bool) {
        IAuthorityLens.Rule memory readable = _rule(rules, IAuthorityLimits.Boundary.Unreadable);
        IAuthorityLens.Rule memory rated = _rule(rules, IAuthorityLimits.Boundary.RateMissing);
        bool isRated = facts.impact == IAuthorityLimits.ImpactKind.AssetAmount;
        uint256 words = uint256(facts.amountWord) + 1;
        if (isRated && facts.assetWord >= words) words = uint256(facts.assetWord) + 1;
        _atLeast(readable, 4 + 32 * words, data.length);
        if (!isRated) return readable.outcome == IAuthorityLens.Outcome.Passed;

        rated.outcome = IAuthorityLens.Outcome.Unknown;
        if (readable.outcome != IAuthorityLens.Outcome.Passed) return false;
        uint256 start = 4 + 32 * uint256(facts.assetWord);
        uint256 asset = uint256(bytes32(data[start:start + 32]));
        if (asset > type(uint160).max) {
            (readable.limit, readable.actual) = (type(uint160).max, asset);
            _judge(readable, false, -1);
            return false;
        }
        (uint128 rate, uint48 validUntil) = authority.rateOf(address(uint160(asset))); // safe: compared above
        rated.limit = rate == 0 ? 0 : validUntil;
        rated.actual = block.timestamp;
        int256 margin = int256(rated.limit) - int256(block.timestamp); // safe: 48 bits each
        _judge(rated, margin > 0, margin);
        return margin > 0;
    }

    function _judgeScope(IAuthorityLens.Rule memory rule, uint32 scopes, uint8 scope) private pure {
        bool isInside = (uint256(scopes) >> scope) & 1 != 0;
        (rule.limit, rule.actual) = (scopes, scope);
        _judge(rule, isInside, isInside ? int256(0) : -1);
    }

    /// @dev A call without impact crosses no limit of impact, not even one below what is used.
    function _judgeSpending(
        IAuthorityLens.Rule memory rule,
        bool isAsked,
        bool isKnown,
        uint256 limit,
        uint256 used,
        IAuthorityLens.Why memory answer
    ) private pure {
        if (!isAsked) return;
        rule.limit = limit;
        rule.actual = used + answer.limits.impact;
        if (!isKnown) {
            rule.outcome = IAuthorityLens.Outcome.Unknown;
            return;
        }
        int256 margin = int256(limit) - int256(rule.actual); // safe: below 2^129
        _judge(rule, margin >= 0 || answer.limits.impact == 0, margin);
    }

    function _atLeast(IAuthorityLens.Rule memory rule, uint256 limit, uint256 actual) private pure {
        (rule.limit, rule.actual) = (limit, actual);
        int256 margin = int256(actual) - int256(limit); // safe: percent, or lengths
        _judge(rule, margin >= 0, margin);
    }

    function _judge(IAuthorityLens.Rule memory rule, bool isPassed, int256 margin) private pure {
        rule.outcome = isPassed ? IAuthorityLens.Outcome.Passed : IAuthorityLens.Outcome.Crossed;
        rule.margin = margin;
    }

    function _rule(
        IAuthorityLens.Rule[] memory rules,
        IAuthorityLimits.Boundary boundary
    ) private pure returns (IAuthorityLens.Rule memory) {
        return rules[uint256(boundary) - 1];
    }
}
