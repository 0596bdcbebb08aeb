// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEscalations} from "../../../contracts/accountability/IEscalations.sol";
import {IAuthority} from "../../../contracts/authority/IAuthority.sol";
import {IAuthorityLimits} from "../../../contracts/authority/IAuthorityLimits.sol";
import {ManagedMock} from "../../../contracts/mocks/ManagedMock.sol";
import {IConstitution} from "../../../contracts/policy/IConstitution.sol";
import {ITeams} from "../../../contracts/policy/ITeams.sol";
import {Parameters} from "../../../contracts/types/Parameters.sol";
import {Roles} from "../../../contracts/types/Roles.sol";
import {deploy} from "../support/Deploy.sol";
import {IWholeAuthority} from "../support/IWholeAuthority.sol";
import {vm} from "../support/Vm.sol";

/// @dev An office of which this contract is the admin, every office and the contract Anchors: a root, a team above, and the team
/// of two agents, which may do 100 units of impact by itself. The fourth human sits nowhere.
abstract contract EscalationStage {
    uint256 internal constant LASTS = 500;
    uint256 internal constant USABLE = 200;
    uint48 internal constant MAX_IMPACT = 100;
    uint16 internal constant ROOT = 1;
    uint16 internal constant ABOVE = 2;
    uint16 internal constant TEAM = 3;

    IWholeAuthority internal _authority;
    IEscalations internal _escalations;
    ITeams internal _teams;
    ManagedMock internal _target;
    address[4] internal _humans = [address(0xA1), address(0xA2), address(0xA3), address(0xA4)];
    address[2] internal _agents = [address(0xB1), address(0xB2)];

    function _deploy() internal {
        vm.warp(1_800_000_000);
        _authority = IWholeAuthority(deploy("Authority", abi.encode(address(this), 3600)));
        IConstitution constitution = IConstitution(deploy("Constitution", abi.encode(_authority, 1 days)));
        _teams = ITeams(deploy("Teams", abi.encode(_authority, constitution)));
        address anchors = deploy("Anchors", abi.encode(_authority, 30 days));
        _escalations = IEscalations(deploy("Escalations", abi.encode(_authority, _teams, anchors, constitution)));
        _target = ManagedMock(deploy("ManagedMock", abi.encode(_authority)));
        _permit(IAuthority.setAnchorLiveness.selector, Roles.ANCHORS_ROLE, address(this));
        _permit(IAuthorityLimits.setActionFacts.selector, Roles.CATALOG_ROLE, address(this));
        _permit(IAuthorityLimits.setTeamLimits.selector, Roles.TEAMS_ROLE, address(_teams));
        _authority.grantRole(Roles.GRANTER_ROLE, address(this), 0);
        constitution.wireTeams(address(_teams));
        _authority.setEscalations(address(_escalations));

        _define(constitution, Parameters.CONE_MAX_IMPACT, IConstitution.Stricter.Lower, true, 1000);
        _define(constitution, Parameters.CONE_MIN_REVERSIBILITY, IConstitution.Stricter.Higher, true, 0);
        _define(constitution, Parameters.ESCALATION_DEADLINE_SECONDS, IConstitution.Stricter.Lower, false, LASTS);
        _define(constitution, Parameters.ESCALATION_USABLE_SECONDS, IConstitution.Stricter.Lower, false, USABLE);
        for (uint256 i = 0; i < _humans.length; ++i) _enliven(_humans[i], 365 days);
        _openTeam("root", _humans[0], _path(ROOT, 0));
        _openTeam("above", _humans[1], _path(ROOT, 0));
        _openTeam("team", _humans[2], _path(ABOVE, ROOT));

        bytes4 guarded = ManagedMock.guarded.selector;
        _authority.setTargetFunctionRole(address(_target), _one(guarded), Roles.GRANT_ROLE);
        _authority.setActionGranter(address(_target), guarded, Roles.GRANTER_ROLE);
        _authority.setActionFacts(
            address(_target),
            guarded,
            IAuthorityLimits.ActionFacts(IAuthorityLimits.ImpactKind.Amount, 0, 100, 0, 0, 0)
        );
        _giveGrants();
    }

    /// @dev A task of the team's anchor, which must be live, and both agents' grants for it.
    function _giveGrants() internal {
        uint48 deadline = uint48(block.timestamp) + 30 days;
        vm.prank(_teams.anchorOf(TEAM));
        uint32 task = _authority.openTask(TEAM, "purpose", deadline);
        for (uint256 i = 0; i < _agents.length; ++i) {
            _authority.grant(
                IAuthority.GrantRequest(
                    task,
                    _agents[i],
                    address(_target),
                    ManagedMock.guarded.selector,
                    0,
                    deadline,
                    0,
                    0
                )
            );
        }
    }

    function _enliven(address human, uint256 lasts) internal {
        _authority.setAnchorLiveness(human, uint48(block.timestamp + lasts));
    }

    function _isLive(address human) internal view returns (bool) {
        return block.timestamp < _authority.anchorLiveUntil(human);
    }

    function _openTeam(bytes32 place, address anchor, uint16[] memory path) private {
        ITeams.Cone[] memory cones = new ITeams.Cone[](1);
        cones[0] = ITeams.Cone(MAX_IMPACT, 1, 0);
        _teams.openTeam(place, anchor, cones, 0, path, 1, "");
    }

    function _path(uint16 first, uint16 second) private pure returns (uint16[] memory path) {
        path = new uint16[](second == 0 ? 1 : 2);
        path[0] = first;
        if (second != 0) path[1] = second;
    }

    function _define(
        IConstitution constitution,
        bytes32 parameter,
        IConstitution.Stricter stricter,
        bool cone,
        uint256 value
    ) private {
        uint128 maximum = stricter == IConstitution.Stricter.Lower ? 1000 : 100;
        constitution.defineParameter(
            parameter,
            IConstitution.Terms(stricter, false, cone, 0, maximum),
            uint128(value),
            ""
        );
    }

    function _permit(bytes4 selector, uint64 role, address member) private {
        _authority.setTargetFunctionRole(address(_authority), _one(selector), role);
        _authority.grantRole(role, member, 0);
    }

    function _one(bytes4 selector) private pure returns (bytes4[] memory selectors) {
        selectors = new bytes4[](1);
        selectors[0] = selector;
    }
}
