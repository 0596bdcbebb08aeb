// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAuthority} from "../../../contracts/authority/IAuthority.sol";
import {IAuthorityLimits} from "../../../contracts/authority/IAuthorityLimits.sol";
import {AuthorityStage} from "../support/AuthorityStage.sol";
import {vm} from "../support/Vm.sol";

/// @dev Two accounts of one team that split what they do over time and grants, as best they can; and an account of it all
/// that knows nothing of half-days.
contract Splitter is AuthorityStage {
    uint48 public constant MAX_IMPACT = 1_000;
    address internal constant ACCOMPLICE = address(0xACC0);

    struct Made {
        uint256 time;
        uint256 impact;
    }

    Made[] private _made;
    mapping(address agent => uint256) private _spent; // of the present grant
    mapping(address agent => uint48) private _cap; // of the present grant; 0 is none
    uint32 private _task;
    uint256 public worstDay;
    uint256 public overspentCaps;
    uint256 public lostCharges;
    uint256 public wrongRefusals;

    constructor() {
        _deploy();
        _setFacts(IAuthorityLimits.ImpactKind.Amount);
        limit(MAX_IMPACT);
        _task = _openTask(_start + 365 days);
        give(false, 0, 0);
        give(true, 0, 0);
    }

    function pass(uint32 time) external {
        vm.warp(block.timestamp + (time % 14 hours));
    }

    /// @dev To the second before, at or after the next border of half-days.
    function passToBorder(uint8 offset) external {
        uint256 border = (block.timestamp / 12 hours + 1) * 12 hours;
        if (border + (offset % 3) - 1 > block.timestamp) vm.warp(border + (offset % 3) - 1);
    }

    function limit(uint48 maxImpact) public {
        _authority.setTeamLimits(TEAM, ANCHOR, IAuthorityLimits.Limits(maxImpact % (MAX_IMPACT + 1), 1, 0));
    }

    function give(bool accomplice, uint16 uses, uint16 cap) public {
        address agent = accomplice ? ACCOMPLICE : AGENT;
        IAuthority.GrantRequest memory request = _request(_task, 0, _start + 365 days, uses);
        request.grantee = agent;
        request.cap = cap % 2_000;
        vm.prank(GRANTER);
        try _authority.grant(request) {
            (_spent[agent], _cap[agent]) = (0, request.cap);
        } catch {} // the task is over
    }

    function act(bool accomplice, uint16 amount) external {
        address agent = accomplice ? ACCOMPLICE : AGENT;
        amount %= 1_500;
        bool usesLeft = _authority.verdict(agent, address(_target), GUARDED) == IAuthority.Verdict.Allowed;
        (, IAuthorityLimits.Limits memory limits, uint256 used) = _authority.teamLimits(TEAM);
        bool isInside =
            amount == 0 ||
                (used + amount <= limits.maxImpact && (_cap[agent] == 0 || _spent[agent] + amount <= _cap[agent]));
        vm.prank(agent);
        try _target.guarded(amount) {
            if (!usesLeft || !isInside) ++wrongRefusals;
            _made.push(Made(block.timestamp, amount));
            _spent[agent] += amount;
            if (_cap[agent] != 0 && _spent[agent] > _cap[agent]) ++overspentCaps;
            uint256 sum = _lastDay();
            if (sum > worstDay) worstDay = sum;
        } catch {
            if (usesLeft && isInside) ++wrongRefusals;
        }
        (, , used) = _authority.teamLimits(TEAM);
        if (used < _lastDay()) ++lostCharges;
    }

    function _lastDay() private view returns (uint256 sum) {
        for (uint256 left = _made.length; left > 0 && _made[left - 1].time + 24 hours > block.timestamp; --left) {
            sum += _made[left - 1].impact;
        }
    }
}

contract LimitInvariants {
    Splitter private _splitter;
    address[] private _targets;

    function setUp() external {
        _splitter = new Splitter();
        _targets.push(address(_splitter));
    }

    function targetContracts() external view returns (address[] memory) {
        return _targets;
    }

    /// iAU-011: however calls are split over time, accounts and grants, no 24 hours hold more impact than the cone.
    function invariant_NoDayExceedsTheCone() external view {
        require(_splitter.worstDay() <= _splitter.MAX_IMPACT(), "24 hours exceed the cone");
    }

    /// iAU-011: what a team did in the last 24 hours stays charged, whatever is written about its limits.
    function invariant_NoChargeIsLost() external view {
        require(_splitter.lostCharges() == 0, "a charge was lost");
    }

    /// iAU-009: a grant lets no more impact through than its cap.
    function invariant_NoCapIsOverspent() external view {
        require(_splitter.overspentCaps() == 0, "a cap was overspent");
    }

    /// iAU-008: a call passes exactly when an account of its own says that it is inside.
    function invariant_CallsPassExactlyInsideTheirLimits() external view {
        require(_splitter.wrongRefusals() == 0, "passed outside, or refused inside");
    }
}
