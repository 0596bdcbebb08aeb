// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RoundedAmount} from "../../../contracts/libraries/RoundedAmount.sol";
import {AssetBooks, OUTFLOW_WINDOW} from "../../../contracts/treasury/AssetBooks.sol";
import {ReclaimBooks} from "../../../contracts/treasury/ReclaimBooks.sol";
import {Bound} from "../support/Bound.sol";

/// @dev The books of an asset's safety, held against their documented layout: an attacker looks for a field that leaks into its
/// neighbour, and for a rounding that lets more out.
contract SafetyPackingTest {
    using Bound for uint256;

    error Differs(uint256 actual, uint256 expected);
    error Above(uint256 actual, uint256 most);

    struct Asset {
        uint256 credited;
        uint256 allowed;
        uint256 watched;
        uint256 limit;
        uint256 emptyAt;
        uint256 since;
        uint256 unused;
    }

    struct Reclaims {
        uint256 uncommitted;
        uint256 remaining;
        uint256 windowEnd;
        uint256 resetAt;
        uint256 trips;
    }

    uint256 private constant WINDOW_MS = OUTFLOW_WINDOW * 1000;
    /// @dev What is rounded to the largest code stands for no limit.
    uint256 private constant LARGEST_LIMIT = 2 ** 112 - 2 ** 64 - 1;

    function testFuzz_assetBooksChangeOneFieldOnly(
        uint256 word,
        uint112 credited,
        bool allowed,
        uint112 limit,
        uint256 time
    ) public pure {
        AssetBooks books = AssetBooks.wrap(word);
        Asset memory expected = _read(books);
        _requireAsset(books, expected);

        expected.credited = credited;
        books = books.withCredited(credited);
        _requireAsset(books, expected);

        expected.allowed = allowed ? 1 : 0;
        books = books.withAllowed(allowed);
        _requireAsset(books, expected);

        (expected.limit, expected.since) = (RoundedAmount.encode(limit), time.within(0, 2 ** 34 - 1));
        books = books.withWindow(limit, expected.since);
        _requireAsset(books, expected);

        (expected.limit, expected.since) = (0, 0);
        expected.watched = 0;
        _requireAsset(books.closed(), expected);

        (expected.limit, expected.since) = (RoundedAmount.encode(credited), time.within(0, 2 ** 34 - 1));
        expected.watched = 1;
        _requireAsset(books.tripped(credited, expected.since), expected);
    }

    function testFuzz_reclaimBooksChangeOneFieldOnly(
        uint256 word,
        uint112 uncommitted,
        uint112 remaining,
        uint256 time
    ) public pure {
        ReclaimBooks books = ReclaimBooks.wrap(word);
        Reclaims memory expected = _read(books);
        _requireReclaims(books, expected);

        expected.uncommitted = uncommitted;
        books = books.withUncommitted(uncommitted);
        _requireReclaims(books, expected);

        expected.remaining = RoundedAmount.encode(remaining);
        books = books.withRemaining(remaining);
        _requireReclaims(books, expected);

        expected.windowEnd = time.within(0, 2 ** 34 - 1);
        books = books.withReclaimWindow(remaining, expected.windowEnd);
        _requireReclaims(books, expected);

        expected.trips = (expected.trips + 1) % 2 ** 18;
        books = books.withTrip();
        _requireReclaims(books, expected);

        (expected.remaining, expected.windowEnd, expected.resetAt) = (0, 0, expected.windowEnd);
        _requireReclaims(books.withReset(expected.resetAt), expected);
    }

    /// @dev After as many trips as their number has values, the books are as they were.
    function test_numbersOfTripsStartOverAndLeakNowhere() public pure {
        uint256 others = type(uint256).max >> 18;
        ReclaimBooks books = ReclaimBooks.wrap(type(uint256).max).withTrip();
        _requireEqual(ReclaimBooks.unwrap(books), others);
        _requireEqual(ReclaimBooks.unwrap(books.withTrip()), others | (1 << 238));
    }

    function testFuzz_stateOfAnAssetFollowsItsTime(uint256 word, uint256 time) public pure {
        Asset memory fields = _read(AssetBooks.wrap(word));
        // Bounds are as likely as what lies between them.
        uint256[5] memory times = [
            time.within(0, 2 ** 34 - 1),
            fields.since,
            fields.since == 0 ? 0 : fields.since - 1,
            fields.since + OUTFLOW_WINDOW,
            fields.since + OUTFLOW_WINDOW - 1
        ];
        for (uint256 i = 0; i < times.length; ++i) {
            AssetBooks books = AssetBooks.wrap(word);
            bool isTripped = fields.watched == 1 && times[i] < fields.since;
            _requireEqual(books.isTripped(times[i]) ? 1 : 0, isTripped ? 1 : 0);
            bool isOver = times[i] >= OUTFLOW_WINDOW && times[i] - OUTFLOW_WINDOW >= fields.since;
            _requireEqual(books.isWindowOver(times[i]) ? 1 : 0, isOver ? 1 : 0);
        }
    }

    function testFuzz_amountIsRoundedDownByOnePartIn2To24AtMost(uint112 amount, uint8 bits) public pure {
        // Lengths of the amount are as likely as each other.
        uint256 exact = uint256(amount) >> (bits % 112);
        uint256 code = RoundedAmount.encode(exact);
        _requireAtMost(code, 2 ** RoundedAmount.BITS - 1);
        uint256 kept = RoundedAmount.decode(code);
        _requireAtMost(kept, exact);
        _requireAtMost((exact - kept) << 24, exact);
        if (exact < 2 ** 56) _requireEqual(kept, exact);
        // What is kept once is kept for good, and more is never kept as less, but for the first amount of a step: it loses digits
        // that the last one before it keeps.
        _requireEqual(RoundedAmount.encode(kept), code);
        uint256 next = RoundedAmount.encode(exact + 1);
        if (exact < type(uint112).max && next >> 56 == code >> 56) _requireAtMost(kept, RoundedAmount.decode(next));
    }

    function test_amountAtEachStepOfItsCode() public pure {
        uint256 step = 1;
        for (uint256 i = 0; i < 3; ++i) {
            uint256 largest = 2 ** 56 * step - 1; // the last one that is kept in this step
            _requireEqual(RoundedAmount.decode(RoundedAmount.encode(largest)), largest - (largest % step));
            step *= 10 ** 6;
            uint256 next = largest + 1; // the first one of the next step
            _requireEqual(RoundedAmount.decode(RoundedAmount.encode(next)), next - (next % step));
        }
    }

    function testFuzz_fromAnEmptyBucketExactlyItsLimitMayBeTaken(
        uint256 word,
        uint112 amount,
        uint112 limit,
        uint256 time
    ) public pure {
        uint256 now_ = time.within(0, 2 ** 34 - 1);
        AssetBooks books = _emptied(AssetBooks.wrap(word), uint256(limit).within(0, LARGEST_LIMIT), now_);
        uint256 kept = books.limitOf();
        uint256[4] memory amounts = [uint256(amount), kept, kept + 1, kept == 0 ? 0 : kept - 1];
        for (uint256 i = 0; i < amounts.length; ++i) {
            (bool fits, AssetBooks next) = books.taking(amounts[i], now_);
            _requireEqual(fits ? 1 : 0, kept > 0 && amounts[i] <= kept ? 1 : 0);
            Asset memory expected = _read(books);
            if (fits) expected.emptyAt = now_ * 1000 + (amounts[i] * WINDOW_MS + kept - 1) / kept;
            _requireAsset(next, expected);
        }
    }

    /// @dev Whatever stood in the books: what is written fits its field, and is never later than a window from now.
    function testFuzz_takingNeverLeavesItsField(uint256 word, uint112 amount, uint8 bits, uint256 time) public pure {
        AssetBooks books = AssetBooks.wrap(word);
        uint256 now_ = time.within(0, 2 ** 34 - 1);
        (bool fits, AssetBooks next) = books.taking(uint256(amount) >> (bits % 112), now_);
        Asset memory expected = _read(books);
        if (!fits) return _requireAsset(next, expected);
        uint256 emptyAt = _read(next).emptyAt;
        _requireAtMost(now_ * 1000, emptyAt);
        _requireAtMost(emptyAt, (now_ + OUTFLOW_WINDOW) * 1000);
        _requireAtMost(expected.emptyAt, emptyAt);
        expected.emptyAt = emptyAt;
        _requireAsset(next, expected);
    }

    /// @dev limit + limit · elapsed / window, and not one unit more, however it is split.
    function testFuzz_noSequenceTakesMoreThanLeakedOut(
        uint256 limit,
        uint8 bits,
        uint64[24] calldata parts,
        uint24[24] calldata waits
    ) public pure {
        uint256 now_ = 1_800_000_000;
        uint256 begin = now_;
        AssetBooks books = _emptied(AssetBooks.wrap(0), limit.within(1, LARGEST_LIMIT) >> (bits % 112), now_);
        uint256 kept = books.limitOf();
        uint256 taken = 0;
        for (uint256 i = 0; i < parts.length; ++i) {
            // Up to a fifth more than the limit; waits of up to half a window, many of none.
            uint256 amount = (kept * uint256(parts[i])) / type(uint64).max;
            amount = parts[i] % 3 == 0 ? (amount * 6) / 5 : amount / 20 + 1;
            if (waits[i] % 2 == 0) now_ += uint256(waits[i]) % (OUTFLOW_WINDOW / 2);
            if (amount > type(uint112).max) continue;
            bool fits;
            (fits, books) = books.taking(amount, now_);
            if (fits) taken += amount;
            _requireAtMost(taken * OUTFLOW_WINDOW, kept * (OUTFLOW_WINDOW + now_ - begin));
        }
    }

    /// @dev Reclaims one after the other never take more than their window's share.
    function testFuzz_remainingOnlyEverShrinks(uint112 remaining, uint112[8] calldata amounts) public pure {
        ReclaimBooks books = ReclaimBooks.wrap(0).withReclaimWindow(remaining, 1);
        uint256 taken = 0;
        for (uint256 i = 0; i < amounts.length; ++i) {
            uint256 left = books.remainingOf();
            uint256 amount = uint256(amounts[i]).within(0, left);
            books = books.withRemaining(left - amount);
            taken += amount;
            _requireAtMost(taken + books.remainingOf(), remaining);
        }
    }

    /// @dev With a limit, and a bucket that has just become empty.
    function _emptied(AssetBooks books, uint256 limit, uint256 now_) private pure returns (AssetBooks) {
        uint256 emptyAt = ((uint256(1) << 45) - 1) << 172;
        return AssetBooks.wrap((AssetBooks.unwrap(books) & ~emptyAt) | ((now_ * 1000) << 172)).withWindow(limit, now_);
    }

    /// @dev By the documented layout, from the lowest bit on.
    function _read(AssetBooks books) private pure returns (Asset memory) {
        uint256 word = AssetBooks.unwrap(books);
        return
            Asset({
                credited: word % 2 ** 112,
                allowed: (word >> 112) % 2,
                watched: (word >> 113) % 2,
                limit: (word >> 114) % 2 ** 58,
                emptyAt: (word >> 172) % 2 ** 45,
                since: (word >> 217) % 2 ** 34,
                unused: word >> 251
            });
    }

    function _read(ReclaimBooks books) private pure returns (Reclaims memory) {
        uint256 word = ReclaimBooks.unwrap(books);
        return
            Reclaims({
                uncommitted: word % 2 ** 112,
                remaining: (word >> 112) % 2 ** 58,
                windowEnd: (word >> 170) % 2 ** 34,
                resetAt: (word >> 204) % 2 ** 34,
                trips: word >> 238
            });
    }

    function _requireAsset(AssetBooks books, Asset memory expected) private pure {
        _requireEqual(uint256(keccak256(abi.encode(_read(books)))), uint256(keccak256(abi.encode(expected))));
        _requireEqual(books.creditedOf(), expected.credited);
        _requireEqual(books.isAllowed() ? 1 : 0, expected.allowed);
        _requireEqual(books.isWatched() ? 1 : 0, expected.watched);
        _requireEqual(books.limitOf(), RoundedAmount.decode(expected.limit));
        _requireEqual(books.emptyAtOf(), expected.emptyAt);
        _requireEqual(books.sinceOf(), expected.since);
    }

    function _requireReclaims(ReclaimBooks books, Reclaims memory expected) private pure {
        _requireEqual(uint256(keccak256(abi.encode(_read(books)))), uint256(keccak256(abi.encode(expected))));
        _requireEqual(books.uncommittedOf(), expected.uncommitted);
        _requireEqual(books.remainingOf(), RoundedAmount.decode(expected.remaining));
        _requireEqual(books.windowEndOf(), expected.windowEnd);
        _requireEqual(books.resetAtOf(), expected.resetAt);
        _requireEqual(books.tripsOf(), expected.trips);
    }

    function _requireEqual(uint256 actual, uint256 expected) private pure {
        if (actual != expected) revert Differs(actual, expected);
    }

    function _requireAtMost(uint256 actual, uint256 most) private pure {
        if (actual > most) revert Above(actual, most);
    }
}
