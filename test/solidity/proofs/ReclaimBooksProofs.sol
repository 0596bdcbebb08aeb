// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RoundedAmount} from "../../../contracts/libraries/RoundedAmount.sol";
import {ReclaimBooks} from "../../../contracts/treasury/ReclaimBooks.sol";
import {ArithmeticFacts} from "./ArithmeticFacts.sol";

/// @dev Proved for all inputs by `npm run assure`, one assertion a function; what is required is what the callers guarantee.
/// iTR-001, iTR-018: each writer sets its fields to what it was given, and every other field reads as before.
contract ReclaimBooksProofs {
    struct Fields {
        uint256 uncommitted;
        uint256 remaining;
        uint256 windowEnd;
        uint256 resetAt;
        uint256 trips;
    }

    function prove_WithUncommitted(ReclaimBooks self, uint112 uncommitted) external pure {
        Fields memory expected = _fieldsOf(self);
        expected.uncommitted = uncommitted;
        _assertReads(self.withUncommitted(uncommitted), expected);
    }

    function prove_WithRemaining(ReclaimBooks self, uint112 remaining) external pure {
        ArithmeticFacts.ofEncoding(remaining);
        Fields memory expected = _fieldsOf(self);
        expected.remaining = RoundedAmount.decode(RoundedAmount.encode(remaining));
        _assertReads(self.withRemaining(remaining), expected);
    }

    function prove_WithReclaimWindow(ReclaimBooks self, uint112 remaining, uint256 windowEnd) external pure {
        require(windowEnd < 1 << 34);
        ArithmeticFacts.ofEncoding(remaining);
        Fields memory expected = _fieldsOf(self);
        expected.remaining = RoundedAmount.decode(RoundedAmount.encode(remaining));
        expected.windowEnd = windowEnd;
        _assertReads(self.withReclaimWindow(remaining, windowEnd), expected);
    }

    /// Trips are counted modulo 2^18: the count does not run into another field.
    function prove_WithTrip(ReclaimBooks self) external pure {
        Fields memory expected = _fieldsOf(self);
        expected.trips = expected.trips == (1 << 18) - 1 ? 0 : expected.trips + 1;
        _assertReads(self.withTrip(), expected);
    }

    function prove_WithReset(ReclaimBooks self, uint256 now_) external pure {
        require(now_ < 1 << 34);
        Fields memory expected = _fieldsOf(self);
        expected.remaining = 0;
        expected.windowEnd = 0;
        expected.resetAt = now_;
        _assertReads(self.withReset(now_), expected);
    }

    function _assertReads(ReclaimBooks found, Fields memory expected) private pure {
        assert(keccak256(abi.encode(_fieldsOf(found))) == keccak256(abi.encode(expected)));
    }

    function _fieldsOf(ReclaimBooks self) private pure returns (Fields memory) {
        return
            Fields({
                uncommitted: self.uncommittedOf(),
                remaining: self.remainingOf(),
                windowEnd: self.windowEndOf(),
                resetAt: self.resetAtOf(),
                trips: self.tripsOf()
            });
    }
}
