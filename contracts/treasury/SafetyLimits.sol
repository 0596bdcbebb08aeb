// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {AssetBooks, UNLIMITED} from "./AssetBooks.sol";
import {Assets} from "./Assets.sol";
import {ReclaimBooks} from "./ReclaimBooks.sol";

/// @title SafetyLimits: how much of an asset may leave, or be reclaimed, before people have to look at it
/// @dev Design:
/// - A limit is a share of what there was when its window opened, so that a deposit within the window widens nothing.
/// - Whoever meets a limit trips the asset: what would have crossed it does not happen, and the trip stays. Both are outcomes of a
/// transaction that succeeds; a revert would forget the trip.
/// - Limits, which only an opening window or a trip reads, stand in a slot of their own. Shares are zero until they are set, which
/// is no limit at all: a vault without a breaker has none.
abstract contract SafetyLimits is Assets {
    /// @dev Whether money moves: it does; it waits for people; or it would have crossed a limit, and trips the asset instead.
    enum Passage {
        Free,
        Held,
        Trips
    }

    uint256 private constant WHOLE = 1e18;

    Limits internal _limits;

    /// @dev Whether `amount` may leave without anybody's signature, and the books as they are when it has been counted.
    function _measureOutflow(AssetBooks books, uint256 amount) internal view returns (bool fits, AssetBooks counted) {
        if (books.isTripped(block.timestamp)) return (false, books);
        return _withOutflowWindow(books).taking(amount, block.timestamp);
    }

    /// @dev Whether `amount` may be reclaimed without anybody's signature, and the books as they are when it has been counted. The
    /// asset is not tripped.
    function _measureReclaim(
        AssetBooks books,
        ReclaimBooks reclaims,
        uint256 amount
    ) internal view returns (bool fits, ReclaimBooks counted) {
        (ReclaimBooks open, bool isLimited) = _withReclaimWindow(books, reclaims);
        if (!isLimited) return (true, reclaims);
        uint256 remaining = open.remainingOf();
        if (amount > remaining) return (false, reclaims);
        return (true, open.withRemaining(remaining - amount));
    }

    /// @dev From now until a time, nothing of the asset leaves or is reclaimed by itself. A trip within a trip lasts anew.
    /// @param cause What met the limit, or a guardian's reason.
    /// @param anchor The accountable human, or the guardian.
    function _trip(address asset, bytes32 cause, address anchor) internal {
        AssetBooks books = _assets[asset];
        uint256 until = block.timestamp + _limits.tripSeconds;
        _assets[asset] = books.tripped(_shareOf(books.creditedOf(), _limits.outflowShare, true), until);
        // The window stays: what was reclaimed in it is not forgotten by tripping.
        ReclaimBooks reclaims = _reclaims[asset].withTrip();
        reclaims = reclaims.withRemaining(reclaims.remainingOf() / 2);
        _reclaims[asset] = reclaims;
        _record(AssetTripped.selector, _word(asset), abi.encode(until, reclaims.tripsOf(), cause, anchor));
    }

    /// @dev Before money is committed: what comes in for a moment only must not widen the window that somebody opens with it.
    function _openReclaimWindow(address asset) internal {
        ReclaimBooks reclaims = _reclaims[asset];
        (ReclaimBooks open, bool isLimited) = _withReclaimWindow(_assets[asset], reclaims);
        if (isLimited) _reclaims[asset] = open;
    }

    function _withOutflowWindow(AssetBooks books) internal view returns (AssetBooks) {
        if (!books.isWindowOver(block.timestamp)) return books;
        uint256 limit = _shareOf(books.creditedOf(), _limits.outflowShare, books.isWatched());
        return books.withWindow(limit, block.timestamp);
    }

    /// @dev Where it is not limited, `opened` is as it was, and nothing has to be counted.
    function _withReclaimWindow(
        AssetBooks books,
        ReclaimBooks reclaims
    ) internal view returns (ReclaimBooks opened, bool isLimited) {
        if (block.timestamp < reclaims.windowEndOf()) return (reclaims, true);
        Limits memory found = _limits;
        if (found.reclaimShare == 0) return (reclaims, false);
        uint256 committed = books.creditedOf() - reclaims.uncommittedOf();
        uint256 remaining = _shareOf(committed, found.reclaimShare, books.isWatched());
        return (reclaims.withReclaimWindow(remaining, block.timestamp + found.reclaimWindow), true);
    }

    /// @dev Half of it while nobody has reset the asset. No share is no limit.
    function _shareOf(uint256 amount, uint256 share, bool isHalved) private pure returns (uint256) {
        if (share == 0) return UNLIMITED;
        uint256 part = (amount * share) / WHOLE; // 112 bits by 64
        return Math.min(isHalved ? part / 2 : part, type(uint112).max);
    }
}
