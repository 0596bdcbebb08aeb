// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {vm} from "../../support/Vm.sol";
import {Act} from "./SimulationBooks.sol";
import {WindingUp} from "./WindingUp.sol";

/// @dev The same course each time. `SIMULATION_SEED=7` in the environment of the tests takes another one; the errors of the
/// simulation name the step that they are found in.
contract TreasurySimulation {
    uint256 private constant SEED = 0x6d616e64617465;
    uint256 private constant OPERATIONS = 10_000;
    uint256 private constant BETWEEN_READINGS = 20;

    WindingUp private _simulation;

    error NeverHappened(Act act, bool success);
    error FeeTokenNeverOffered();

    function setUp() external {
        _simulation = new WindingUp(vm.envOr("SIMULATION_SEED", SEED));
        for (uint256 round = 0; !_simulation.fill(round); ++round) continue;
    }

    /// iTR-001, iTR-002, iTR-003, iTR-007: fifty live projects in four assets, hostile tokens and payees. After each operation
    /// every unit is accounted for and nothing was paid twice; in the end all of it leaves by what people may ordinarily do.
    function test_TenThousandOperationsLoseNothing() external {
        for (uint256 i = 1; i <= OPERATIONS; ++i) {
            _simulation.step(i);
            if (i % BETWEEN_READINGS == 0) _simulation.requireUntouched();
        }
        _requireEachHappened();

        _simulation.passLong();
        _simulation.passReview();
        _simulation.passReview();
        _simulation.comeBack();
        for (uint256 place = 0; place < _simulation.placesCount(); ++place) _simulation.settle(place);
        _simulation.claimAll();
        _simulation.withdrawAll();
        _simulation.requireEmpty();
        for (uint256 from = 0; !_simulation.requireRetiredUnchanged(from, from + 50); from += 50) continue;
    }

    /// @dev Else the checks would speak of nothing.
    function _requireEachHappened() private view {
        for (uint256 i = 0; i <= uint256(type(Act).max); ++i) {
            if (_simulation.successes(Act(i)) == 0) revert NeverHappened(Act(i), true);
            if (_simulation.refusals(Act(i)) == 0) revert NeverHappened(Act(i), false);
        }
        if (_simulation.feeDeposits() == 0) revert FeeTokenNeverOffered();
    }
}
