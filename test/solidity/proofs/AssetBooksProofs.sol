// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AssetBooks, UNLIMITED} from "../../../contracts/treasury/AssetBooks.sol";
import {RoundedAmount} from "../../../contracts/libraries/RoundedAmount.sol";
import {ArithmeticFacts} from "./ArithmeticFacts.sol";

/// @dev Proved for all inputs by `npm run assure`, one assertion a function; what is required is what the callers guarantee.
/// iTR-001, iTR-017: each writer sets its fields to what it was given, and every other field reads as before.
contract AssetBooksProofs {
    struct Fields {
        uint256 credited;
        bool isAllowed;
        bool isWatched;
        uint256 limit;
        uint256 emptyAt;
        uint256 since;
    }

    function prove_WithCredited(AssetBooks self, uint112 credited) external pure {
        Fields memory expected = _fieldsOf(self);
        expected.credited = credited;
        _assertReads(self.withCredited(credited), expected);
    }

    function prove_WithAllowed(AssetBooks self, bool allowed) external pure {
        Fields memory expected = _fieldsOf(self);
        expected.isAllowed = allowed;
        _assertReads(self.withAllowed(allowed), expected);
    }

    function prove_WithWindow(AssetBooks self, uint112 limit, uint256 since) external pure {
        require(since < 1 << 34);
        ArithmeticFacts.ofEncoding(limit);
        Fields memory expected = _fieldsOf(self);
        expected.limit = RoundedAmount.decode(RoundedAmount.encode(limit));
        expected.since = since;
        _assertReads(self.withWindow(limit, since), expected);
    }

    function prove_Tripped(AssetBooks self, uint112 limit, uint256 until) external pure {
        require(until < 1 << 34);
        ArithmeticFacts.ofEncoding(limit);
        Fields memory expected = _fieldsOf(self);
        expected.limit = RoundedAmount.decode(RoundedAmount.encode(limit));
        expected.since = until;
        expected.isWatched = true;
        _assertReads(self.tripped(limit, until), expected);
    }

    function prove_Closed(AssetBooks self) external pure {
        Fields memory expected = _fieldsOf(self);
        expected.limit = 0;
        expected.since = 0;
        expected.isWatched = false;
        _assertReads(self.closed(), expected);
    }

    /// What is counted moves on when the bucket is empty, to no later than a window from now, and nothing else.
    function prove_TakingMovesOnlyWhenItIsEmpty(AssetBooks self, uint112 amount, uint256 now_) external pure {
        require(now_ < 1 << 34);
        (bool fits, AssetBooks next) = self.taking(amount, now_);
        require(fits);
        Fields memory expected = _fieldsOf(self);
        expected.emptyAt = next.emptyAtOf();
        _assertReads(next, expected);
    }

    /// What does not fit leaves the books as they were.
    function prove_WhatDoesNotFitIsNotCounted(AssetBooks self, uint112 amount, uint256 now_) external pure {
        require(now_ < 1 << 34);
        (bool fits, AssetBooks next) = self.taking(amount, now_);
        assert(fits || AssetBooks.unwrap(next) == AssetBooks.unwrap(self));
    }

    /// The bucket is never fuller than a window.
    function prove_TheBucketHoldsAWindow(AssetBooks self, uint112 amount, uint256 now_) external pure {
        require(now_ < 1 << 34 && self.limitOf() != UNLIMITED);
        (bool fits, AssetBooks next) = self.taking(amount, now_);
        assert(!fits || next.emptyAtOf() <= (now_ + 1 days) * 1000);
    }

    function _assertReads(AssetBooks found, Fields memory expected) private pure {
        assert(keccak256(abi.encode(_fieldsOf(found))) == keccak256(abi.encode(expected)));
    }

    function _fieldsOf(AssetBooks self) private pure returns (Fields memory) {
        return
            Fields({
                credited: self.creditedOf(),
                isAllowed: self.isAllowed(),
                isWatched: self.isWatched(),
                limit: self.limitOf(),
                emptyAt: self.emptyAtOf(),
                since: self.sinceOf()
            });
    }
}
