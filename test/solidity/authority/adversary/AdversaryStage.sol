// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEscalations} from "../../../../contracts/accountability/IEscalations.sol";
import {IAuthority} from "../../../../contracts/authority/IAuthority.sol";
import {IAuthorityLimits} from "../../../../contracts/authority/IAuthorityLimits.sol";
import {Roles} from "../../../../contracts/types/Roles.sol";
import {deploy} from "../../support/Deploy.sol";
import {IWholeAuthority} from "../../support/IWholeAuthority.sol";
import {vm} from "../../support/Vm.sol";
import {AdversaryModel} from "./AdversaryModel.sol";
import {AdversaryPolicy} from "./AdversaryPolicy.sol";
import {AdversaryTarget} from "./AdversaryTarget.sol";

/// @dev An organization with an adversary in it. Eve gives grants, is given some, is the anchor of a team and on the path of
/// the other one, and is the only admin, with the least delay. Alice answers for a team, Rita for the root office, Bob works.
/// This contract stands for Anchors, ActionCatalog, Teams and Constitution, and for nobody else once it has renounced.
abstract contract AdversaryStage is AdversaryModel {
    uint32 internal constant MIN_ADMIN_DELAY = 3600;
    uint48 internal constant START = 1_800_000_000;

    address internal constant ALICE = address(0xA11CE);
    address internal constant EVE = address(0xE7E);
    address internal constant BOB = address(0xB0B);
    address internal constant RITA = address(0x417A);
    address internal constant ASSET = address(0xA55E7);

    uint16 internal constant ALICES = 1;
    uint16 internal constant EVES = 2;
    uint16 internal constant ROOT = 3;

    uint256 internal constant DEADLINE_SECONDS = 72 hours;
    uint256 internal constant USABLE_SECONDS = 24 hours;

    IWholeAuthority internal _authority;
    AdversaryTarget internal _target;
    IEscalations internal _escalations;

    function _deploy() internal {
        _warp(START);
        _authority = IWholeAuthority(deploy("Authority", abi.encode(address(this), MIN_ADMIN_DELAY)));
        _target = new AdversaryTarget(address(_authority));
        _stand(IAuthority.setAnchorLiveness.selector, Roles.ANCHORS_ROLE);
        _stand(IAuthorityLimits.setActionFacts.selector, Roles.CATALOG_ROLE);
        _stand(IAuthorityLimits.setTeamLimits.selector, Roles.TEAMS_ROLE);
        _stand(IAuthorityLimits.setRate.selector, Roles.RATES_ROLE);
        AdversaryPolicy policy = new AdversaryPolicy(DEADLINE_SECONDS, USABLE_SECONDS);
        address anchors_ = deploy("Anchors", abi.encode(_authority, 30 days));
        _escalations = IEscalations(deploy("Escalations", abi.encode(_authority, policy, anchors_, policy)));
        _authority.setEscalations(address(_escalations));
        (address[3] memory anchors, uint16[][3] memory paths) = ([ALICE, EVE, RITA], _paths());
        for (uint16 team = ALICES; team <= ROOT; ++team) {
            policy.set(team, anchors[team - 1], paths[team - 1]);
            _setLife(anchors[team - 1], START + 6 days);
            _setLimits(team, IAuthorityLimits.Limits({maxImpact: 1000, scopes: 1, minReversibility: 50}));
        }
        for (uint8 kind = 0; kind < 4; ++kind) {
            _authority.setTargetFunctionRole(address(_target), _one(_selectorOf(Kind(kind))), Roles.GRANT_ROLE);
            _authority.setActionGranter(address(_target), _selectorOf(Kind(kind)), Roles.GRANTER_ROLE);
            _hasGranter[Kind(kind)] = true;
            _setFacts(Kind(kind), true, 0, 60);
        }
        _setRate(3e18, START + 10 days);
        _authority.grantRole(Roles.GRANTER_ROLE, EVE, 0);
        _authority.grantRole(_authority.ADMIN_ROLE(), EVE, MIN_ADMIN_DELAY);
        _authority.renounceRole(_authority.ADMIN_ROLE(), address(this));
    }

    function _warp(uint256 time) internal {
        if (time <= _clock) return;
        vm.warp(time);
        _clock = time;
    }

    function _setLife(address anchor, uint48 until) internal {
        _authority.setAnchorLiveness(anchor, until);
        _lifeModel[anchor] = until;
    }

    function _setLimits(uint16 team, IAuthorityLimits.Limits memory limits) internal {
        address[3] memory anchors = [ALICE, EVE, RITA];
        _authority.setTeamLimits(team, anchors[team - 1], limits);
        _limitsModel[team] = limits;
    }

    function _setFacts(Kind kind, bool listed, uint8 scope, uint8 reversibility) internal {
        IAuthorityLimits.ActionFacts memory facts;
        if (listed) {
            facts.impact = IAuthorityLimits.ImpactKind(uint8(kind) + 1); // both are in the same order
            facts.scope = scope;
            facts.reversibility = reversibility;
            facts.fixedImpact = kind == Kind.Costly ? 300 : 0;
            facts.amountWord = kind == Kind.SpendOf ? 1 : 0;
        }
        _authority.setActionFacts(address(_target), _selectorOf(kind), facts);
        _factsModel[kind] = facts;
    }

    function _setRate(uint128 rate, uint48 validUntil) internal {
        _authority.setRate(ASSET, rate, validUntil);
        (_rateModel, _rateValidUntil) = (rate, validUntil);
    }

    function _selectorOf(Kind kind) internal pure returns (bytes4) {
        if (kind == Kind.Plain) return AdversaryTarget.plain.selector;
        if (kind == Kind.Costly) return AdversaryTarget.costly.selector;
        return kind == Kind.Spend ? AdversaryTarget.spend.selector : AdversaryTarget.spendOf.selector;
    }

    function _dataOf(Kind kind, uint256 amount) internal pure returns (bytes memory) {
        bytes4 selector = _selectorOf(kind);
        if (kind == Kind.Spend) return abi.encodeWithSelector(selector, amount);
        return kind == Kind.SpendOf ? abi.encodeWithSelector(selector, ASSET, amount) : abi.encodePacked(selector);
    }

    /// @dev Eve is on the path of Alice's team, Alice on the path of Eve's.
    function _paths() private pure returns (uint16[][3] memory paths) {
        paths = [new uint16[](2), new uint16[](2), new uint16[](1)];
        (paths[0][0], paths[0][1]) = (EVES, ROOT);
        (paths[1][0], paths[1][1]) = (ALICES, ROOT);
        paths[2][0] = ROOT;
    }

    /// @dev This contract acts for the contract that holds the role.
    function _stand(bytes4 setter, uint64 role) private {
        _authority.setTargetFunctionRole(address(_authority), _one(setter), role);
        _authority.grantRole(role, address(this), 0);
    }

    function _one(bytes4 selector) internal pure returns (bytes4[] memory selectors) {
        selectors = new bytes4[](1);
        selectors[0] = selector;
    }
}
