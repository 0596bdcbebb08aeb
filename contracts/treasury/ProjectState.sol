// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReportIndex} from "../types/Time.sol";
import {IBudgetLedger} from "./IBudgetLedger.sol";
import {MilestoneStatuses} from "./MilestoneStatuses.sol";

/// @dev All that changes of a project, in one slot, so that a release, a renewal and a reclaim each read and write it once:
/// `milestones 64 | score 64 | terms 32 | paidThrough 32 | lastProvedReport 32 | status 8 | accepted 4 | rising 1 | enclave 1 |
/// parts 1 | tripped 1 | missing 8 | count 8`, from the lowest bit. `terms` is the plan's entry on the shelf; `accepted` has a bit for each
/// {IBudgetLedger-Party}, of which there are two; `count` is the number of milestones.
type ProjectState is uint256;

using {
    milestonesOf,
    scoreOf,
    termsOf,
    paidThroughOf,
    lastProvedReportOf,
    statusOf,
    isIn,
    hasAccepted,
    isRising,
    isEnclave,
    hasParts,
    hasTripped,
    missingOf,
    countOf,
    withMilestones,
    withStatus,
    withAcceptance,
    withEnclave,
    withParts,
    withTrip,
    activated,
    renewed,
    amended
} for ProjectState global;

uint256 constant SCORE_SHIFT = 64;
uint256 constant TERMS_SHIFT = 128;
uint256 constant PAID_THROUGH_SHIFT = 160;
uint256 constant LAST_PROVED_SHIFT = 192;
uint256 constant STATUS_SHIFT = 224;
uint256 constant ACCEPTED_SHIFT = 232;
uint256 constant RISING_SHIFT = 236;
uint256 constant ENCLAVE_SHIFT = 237;
uint256 constant PARTS_SHIFT = 238;
uint256 constant TRIPPED_SHIFT = 239;
uint256 constant MISSING_SHIFT = 240;
uint256 constant COUNT_SHIFT = 248;

/// @dev A proposal: nothing accepted, nothing paid for, every milestone Pending. `count` is at most 32.
function proposed(uint32 terms, uint256 count) pure returns (ProjectState) {
    uint256 status = uint256(IBudgetLedger.ProjectStatus.Proposed);
    return ProjectState.wrap((uint256(terms) << TERMS_SHIFT) | (status << STATUS_SHIFT) | (count << COUNT_SHIFT));
}

// safe, here and below: each cast keeps exactly the bits of its field
function milestonesOf(ProjectState self) pure returns (MilestoneStatuses) {
    return MilestoneStatuses.wrap(uint64(ProjectState.unwrap(self)));
}

/// @dev 0 before a value was proved, and only then: τ is above zero, and so is whatever renews by it.
function scoreOf(ProjectState self) pure returns (uint64) {
    return uint64(ProjectState.unwrap(self) >> SCORE_SHIFT);
}

function termsOf(ProjectState self) pure returns (uint32) {
    return uint32(ProjectState.unwrap(self) >> TERMS_SHIFT);
}

function paidThroughOf(ProjectState self) pure returns (ReportIndex) {
    return ReportIndex.wrap(uint32(ProjectState.unwrap(self) >> PAID_THROUGH_SHIFT));
}

function lastProvedReportOf(ProjectState self) pure returns (uint32) {
    return uint32(ProjectState.unwrap(self) >> LAST_PROVED_SHIFT);
}

/// @dev As stored: an expired proposal is still Proposed.
function statusOf(ProjectState self) pure returns (IBudgetLedger.ProjectStatus) {
    return IBudgetLedger.ProjectStatus(uint8(ProjectState.unwrap(self) >> STATUS_SHIFT));
}

/// @dev Whether the stored status is `status`; cheaper than to decode it.
function isIn(ProjectState self, IBudgetLedger.ProjectStatus status) pure returns (bool) {
    return uint8(ProjectState.unwrap(self) >> STATUS_SHIFT) == uint8(status);
}

function hasAccepted(ProjectState self, IBudgetLedger.Party party) pure returns (bool) {
    return (ProjectState.unwrap(self) >> (ACCEPTED_SHIFT + uint256(party))) & 1 != 0;
}

/// @dev Whether the last value that was proved is in quarantine: a sudden rise, which is not stored before the next report confirms it.
function isRising(ProjectState self) pure returns (bool) {
    return (ProjectState.unwrap(self) >> RISING_SHIFT) & 1 != 0;
}

