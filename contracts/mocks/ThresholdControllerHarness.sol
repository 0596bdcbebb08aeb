// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ThresholdController} from "../libraries/ThresholdController.sol";

/// @dev Gives tests access to the library.
contract ThresholdControllerHarness {
    function next(
        uint64 threshold,
        uint32 scored,
        uint32 surviving,
        ThresholdController.Parameters memory parameters
    ) external pure returns (uint256) {
        return ThresholdController.next(threshold, scored, surviving, parameters);
    }

    function areValid(ThresholdController.Parameters memory parameters) external pure returns (bool) {
        return ThresholdController.areValid(parameters);
    }
}
