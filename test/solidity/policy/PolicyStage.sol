// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAuthority} from "../../../contracts/authority/IAuthority.sol";
import {IAuthorityLimits} from "../../../contracts/authority/IAuthorityLimits.sol";
import {IConstitution} from "../../../contracts/policy/IConstitution.sol";
import {ITeams} from "../../../contracts/policy/ITeams.sol";
import {Parameters} from "../../../contracts/types/Parameters.sol";
import {Roles} from "../../../contracts/types/Roles.sol";
import {deploy} from "../support/Deploy.sol";
import {IWholeAuthority} from "../support/IWholeAuthority.sol";
import {vm} from "../support/Vm.sol";

/// @dev Authority, constitution and teams, of which this contract is the admin and every office; five live anchors, of which the
/// first is the root's. Two parameters bound cones, in opposite directions and of the kernel; a third is neither.
abstract contract PolicyStage {
    uint32 internal constant DELAY = 1 days;
    uint16 internal constant MOST_TEAMS = 6;
    uint8 internal constant ALL_TRIGGERS = 7;

    IWholeAuthority internal _authority;
    IConstitution internal _constitution;
    ITeams internal _teams;
    address[5] internal _anchors = [address(0xA1), address(0xA2), address(0xA3), address(0xA4), address(0xA5)];
    bytes32[3] internal _parameters = [
        Parameters.CONE_MAX_IMPACT,
        Parameters.CONE_MIN_REVERSIBILITY,
        Parameters.ESCALATION_DEADLINE_SECONDS
    ];

    function _deploy() internal {
        vm.warp(1_800_000_000);
        _authority = IWholeAuthority(deploy("Authority", abi.encode(address(this), 3600)));
        _constitution = IConstitution(deploy("Constitution", abi.encode(_authority, DELAY)));
        _teams = ITeams(deploy("Teams", abi.encode(_authority, _constitution)));
        _permit(IAuthority.setAnchorLiveness.selector, Roles.ANCHORS_ROLE, address(this));
        _permit(IAuthorityLimits.setTeamLimits.selector, Roles.TEAMS_ROLE, address(_teams));
        _authority.grantRole(Roles.POLICY_ROLE, address(this), 0);
        _constitution.wireTeams(address(_teams));
        for (uint256 i = 0; i < _anchors.length; ++i) {
            _authority.setAnchorLiveness(_anchors[i], uint48(block.timestamp) + 3650 days);
        }
        IConstitution.Terms memory terms = IConstitution.Terms(IConstitution.Stricter.Lower, true, true, 0, 1000);
        _constitution.defineParameter(_parameters[0], terms, 500, "");
        terms = IConstitution.Terms(IConstitution.Stricter.Higher, true, true, 0, 100);
        _constitution.defineParameter(_parameters[1], terms, 30, "");
        terms = IConstitution.Terms(IConstitution.Stricter.Lower, false, false, 60, 1000);
        _constitution.defineParameter(_parameters[2], terms, 500, "");
        uint16[] memory path = new uint16[](1);
        path[0] = 1;
        for (uint8 i = 0; i < 3; ++i) {
            _teams.openTeam(bytes32(bytes1(0x41 + i)), _anchors[i], _conesFrom(i + 1, 3), 2, path, ALL_TRIGGERS, "");
        }
    }

    /// @dev Cones, each contained in the next, chosen by `seed`.
    function _conesFrom(uint256 seed, uint256 tiers) internal pure returns (ITeams.Cone[] memory cones) {
        cones = new ITeams.Cone[](tiers);
        uint48 maxImpact = uint48(seed % 3 == 0 ? 0 : seed % 200);
        uint32 scopes = uint32(seed % 5);
        uint8 minReversibility = 100;
        for (uint256 i = 0; i < tiers; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            cones[i] = ITeams.Cone(maxImpact, scopes, minReversibility);
            maxImpact += uint48(seed % 400);
            scopes |= uint32(1 << ((seed >> 8) % 8));
            minReversibility -= uint8((seed >> 16) % 34);
        }
    }

    function _permit(bytes4 selector, uint64 role, address member) private {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = selector;
        _authority.setTargetFunctionRole(address(_authority), selectors, role);
        _authority.grantRole(role, member, 0);
    }
}
