// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITeams} from "../policy/ITeams.sol";

/// @dev One team at one place with one member, and a root above it, team 1: what a vault asks of the teams' contract when a plan opens
/// and when a payment is co-signed.
contract TeamsDouble {
    uint16 public constant root = 1; // solhint-disable-line const-name-snakecase

    bytes32 private immutable PLACE;
    uint16 private immutable TEAM;
    address private immutable MEMBER;

    mapping(uint16 team => address) public anchorOf;
    uint48 private _maxImpact = type(uint48).max;

    constructor(bytes32 place, uint16 team, address member) {
        PLACE = place;
        TEAM = team;
        MEMBER = member;
    }

    function setAnchor(uint16 team, address anchor) external {
        anchorOf[team] = anchor;
    }

    function setMaxImpact(uint48 maxImpact) external {
        _maxImpact = maxImpact;
    }

    function teamAt(bytes32 place) external view returns (uint16) {
        return place == PLACE ? TEAM : 0;
    }

    function isMember(uint16 team, address account) external view returns (bool) {
        return team == TEAM && account == MEMBER;
    }

    function coneOf(uint16) external view returns (ITeams.Cone memory cone) {
        cone.maxImpact = _maxImpact;
    }

    function getTeam(uint16) external pure returns (ITeams.Team memory team) {
        team.path = new uint16[](1);
        team.path[0] = root;
    }
}
