// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {StoredCode} from "../libraries/StoredCode.sol";
import {IBudgetVault} from "./IBudgetVault.sol";

/// @title PlanTerms: the whole plan of a project, kept as code
/// @dev Design: a release, a renewal and a reclaim read all terms that they need for one cold code read, where slots of
/// storage would be seven to nine cold reads. Each member of a plan is one word, in memory as in EIP-712's encoding, so the
/// code holds those words in their order: the plan's own, then those of each milestone, and reading is copying.
/// Members are clean, because a plan is decoded from call data, which checks each against its type.
library PlanTerms {
    /// @dev Members of `Plan` before its milestones.
    uint256 internal constant PLAN_BYTES = 17 * 32;
    uint256 internal constant MILESTONE_BYTES = 7 * 32;

    function write(IBudgetVault.Plan memory plan) internal returns (address pointer) {
        uint256 count = plan.milestones.length;
        bytes memory image = new bytes(PLAN_BYTES + count * MILESTONE_BYTES);
        assembly ("memory-safe") {
            mcopy(add(image, 0x20), plan, PLAN_BYTES)
        }
        for (uint256 i = 0; i < count; ++i) {
            IBudgetVault.Milestone memory milestone = plan.milestones[i];
            uint256 offset = PLAN_BYTES + i * MILESTONE_BYTES;
            assembly ("memory-safe") {
                mcopy(add(add(image, 0x20), offset), milestone, MILESTONE_BYTES)
            }
        }
        return StoredCode.write(image);
    }

    /// @dev The plan without its milestones. All zero where `pointer` is.
    function read(address pointer) internal view returns (IBudgetVault.Plan memory plan) {
        uint256 destination;
        assembly ("memory-safe") {
            destination := plan
        }
        StoredCode.copy(pointer, 0, destination, PLAN_BYTES);
    }

    /// @dev `index` must be below the plan's number of milestones.
    function readMilestone(
        address pointer,
        uint256 index
    ) internal view returns (IBudgetVault.Milestone memory milestone) {
        uint256 destination;
        assembly ("memory-safe") {
            destination := milestone
        }
        StoredCode.copy(pointer, PLAN_BYTES + index * MILESTONE_BYTES, destination, MILESTONE_BYTES);
    }
}
