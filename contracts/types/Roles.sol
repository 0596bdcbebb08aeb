// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Standing roles of the authority. Standing authority is for contracts, governance and offices; everything an
/// actor does for a task is reached by a just-in-time grant instead (see {GRANT_ROLE}).
/// `ADMIN_ROLE` (0) and `PUBLIC_ROLE` (2^64 - 1) are OpenZeppelin's.
library Roles {
    /// @dev Functions with this role are reachable by just-in-time grants only. Nobody can ever be a member.
    uint64 internal constant GRANT_ROLE = type(uint64).max - 1;
    /// @dev Office that opens pools and projects, commits and withdraws pool money.
    uint64 internal constant TREASURY_ROLE = 1;
    /// @dev Held by the `Anchors` contract: writes the anchors' liveness into the authority.
    uint64 internal constant ANCHORS_ROLE = 2;
    /// @dev Held by the `StrategyForks` contract: opens branch pools and moves money between pools.
    uint64 internal constant FORKS_ROLE = 3;
    /// @dev Held by the `MergeGovernor` contract: merges the winner of a vote.
    uint64 internal constant MERGE_ROLE = 4;
    /// @dev Office that opens strategy forks.
    uint64 internal constant STRATEGY_ROLE = 5;
    /// @dev Office that seats and unseats voters.
    uint64 internal constant MEMBERSHIP_ROLE = 6;
    /// @dev Office that schedules operator sets.
    uint64 internal constant ORACLE_ROLE = 7;
    /// @dev Office that gives just-in-time grants for the actions whose granter role it is.
    uint64 internal constant GRANTER_ROLE = 8;
    /// @dev Office that enrols accountable humans (who must still accept by signature).
    uint64 internal constant ENROLMENT_ROLE = 9;
    /// @dev Held by the `ActionCatalog` contract: writes actions' facts and capabilities into the authority.
    uint64 internal constant CATALOG_ROLE = 10;
    /// @dev Held by the `Teams` contract: writes teams' anchors and limits into the authority.
    uint64 internal constant TEAMS_ROLE = 11;
    /// @dev Held by the `Constitution` contract: writes rates into the authority, refreshes the teams' cones.
    uint64 internal constant RATES_ROLE = 12;
    /// @dev Office that keeps the structure: teams, catalog, capabilities, parameters' definitions.
    uint64 internal constant STRUCTURE_ROLE = 13;
    /// @dev Office that proposes and cancels changes of the constitution's values.
    uint64 internal constant POLICY_ROLE = 14;
    /// @dev Office that values assets in the unit of account, within the constitution's bounds.
    uint64 internal constant VALUATION_ROLE = 15;
    /// @dev Held by contracts that trip, overturn and uphold: lowers a team's tier.
    uint64 internal constant RATCHET_ROLE = 16;
    /// @dev Held by the `CircuitBreaker` contract: trips and resets assets and oracles, sets their limits.
    uint64 internal constant BREAKER_ROLE = 17;
    /// @dev Guardians: people who may trip an asset or an oracle at once. They cannot reset it.
    uint64 internal constant GUARDIAN_ROLE = 18;
}