/// @dev Whether its money counts against its pool's share for enclaves: it came from the pool, for people to review.
function isEnclave(ProjectState self) pure returns (bool) {
    return (ProjectState.unwrap(self) >> ENCLAVE_SHIFT) & 1 != 0;
}

/// @dev Whether a part of any milestone was paid: only then somebody has to ask how much.
function hasParts(ProjectState self) pure returns (bool) {
    return (ProjectState.unwrap(self) >> PARTS_SHIFT) & 1 != 0;
}

/// @dev Whether its reclaim tripped the asset already: it does so once.
function hasTripped(ProjectState self) pure returns (bool) {
    return (ProjectState.unwrap(self) >> TRIPPED_SHIFT) & 1 != 0;
}

/// @dev How many proofs in a row were "missing".
function missingOf(ProjectState self) pure returns (uint8) {
    return uint8(ProjectState.unwrap(self) >> MISSING_SHIFT);
}

function countOf(ProjectState self) pure returns (uint256) {
    return ProjectState.unwrap(self) >> COUNT_SHIFT;
}

function withMilestones(ProjectState self, MilestoneStatuses milestones) pure returns (ProjectState) {
    uint256 others = ProjectState.unwrap(self) & ~uint256(type(uint64).max);
    return ProjectState.wrap(others | MilestoneStatuses.unwrap(milestones));
}

function withStatus(ProjectState self, IBudgetLedger.ProjectStatus status) pure returns (ProjectState) {
    uint256 others = ProjectState.unwrap(self) & ~(uint256(type(uint8).max) << STATUS_SHIFT);
    return ProjectState.wrap(others | (uint256(status) << STATUS_SHIFT));
}

function withAcceptance(ProjectState self, IBudgetLedger.Party party) pure returns (ProjectState) {
    return ProjectState.wrap(ProjectState.unwrap(self) | (uint256(1) << (ACCEPTED_SHIFT + uint256(party))));
}

function withEnclave(ProjectState self) pure returns (ProjectState) {
    return ProjectState.wrap(ProjectState.unwrap(self) | (uint256(1) << ENCLAVE_SHIFT));
}

function withParts(ProjectState self) pure returns (ProjectState) {
    return ProjectState.wrap(ProjectState.unwrap(self) | (uint256(1) << PARTS_SHIFT));
}

function withTrip(ProjectState self) pure returns (ProjectState) {
    return ProjectState.wrap(ProjectState.unwrap(self) | (uint256(1) << TRIPPED_SHIFT));
}

/// @dev `self` is a proposal, for which nothing is paid yet.
function activated(ProjectState self, ReportIndex paidThrough) pure returns (ProjectState) {
    uint256 paid = uint256(ReportIndex.unwrap(paidThrough)) << PAID_THROUGH_SHIFT;
    return withStatus(ProjectState.wrap(ProjectState.unwrap(self) | paid), IBudgetLedger.ProjectStatus.Active);
}

function renewed(
    ProjectState self,
    ReportIndex paidThrough,
    uint32 report,
    uint64 score,
    uint8 missing,
    bool rising
) pure returns (ProjectState) {
    uint256 replaced =
        (uint256(type(uint64).max) << SCORE_SHIFT) |
            (uint256(type(uint64).max) << PAID_THROUGH_SHIFT) | // both reports, side by side
            (uint256(1) << RISING_SHIFT) |
            (uint256(type(uint8).max) << MISSING_SHIFT);
    uint256 flag;
    assembly ("memory-safe") {
        flag := shl(RISING_SHIFT, rising)
    }
    uint256 lease =
        flag |
            (uint256(score) << SCORE_SHIFT) |
            (uint256(ReportIndex.unwrap(paidThrough)) << PAID_THROUGH_SHIFT) |
            (uint256(report) << LAST_PROVED_SHIFT) |
            (uint256(missing) << MISSING_SHIFT);
    return ProjectState.wrap((ProjectState.unwrap(self) & ~replaced) | lease);
}

/// @dev With other terms, of `count` milestones: at most 32, and no fewer than before, so that each keeps its status, and those
/// that are new are Pending.
function amended(ProjectState self, uint32 terms, uint256 count) pure returns (ProjectState) {
    uint256 replaced = (uint256(type(uint32).max) << TERMS_SHIFT) | (uint256(type(uint8).max) << COUNT_SHIFT);
    uint256 plan = (uint256(terms) << TERMS_SHIFT) | (count << COUNT_SHIFT);
    return ProjectState.wrap((ProjectState.unwrap(self) & ~replaced) | plan);
}
