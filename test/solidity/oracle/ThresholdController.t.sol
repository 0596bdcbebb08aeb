// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ThresholdController} from "../../../contracts/libraries/ThresholdController.sol";
import {Bound} from "../support/Bound.sol";

contract ThresholdControllerTest {
    error OutsideOfBounds(uint256 next, uint64 minimum, uint64 maximum);
    error StepTooLarge(uint256 threshold, uint256 next, uint64 step);
    error MovedWithoutScores(uint256 threshold, uint256 next);
    error FellWithMoreSurvivors(uint256 withFewer, uint256 withMore);
    error WrongDirection(uint256 threshold, uint256 next);
    error NotTheFormula(uint256 next, uint256 expected);

    function _parameters(uint64[6] memory seeds) private pure returns (ThresholdController.Parameters memory valid) {
        valid.minimum = uint64(Bound.within(seeds[0], 1, 1e18));
        valid.maximum = uint64(Bound.within(seeds[1], valid.minimum, 1e18));
        valid.initial = uint64(Bound.within(seeds[2], valid.minimum, valid.maximum));
        valid.step = uint64(Bound.within(seeds[3], 1, 1e18));
        valid.gain = uint64(Bound.within(seeds[4], 1, 1e18));
        valid.targetSurvival = uint64(Bound.within(seeds[5], 1, 1e18));
        assert(ThresholdController.areValid(valid));
    }

    /// iOR-006: τ stays within its bounds and moves by at most a step in one report.
    function testFuzz_ThresholdStaysBoundedAndMovesByAtMostAStep(
        uint64[6] memory seeds,
        uint32[24] memory scored,
        uint32[24] memory surviving
    ) external pure {
        ThresholdController.Parameters memory parameters = _parameters(seeds);
        uint256 threshold = parameters.initial;
        for (uint256 i = 0; i < scored.length; ++i) {
            uint32 alive = uint32(Bound.within(surviving[i], 0, scored[i]));
            uint256 next = ThresholdController.next(threshold, scored[i], alive, parameters);
            if (next < parameters.minimum || next > parameters.maximum) {
                revert OutsideOfBounds(next, parameters.minimum, parameters.maximum);
            }
            uint256 change = next > threshold ? next - threshold : threshold - next;
            if (change > parameters.step) revert StepTooLarge(threshold, next, parameters.step);
            if (scored[i] == 0 && change != 0) revert MovedWithoutScores(threshold, next);
            bool above = uint256(alive) * 1e18 > uint256(parameters.targetSurvival) * scored[i];
            if (scored[i] != 0 && (above ? next < threshold : next > threshold)) revert WrongDirection(threshold, next);
            threshold = next;
        }
    }

    /// iOR-006: one survivor more never lowers τ.
    function testFuzz_MoreSurvivorsNeverLowerTheThreshold(
        uint64[6] memory seeds,
        uint64 from,
        uint32 scored,
        uint32 surviving
    ) external pure {
        ThresholdController.Parameters memory parameters = _parameters(seeds);
        uint64 threshold = uint64(Bound.within(from, parameters.minimum, parameters.maximum));
        scored = uint32(Bound.within(scored, 1, type(uint32).max));
        surviving = uint32(Bound.within(surviving, 0, scored - 1));
        uint256 withFewer = ThresholdController.next(threshold, scored, surviving, parameters);
        uint256 withMore = ThresholdController.next(threshold, scored, surviving + 1, parameters);
        if (withMore < withFewer) revert FellWithMoreSurvivors(withFewer, withMore);
    }

    /// iOR-006: with each direction apart, it is the formula of the specification, in signed numbers.
    function testFuzz_IsTheFormula(
        uint64[6] memory seeds,
        uint64 from,
        uint32 scored,
        uint32 surviving,
        bool isNearTarget
    ) external pure {
        ThresholdController.Parameters memory parameters = _parameters(seeds);
        uint256 threshold = Bound.within(from, parameters.minimum, parameters.maximum);
        scored = uint32(Bound.within(scored, 1, type(uint32).max));
        // Where the direction changes: the last survivor below the target, or the first one at it.
        uint256 atTarget = (uint256(scored) * parameters.targetSurvival) / 1e18 + (surviving & 1);
        surviving = uint32(isNearTarget && atTarget <= scored ? atTarget : Bound.within(surviving, 0, scored));
        uint256 next = ThresholdController.next(threshold, scored, surviving, parameters);
        uint256 expected = _formula(threshold, scored, surviving, parameters);
        if (next != expected) revert NotTheFormula(next, expected);
    }

    /// @dev clamp(τ + clamp(k · (survival − target), ±step), min, max); each division rounds towards zero.
    function _formula(
        uint256 threshold,
        uint256 scored,
        uint256 surviving,
        ThresholdController.Parameters memory parameters
    ) private pure returns (uint256) {
        int256 deviation = int256((surviving * 1e18) / scored) - int256(uint256(parameters.targetSurvival));
        int256 step = int256(uint256(parameters.step));
        int256 change = _clamp((int256(uint256(parameters.gain)) * deviation) / 1e18, -step, step);
        int256 minimum = int256(uint256(parameters.minimum));
        return uint256(_clamp(int256(threshold) + change, minimum, int256(uint256(parameters.maximum))));
    }

    function _clamp(int256 value, int256 lowest, int256 highest) private pure returns (int256) {
        if (value < lowest) return lowest;
        return value > highest ? highest : value;
    }
}
