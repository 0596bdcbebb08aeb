// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAuthority} from "../authority/IAuthority.sol";
import {JournaledAccessManaged} from "../journal/JournaledAccessManaged.sol";
import {IBudgetVault} from "../treasury/IBudgetVault.sol";
import {MAX_OPTIONS} from "./BranchTally.sol";
import {IMergeGovernor} from "./IMergeGovernor.sol";
import {IStrategyForks} from "./IStrategyForks.sol";

/// @title StrategyForks
/// @dev Design:
/// - Money never passes through here: it moves between pools of the vault.
/// - Merge and archive exclude each other by the clock, so that nobody wins a race between them.
/// - The winner is asked of the caller, who holds the role of the governor; no address is wired in.
contract StrategyForks is IStrategyForks, JournaledAccessManaged {
    struct StoredFork {
        ForkStatus status;
        uint8 winner;
        uint8 branchCount;
        uint48 deadline;
        address anchor;
        address asset;
        bytes32 parentPool;
        /// What archived the branches: the governor's proposal, or the deadline.
        bytes32 archivedBy;
    }

    uint8 public constant MIN_BRANCHES = 2;
    uint8 public constant MAX_BRANCHES = MAX_OPTIONS;
    uint32 public constant MAX_FORK_SECONDS = 366 days;

    IBudgetVault public immutable vault;

    mapping(bytes32 fork => StoredFork) private _forks;
    mapping(bytes32 fork => mapping(uint8 branch => Branch)) private _branches;

    constructor(address authority_, IBudgetVault vault_) AccessManaged(authority_) {
        vault = vault_;
    }

    /// @inheritdoc IStrategyForks
    function openFork(
        bytes32 parentPool,
        address asset,
        uint48 deadline,
        address anchor,
        BranchTerms[] calldata branches
    ) external restricted returns (bytes32 fork) {
        // Check
        _checkTerms(deadline, anchor, branches);
        fork = keccak256(abi.encode(block.chainid, address(this), parentPool, asset, deadline, anchor, branches));
        StoredFork storage stored = _forks[fork];
        if (stored.status != ForkStatus.None) revert StrategyForksExists(fork);

        // Effect
        uint8 count = uint8(branches.length); // safe: at most MAX_BRANCHES
        stored.status = ForkStatus.Open;
        stored.branchCount = count;
        stored.deadline = deadline;
        stored.anchor = anchor;
        stored.asset = asset;
        stored.parentPool = parentPool;

        // Interaction: with the vault only, which calls nobody here
        Branch[] memory opened = new Branch[](count);
        for (uint8 i = 0; i < count; ++i) {
            BranchTerms calldata terms = branches[i];
            bytes32 pool = vault.openPool(keccak256(abi.encode(fork, i)), terms.steward, anchor);
            opened[i] = Branch(pool, terms.steward, terms.budget, terms.strategy);
            _branches[fork][i] = opened[i];
            vault.movePool(parentPool, pool, asset, terms.budget);
        }
        _record(ForkOpened.selector, fork, parentPool, abi.encode(asset, deadline, opened, _callId(), anchor));
    }

    /// @inheritdoc IStrategyForks
    function merge(bytes32 fork) external restricted {
        // Check
        StoredFork memory stored = _openFork(fork);
        if (block.timestamp >= stored.deadline) revert StrategyForksDeadlinePassed(stored.deadline, _now());
        _requireLive(stored.anchor);
        IMergeGovernor governor = IMergeGovernor(_msgSender());
        uint256 proposal = governor.proposalOf(fork);
        (uint8 winner, bool decided) = governor.leader(proposal);
        if (!decided) revert StrategyForksNoWinner(fork, proposal);
        if (winner >= stored.branchCount) revert StrategyForksUnknownBranch(fork, winner);

        // Effect
        stored.status = ForkStatus.Merged;
        stored.winner = winner;
        stored.archivedBy = bytes32(proposal);
        _forks[fork] = stored;
        _record(ForkMerged.selector, fork, bytes32(uint256(winner)), abi.encode(stored.archivedBy, stored.anchor));

        // Interaction
        for (uint8 i = 0; i < stored.branchCount; ++i) {
            if (i != winner) _sweep(fork, i, stored);
        }
    }

    /// @inheritdoc IStrategyForks
    function archive(bytes32 fork) external {
        // Check
        StoredFork memory stored = _openFork(fork);
        if (block.timestamp < stored.deadline) revert StrategyForksDeadlineNotPassed(stored.deadline, _now());

        // Effect
        stored.status = ForkStatus.Archived;
        stored.archivedBy = bytes32(uint256(stored.deadline));
        _forks[fork] = stored;
        _record(ForkArchived.selector, fork, abi.encode(stored.archivedBy, stored.anchor));

        // Interaction
        for (uint8 i = 0; i < stored.branchCount; ++i) _sweep(fork, i, stored);
    }

    /// @inheritdoc IStrategyForks
    function sweep(bytes32 fork, uint8 branch) external returns (uint256 amount) {
        StoredFork memory stored = _forks[fork];
        if (branch >= stored.branchCount) revert StrategyForksUnknownBranch(fork, branch);
        bool archived =
            stored.status == ForkStatus.Archived || (stored.status == ForkStatus.Merged && stored.winner != branch);
        if (!archived) revert StrategyForksBranchNotArchived(fork, branch);
        return _sweep(fork, branch, stored);
    }

    /// @inheritdoc IStrategyForks
    function getFork(bytes32 fork) external view returns (Fork memory) {
        StoredFork memory stored = _forks[fork];
        Branch[] memory branches = new Branch[](stored.branchCount);
        for (uint8 i = 0; i < stored.branchCount; ++i) branches[i] = _branches[fork][i];
        return
            Fork({
                status: stored.status,
                winner: stored.winner,
                anchor: stored.anchor,
                deadline: stored.deadline,
                parentPool: stored.parentPool,
                asset: stored.asset,
                branches: branches
            });
    }

    function _sweep(bytes32 fork, uint8 branch, StoredFork memory stored) private returns (uint256 amount) {
        bytes32 pool = _branches[fork][branch].pool;
        amount = vault.poolBalance(pool, stored.asset);
        if (amount == 0) return 0; // nothing to record: anyone could fill the journal otherwise
        vault.movePool(pool, stored.parentPool, stored.asset, amount);
        _record(
            BranchSwept.selector,
            fork,
            bytes32(uint256(branch)),
            abi.encode(amount, stored.archivedBy, stored.anchor)
        );
    }

    function _checkTerms(uint48 deadline, address anchor, BranchTerms[] calldata branches) private view {
        if (branches.length < MIN_BRANCHES || branches.length > MAX_BRANCHES) {
            revert StrategyForksInvalidBranches(branches.length, MIN_BRANCHES, MAX_BRANCHES);
        }
        for (uint8 i = 0; i < branches.length; ++i) {
            (address steward, uint128 budget) = (branches[i].steward, branches[i].budget);
            if (steward == address(0) || budget == 0) revert StrategyForksInvalidBranch(i, steward, budget);
        }
        (uint48 earliest, uint48 latest) = (_now() + 1, _now() + MAX_FORK_SECONDS);
        if (deadline < earliest || deadline > latest) revert StrategyForksInvalidDeadline(deadline, earliest, latest);
        _requireLive(anchor);
    }

    function _requireLive(address anchor) private view {
        uint48 liveUntil = IAuthority(authority()).anchorLiveUntil(anchor);
        if (block.timestamp >= liveUntil) revert StrategyForksAnchorNotLive(anchor, liveUntil);
    }

    function _openFork(bytes32 fork) private view returns (StoredFork memory stored) {
        stored = _forks[fork];
        if (stored.status != ForkStatus.Open) {
            revert StrategyForksUnexpectedStatus(fork, stored.status, ForkStatus.Open);
        }
    }

    function _now() private view returns (uint48) {
        return uint48(block.timestamp); // safe: 48 bits of seconds last nine million years
    }
}
