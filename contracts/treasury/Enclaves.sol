// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Projects} from "./Projects.sol";

/// @title Enclaves: projects that people fund and review, and how much of a pool they may take
/// @dev An enclave is a plan whose oracle is the review calendar. Nothing else of it is special: its lease is counted in review periods, its
/// anchor extends it, and whoever finds it lapsed reclaims it. What does not measure well must not become the easy way to money, so
/// an enclave is reviewed once in a period, and a pool commits at most a share of its money to enclaves; all pools together, too, so that none
/// lends its money to another one's share. What a wallet gives is not counted: it is nobody else's.
abstract contract Enclaves is Projects {
    uint256 private constant WHOLE = 1e18;

    /// @notice The review calendar.
    address public immutable calendar;

    constructor(address calendar_) {
        calendar = calendar_;
    }

    function _isReviewed(address oracle) internal view returns (bool) {
        return oracle == calendar;
    }

    /// @dev One period at a time: longer would be a review period that nobody agreed to.
    function _requireReviewable(Plan calldata plan) internal view {
        if (_isReviewed(address(plan.oracle)) && (plan.leaseReports != 1 || plan.initialReports != 1)) {
            revert BudgetVaultInvalidPlan(PlanProblem.Lease);
        }
    }

    /// @dev Before `amount` is taken from the plan's pool. Measured against what the pool has now, its enclaves included, and against all that
    /// the vault owes in the asset.
    function _enterEnclave(bytes32 pool, address asset, uint256 amount) internal {
        _enter(pool, asset, amount, _balances[pool][asset] + _enclaves[pool][asset]);
        _enter(ALL_POOLS, asset, amount, _assets[asset].creditedOf());
    }

    function _enter(bytes32 pool, address asset, uint256 amount, uint256 whole) private {
        uint256 share = _limits.enclaveShare;
        uint256 limit = (whole * share) / WHOLE; // 112 bits by 64
        uint256 held = _enclaves[pool][asset] + amount;
        if (share != 0 && held > limit) revert BudgetVaultEnclaveShare(pool, asset, held, limit);
        _enclaves[pool][asset] = uint128(held); // safe: a part of credited, or the pool is short
    }
}
