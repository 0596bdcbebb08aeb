// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Names of the constitution's parameters that contracts enforce.
library Parameters {
    /// @dev Impact in any 24 hours, in units of account (4 decimals); lower is stricter.
    bytes32 internal constant CONE_MAX_IMPACT = keccak256("cone.maxImpact");
    /// @dev Percent; higher is stricter.
    bytes32 internal constant CONE_MIN_REVERSIBILITY = keccak256("cone.minReversibility");
    /// @dev Seconds from an escalation's opening until silence denies it; lower is stricter.
    bytes32 internal constant ESCALATION_DEADLINE_SECONDS = keccak256("escalation.deadlineSeconds");
    /// @dev Seconds for which an approved escalation can be used; lower is stricter.
    bytes32 internal constant ESCALATION_USABLE_SECONDS = keccak256("escalation.usableSeconds");
    /// @dev Share of an asset's credited amount that may leave within 24 hours, 1e18 = 1; lower is stricter.
    bytes32 internal constant BREAKER_OUTFLOW_SHARE = keccak256("breaker.outflowShare");
    /// @dev Share of an asset's committed amount that may be reclaimed within an epoch, 1e18 = 1; lower is stricter.
    bytes32 internal constant BREAKER_RECLAIM_SHARE = keccak256("breaker.reclaimShare");
    /// @dev Seconds for which a trip lasts; higher is stricter.
    bytes32 internal constant BREAKER_TRIP_SECONDS = keccak256("breaker.tripSeconds");
    /// @dev Share of a pool's money in an asset that may be committed to enclaves, 1e18 = 1; lower is stricter.
    bytes32 internal constant ENCLAVES_POOL_SHARE = keccak256("enclaves.poolShare");
}
