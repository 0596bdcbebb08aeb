// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAuthorityLimits} from "../../../contracts/authority/IAuthorityLimits.sol";
import {IJournal} from "../../../contracts/journal/IJournal.sol";
import {IConstitution} from "../../../contracts/policy/IConstitution.sol";
import {ITeams} from "../../../contracts/policy/ITeams.sol";
import {PolicyActor} from "./PolicyActor.sol";

/// @dev The actor, with what the invariants compare.
contract InspectedPolicy is PolicyActor {
    /// iPO-006: what applies to a team is never looser than the office's value or its own, is one of both, and in bounds.
    function valuesHold() external view returns (bool) {
        uint16 count = _teams.teamCount();
        for (uint256 i = 0; i < 3; ++i) {
            bytes32 name = _parameters[i];
            uint128 office = _constitution.officeValue(name);
            IConstitution.Terms memory terms = _constitution.termsOf(name);
            for (uint16 team = 0; team <= count; ++team) {
                uint128 value = _constitution.effective(team, name);
                (bool isSet, uint128 own) = _constitution.teamValue(team, name);
                if (value < terms.minimum || value > terms.maximum) return false;
                if (_isLooser(name, value, office) || (isSet && _isLooser(name, value, own))) return false;
                if (value != office && !(isSet && value == own)) return false;
            }
        }
        return true;
    }

    /// iPO-013: the authority holds each open team to exactly its tier's cone within the constitution, a closed one to nothing.
    function limitsHold() external view returns (bool) {
        uint16 count = _teams.teamCount();
        for (uint16 team = 1; team <= count; ++team) {
            IAuthorityLimits.Limits memory limits = _enforced(team);
            ITeams.Team memory found = _teams.getTeam(team);
            (address anchor, , ) = _authority.teamLimits(team);
            if (found.status == ITeams.TeamStatus.Closed) {
                bool isEmpty = limits.maxImpact == 0 && limits.scopes == 0 && limits.minReversibility == 100;
                if (anchor != address(0) || !isEmpty) return false;
                continue;
            }
            ITeams.Cone memory cone = _teams.conesOf(team)[found.tier];
            uint256 impact = _constitution.effective(team, _parameters[0]);
            uint256 reversibility = _constitution.effective(team, _parameters[1]);
            if (anchor != found.anchor || limits.scopes != cone.scopes) return false;
            if (limits.maxImpact != (cone.maxImpact < impact ? cone.maxImpact : impact)) return false;
            if (
                limits.minReversibility !=
                (cone.minReversibility > reversibility ? cone.minReversibility : reversibility)
            ) return false;
        }
        return true;
    }

    /// iPO-011: every path of an open team is of open teams, and ends at the root.
    function pathsHold() external view returns (bool) {
        uint16 count = _teams.teamCount();
        for (uint16 team = 1; team <= count; ++team) {
            ITeams.Team memory found = _teams.getTeam(team);
            if (found.status == ITeams.TeamStatus.Closed) continue;
            if (found.path[found.path.length - 1] != 1) return false;
            for (uint256 i = 0; i < found.path.length; ++i) {
                if (_teams.anchorOf(found.path[i]) == address(0)) return false;
                if (found.path[i] == team && team != 1) return false;
            }
        }
        return true;
    }

    function headsHold() external view returns (bool) {
        return
            _authority.journalHead() == folded[address(_authority)] &&
            IJournal(address(_constitution)).journalHead() == folded[address(_constitution)] &&
            IJournal(address(_teams)).journalHead() == folded[address(_teams)];
    }
}

contract PolicyInvariants {
    InspectedPolicy private _actor;
    address[] private _targets;

    function setUp() external {
        _actor = new InspectedPolicy();
        _targets.push(address(_actor));
    }

    function targetContracts() external view returns (address[] memory) {
        return _targets;
    }

    /// iPO-006: after any sequence of changes no team is looser than its office, in any parameter.
    function invariant_NoTeamIsLooserThanItsOffice() external view {
        require(_actor.valuesHold(), "what applies to a team is looser than it may be");
    }

    /// iPO-013: after any sequence of acts the authority's limits are those of tier and constitution.
    function invariant_TheAuthorityHoldsTeamsToTierAndConstitution() external view {
        require(_actor.limitsHold(), "the authority's limits are not those of tier and constitution");
    }

    /// iPO-016: nothing but an anchor up the path, or a change that waited, widens what a team may do.
    function invariant_OnlyAnchorsAndAnnouncedChangesWiden() external view {
        require(_actor.widenings() == 0, "a team may do more by an act that is not to widen it");
    }

    /// iPO-003: nothing looser applies that was not announced a delay before.
    function invariant_NothingLooserAppliesUnannounced() external view {
        require(_actor.surprises() == 0, "a value applies that was not announced");
    }

    /// iPO-011: every open team escalates to open teams, and in the end to the root.
    function invariant_PathsEndAtTheRoot() external view {
        require(_actor.pathsHold(), "a path names a team that is not open, or does not end at the root");
    }

    /// iJO-001: after any sequence of acts each head is the fold of all logs.
    function invariant_HeadsAreTheFoldOfAllLogs() external view {
        require(_actor.headsHold(), "a head is not the fold of the logs");
    }
}
