// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ThresholdController} from "../../../contracts/libraries/ThresholdController.sol";

/// @dev Proved for all inputs by `npm run assure`, one assertion a function; what is required is what the callers guarantee.
contract ThresholdProofs {
    /// iOR-006: τ never falls below its minimum.
    function prove_NeverBelowTheMinimum(
        uint64 threshold,
        uint32 scored,
        uint32 surviving,
        ThresholdController.Parameters memory parameters
    ) external pure {
        _assume(threshold, scored, surviving, parameters);
        assert(ThresholdController.next(threshold, scored, surviving, parameters) >= parameters.minimum);
    }

    /// iOR-006: τ never rises above its maximum.
    function prove_NeverAboveTheMaximum(
        uint64 threshold,
        uint32 scored,
        uint32 surviving,
        ThresholdController.Parameters memory parameters
    ) external pure {
        _assume(threshold, scored, surviving, parameters);
        assert(ThresholdController.next(threshold, scored, surviving, parameters) <= parameters.maximum);
    }

    /// iOR-006: one report raises τ by at most a step.
    function prove_RisesByAtMostAStep(
        uint64 threshold,
        uint32 scored,
        uint32 surviving,
        ThresholdController.Parameters memory parameters
    ) external pure {
        _assume(threshold, scored, surviving, parameters);
        uint256 next = ThresholdController.next(threshold, scored, surviving, parameters);
        assert(next <= uint256(threshold) + parameters.step);
    }

    /// iOR-006: one report lowers τ by at most a step.
    function prove_FallsByAtMostAStep(
        uint64 threshold,
        uint32 scored,
        uint32 surviving,
        ThresholdController.Parameters memory parameters
    ) external pure {
        _assume(threshold, scored, surviving, parameters);
        uint256 next = ThresholdController.next(threshold, scored, surviving, parameters);
        assert(next + parameters.step >= threshold);
    }

    /// iOR-006: without a scored project τ stays.
    function prove_StaysWithoutScores(
        uint64 threshold,
        uint32 surviving,
        ThresholdController.Parameters memory parameters
    ) external pure {
        assert(ThresholdController.next(threshold, 0, surviving, parameters) == threshold);
    }

    function _assume(
        uint64 threshold,
        uint32 scored,
        uint32 surviving,
        ThresholdController.Parameters memory parameters
    ) private pure {
        require(ThresholdController.areValid(parameters));
        require(threshold >= parameters.minimum && threshold <= parameters.maximum);
        require(surviving <= scored);
    }
}
