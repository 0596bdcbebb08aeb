// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title SafetyLedger: the words, events and errors of the vault's circuit breaker
interface ISafetyLedger {
    /// @notice Closed: limits hold. Tripped: payments need an anchor's co-signature, nothing is reclaimed by itself. HalfOpen: the
    /// trip is over, half the limits hold until anchors reset it.
    ///
    /// Closed ──a limit is met, a guardian trips, money is missing──▶ Tripped ──time passes──▶ HalfOpen
    ///   ▲ ▲                                                          │  ▲                      │   │
    ///   │ └──────────────── a quorum of anchors resets ──────────────┘  └─────the same─────────┘   │
    ///   └──────────────────────────────── a quorum of anchors resets ──────────────────────────────┘
    enum BreakerState {
        Closed,
        Tripped,
        HalfOpen
    }

    /// @notice Limits of every asset. Shares in units of 1e18 = 1; 0 is no limit.
    /// @param outflowShare Of what is credited: so much may leave at once, and leak out of the bucket in 24 hours. In any 24 hours, which
    /// begin with an empty bucket, at most twice as much leaves.
    /// @param reclaimShare Of what is committed, within `reclaimWindow` seconds.
    /// @param tripSeconds How long a trip lasts.
    /// @param enclaveShare Of what a pool has in an asset, its enclaves included: so much of it may be committed to enclaves.
    struct Limits {
        uint64 outflowShare;
        uint64 reclaimShare;
        uint32 reclaimWindow;
        uint32 tripSeconds;
        uint64 enclaveShare;
    }

    /// @notice What anchors ruled while money of an asset is missing.
    /// @param share Of each claim, in units of 1e18 = 1, that its payee may take, once; 0 where no ruling stands.
    /// @param trip Number of the trip in which it was made: one for each.
    /// @param left What is to be left for those who took nothing yet, in base units: the ruling holds while the vault has so much.
    struct Ruling {
        uint64 share;
        uint32 trip;
        uint128 left;
    }

    /// @notice How an asset stands.
    /// @param until First second in which the trip is over; 0 unless it is tripped.
    /// @param trips Trips so far, modulo 2^18.
    /// @param resetAt When anchors last reset it; 0 where they never did.
    /// @param committed What is committed to projects, proved or not, in base units.
    /// @param outflowLimit What fits into an empty bucket, in base units: it holds now, or for the window that the next outflow opens.
    /// @param outflowEmptyAtMs When the bucket will be empty, in milliseconds; it is full a day before.
    /// @param reclaimRemaining What may still be reclaimed in this window, in base units, where the asset is not tripped; the largest
    /// amount where there is no limit.
    struct AssetSafety {
        BreakerState state;
        uint48 until;
        uint32 trips;
        uint48 resetAt;
        uint128 committed;
        uint128 outflowLimit;
        uint64 outflowEmptyAtMs;
        uint128 reclaimRemaining;
    }

    /// @notice `cause` is the digest of the payment that met the limit, the project whose reclaim did, or a guardian's reason; `anchor`
    /// the human who answers for it, or the guardian.
    event AssetTripped(address indexed asset, uint48 until, uint32 trips, bytes32 cause, address anchor);
    /// @notice `cause` is the operation that a quorum of anchors approved.
    event AssetReset(address indexed asset, uint32 trips, bytes32 cause, address by);
    /// @notice `balance` is what the vault has of the asset, `credited` what it owes. `cause` is the operation that a quorum of anchors approved.
    event ShortfallRuled(
        address indexed asset,
        uint32 indexed trip,
        uint64 share,
        uint256 balance,
        uint256 credited,
        bytes32 cause,
        address by
    );
    event LimitsSet(
        uint64 outflowShare,
        uint64 reclaimShare,
        uint32 reclaimWindow,
        uint32 tripSeconds,
        uint64 enclaveShare,
        bytes32 cause,
        address by
    );
    /// @notice Exactly this withdrawal may pass the breaker once, before `usableUntil`; 0 takes the approval back. `cause` is the id of
    /// the call.
    event WithdrawalApproved(
        bytes32 indexed pool,
        address indexed asset,
        address indexed to,
        uint256 amount,
        uint48 usableUntil,
        bytes32 cause,
        address anchor
    );

    /// @notice Nothing is reclaimed by itself while the asset or the oracle is managed by people, and for a renewal window after.
    error BudgetVaultReclaimHeld(bytes32 project, address asset);
    error BudgetVaultNotTripped(address asset);
    /// @notice Nothing is withdrawn before `until`, but what the pool's anchor approved.
    error BudgetVaultAssetTripped(address asset, uint48 until);
    error BudgetVaultInvalidLimits(Limits limits);
    /// @notice The vault has `balance` of the asset and owes `credited`: claims wait for the anchors' ruling, or for the next one.
    error BudgetVaultShortfall(address asset, uint256 balance, uint256 credited);
    /// @notice Anchors ruled in this trip already: the next ruling takes another one.
    error BudgetVaultAlreadyRuled(address asset, uint32 trip);
    /// @notice At most `limit` of each claim is there; 0 where nothing is missing.
    error BudgetVaultInvalidRuling(address asset, uint64 share, uint256 limit);
}
