// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITeams} from "../policy/ITeams.sol";
import {IBudgetLedger} from "./IBudgetLedger.sol";

/// @title Ratchet: an overturned proof, or a payment that trips the breaker, lowers the tier of the team that delivered
/// @dev Whatever becomes of the teams' contract, neither must depend on it: every failure here is a team that keeps its tier, never
/// a payment that nobody can stop.
library Ratchet {
    /// @dev Enough for two calls and 64 storage writes. Whoever calls cannot starve the call and spare the team.
    uint256 private constant GAS = 300_000;

    /// @param place Of the team, as the plan names it; zero, or one where no team is, lowers nothing.
    /// @param cause Digest of the proof.
    function lower(ITeams teams, bytes32 place, ITeams.Trigger trigger, bytes32 cause) internal {
        if (place == 0 || address(teams).code.length == 0) return;
        uint256 required = (GAS * 64) / 63 + 10_000; // a call gets at most 63/64 of what is left
        if (gasleft() < required) revert IBudgetLedger.BudgetVaultGasTooLow(gasleft(), required);
        try teams.lowerTierAt{gas: GAS}(place, trigger, cause) returns (bool) {} catch {}
    }
}
