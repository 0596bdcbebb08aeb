// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev One team at one place with one member: what a vault asks of the teams' contract when a plan opens.
contract TeamsDouble {
    bytes32 private immutable PLACE;
    uint16 private immutable TEAM;
    address private immutable MEMBER;

    constructor(bytes32 place, uint16 team, address member) {
        PLACE = place;
        TEAM = team;
        MEMBER = member;
    }

    function teamAt(bytes32 place) external view returns (uint16) {
        return place == PLACE ? TEAM : 0;
    }

    function isMember(uint16 team, address account) external view returns (bool) {
        return team == TEAM && account == MEMBER;
    }
}
