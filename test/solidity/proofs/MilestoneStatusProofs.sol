// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBudgetLedger} from "../../../contracts/treasury/IBudgetLedger.sol";
import {MilestoneStatuses} from "../../../contracts/treasury/MilestoneStatuses.sol";

/// @dev Proved for all inputs by `npm run assure`, one assertion a function; what is required is what the callers guarantee.
contract MilestoneStatusProofs {
    /// iTR-007: the status that was written is the one that is read.
    function prove_WrittenIsRead(uint64 statuses, uint8 milestone, IBudgetLedger.MilestoneStatus status) external pure {
        require(milestone < 32 && status != IBudgetLedger.MilestoneStatus.None);
        MilestoneStatuses written = MilestoneStatuses.wrap(statuses).withStatus(milestone, status);
        assert(written.statusOf(milestone) == status);
    }

    /// iTR-007: no other milestone's status changes with it.
    function prove_OthersStay(
        uint64 statuses,
        uint8 milestone,
        uint8 other,
        IBudgetLedger.MilestoneStatus status
    ) external pure {
        require(milestone < 32 && other < 32 && other != milestone && status != IBudgetLedger.MilestoneStatus.None);
        MilestoneStatuses written = MilestoneStatuses.wrap(statuses).withStatus(milestone, status);
        assert(written.statusOf(other) == MilestoneStatuses.wrap(statuses).statusOf(other));
    }

    /// iTR-007: nothing is settled of nothing: where the induction over the milestones starts.
    function prove_NoMilestonesAreSettled(uint64 statuses) external pure {
        assert(MilestoneStatuses.wrap(statuses).isSettled(0));
    }

    /// iTR-007: where all are settled, each one is Paid or Reclaimed.
    function prove_SettledMeansEach(uint64 statuses, uint8 count, uint8 milestone) external pure {
        require(count <= 32 && milestone < count);
        MilestoneStatuses self = MilestoneStatuses.wrap(statuses);
        require(self.isSettled(count));
        assert(self.statusOf(milestone) >= IBudgetLedger.MilestoneStatus.Paid);
    }

    /// iTR-007: one that is settled, after others that are, leaves all settled: by induction, each one means all.
    function prove_OneMoreSettledLeavesAllSettled(uint64 statuses, uint8 count) external pure {
        require(count < 31);
        _assertOneMoreSettles(statuses, count);
    }

    /// iTR-007: the same for the last milestone that a plan can have. Apart, because Halmos 0.3.3 gives a counterexample for a
    /// symbolic 31 (every milestone Paid) that does not fail when it is run.
    function prove_TheLastSettledLeavesAllSettled(uint64 statuses) external pure {
        _assertOneMoreSettles(statuses, 31);
    }

    function _assertOneMoreSettles(uint64 statuses, uint256 count) private pure {
        MilestoneStatuses self = MilestoneStatuses.wrap(statuses);
        require(self.isSettled(count) && self.statusOf(count) >= IBudgetLedger.MilestoneStatus.Paid);
        assert(self.isSettled(count + 1));
    }
}
