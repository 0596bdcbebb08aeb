// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITeams} from "./ITeams.sol";
import {TeamRecords} from "./TeamRecords.sol";

/// @title TeamPaths: to whom a team escalates
/// @dev A path is a list of teams, not of people: a human who is replaced is replaced in every path at once. Paths are kept by
/// version, so that an open escalation goes on along the one it began with. No present path names a closed team.
abstract contract TeamPaths is TeamRecords {
    uint256 private constant MAX_PATH = 7;

    mapping(uint16 team => mapping(uint32 version => uint16[])) private _paths;

    /// @inheritdoc ITeams
    function setPath(uint16 team, uint16[] calldata path, bytes32 reason) external restricted {
        TeamRecord storage found = _requireOpen(team);
        _addPath(team, found, path);
        _record(TeamPathSet.selector, _word(team), abi.encode(path, ++found.version, reason, _callId(), _msgSender()));
    }

    /// @inheritdoc ITeams
    function pathVersion(uint16 team) external view returns (uint32) {
        return _teams[team].paths;
    }

    /// @inheritdoc ITeams
    function pathAt(uint16 team, uint32 version) external view returns (uint16[] memory) {
        return _paths[team][version];
    }

    /// @inheritdoc ITeams
    function resolverAt(
        uint16 team,
        uint32 version,
        uint256 position
    ) external view returns (uint16 resolver, address anchor) {
        uint16[] storage path = _paths[team][version];
        if (position >= path.length) revert TeamsInvalidPath(team, position);
        resolver = path[position];
        anchor = anchorOf(resolver);
    }

    function _addPath(uint16 team, TeamRecord storage found, uint16[] calldata path) internal {
        uint256 length = path.length;
        if (length == 0 || length > MAX_PATH || (team == ROOT && length != 1)) revert TeamsInvalidPath(team, length);
        for (uint256 i = 0; i < length; ++i) {
            bool isLast = i == length - 1;
            // The root alone stands at the end, and escalates to itself; nobody else to itself, and to nobody twice.
            if ((path[i] == ROOT) != isLast || (path[i] == team && team != ROOT)) revert TeamsInvalidPath(team, i);
            if (_teams[path[i]].status != TeamStatus.Open) revert TeamsInvalidPath(team, i);
            for (uint256 j = 0; j < i; ++j) {
                if (path[j] == path[i]) revert TeamsInvalidPath(team, i);
            }
        }
        _paths[team][++found.paths] = path;
    }

    function _pathOf(uint16 team) internal view returns (uint16[] storage) {
        return _paths[team][_teams[team].paths];
    }

    /// @dev Reverts where an open team escalates to `team`.
    function _requireOnNoPath(uint16 team) internal view {
        uint256 length = _open.length; // bounded
        for (uint256 i = 0; i < length; ++i) {
            uint16 other = _open[i];
            uint16[] storage path = _pathOf(other);
            for (uint256 j = 0; j < path.length; ++j) {
                if (path[j] == team) revert TeamsInUse(team, other);
            }
        }
    }
}
