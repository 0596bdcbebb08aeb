// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAuthority} from "../authority/IAuthority.sol";
import {IAuthorityLimits} from "../authority/IAuthorityLimits.sol";
import {JournaledAccessManaged} from "../journal/JournaledAccessManaged.sol";
import {Parameters} from "../types/Parameters.sol";
import {IConstitution} from "./IConstitution.sol";
import {ITeams} from "./ITeams.sol";
import {TeamRules} from "./TeamRules.sol";

/// @title Teams: see {ITeams}
/// @dev Design:
/// - A team's cone in the authority is derived: from its tier and the constitution. Whatever changes either writes it anew in
///   the same transaction; the number of open teams is bounded so that all of them can be.
/// - A path is a list of teams, not of people: a human who is replaced is replaced in every path at once. Paths are kept by
///   version, so that an open escalation goes on along the one it began with.
///
/// Trust: the structure office forms the teams. It cannot make a team looser than the constitution, nor raise a tier.
contract Teams is ITeams, JournaledAccessManaged {
    struct StoredTeam {
        TeamStatus status;
        uint8 tier;
        uint8 triggers;
        uint8 position; // in the list of open teams, while open
        uint32 version;
        uint32 paths;
        address anchor;
        bytes32 place;
        Cone[] cones;
        address[] members;
    }

    uint256 private constant MAX_OPEN = 64;
    uint256 private constant MAX_MEMBERS = 64;
    uint256 private constant MAX_PATH = 7;
    uint16 private constant ROOT = 1;

    IConstitution private immutable CONSTITUTION;

    mapping(uint16 team => StoredTeam) private _teams;
    mapping(uint16 team => mapping(uint32 version => uint16[])) private _paths;
    mapping(uint16 team => mapping(address member => uint256)) private _memberAt; // position + 1
    mapping(bytes32 place => uint16) private _teamAt;
    uint16[] private _open;
    uint16 private _count;

    /// @param authority_ The authority, in which this contract holds `TEAMS_ROLE`.
    /// @param constitution_ Which bounds every cone.
    constructor(address authority_, address constitution_) AccessManaged(authority_) {
        CONSTITUTION = IConstitution(constitution_);
    }

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
        if (place == 0) revert TeamsInvalidPlace(place);
        if (_teamAt[place] != 0) revert TeamsPlaceTaken(place, _teamAt[place]);
        team = ++_count;
        TeamRules.requireCones(cones);
        TeamRules.requireTriggers(triggers);
        if (tier >= cones.length) revert TeamsInvalidTier(team, tier, uint8(cones.length)); // safe: at most MAX_TIERS
        _requireLive(team, anchor);

        // Effect
        StoredTeam storage stored = _teams[team];
        stored.status = TeamStatus.Open; // the root's path names the root
        stored.tier = tier;
        stored.triggers = triggers;
        stored.position = uint8(_open.length); // safe: below MAX_OPEN
        stored.version = 1;
        stored.anchor = anchor;
        stored.place = place;
        _copyCones(stored, cones);
        _teamAt[place] = team;
        _open.push(team);
        _addPath(team, stored, path);
        _record(
            TeamOpened.selector,
            bytes32(uint256(team)),
            place,
            bytes32(uint256(uint160(anchor))),
            abi.encode(tier, triggers, path, cones, reason, _callId(), _msgSender())
        );

        // Interaction
        _write(team, stored);
    }

    /// @inheritdoc ITeams
    function closeTeam(uint16 team, bytes32 reason) external restricted {
        StoredTeam storage stored = _requireOpen(team);
        if (team == ROOT) revert TeamsRootStays(team);
        uint256 length = _open.length; // at most MAX_OPEN
        for (uint256 i = 0; i < length; ++i) {
            uint16 other = _open[i];
            if (other != team && _isOnPath(team, other)) revert TeamsInUse(team, other);
        }
        stored.status = TeamStatus.Closed;
        delete _teamAt[stored.place];
        // The last team of the list takes the place that becomes free.
        uint16 last = _open[length - 1];
        _open[stored.position] = last;
        _teams[last].position = stored.position;
        _open.pop();
        _record(TeamClosed.selector, bytes32(uint256(team)), abi.encode(reason, _callId(), _msgSender()));
        IAuthorityLimits(authority()).setTeamLimits(
            team,
            address(0),
            IAuthorityLimits.Limits({maxImpact: 0, scopes: 0, minReversibility: 100})
        );
    }

    /// @inheritdoc ITeams
    function setAnchor(uint16 team, address anchor, bytes32 reason) external restricted {
        StoredTeam storage stored = _requireOpen(team);
        _requireLive(team, anchor);
        stored.anchor = anchor;
        _record(
            TeamAnchorSet.selector,
            bytes32(uint256(team)),
            bytes32(uint256(uint160(anchor))),
            abi.encode(++stored.version, reason, _callId(), _msgSender())
        );
        _write(team, stored);
    }

    /// @inheritdoc ITeams
    function setPath(uint16 team, uint16[] calldata path, bytes32 reason) external restricted {
        StoredTeam storage stored = _requireOpen(team);
        _addPath(team, stored, path);
        _record(
            TeamPathSet.selector,
            bytes32(uint256(team)),
            abi.encode(path, ++stored.version, reason, _callId(), _msgSender())
        );
    }

    /// @inheritdoc ITeams
    function setCones(uint16 team, Cone[] calldata cones, bytes32 reason) external restricted {
        StoredTeam storage stored = _requireOpen(team);
        TeamRules.requireCones(cones);
        _copyCones(stored, cones);
        if (stored.tier >= cones.length) stored.tier = uint8(cones.length - 1); // safe: at most MAX_TIERS
        _record(
            TeamConesSet.selector,
            bytes32(uint256(team)),
            abi.encode(cones, ++stored.version, reason, _callId(), _msgSender())
        );
        _write(team, stored);
    }

    /// @inheritdoc ITeams
    function setTriggers(uint16 team, uint8 triggers, bytes32 reason) external restricted {
        StoredTeam storage stored = _requireOpen(team);
        TeamRules.requireTriggers(triggers);
        stored.triggers = triggers;
        _record(
            TeamTriggersSet.selector,
            bytes32(uint256(team)),
            abi.encode(triggers, ++stored.version, reason, _callId(), _msgSender())
        );
    }

    /// @inheritdoc ITeams
    function addMember(uint16 team, address member, bytes32 reason) external restricted {
        address[] storage members = _requireOpen(team).members;
        if (_memberAt[team][member] != 0) revert TeamsMemberExists(team, member);
        if (members.length == MAX_MEMBERS) revert TeamsTooManyMembers(team, MAX_MEMBERS);
        members.push(member);
        _memberAt[team][member] = members.length;
        _record(
            MemberAdded.selector,
            bytes32(uint256(team)),
            bytes32(uint256(uint160(member))),
            abi.encode(reason, _callId(), _msgSender())
        );
    }

    /// @inheritdoc ITeams
    function removeMember(uint16 team, address member, bytes32 reason) external restricted {
        uint256 place = _memberAt[team][member];
        if (place == 0) revert TeamsMemberMissing(team, member);
        address[] storage members = _teams[team].members;
        address last = members[members.length - 1];
        members[place - 1] = last;
        _memberAt[team][last] = place;
        delete _memberAt[team][member];
        members.pop();
        _record(
            MemberRemoved.selector,
            bytes32(uint256(team)),
            bytes32(uint256(uint160(member))),
            abi.encode(reason, _callId(), _msgSender())
        );
    }

    /// @inheritdoc ITeams
    function lowerTier(uint16 team, Trigger trigger, bytes32 cause) external restricted returns (bool lowered) {
        StoredTeam storage stored = _teams[team];
        bool applies = stored.triggers & (1 << uint8(trigger)) != 0;
        if (stored.status != TeamStatus.Open || stored.tier == 0 || !applies) return false;
        uint8 tier = --stored.tier;
        _record(TierLowered.selector, bytes32(uint256(team)), abi.encode(tier, trigger, cause, _msgSender()));
        _write(team, stored);
        return true;
    }

    /// @inheritdoc ITeams
    function raiseTier(uint16 team, bytes32 evidence) external {
        StoredTeam storage stored = _requireOpen(team);
        if (!_isUpThePath(team, stored, _msgSender())) revert TeamsNotUpThePath(team, _msgSender());
        uint8 tiers = uint8(stored.cones.length); // safe: at most MAX_TIERS
        uint8 tier = stored.tier + 1;
        if (tier == tiers) revert TeamsInvalidTier(team, tier, tiers);
        stored.tier = tier;
        _record(TierRaised.selector, bytes32(uint256(team)), abi.encode(tier, evidence, _callId(), _msgSender()));
        _write(team, stored);
    }

    /// @inheritdoc ITeams
    function refresh(uint16 team) external {
        _write(team, _requireOpen(team));
    }

    /// @inheritdoc ITeams
    function refreshAll() external {
        uint256 length = _open.length; // at most MAX_OPEN
        for (uint256 i = 0; i < length; ++i) {
            uint16 team = _open[i];
            _write(team, _teams[team]);
        }
    }

    /// @inheritdoc ITeams
    function getTeam(uint16 team) external view returns (Team memory) {
        StoredTeam storage stored = _teams[team];
        return
            Team({
                status: stored.status,
                tier: stored.tier,
                tiers: uint8(stored.cones.length), // safe: at most MAX_TIERS
                triggers: stored.triggers,
                anchor: stored.anchor,
                version: stored.version,
                place: stored.place,
                path: _paths[team][stored.paths]
            });
    }

    /// @inheritdoc ITeams
    function conesOf(uint16 team) external view returns (Cone[] memory) {
        return _teams[team].cones;
    }

    /// @inheritdoc ITeams
    function coneOf(uint16 team) external view returns (Cone memory) {
        return _coneOf(team, _requireOpen(team));
    }

    /// @inheritdoc ITeams
    function membersOf(uint16 team) external view returns (address[] memory) {
        return _teams[team].members;
    }

    /// @inheritdoc ITeams
    function isMember(uint16 team, address account) external view returns (bool) {
        return _teams[team].status == TeamStatus.Open && _memberAt[team][account] != 0;
    }

    /// @inheritdoc ITeams
    function anchorOf(uint16 team) external view returns (address) {
        return _anchorOf(team);
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
        anchor = _anchorOf(resolver);
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

    /// @inheritdoc ITeams
    function constitution() external view returns (address) {
        return address(CONSTITUTION);
    }

    /// @dev Writes the team's anchor and cone into the authority, unless they stand there already.
    function _write(uint16 team, StoredTeam storage stored) private {
        IAuthorityLimits limits = IAuthorityLimits(authority());
        Cone memory cone = _coneOf(team, stored);
        (address anchor, IAuthorityLimits.Limits memory known, ) = limits.teamLimits(team);
        if (
            anchor == stored.anchor &&
            known.maxImpact == cone.maxImpact &&
            known.scopes == cone.scopes &&
            known.minReversibility == cone.minReversibility
        ) return;
        limits.setTeamLimits(
            team,
            stored.anchor,
            IAuthorityLimits.Limits({
                maxImpact: cone.maxImpact,
                scopes: cone.scopes,
                minReversibility: cone.minReversibility
            })
        );
    }

    function _coneOf(uint16 team, StoredTeam storage stored) private view returns (Cone memory cone) {
        cone = stored.cones[stored.tier];
        uint128 maxImpact = CONSTITUTION.effective(team, Parameters.CONE_MAX_IMPACT);
        uint128 minReversibility = CONSTITUTION.effective(team, Parameters.CONE_MIN_REVERSIBILITY);
        if (maxImpact < cone.maxImpact) cone.maxImpact = uint48(maxImpact); // safe: below a uint48
        // A percentage that no action reaches is as strict as can be, so that the narrowing cannot loosen it.
        if (minReversibility > cone.minReversibility) {
            cone.minReversibility = minReversibility > type(uint8).max ? type(uint8).max : uint8(minReversibility);
        }
    }

    function _addPath(uint16 team, StoredTeam storage stored, uint16[] calldata path) private {
        uint256 length = path.length;
        if (length == 0 || length > MAX_PATH) revert TeamsInvalidPath(team, length);
        for (uint256 i = 0; i < length; ++i) {
            bool isLast = i == length - 1;
            // The root alone stands at the end, and escalates to itself; nobody else to itself, and to nobody twice.
            if ((path[i] == ROOT) != isLast || (path[i] == team && team != ROOT)) revert TeamsInvalidPath(team, i);
            if (_teams[path[i]].status != TeamStatus.Open) revert TeamsInvalidPath(team, i);
            for (uint256 j = 0; j < i; ++j) {
                if (path[j] == path[i]) revert TeamsInvalidPath(team, i);
            }
        }
        if (team == ROOT && length != 1) revert TeamsInvalidPath(team, 0);
        _paths[team][++stored.paths] = path;
    }

    function _copyCones(StoredTeam storage stored, Cone[] calldata cones) private {
        delete stored.cones;
        for (uint256 i = 0; i < cones.length; ++i) {
            stored.cones.push(cones[i]); // at most MAX_TIERS
        }
    }

    /// @dev A live anchor of a team on the path; never the team's own, which would judge itself, but for the root's.
    function _isUpThePath(uint16 team, StoredTeam storage stored, address caller) private view returns (bool) {
        if (!_isLive(caller) || (caller == stored.anchor && team != ROOT)) return false;
        uint16[] storage path = _paths[team][stored.paths];
        for (uint256 i = 0; i < path.length; ++i) {
            if (_anchorOf(path[i]) == caller) return true;
        }
        return false;
    }

    function _isOnPath(uint16 team, uint16 other) private view returns (bool) {
        uint16[] storage path = _paths[other][_teams[other].paths];
        for (uint256 i = 0; i < path.length; ++i) {
            if (path[i] == team) return true;
        }
        return false;
    }

    /// @dev Nobody answers for a team that is not open.
    function _anchorOf(uint16 team) private view returns (address) {
        StoredTeam storage stored = _teams[team];
        return stored.status == TeamStatus.Open ? stored.anchor : address(0);
    }

    function _requireOpen(uint16 team) private view returns (StoredTeam storage stored) {
        stored = _teams[team];
        if (stored.status != TeamStatus.Open) revert TeamsUnexpectedStatus(team, stored.status, TeamStatus.Open);
    }

    function _requireLive(uint16 team, address anchor) private view {
        uint48 liveUntil = IAuthority(authority()).anchorLiveUntil(anchor);
        if (liveUntil <= block.timestamp) revert TeamsAnchorNotLive(team, anchor, liveUntil);
    }

    function _isLive(address account) private view returns (bool) {
        return block.timestamp < IAuthority(authority()).anchorLiveUntil(account);
    }
}
