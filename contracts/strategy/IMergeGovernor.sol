// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title MergeGovernor: OpenZeppelin's Governor with a single choice among the branches of a fork
/// @notice `support` of a vote is the branch's number. Electorate, quorum and number of options are fixed at the proposal's
/// snapshot. The option with strictly the most votes wins; a tie has no winner and the proposal is defeated.
/// A fork has at most one proposal that is not defeated; after a defeat another one may follow.
interface IMergeGovernor {
    /// @notice What is wrong with constructor parameters that are refused.
    enum GovernorProblem {
        VotingDelay,
        VotingPeriod,
        ExecutionPeriod,
        QuorumShare
    }

    error MergeGovernorInvalidOption(uint256 proposal, uint8 option, uint8 options);
    error MergeGovernorAlreadyVoted(uint256 proposal, address voter);
    error MergeGovernorNoVote(uint256 proposal, address voter, uint256 snapshot);
    error MergeGovernorProposalExists(bytes32 fork, uint256 proposal);
    error MergeGovernorNotMergeProposal();
    error MergeGovernorForkNotOpen(bytes32 fork);
    error MergeGovernorForkEndsTooSoon(bytes32 fork, uint256 earliestDeadline, uint48 deadline);
    error MergeGovernorValueRefused(uint256 value);
    error MergeGovernorInvalidParameters(GovernorProblem problem);

    /// @notice Proposes the vote that merges the winner of `fork`. Open to every seat.
    /// @dev Emits {IGovernor-ProposalCreated}. Reverts with
    /// - {IGovernor-GovernorInsufficientProposerVotes} unless the caller was seated a second ago;
    /// - {MergeGovernorForkNotOpen} unless the fork is open;
    /// - {MergeGovernorProposalExists} while an earlier proposal for it is not defeated;
    /// - {MergeGovernorForkEndsTooSoon} unless vote and execution fit before the fork's deadline.
    function proposeMerge(bytes32 fork) external returns (uint256 proposal);

    /// @notice The branch that leads strictly; `decided` is false on a tie or without votes.
    function leader(uint256 proposal) external view returns (uint8 branch, bool decided);

    /// @notice Votes for each branch, by its number.
    function votesFor(uint256 proposal) external view returns (uint256[] memory);

    /// @notice The latest proposal for `fork`; 0 where there is none.
    function proposalOf(bytes32 fork) external view returns (uint256 proposal);
}
