// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAuthorityLimits} from "../../../contracts/authority/IAuthorityLimits.sol";
import {IConstitution} from "../../../contracts/policy/IConstitution.sol";
import {ITeams} from "../../../contracts/policy/ITeams.sol";
import {JournalFold} from "../support/JournalFold.sol";
import {Vm, vm} from "../support/Vm.sol";
import {PolicyStage} from "./PolicyStage.sol";

/// @dev Every office, every anchor, the ratchet and time act at random. Keeps its own account of who widened what, and of what
/// was announced.
abstract contract PolicyActor is PolicyStage {
    struct Announced {
        uint256 time;
        uint128 value;
    }

    uint16 private constant NOBODY = 0;
    uint16 private constant EVERYBODY = type(uint16).max;

    /// @dev Acts after which a team could do more that was not the act's to widen.
    uint256 public widenings;
    /// @dev Values that were set without having been announced a delay before, or not as they were announced.
    uint256 public surprises;
    /// @dev Acts that did what they are for: without them the invariants would say nothing.
    uint256 public raised;
    uint256 public enacted;

    mapping(address emitter => bytes32) public folded;
    mapping(uint16 team => IAuthorityLimits.Limits) private _before;
    mapping(bytes32 parameter => mapping(uint16 team => Announced)) private _announced;

    modifier journaled(uint16 mayWiden) {
        uint16 count = _teams.teamCount();
        for (uint16 team = 1; team <= count; ++team) _before[team] = _enforced(team);
        vm.recordLogs();
        _;
        _fold();
        for (uint16 team = 1; team <= count; ++team) {
            if (mayWiden != EVERYBODY && mayWiden != team && !_isWithin(_enforced(team), _before[team])) ++widenings;
        }
    }

    constructor() {
        vm.recordLogs();
        _deploy();
        _fold();
    }

    function pass(uint32 time) external {
        vm.warp(block.timestamp + (time % 2 days));
        vm.roll(block.number + 1);
    }

    function live(uint8 anchor, uint32 time) external journaled(NOBODY) {
        uint48 until = uint48(block.timestamp) + (anchor % 3 == 0 ? time % 2 days : 3650 days);
        _authority.setAnchorLiveness(_anchors[anchor % 5], until);
    }

    function openTeam(uint256 seed, uint16 over) external journaled(NOBODY) {
        if (_teams.openCount() == MOST_TEAMS) return;
        ITeams.Cone[] memory cones = _conesFrom(seed, 1 + (seed % 4));
        bytes32 place = bytes32(bytes2(uint16(0x4141 + (_teams.teamCount() % 16))));
        uint8 tier = uint8(seed % cones.length);
        try _teams.openTeam(place, _anchors[seed % 5], cones, tier, _path(over), ALL_TRIGGERS, "") {} catch {}
    }

    function closeTeam(uint16 team) external journaled(NOBODY) {
        if (team % 4 == 0) try _teams.closeTeam(_team(team), "") {} catch {} // rarely
    }

    function setAnchor(uint16 team, uint8 anchor) external journaled(NOBODY) {
        try _teams.setAnchor(_team(team), _anchors[anchor % 5], "") {} catch {}
    }

    function setPath(uint16 team, uint16 over) external journaled(NOBODY) {
        try _teams.setPath(_team(team), _path(over), "") {} catch {}
    }

    function setCones(uint16 team, uint256 seed) external journaled(NOBODY) {
        try _teams.setCones(_team(team), _conesFrom(seed, 1 + (seed % 4)), "") {} catch {}
    }

    function lowerTier(uint16 team, uint8 trigger) external journaled(NOBODY) {
        _teams.lowerTier(_team(team), ITeams.Trigger(trigger % 3), "");
    }

    function raiseTier(uint16 team, uint8 anchor) external journaled(_team(team)) {
        vm.prank(_anchors[anchor % 5]);
        try _teams.raiseTier(_team(team), "") {
            ++raised;
        } catch {}
    }

    function refresh(uint16 team) external journaled(NOBODY) {
        try _teams.refresh(_team(team)) {} catch {}
        _teams.refreshAll();
    }

    function propose(uint8 parameter, uint128 value) external journaled(NOBODY) {
        bytes32 name = _parameters[parameter % 3];
        value %= 1001;
        try _constitution.proposeChange(name, value, "") {
            _announced[name][0] = Announced(block.timestamp, value);
        } catch {}
    }

    function consent(uint8 parameter, uint16 team) external journaled(NOBODY) {
        team = _team(team);
        vm.prank(_teams.anchorOf(team));
        try _constitution.consent(_parameters[parameter % 3], team) {} catch {}
    }

    function cancel(uint8 parameter, uint16 team, bool byOffice) external journaled(NOBODY) {
        team = team % 3 == 0 ? 0 : _team(team);
        if (!byOffice) vm.prank(_teams.anchorOf(team == 0 ? 1 : team));
        else if (team % 2 == 0) return; // rarely
        try _constitution.cancelChange(_parameters[parameter % 3], team, "") {} catch {}
    }

    function enact(uint8 parameter, uint16 team) external journaled(EVERYBODY) {
        bytes32 name = _parameters[parameter % 3];
        team = team % 3 == 0 ? 0 : _team(team);
        try _constitution.enactChange(name, team) {
            ++enacted;
            Announced memory announced = _announced[name][team];
            (, uint128 value) = team == 0
                ? (true, _constitution.officeValue(name))
                : _constitution.teamValue(team, name);
            if (block.timestamp < announced.time + DELAY || value != announced.value) ++surprises;
        } catch {}
    }

    function setTeamValue(uint8 parameter, uint16 team, uint128 value) external journaled(NOBODY) {
        bytes32 name = _parameters[parameter % 3];
        team = _team(team);
        value %= 1001;
        uint128 applied = _constitution.effective(team, name);
        vm.prank(_teams.anchorOf(team));
        try _constitution.setTeamValue(team, name, value, "") {
            IConstitution.Change memory change = _constitution.pendingChange(name, team);
            if (change.expiresAt != 0) _announced[name][team] = Announced(block.timestamp, value);
            if (_isLooser(name, _constitution.effective(team, name), applied)) ++surprises;
        } catch {}
    }

    /// @dev Whether what applies to a team is looser than `than`, told apart from {ParameterTerms}.
    function _isLooser(bytes32 name, uint128 value, uint128 than) internal view returns (bool) {
        return name == _parameters[1] ? value < than : value > than;
    }

    function _enforced(uint16 team) internal view returns (IAuthorityLimits.Limits memory limits) {
        (, limits, ) = _authority.teamLimits(team);
    }

    function _isWithin(
        IAuthorityLimits.Limits memory inner,
        IAuthorityLimits.Limits memory outer
    ) private pure returns (bool) {
        return
            inner.maxImpact <= outer.maxImpact &&
            inner.scopes | outer.scopes == outer.scopes &&
            inner.minReversibility >= outer.minReversibility;
    }

    function _team(uint16 seed) private view returns (uint16) {
        return 1 + (seed % _teams.teamCount());
    }

    /// @dev To the root, directly or over another team.
    function _path(uint16 over) private view returns (uint16[] memory path) {
        bool isDirect = over % 2 == 0;
        path = new uint16[](isDirect ? 1 : 2);
        path[path.length - 1] = 1;
        if (!isDirect) path[0] = _team(over / 2);
    }

    function _fold() private {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        address[3] memory emitters = [address(_authority), address(_constitution), address(_teams)];
        for (uint256 i = 0; i < emitters.length; ++i) {
            folded[emitters[i]] = JournalFold.fold(folded[emitters[i]], logs, emitters[i]);
        }
    }
}
