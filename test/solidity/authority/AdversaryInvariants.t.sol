// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {JournalFold} from "../support/JournalFold.sol";
import {AdversaryGovernor} from "./adversary/AdversaryGovernor.sol";

/// @dev The adversary and its victims, with what the invariants compare.
contract InspectedAdversary is AdversaryGovernor {
    function head() external view returns (bytes32) {
        return _authority.journalHead();
    }

    function targetCalls() external view returns (uint256) {
        return _target.calls();
    }

    function usedCoversADay() external view returns (bool) {
        for (uint16 team = ALICES; team <= ROOT; ++team) {
            (, , uint256 used) = _authority.teamLimits(team);
            if (used < _charged(team, 24 hours) || used > _charged(team, 36 hours)) return false;
        }
        return true;
    }
}

contract AdversaryInvariants {
    InspectedAdversary private _actor;
    address[] private _targets;

    function setUp() external {
        _actor = new InspectedAdversary();
        _targets.push(address(_actor));
    }

    function targetContracts() external view returns (address[] memory) {
        return _targets;
    }

    /// iAU-001 to iAU-007: after any sequence of acts, everything went through exactly where an independent account expects it.
    function invariant_NothingPassesAgainstTheRules() external view {
        require(bytes(_actor.wrong()).length == 0, _actor.wrong());
        require(_actor.targetCalls() == _actor.passed(), "calls passed that nobody saw");
    }

    /// A team's impact as the authority counts it is at least that of the last 24 hours and at most that of the last 36.
    function invariant_UsedImpactCoversADay() external view {
        require(_actor.usedCoversADay(), "the used impact is not that of the last day");
    }

    /// iJO-001: after any sequence of acts the head is the fold of all logs.
    function invariant_HeadIsTheFoldOfAllLogs() external view {
        if (_actor.head() != _actor.folded()) {
            revert JournalFold.JournalHeadDiffers(address(_actor), _actor.head(), _actor.folded());
        }
    }
}
