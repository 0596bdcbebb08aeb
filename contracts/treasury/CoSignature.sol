// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IAuthorityLimits} from "../authority/IAuthorityLimits.sol";
import {ITeams} from "../policy/ITeams.sol";
import {IBudgetLedger} from "./IBudgetLedger.sol";
import {IBudgetVault} from "./IBudgetVault.sol";
import {MilestoneStatuses} from "./MilestoneStatuses.sol";

/// @title CoSignature: which payments an anchor has to co-sign, and which anchors may
/// @dev Runs as the vault: it asks itself for the teams' contract, and its authority for rates.
library CoSignature {
    uint256 private constant RATE_UNIT = 1e18;

    /// @dev Whether those milestones that ask for no co-signature are together within what the plan's team may decide by itself in a
    /// day. Without a valid rate nobody knows their impact, and without the team that a plan names nobody knows its limit: then each
    /// has to ask. A plan that names no team has no such limit.
    /// @param statuses Of the plan's milestones; only those that are Pending count.
    function isAskedWhereNeeded(
        IBudgetLedger.Plan memory plan,
        MilestoneStatuses statuses
    ) internal view returns (bool) {
        (ITeams teams, uint16 team) = _teamAt(plan.team);
        if (plan.team == 0 || address(teams).code.length == 0) return true;
        uint256 unsigned = 0;
        for (uint256 i = 0; i < plan.milestones.length; ++i) {
            bool isPending = statuses.statusOf(i) == IBudgetLedger.MilestoneStatus.Pending;
            // 112 bits at most; one that is more is refused for its amount
            if (isPending && !plan.milestones[i].coSignature) unsigned += plan.milestones[i].amount;
        }
        if (unsigned == 0) return true;
        if (team == 0) return false;
        (uint128 rate, uint48 validUntil) = IAuthorityLimits(IAccessManaged(address(this)).authority()).rateOf(
            plan.asset
        );
        if (block.timestamp >= validUntil) return false;
        // 112 bits by 128; rounded up: against the spender
        return Math.mulDiv(unsigned, rate, RATE_UNIT, Math.Rounding.Ceil) <= teams.coneOf(team).maxImpact;
    }

    /// @dev Where the plan names a team that there is, the anchors up its path: whom the opener chose as the plan's anchor is not enough
    /// for what is beyond the team. Otherwise the plan's anchor, and the root's. Without a teams' contract any anchor: else a plan's
    /// anchor that is lost would take the payee's money along. Never the payee. Whether `signer` is live is not asked here.
    /// @param anchor The plan's, as `payee` and `team` are.
    function mayCoSign(address anchor, address payee, bytes32 team, address signer) internal view returns (bool) {
        if (signer == payee) return false;
        (ITeams teams, uint16 id) = _teamAt(team);
        if (address(teams).code.length == 0) return true;
        if (id == 0) return signer == anchor || signer == teams.anchorOf(teams.root());
        uint16[] memory path = teams.getTeam(id).path;
        for (uint256 i = 0; i < path.length; ++i) {
            if (signer == teams.anchorOf(path[i])) return true;
        }
        return false;
    }

    function _teamAt(bytes32 place) private view returns (ITeams teams, uint16 team) {
        teams = ITeams(IBudgetVault(address(this)).teams());
        if (place != 0 && address(teams).code.length != 0) team = teams.teamAt(place);
    }
}
