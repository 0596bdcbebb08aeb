// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAuthority} from "../authority/IAuthority.sol";
import {JournaledAccessManaged} from "../journal/JournaledAccessManaged.sol";
import {ITeams} from "./ITeams.sol";

/// @title TeamRecords: what is kept of a team, and who answers for it
abstract contract TeamRecords is ITeams, JournaledAccessManaged {
    struct TeamRecord {
        TeamStatus status;
        uint8 tier;
        uint8 triggers;
        uint8 position; // in the list of open teams, while open
        uint32 version;
        uint32 paths; // number of paths that it has had
        address anchor;
        bytes32 place;
        Cone[] cones;
    }

    uint16 internal constant ROOT = 1;

    mapping(uint16 team => TeamRecord) internal _teams;
    uint16[] internal _open;

    /// @inheritdoc ITeams
    function anchorOf(uint16 team) public view returns (address) {
        TeamRecord storage found = _teams[team];
        return found.status == TeamStatus.Open ? found.anchor : address(0);
    }

    function _requireOpen(uint16 team) internal view returns (TeamRecord storage found) {
        found = _teams[team];
        if (found.status != TeamStatus.Open) revert TeamsUnexpectedStatus(team, found.status, TeamStatus.Open);
    }

    function _requireLive(uint16 team, address anchor) internal view {
        uint48 liveUntil = IAuthority(authority()).anchorLiveUntil(anchor);
        if (block.timestamp >= liveUntil) revert TeamsAnchorNotLive(team, anchor, liveUntil);
    }

    function _word(uint16 team) internal pure returns (bytes32) {
        return bytes32(uint256(team));
    }

    function _word(address account) internal pure returns (bytes32) {
        return bytes32(uint256(uint160(account)));
    }
}
