// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PolicyActor} from "./PolicyActor.sol";

contract PolicyInvariants {
    PolicyActor private _actor;
    address[] private _targets;

    function setUp() external {
        _actor = new PolicyActor();
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
