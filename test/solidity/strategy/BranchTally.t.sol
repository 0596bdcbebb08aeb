// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BranchTally, MAX_OPTIONS, newTally} from "../../../contracts/strategy/BranchTally.sol";
import {Bound} from "../support/Bound.sol";

contract BranchTallyTest {
    error WrongCount(uint256 branch, uint256 count, uint256 required);
    error WrongTotal(uint256 total, uint256 required);
    error WrongOptions(uint8 options, uint8 required);
    error WrongLeader(uint8 branch, bool decided, uint256 most);

    /// iST-002: a vote has one winner, the branch with strictly the most votes, or none.
    function testFuzz_OneWinnerWithStrictlyTheMostVotes(uint8 options, uint8[] memory ballots) external pure {
        uint8 count = uint8(Bound.within(options, 2, MAX_OPTIONS));
        BranchTally tally = newTally(count);
        uint256[] memory naive = new uint256[](count);
        for (uint256 i = 0; i < ballots.length; ++i) {
            uint256 branch = ballots[i] % count;
            tally = tally.withVotes(branch, 1);
            ++naive[branch];
        }
        if (tally.options() != count) revert WrongOptions(tally.options(), count);
        if (tally.total() != ballots.length) revert WrongTotal(tally.total(), ballots.length);
        _check(tally, naive);
    }

    /// iST-002: fields do not run into each other, whatever they hold.
    function testFuzz_FieldsAreApart(uint32[7] memory counts) external pure {
        BranchTally tally = newTally(MAX_OPTIONS);
        uint256[] memory naive = new uint256[](MAX_OPTIONS);
        for (uint256 branch = 0; branch < MAX_OPTIONS; ++branch) {
            tally = tally.withVotes(branch, counts[branch]);
            naive[branch] = counts[branch];
        }
        if (tally.options() != MAX_OPTIONS) revert WrongOptions(tally.options(), MAX_OPTIONS);
        _check(tally, naive);
    }

    function _check(BranchTally tally, uint256[] memory naive) private pure {
        uint256 most = 0;
        for (uint256 branch = 0; branch < naive.length; ++branch) {
            if (tally.votes(branch) != naive[branch]) revert WrongCount(branch, tally.votes(branch), naive[branch]);
            if (naive[branch] > most) most = naive[branch];
        }
        uint256 leaders = 0;
        for (uint256 branch = 0; branch < naive.length; ++branch) if (naive[branch] == most) ++leaders;
        (uint8 winner, bool decided) = tally.leading();
        if (decided != (most > 0 && leaders == 1)) revert WrongLeader(winner, decided, most);
        if (decided && naive[winner] != most) revert WrongLeader(winner, decided, most);
    }
}
