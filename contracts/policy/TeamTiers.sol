// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAuthorityLimits} from "../authority/IAuthorityLimits.sol";
import {Parameters} from "../types/Parameters.sol";
import {IConstitution} from "./IConstitution.sol";
import {ITeams} from "./ITeams.sol";
import {TeamPaths} from "./TeamPaths.sol";
import {TeamRules} from "./TeamRules.sol";

/// @title TeamTiers: how far a team acts by itself
/// @dev Design:
/// - A team's cone in the authority is derived: from its tier and the constitution. Whatever changes either writes it anew in
///   the same transaction; the number of open teams is bounded so that all of them can be.
/// - Events lower a tier, and the structure office may narrow cones; only an anchor up the path widens what a team may do now.
abstract contract TeamTiers is TeamPaths {
    IConstitution private immutable CONSTITUTION;

    constructor(address constitution_) {
        CONSTITUTION = IConstitution(constitution_);
    }

    /// @inheritdoc ITeams
    function setCones(uint16 team, Cone[] calldata cones, bytes32 reason) external restricted {
        // Check
        TeamRecord storage found = _requireOpen(team);
        TeamRules.requireCones(cones);
        Cone memory present = found.cones[found.tier];
        uint256 tier = found.tier < cones.length ? found.tier : cones.length - 1;
        while (!TeamRules.contains(present, cones[tier])) {
            if (tier == 0) revert TeamsConesWiden(team);
            --tier;
        }

        // Effect
        found.tier = uint8(tier); // safe: at most MAX_TIERS
        _copyCones(found, cones);
        _record(
            TeamConesSet.selector,
            _word(team),
            abi.encode(cones, found.tier, ++found.version, reason, _callId(), _msgSender())
        );

        // Interaction
        _writeLimits(team, found);
    }

    /// @inheritdoc ITeams
    function setTriggers(uint16 team, uint8 triggers, bytes32 reason) external restricted {
        TeamRecord storage found = _requireOpen(team);
        TeamRules.requireTriggers(triggers);
        found.triggers = triggers;
        _record(
            TeamTriggersSet.selector,
            _word(team),
            abi.encode(triggers, ++found.version, reason, _callId(), _msgSender())
        );
    }

    /// @inheritdoc ITeams
    function raiseTier(uint16 team, bytes32 evidence) external {
        // Check
        TeamRecord storage found = _requireOpen(team);
        _requireUpThePath(team, found, _msgSender());
        uint8 tiers = uint8(found.cones.length); // safe: at most MAX_TIERS
        uint8 tier = found.tier + 1;
        if (tier == tiers) revert TeamsInvalidTier(team, tier, tiers);

        // Effect
        found.tier = tier;
        _record(TierRaised.selector, _word(team), abi.encode(tier, evidence, _callId(), _msgSender()));

        // Interaction
        _writeLimits(team, found);
    }

    /// @inheritdoc ITeams
    function refresh(uint16 team) external {
        _writeLimits(team, _requireOpen(team));
    }

    /// @inheritdoc ITeams
    function refreshAll() external {
        uint256 length = _open.length; // bounded
        for (uint256 i = 0; i < length; ++i) {
            uint16 team = _open[i];
            _writeLimits(team, _teams[team]);
        }
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
    function constitution() external view returns (address) {
        return address(CONSTITUTION);
    }

    function _lowerTier(uint16 team, Trigger trigger, bytes32 cause) internal returns (bool lowered) {
        TeamRecord storage found = _teams[team];
        bool applies = found.triggers & (1 << uint8(trigger)) != 0;
        if (found.status != TeamStatus.Open || found.tier == 0 || !applies) return false;
        uint8 tier = --found.tier;
        _record(TierLowered.selector, _word(team), abi.encode(tier, trigger, cause, _msgSender()));
        _writeLimits(team, found);
        return true;
    }

    function _copyCones(TeamRecord storage found, Cone[] calldata cones) internal {
        delete found.cones;
        for (uint256 i = 0; i < cones.length; ++i) {
            found.cones.push(cones[i]); // at most MAX_TIERS
        }
    }

    /// @dev Writes the team's anchor and cone into the authority, unless they stand there already.
    function _writeLimits(uint16 team, TeamRecord storage found) internal {
        IAuthorityLimits limits = IAuthorityLimits(authority());
        Cone memory cone = _coneOf(team, found);
        (address anchor, IAuthorityLimits.Limits memory known, ) = limits.teamLimits(team);
        if (
            anchor == found.anchor &&
            known.maxImpact == cone.maxImpact &&
            known.scopes == cone.scopes &&
            known.minReversibility == cone.minReversibility
        ) return;
        limits.setTeamLimits(
            team,
            found.anchor,
            IAuthorityLimits.Limits({
                maxImpact: cone.maxImpact,
                scopes: cone.scopes,
                minReversibility: cone.minReversibility
            })
        );
    }

    function _coneOf(uint16 team, TeamRecord storage found) private view returns (Cone memory cone) {
        cone = found.cones[found.tier];
        uint128 maxImpact = CONSTITUTION.effective(team, Parameters.CONE_MAX_IMPACT);
        uint128 minReversibility = CONSTITUTION.effective(team, Parameters.CONE_MIN_REVERSIBILITY);
        if (maxImpact < cone.maxImpact) cone.maxImpact = uint48(maxImpact); // safe: below a uint48
        if (minReversibility > cone.minReversibility) {
            cone.minReversibility = uint8(minReversibility); // safe: the constitution bounds it by 100
        }
    }

    /// @dev A live anchor of a team on the path; never the team's own, which would judge itself, but for the root's.
    function _requireUpThePath(uint16 team, TeamRecord storage found, address caller) private view {
        bool isOwn = caller == found.anchor && team != ROOT;
        uint16[] storage path = _pathOf(team);
        for (uint256 i = 0; !isOwn && i < path.length; ++i) {
            if (anchorOf(path[i]) != caller) continue;
            _requireLive(path[i], caller);
            return;
        }
        revert TeamsNotUpThePath(team, caller);
    }
}
