// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Shelf, StoredCode} from "../libraries/StoredCode.sol";
import {IHeartbeatOracle} from "../oracle/IHeartbeatOracle.sol";
import {IBudgetLedger} from "./IBudgetLedger.sol";
import {MilestoneStatuses} from "./MilestoneStatuses.sol";
import {ProjectState} from "./ProjectState.sol";

/// @dev The eight members of a plan, next to each other, that a lease rests on.
struct LeaseTerms {
    address anchor;
    bytes32 team;
    IHeartbeatOracle oracle;
    bytes32 scoreDefinition;
    uint8 leaseReports;
    uint8 initialReports;
    uint8 maxMissing;
    uint32 renewalWindow;
}

/// @title PlanTerms: the whole plan of a project, kept as code
/// @dev Design: a release, a renewal and a reclaim read all terms that they need for one cold code read, where slots of
/// storage would be seven to nine cold reads. Each member of a plan is one word, in memory as in EIP-712's encoding, so the
/// code holds those words in their order: the plan's own, then those of each milestone, and reading is copying.
/// Members are clean, because a plan is decoded from call data, which checks each against its type.
library PlanTerms {
    /// @dev Members of `Plan` before its milestones.
    uint256 internal constant PLAN_BYTES = 17 * 32;
    uint256 internal constant MILESTONE_BYTES = 7 * 32;

    /// @dev Where `anchor`, the eighth member, stands.
    uint256 private constant LEASE_OFFSET = 7 * 32;
    uint256 private constant LEASE_BYTES = 8 * 32;

    function write(Shelf storage shelf, IBudgetLedger.Plan memory plan) internal returns (uint32 terms) {
        uint256 count = plan.milestones.length;
        bytes memory image = new bytes(PLAN_BYTES + count * MILESTONE_BYTES);
        assembly ("memory-safe") {
            mcopy(add(image, 0x20), plan, PLAN_BYTES)
        }
        for (uint256 i = 0; i < count; ++i) {
            IBudgetLedger.Milestone memory milestone = plan.milestones[i];
            uint256 offset = PLAN_BYTES + i * MILESTONE_BYTES;
            assembly ("memory-safe") {
                mcopy(add(add(image, 0x20), offset), milestone, MILESTONE_BYTES)
            }
        }
        return StoredCode.write(shelf, image);
    }

    /// @dev Where the plan's code stands. Finding it costs a hash: whoever reads twice finds it once.
    function locate(ProjectState state) internal view returns (address) {
        return StoredCode.pointerOf(state.termsOf());
    }

    /// @dev The plan without its milestones. All zero where there is none at `terms`, here and below as {locate} gives it.
    function read(address terms) internal view returns (IBudgetLedger.Plan memory plan) {
        uint256 destination;
        assembly ("memory-safe") {
            destination := plan
        }
        StoredCode.copy(terms, 0, destination, PLAN_BYTES);
    }

    function readLease(address terms) internal view returns (LeaseTerms memory lease) {
        uint256 destination;
        assembly ("memory-safe") {
            destination := lease
        }
        StoredCode.copy(terms, LEASE_OFFSET, destination, LEASE_BYTES);
    }

    /// @dev A list whose members are still to be set: making empty ones first would cost as much as reading them.
    function roomForLeases(uint256 count) internal pure returns (LeaseTerms[] memory leases) {
        assembly ("memory-safe") {
            leases := mload(0x40)
            mstore(leases, count)
            mstore(0x40, add(leases, shl(5, add(count, 1))))
        }
    }

    /// @dev Sum of the plan's first `count` milestones, which are all, that are Pending. Fits 128 bits, as the plan's total does.
    function readPending(
        address terms,
        uint256 count,
        MilestoneStatuses statuses
    ) internal view returns (uint256 amount) {
        uint256 next;
        assembly ("memory-safe") {
            next := mload(0x40)
        }
        // The memory is not allocated: nothing needs the milestones afterwards. The amount is the first member of each.
        StoredCode.copy(terms, PLAN_BYTES, next, count * MILESTONE_BYTES);
        for (uint256 i = 0; i < count; ++i) {
            bool isPending = statuses.isPending(i);
            assembly ("memory-safe") {
                amount := add(amount, mul(isPending, mload(next)))
                next := add(next, MILESTONE_BYTES)
            }
        }
    }

    /// @dev `index` must be below the plan's number of milestones.
    function readMilestone(
        address terms,
        uint256 index
    ) internal view returns (IBudgetLedger.Milestone memory milestone) {
        uint256 destination;
        assembly ("memory-safe") {
            destination := milestone
        }
        StoredCode.copy(terms, PLAN_BYTES + index * MILESTONE_BYTES, destination, MILESTONE_BYTES);
    }
}
