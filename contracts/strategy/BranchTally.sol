// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Votes of one proposal in one slot: `options 8 | … | votes of branch 6 … branch 0, 32 bits each`. A seat is one
/// vote, so that 32 bits suffice for any electorate that could be seated.
type BranchTally is uint256;

using {options, votes, total, leading, withVotes} for BranchTally global;

/// @dev Most branches that a tally has room for.
uint8 constant MAX_OPTIONS = 7;

uint256 constant OPTIONS_SHIFT = 248;

function newTally(uint8 optionCount) pure returns (BranchTally) {
    return BranchTally.wrap(uint256(optionCount) << OPTIONS_SHIFT);
}

function options(BranchTally tally) pure returns (uint8) {
    return uint8(BranchTally.unwrap(tally) >> OPTIONS_SHIFT); // safe: eight bits are left
}

function votes(BranchTally tally, uint256 branch) pure returns (uint256) {
    return uint32(BranchTally.unwrap(tally) >> (32 * branch)); // safe: takes the branch's field
}

function total(BranchTally tally) pure returns (uint256 sum) {
    for (uint256 branch = 0; branch < MAX_OPTIONS; ++branch) sum += votes(tally, branch);
}

/// @dev The branch with strictly the most votes; not decided on a tie or without votes.
function leading(BranchTally tally) pure returns (uint8 branch, bool decided) {
    uint256 most = 0;
    for (uint8 each = 0; each < MAX_OPTIONS; ++each) {
        uint256 count = votes(tally, each);
        if (count > most) (branch, most, decided) = (each, count, true);
        else if (count == most) decided = false;
    }
    if (!decided) branch = 0;
}

/// @dev Assumes `branch` below the number of options. The sum cannot reach 2^32: each seat votes once.
function withVotes(BranchTally tally, uint256 branch, uint256 weight) pure returns (BranchTally) {
    return BranchTally.wrap(BranchTally.unwrap(tally) + (weight << (32 * branch)));
}
