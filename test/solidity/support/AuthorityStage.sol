// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAuthority} from "../../../contracts/authority/IAuthority.sol";
import {IAuthorityLimits} from "../../../contracts/authority/IAuthorityLimits.sol";
import {ManagedMock} from "../../../contracts/mocks/ManagedMock.sol";
import {Roles} from "../../../contracts/types/Roles.sol";
import {deploy} from "./Deploy.sol";
import {IWholeAuthority} from "./IWholeAuthority.sol";
import {vm} from "./Vm.sol";

/// @dev An authority of which this contract is the first admin, with a target, a granter, an anchor and an agent.
abstract contract AuthorityStage {
    uint32 internal constant MIN_ADMIN_DELAY = 3600;

    address internal constant ANCHOR = address(0xA11C);
    address internal constant GRANTER = address(0x64A7);
    address internal constant AGENT = address(0xA6E7);

    IWholeAuthority internal _authority;
    ManagedMock internal _target;
    uint16 internal constant TEAM = 1;
    bytes4 internal constant GUARDED = ManagedMock.guarded.selector;
    uint48 internal _start;

    function _deploy() internal {
        vm.warp(1_800_000_000);
        _start = uint48(block.timestamp);
        _authority = IWholeAuthority(deploy("Authority", abi.encode(address(this), MIN_ADMIN_DELAY)));
        _target = ManagedMock(deploy("ManagedMock", abi.encode(_authority)));
        _authority.setTargetFunctionRole(
            address(_authority),
            _one(IAuthority.setAnchorLiveness.selector),
            Roles.ANCHORS_ROLE
        );
        _authority.grantRole(Roles.ANCHORS_ROLE, address(this), 0);
        _authority.grantRole(Roles.GRANTER_ROLE, GRANTER, 0);
        _authority.setTargetFunctionRole(address(_target), _one(GUARDED), Roles.GRANT_ROLE);
        _authority.setActionGranter(address(_target), GUARDED, Roles.GRANTER_ROLE);
        _letDecidePolicy(IAuthorityLimits.setActionFacts.selector, Roles.CATALOG_ROLE);
        _letDecidePolicy(IAuthorityLimits.setTeamLimits.selector, Roles.TEAMS_ROLE);
        _letDecidePolicy(IAuthorityLimits.setRate.selector, Roles.RATES_ROLE);
        _setFacts(IAuthorityLimits.ImpactKind.None);
        _authority.setTeamLimits(
            TEAM,
            ANCHOR,
            IAuthorityLimits.Limits({maxImpact: type(uint48).max, scopes: 1, minReversibility: 0})
        );
        _authority.setAnchorLiveness(ANCHOR, _start + 365 days);
    }

    /// @dev This contract stands for the policy contracts.
    function _letDecidePolicy(bytes4 setter, uint64 role) private {
        _authority.setTargetFunctionRole(address(_authority), _one(setter), role);
        _authority.grantRole(role, address(this), 0);
    }

    /// @dev The guarded function's, whose first argument is its amount.
    function _setFacts(IAuthorityLimits.ImpactKind impact) internal {
        _authority.setActionFacts(
            address(_target),
            GUARDED,
            IAuthorityLimits.ActionFacts({
                impact: impact,
                scope: 0,
                reversibility: 100,
                fixedImpact: 0,
                amountWord: 0,
                assetWord: 0
            })
        );
    }

    function _openTask(uint48 deadline) internal returns (uint32) {
        vm.prank(ANCHOR);
        return _authority.openTask(TEAM, "purpose", deadline);
    }

    function _request(
        uint32 task,
        uint48 notBefore,
        uint48 notAfter,
        uint16 uses
    ) internal view returns (IAuthority.GrantRequest memory) {
        return IAuthority.GrantRequest(task, AGENT, address(_target), GUARDED, notBefore, notAfter, uses, 0);
    }

    /// @dev Whether the agent's call went through. What refuses it must be the guard, with its own error.
    function _agentCalls() internal returns (bool) {
        vm.prank(AGENT);
        try _target.guarded(1) {
            return true;
        } catch (bytes memory reason) {
            bytes memory refusal = abi.encodeWithSignature("AccessManagedUnauthorized(address)", AGENT);
            require(keccak256(reason) == keccak256(refusal), "refused by something else than the guard");
            return false;
        }
    }

    function _one(bytes4 selector) internal pure returns (bytes4[] memory selectors) {
        selectors = new bytes4[](1);
        selectors[0] = selector;
    }
}
