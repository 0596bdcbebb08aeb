// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SimulationPayments} from "./SimulationPayments.sol";

/// @dev Makes one operation after the other. Each is a call of its own, so that its memory is given back, and everything that is
/// random in it follows from the seed and its number.
abstract contract SimulationActor is SimulationPayments {
    uint256 private immutable SEED;

    constructor(uint256 seed_) {
        SEED = seed_;
        _establish();
        _engage();
        for (uint256 place = PLACES; place > 0; --place) _vacant.push(place - 1);
    }

    /// @dev Opens projects until each place has one.
    function fill(uint256 round) external returns (bool isFull) {
        _seed(SEED, type(uint256).max - round);
        _open();
        _requireBalanced();
        return _vacant.length == 0;
    }

    function step(uint256 number) external {
        _seed(SEED, number);
        if (_vacant.length > 0 && _oneIn(2)) _open();
        else _act(_below(PAYMENT_ACTS + PROJECT_ACTS + MONEY_ACTS + WORLD_ACTS));
        _requireBalanced();
        _requireNobodyReentered();
    }

    function requireUntouched() external view {
        _requireUntouched();
    }

    function _act(uint256 which) private {
        if (which < PAYMENT_ACTS) return _actOnPayments(which);
        which -= PAYMENT_ACTS;
        if (which < PROJECT_ACTS) return _actOnProjects(which);
        which -= PROJECT_ACTS;
        if (which < MONEY_ACTS) return _actOnMoney(which);
        _happen(which - MONEY_ACTS);
    }
}
