// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AssetBooks} from "./AssetBooks.sol";
import {AttestorSets} from "./AttestorSets.sol";
import {IBudgetVault} from "./IBudgetVault.sol";
import {Opening} from "./Opening.sol";
import {Payments} from "./Payments.sol";
import {ReclaimBooks} from "./ReclaimBooks.sol";

/// @title LedgerViews: what the vault's books say
abstract contract LedgerViews is Payments, AttestorSets, IBudgetVault {
    /// @inheritdoc IBudgetVault
    function credited(address asset) external view returns (uint256) {
        return _assets[asset].creditedOf();
    }

    /// @inheritdoc IBudgetVault
    function isAllowedAsset(address asset) external view returns (bool) {
        return _assets[asset].isAllowed();
    }

    /// @inheritdoc IBudgetVault
    function claimable(address payee, address asset) external view returns (uint256) {
        return _claims[payee][asset];
    }

    /// @inheritdoc IBudgetVault
    function isIntentUsed(address from, bytes32 intent) external view returns (bool) {
        return _intents[from][intent];
    }

    /// @inheritdoc IBudgetVault
    function poolBalance(bytes32 pool, address asset) external view returns (uint256) {
        return _balances[pool][asset];
    }

    /// @inheritdoc IBudgetVault
    function enclaveCommitted(bytes32 pool, address asset) external view returns (uint256) {
        return _enclaves[pool][asset];
    }

    /// @inheritdoc IBudgetVault
    function planId(Plan calldata) external view returns (bytes32 project) {
        return _hashTypedDataV4(Opening.hashPlan(msg.data[4:]));
    }

    /// @inheritdoc IBudgetVault
    function isCoSigned(bytes32 project, uint32 milestone, bytes32 proof) external view returns (bool) {
        return _coSigned[project][milestone][proof];
    }

    /// @inheritdoc IBudgetVault
    function ruling(address asset, address payee) external view returns (Ruling memory, uint32 takenIn) {
        return (_rulings[asset], _ruledClaims[payee][asset]);
    }

    /// @inheritdoc IBudgetVault
    function limits() external view returns (Limits memory) {
        return _limits;
    }

    /// @inheritdoc IBudgetVault
    function assetSafety(address asset) external view returns (AssetSafety memory found) {
        AssetBooks books = _assets[asset];
        ReclaimBooks reclaims = _reclaims[asset];
        uint256 nowTime = block.timestamp;
        if (books.isTripped(nowTime)) {
            found.state = BreakerState.Tripped;
            found.until = uint48(books.sinceOf()); // safe: 34 bits
        } else if (books.isWatched()) {
            found.state = BreakerState.HalfOpen;
        }
        found.trips = uint32(reclaims.tripsOf()); // safe: 18 bits
        found.resetAt = uint48(reclaims.resetAtOf()); // safe: 34 bits
        found.committed = uint128(books.creditedOf() - reclaims.uncommittedOf()); // safe: 112 bits
        // safe: 112 bits each
        found.outflowLimit = uint128(_withOutflowWindow(books).limitOf());
        found.outflowEmptyAtMs = uint64(books.emptyAtOf());
        (ReclaimBooks open, bool isLimited) = _withReclaimWindow(books, reclaims);
        found.reclaimRemaining = isLimited ? uint128(open.remainingOf()) : type(uint112).max;
    }
}
