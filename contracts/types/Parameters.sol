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
}
