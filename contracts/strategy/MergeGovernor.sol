// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {Journal} from "../journal/Journal.sol";
import {BranchTally, newTally} from "./BranchTally.sol";
import {IMembership} from "./IMembership.sol";
import {IMergeGovernor} from "./IMergeGovernor.sol";
import {IStrategyForks} from "./IStrategyForks.sol";

/// @title MergeGovernor
/// @dev Design:
/// - The only action that a proposal can have is `merge(fork)`, without value; the governor holds no money and refuses it.
/// - Nobody cancels: a proposer who could, could keep a fork from ever being merged. There is no queue either, so that
///   `ProposalCanceled` and `ProposalQueued` are never emitted.
/// - Who has voted is a bit for each seat, which costs most voters a changed slot in place of a new one.
/// - Every event of the base is chained into the journal right after the base emitted it.
contract MergeGovernor is IMergeGovernor, Governor, Journal {
    using BitMaps for BitMaps.BitMap;

    /// @param votingDelaySeconds From the proposal to the snapshot, at which the electorate is fixed.
    /// @param votingPeriodSeconds From snapshot to the end of the vote.
    /// @param executionPeriodSeconds Time that a fork must leave for the execution, after the vote and before its deadline.
    /// @param quorumShare Share of the seats that must vote, 1e18 = 1.
    struct Parameters {
        uint32 votingDelaySeconds;
        uint32 votingPeriodSeconds;
        uint32 executionPeriodSeconds;
        uint64 quorumShare;
    }

    uint64 private constant ONE = 1e18;
    uint32 public constant MAX_PERIOD_SECONDS = 90 days;

    IMembership public immutable membership;
    IStrategyForks public immutable forks;
    uint32 public immutable executionPeriodSeconds;
    uint64 public immutable quorumShare;
    uint32 private immutable _VOTING_DELAY_SECONDS;
    uint32 private immutable _VOTING_PERIOD_SECONDS;

    mapping(bytes32 fork => uint256 proposal) private _proposalOf;
    mapping(uint256 proposal => BranchTally) private _tallies;
    mapping(uint256 proposal => BitMaps.BitMap bySeat) private _voted;

    constructor(
        IMembership membership_,
        IStrategyForks forks_,
        Parameters memory parameters
    ) Governor("Mandate MergeGovernor") {
        if (!_isPeriod(parameters.votingDelaySeconds)) {
            revert MergeGovernorInvalidParameters(GovernorProblem.VotingDelay);
        }
        if (!_isPeriod(parameters.votingPeriodSeconds)) {
            revert MergeGovernorInvalidParameters(GovernorProblem.VotingPeriod);
        }
        if (!_isPeriod(parameters.executionPeriodSeconds)) {
            revert MergeGovernorInvalidParameters(GovernorProblem.ExecutionPeriod);
        }
        if (parameters.quorumShare == 0 || parameters.quorumShare > ONE) {
            revert MergeGovernorInvalidParameters(GovernorProblem.QuorumShare);
        }
        membership = membership_;
        forks = forks_;
        executionPeriodSeconds = parameters.executionPeriodSeconds;
        quorumShare = parameters.quorumShare;
        _VOTING_DELAY_SECONDS = parameters.votingDelaySeconds;
        _VOTING_PERIOD_SECONDS = parameters.votingPeriodSeconds;
    }

    /// @dev Money sent here could never leave.
    receive() external payable override {
        revert MergeGovernorValueRefused(msg.value);
    }

    /// @inheritdoc IMergeGovernor
    function proposeMerge(bytes32 fork) external returns (uint256 proposal) {
        // Check
        uint256 proposerVotes = getVotes(_msgSender(), clock() - 1);
        if (proposerVotes < proposalThreshold()) {
            revert GovernorInsufficientProposerVotes(_msgSender(), proposerVotes, proposalThreshold());
        }
        IStrategyForks.Fork memory terms = forks.getFork(fork);
        if (terms.status != IStrategyForks.ForkStatus.Open) revert MergeGovernorForkNotOpen(fork);
        uint256 earlier = _proposalOf[fork];
        if (earlier != 0 && state(earlier) != ProposalState.Defeated) revert MergeGovernorProposalExists(fork, earlier);
        uint256 earliestDeadline = clock() + votingDelay() + votingPeriod() + 1 + executionPeriodSeconds;
        if (terms.deadline < earliestDeadline) {
            revert MergeGovernorForkEndsTooSoon(fork, earliestDeadline, terms.deadline);
        }

        // Effect
        address[] memory targets = new address[](1);
        bytes[] memory calldatas = new bytes[](1);
        targets[0] = address(forks);
        calldatas[0] = abi.encodeCall(IStrategyForks.merge, (fork));
        proposal = _propose(targets, new uint256[](1), calldatas, _description(fork, earlier), _msgSender());
        _proposalOf[fork] = proposal;
        _tallies[proposal] = newTally(uint8(terms.branches.length)); // safe: a fork has at most MAX_OPTIONS branches
    }

    /// @dev Refused: a merge is proposed by {proposeMerge}, and nothing else can be.
    function propose(
        address[] memory,
        uint256[] memory,
        bytes[] memory,
        string memory
    ) public pure override returns (uint256) {
        revert MergeGovernorNotMergeProposal();
    }

    /// @inheritdoc IGovernor
    function execute(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) public payable override returns (uint256 proposal) {
        if (msg.value != 0) revert MergeGovernorValueRefused(msg.value);
        proposal = super.execute(targets, values, calldatas, descriptionHash);
        _chain(ProposalExecuted.selector, abi.encode(proposal));
    }

    /// @dev Refused: the governor has nothing to relay.
    function relay(address, uint256, bytes calldata) public payable override {
        revert MergeGovernorNotMergeProposal();
    }

    /// @dev Refused, like every token: nothing could send it on.
    function onERC721Received(address, address, uint256, bytes memory) public pure override returns (bytes4) {
        revert GovernorDisabledDeposit();
    }

    /// @dev See {onERC721Received}.
    function onERC1155Received(address, address, uint256, uint256, bytes memory) public pure override returns (bytes4) {
        revert GovernorDisabledDeposit();
    }

    /// @dev See {onERC721Received}.
    function onERC1155BatchReceived(
        address,
        address,
        uint256[] memory,
        uint256[] memory,
        bytes memory
    ) public pure override returns (bytes4) {
        revert GovernorDisabledDeposit();
    }

    /// @inheritdoc IMergeGovernor
    function leader(uint256 proposal) external view returns (uint8 branch, bool decided) {
        return _tallies[proposal].leading();
    }

    /// @inheritdoc IMergeGovernor
    function votesFor(uint256 proposal) external view returns (uint256[] memory counts) {
        BranchTally tally = _tallies[proposal];
        counts = new uint256[](tally.options());
        for (uint256 branch = 0; branch < counts.length; ++branch) counts[branch] = tally.votes(branch);
    }

    /// @inheritdoc IMergeGovernor
    function proposalOf(bytes32 fork) external view returns (uint256 proposal) {
        return _proposalOf[fork];
    }

    /// @inheritdoc IGovernor
    function hasVoted(uint256 proposal, address account) external view returns (bool) {
        uint256 snapshot = proposalSnapshot(proposal);
        if (snapshot >= clock()) return false; // the electorate is not known yet
        uint256 number = membership.seatAt(account, snapshot);
        return number != 0 && _voted[proposal].get(number);
    }

    /// @inheritdoc IGovernor
    function votingDelay() public view override returns (uint256) {
        return _VOTING_DELAY_SECONDS;
    }

    /// @inheritdoc IGovernor
    function votingPeriod() public view override returns (uint256) {
        return _VOTING_PERIOD_SECONDS;
    }

    /// @inheritdoc IGovernor
    function proposalThreshold() public pure override returns (uint256) {
        return 1;
    }

    /// @inheritdoc IGovernor
    /// @dev Rounded up, against the proposal; 0 seats give a quorum of 1, which nobody can reach.
    function quorum(uint256 timepoint) public view override returns (uint256) {
        uint256 seats = membership.getPastTotalSupply(timepoint);
        return Math.max(1, Math.ceilDiv(seats * quorumShare, ONE));
    }

    /// @inheritdoc IERC6372
    function clock() public view override returns (uint48) {
        return uint48(block.timestamp); // safe: 48 bits of seconds last nine million years
    }

    /// @inheritdoc IERC6372
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    /// @inheritdoc IGovernor
    // solhint-disable-next-line func-name-mixedcase
    function COUNTING_MODE() external pure returns (string memory) {
        return "support=branch&quorum=all";
    }

    function _propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description,
        address proposer
    ) internal override returns (uint256 proposal) {
        proposal = super._propose(targets, values, calldatas, description, proposer);
        uint256 snapshot = proposalSnapshot(proposal);
        _chain(
            ProposalCreated.selector,
            abi.encode(
                proposal,
                proposer,
                targets,
                values,
                new string[](targets.length),
                calldatas,
                snapshot,
                snapshot + votingPeriod(),
                description
            )
        );
    }

    function _castVote(
        uint256 proposal,
        address account,
        uint8 support,
        string memory reason,
        bytes memory params
    ) internal override returns (uint256 weight) {
        weight = super._castVote(proposal, account, support, reason, params);
        bytes32 voter = bytes32(uint256(uint160(account)));
        if (params.length == 0) {
            _chain(VoteCast.selector, voter, abi.encode(proposal, support, weight, reason));
        } else {
            _chain(VoteCastWithParams.selector, voter, abi.encode(proposal, support, weight, reason, params));
        }
    }

    function _countVote(
        uint256 proposal,
        address account,
        uint8 support,
        uint256 weight,
        bytes memory
    ) internal override returns (uint256) {
        uint256 snapshot = proposalSnapshot(proposal);
        if (weight == 0) revert MergeGovernorNoVote(proposal, account, snapshot);
        uint256 number = membership.seatAt(account, snapshot);
        if (_voted[proposal].get(number)) revert MergeGovernorAlreadyVoted(proposal, account);
        BranchTally tally = _tallies[proposal];
        if (support >= tally.options()) revert MergeGovernorInvalidOption(proposal, support, tally.options());
        _voted[proposal].set(number);
        _tallies[proposal] = tally.withVotes(support, weight);
        return weight;
    }

    function _getVotes(address account, uint256 timepoint, bytes memory) internal view override returns (uint256) {
        return membership.getPastVotes(account, timepoint);
    }

    function _quorumReached(uint256 proposal) internal view override returns (bool) {
        return _tallies[proposal].total() >= quorum(proposalSnapshot(proposal));
    }

    function _voteSucceeded(uint256 proposal) internal view override returns (bool decided) {
        (, decided) = _tallies[proposal].leading();
    }

    function _validateCancel(uint256, address) internal pure override returns (bool) {
        return false;
    }

    /// @dev Names the defeated proposal that this one follows, so that each gets an id of its own.
    function _description(bytes32 fork, uint256 earlier) private pure returns (string memory) {
        string memory text = string.concat("Merge the winner of fork ", Strings.toHexString(uint256(fork), 32));
        if (earlier == 0) return text;
        return string.concat(text, " after proposal ", Strings.toHexString(earlier, 32));
    }

    function _isPeriod(uint32 duration) private pure returns (bool) {
        return duration > 0 && duration <= MAX_PERIOD_SECONDS;
    }
}
