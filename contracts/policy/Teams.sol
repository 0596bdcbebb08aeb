// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAuthorityLimits} from "../authority/IAuthorityLimits.sol";
import {ShortName} from "../libraries/ShortName.sol";
import {ITeams} from "./ITeams.sol";
import {TeamMembers} from "./TeamMembers.sol";
import {TeamRules} from "./TeamRules.sol";
import {TeamTiers} from "./TeamTiers.sol";

/// @title Teams: see {ITeams}
/// @dev Trust: the structure office forms teams, and what each tier of them means, within the constitution. It can widen
/// nothing that a team may do now: that takes an anchor, of a team up the path, or of the new team.
contract Teams is TeamTiers, TeamMembers {
    uint256 private constant MAX_OPEN = 64;

    mapping(bytes32 place => uint16) private _teamAt;
    uint16 private _count;

    /// @param authority_ The authority, in which this contract holds `TEAMS_ROLE`.
    /// @param constitution_ Which bounds every cone.
    constructor(address authority_, address constitution_) AccessManaged(authority_) TeamTiers(constitution_) {}

    /// @inheritdoc ITeams
    function openTeam(
        bytes32 place,
        address anchor,
        Cone[] calldata cones,
        uint8 tier,
        uint16[] calldata path,
        uint8 triggers,
        bytes32 reason
    ) external restricted returns (uint16 team) {
        // Check
        if (_open.length == MAX_OPEN) revert TeamsTooMany(MAX_OPEN);
        if (!ShortName.isValid(place)) revert TeamsInvalidPlace(place);
        if (_teamAt[place] != 0) revert TeamsPlaceTaken(place, _teamAt[place]);
        team = ++_count;
        TeamRules.requireCones(cones);
        TeamRules.requireTriggers(triggers);
        if (tier >= cones.length) revert TeamsInvalidTier(team, tier, uint8(cones.length)); // safe: at most MAX_TIERS
        _requireLive(team, anchor);

        // Effect
        TeamRecord storage found = _teams[team];
        found.status = TeamStatus.Open; // before the path is checked: the root's names the root
        found.tier = tier;
        found.triggers = triggers;
        found.position = uint8(_open.length); // safe: below MAX_OPEN
        found.version = 1;
        found.anchor = anchor;
        found.place = place;
        _copyCones(found, cones);
        _addPath(team, found, path);
        _teamAt[place] = team;
        _open.push(team);
        _record(
            TeamOpened.selector,
            _word(team),
            place,
            _word(anchor),
            abi.encode(tier, triggers, path, cones, reason, _callId(), _msgSender())
        );

        // Interaction
        _writeLimits(team, found);
    }

    /// @inheritdoc ITeams
    function closeTeam(uint16 team, bytes32 reason) external restricted {
        // Check
        TeamRecord storage found = _requireOpen(team);
        if (team == ROOT) revert TeamsRootStays(team);
        _requireOnNoPath(team);

        // Effect
        found.status = TeamStatus.Closed;
        delete _teamAt[found.place];
        // The last team of the list takes the position that becomes free.
        uint16 last = _open[_open.length - 1];
        _open[found.position] = last;
        _teams[last].position = found.position;
        _open.pop();
        _record(TeamClosed.selector, _word(team), abi.encode(reason, _callId(), _msgSender()));

        // Interaction
        IAuthorityLimits(authority()).setTeamLimits(
            team,
            address(0),
            IAuthorityLimits.Limits({maxImpact: 0, scopes: 0, minReversibility: 100})
        );
    }

    /// @inheritdoc ITeams
    function setAnchor(uint16 team, address anchor, bytes32 reason) external restricted {
        TeamRecord storage found = _requireOpen(team);
        _requireLive(team, anchor);
        found.anchor = anchor;
        _record(
            TeamAnchorSet.selector,
            _word(team),
            _word(anchor),
            abi.encode(++found.version, reason, _callId(), _msgSender())
        );
        _writeLimits(team, found);
    }

    /// @inheritdoc ITeams
    function lowerTier(uint16 team, Trigger trigger, bytes32 cause) external restricted returns (bool lowered) {
        return _lowerTier(team, trigger, cause);
    }

    /// @inheritdoc ITeams
    function lowerTierAt(bytes32 place, Trigger trigger, bytes32 cause) external restricted returns (bool lowered) {
        return _lowerTier(_teamAt[place], trigger, cause);
    }

    /// @inheritdoc ITeams
    function getTeam(uint16 team) external view returns (Team memory) {
        TeamRecord storage found = _teams[team];
        return
            Team({
                status: found.status,
                tier: found.tier,
                tiers: uint8(found.cones.length), // safe: at most MAX_TIERS
                triggers: found.triggers,
                anchor: found.anchor,
                version: found.version,
                place: found.place,
                path: _pathOf(team)
            });
    }

    /// @inheritdoc ITeams
    function teamAt(bytes32 place) external view returns (uint16) {
        return _teamAt[place];
    }

    /// @inheritdoc ITeams
    function teamCount() external view returns (uint16) {
        return _count;
    }

    /// @inheritdoc ITeams
    function openCount() external view returns (uint16) {
        return uint16(_open.length); // safe: at most MAX_OPEN
    }

    /// @inheritdoc ITeams
    function root() external pure returns (uint16) {
        return ROOT;
    }
}
