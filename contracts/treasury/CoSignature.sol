// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IAuthorityLimits} from "../authority/IAuthorityLimits.sol";
import {ITeams} from "../policy/ITeams.sol";
import {IBudgetLedger} from "./IBudgetLedger.sol";
import {IBudgetVault} from "./IBudgetVault.sol";

/// @title CoSignature: which payments an anchor has to co-sign, and which anchors may
/// @dev Runs as the vault: it asks itself for the teams' contract, and its authority for rates.
library CoSignature {
    uint256 private constant RATE_UNIT = 1e18;

    /// @dev Whether each milestone whose impact is beyond what the plan's team may decide by itself asks for a co-signature. Without
    /// a valid rate nobody knows the impact, so each has to. A plan without a team has no such limit.
    function isAskedWhereNeeded(IBudgetLedger.Plan memory plan) internal view returns (bool) {
        (ITeams teams, uint16 team) = _teamOf(plan);
        if (team == 0) return true;
        (uint128 rate, uint48 validUntil) = IAuthorityLimits(IAccessManaged(address(this)).authority()).rateOf(plan.asset);
        bool isRated = block.timestamp < validUntil;
        uint256 maxImpact = teams.coneOf(team).maxImpact;
        for (uint256 i = 0; i < plan.milestones.length; ++i) {
            if (plan.milestones[i].coSignature) continue;
            if (!isRated) return false;
            // 128 bits by 128
            if (Math.mulDiv(plan.milestones[i].amount, rate, RATE_UNIT, Math.Rounding.Ceil) > maxImpact) return false;
        }
        return true;
    }

    /// @dev The plan's anchor; the anchors up the path of its team; the root's, where the plan names no team that there is. Whether
    /// `signer` is live is not asked here. Without a teams' contract any anchor is up the chain: else a plan's anchor that is lost would
    /// take the payee's money along.
    function mayCoSign(IBudgetLedger.Plan memory plan, address signer) internal view returns (bool) {
        if (signer == plan.anchor) return true;
        (ITeams teams, uint16 team) = _teamOf(plan);
        if (address(teams).code.length == 0) return true;
        if (team == 0) return signer == teams.anchorOf(teams.root());
        uint16[] memory path = teams.getTeam(team).path;
        for (uint256 i = 0; i < path.length; ++i) {
            if (signer == teams.anchorOf(path[i])) return true;
        }
        return false;
    }

    function _teamOf(IBudgetLedger.Plan memory plan) private view returns (ITeams teams, uint16 team) {
        teams = ITeams(IBudgetVault(address(this)).teams());
        if (plan.team != 0 && address(teams).code.length != 0) team = teams.teamAt(plan.team);
    }
}
