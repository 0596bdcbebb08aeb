// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHeartbeatOracle} from "../oracle/IHeartbeatOracle.sol";

/// @title CircuitBreaker: how people stop what runs by itself, and let it run again
/// @notice The vault and the oracle trip by themselves where a limit is met. Here guardians trip them by hand, anyone shows that
/// money is missing, and a quorum of anchors resets them; a guardian cannot.
///
/// Asset:   Closed ──limit met · guardian · money missing──▶ Tripped ──time──▶ HalfOpen (half the limits)
///            ▲                                                 └──anchors reset──┬──┘        └─▶ Tripped again by the same
///            └───────────────────────────────────────────────────────────────────┘
/// Oracle:  Closed ──τ moved too far · guardian──▶ Tripped ──time, or anchors reset──▶ Closed;  stale: while no report comes
///
/// While money is missing, claims wait for a ruling of the anchors' quorum about the share of each that is paid.
/// While tripped, payments wait for an anchor's co-signature and nothing is reclaimed by itself; proofs and renewals go on.
interface ICircuitBreaker {
    /// @notice `cause` is the hash of a guardian's reasons.
    event TrippedByGuardian(address indexed target, address indexed by, bytes32 cause);
    /// @notice `balance` is what the vault has of the asset, `credited` what it owes; anyone showed it.
    event ShortfallShown(address indexed asset, uint256 balance, uint256 credited, bytes32 cause, address by);

    error CircuitBreakerUnknownOracle(address oracle);
    error CircuitBreakerInvalidReason();
    error CircuitBreakerNotApproved(bytes32 operation);
    error CircuitBreakerNoShortfall(address asset, uint256 balance, uint256 credited);
    /// @notice Money is missing: pay it in, then reset.
    error CircuitBreakerShortfall(address asset, uint256 balance, uint256 credited);
    error CircuitBreakerAlreadyTripped(address asset);

    /// @notice Trips an asset of the vault at once; a trip within a trip lasts anew. Restricted (`GUARDIAN_ROLE`).
    /// @param reason Hash of why, not zero.
    function trip(address asset, bytes32 reason) external;

    /// @notice The same for an oracle. Restricted (`GUARDIAN_ROLE`).
    function tripOracle(IHeartbeatOracle oracle, bytes32 reason) external;

    /// @notice Trips an asset of which the vault has less than it owes. Anyone may show it.
    function showShortfall(address asset) external;

    /// @notice Resets an asset, tripped or half open, once a quorum of live anchors approved {resetOperation}. Anyone may call.
    /// Refused while money is missing.
    function reset(address asset) external;

    /// @notice The same for an oracle, {resetOracleOperation}.
    function resetOracle(IHeartbeatOracle oracle) external;

    /// @notice While an asset is tripped and money of it is missing, lets each payee take `share` of its claim, once, where a quorum of live anchors
    /// approved {rulingOperation}. Anyone may call. The rest stays the payee's claim; a reset ends the ruling.
    /// @param share In units of 1e18 = 1; at most what the vault has of what it owes.
    function ruleShortfall(address asset, uint64 share) external;

    /// @notice Writes the constitution's limits into the vault. Anyone may call, after a change was enacted.
    function refreshLimits() external;

    /// @notice What anchors approve: it names the number of the asset's last trip, so that no approval outlives it.
    function resetOperation(address asset) external view returns (bytes32);

    /// @notice The same for an oracle; it names the end of its trip.
    function resetOracleOperation(IHeartbeatOracle oracle) external view returns (bytes32);

    /// @notice The same for a ruling: it names the share, and the number of the trip.
    function rulingOperation(address asset, uint64 share) external view returns (bytes32);

    /// @notice Seconds within which the reclaim share is counted: the length of the oracle's epoch.
    function reclaimWindow() external view returns (uint32);

    function vault() external view returns (address);

    function anchors() external view returns (address);

    function constitution() external view returns (address);
}
