// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title MergeGovernor: OpenZeppelin's Governor with a single choice among the branches of a fork
/// @notice One proposal a fork. `support` of a vote is the branch's number. Electorate, quorum and number of options are
/// fixed at the proposal's snapshot. The option with strictly the most votes wins; a tie has no winner and the proposal is defeated.
interface IMergeGovernor {
    error MergeGovernorInvalidOption(uint256 proposal, uint8 option, uint8 options);
    error MergeGovernorAlreadyVoted(uint256 proposal, address voter);
    error MergeGovernorProposalExists(bytes32 fork, uint256 proposal);
    error MergeGovernorNotMergeProposal();

    /// @notice Proposes the vote that merges the winner of `fork`. Open to every seat.
    function proposeMerge(bytes32 fork) external returns (uint256 proposal);

    /// @notice The branch that leads strictly; `decided` is false on a tie or without votes.
    function leader(uint256 proposal) external view returns (uint8 branch, bool decided);

    function votesFor(uint256 proposal) external view returns (uint256[] memory);

    function proposalOf(bytes32 fork) external view returns (uint256 proposal);
}
