// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title StrategyForks: competing strategies as branches with isolated budgets
/// @notice Fork: None ──openFork──▶ Open ──merge (before the deadline)────▶ Merged    (one winner; the others are archived)
///                                   └───archive (from the deadline on)──▶ Archived  (no winner: all branches archived)
/// Branch: Open ──▶ Merged | Archived. Merged and Archived are final. The winner's branch keeps its pool and its steward;
/// money of an archived branch is swept to the parent pool, at merge or archive and, for what comes back later, by anyone.
interface IStrategyForks {
    enum ForkStatus {
        None,
        Open,
        Merged,
        Archived
    }

    /// @param steward Who may open projects from the branch's pool.
    /// @param budget Base units moved from the parent pool to the branch's pool.
    /// @param strategy Content hash of the strategy.
    struct BranchTerms {
        address steward;
        uint128 budget;
        bytes32 strategy;
    }

    struct Branch {
        bytes32 pool;
        address steward;
        uint128 budget;
        bytes32 strategy;
    }

    struct Fork {
        ForkStatus status;
        uint8 winner;
        address anchor;
        uint48 deadline;
        bytes32 parentPool;
        address asset;
        Branch[] branches;
    }

    /// @notice `cause` is the id of the call that opened it.
    event ForkOpened(
        bytes32 indexed fork,
        bytes32 indexed parentPool,
        address asset,
        uint48 deadline,
        Branch[] branches,
        bytes32 cause,
        address anchor
    );
    /// @notice `cause` is the governor's proposal.
    event ForkMerged(bytes32 indexed fork, uint8 indexed branch, bytes32 cause, address anchor);
    /// @notice `cause` is the deadline that passed, as a word.
    event ForkArchived(bytes32 indexed fork, bytes32 cause, address anchor);
    /// @notice `cause` is what archived the branch: the governor's proposal, or the deadline as a word.
    event BranchSwept(bytes32 indexed fork, uint8 indexed branch, uint256 amount, bytes32 cause, address anchor);

    error StrategyForksInvalidBranches(uint256 branches, uint256 minimum, uint256 maximum);
    /// @notice A branch needs a steward, as its pool would be open to every treasury office otherwise, and a budget.
    error StrategyForksInvalidBranch(uint8 branch, address steward, uint128 budget);
    error StrategyForksInvalidDeadline(uint48 deadline, uint48 earliest, uint48 latest);
    error StrategyForksAnchorNotLive(address anchor, uint48 liveUntil);
    error StrategyForksExists(bytes32 fork);
    error StrategyForksUnexpectedStatus(bytes32 fork, ForkStatus status, ForkStatus required);
    error StrategyForksUnknownBranch(bytes32 fork, uint8 branch);
    error StrategyForksBranchNotArchived(bytes32 fork, uint8 branch);
    error StrategyForksNoWinner(bytes32 fork, uint256 proposal);
    error StrategyForksDeadlineNotPassed(uint48 deadline, uint48 nowTime);
    error StrategyForksDeadlinePassed(uint48 deadline, uint48 nowTime);

    /// @notice Opens a fork of `MIN_BRANCHES` to `MAX_BRANCHES` branches with budgets from `parentPool`. Each branch gets a
    /// fresh pool. The id binds chain, contract and every term.
    /// @dev Restricted. Emits {ForkOpened}. Reverts with
    /// - {StrategyForksInvalidBranches} for another number of branches;
    /// - {StrategyForksInvalidBranch} for a branch without a steward or without a budget;
    /// - {StrategyForksInvalidDeadline} unless the deadline lies 1 to `MAX_FORK_SECONDS` seconds ahead;
    /// - {StrategyForksAnchorNotLive} unless `anchor` is live;
    /// - {StrategyForksExists} when a fork with the very same terms was opened before;
    /// - the vault's errors, where the parent pool does not hold the budgets.
    /// @param deadline First second in which nothing can be merged any more.
    function openFork(
        bytes32 parentPool,
        address asset,
        uint48 deadline,
        address anchor,
        BranchTerms[] calldata branches
    ) external returns (bytes32 fork);

    /// @notice Merges the branch that won the caller's vote; archives and sweeps the others. Called by the governor as the
    /// executed action of that vote's proposal.
    /// @dev Restricted. Emits {ForkMerged}, {BranchSwept}. Reverts with
    /// - {StrategyForksUnexpectedStatus} unless the fork is open;
    /// - {StrategyForksDeadlinePassed} from the deadline on;
    /// - {StrategyForksAnchorNotLive} unless the fork's anchor is live;
    /// - {StrategyForksNoWinner} unless one branch leads strictly.
    function merge(bytes32 fork) external;

    /// @notice Archives a fork whose deadline passed without a merge, and sweeps every branch. Anyone may call.
    /// @dev Emits {ForkArchived}, {BranchSwept}. Reverts with
    /// - {StrategyForksUnexpectedStatus} unless the fork is open;
    /// - {StrategyForksDeadlineNotPassed} before the deadline.
    function archive(bytes32 fork) external;

    /// @notice Returns what came back to an archived branch's pool since to the parent pool. Anyone may call.
    /// @dev Emits {BranchSwept} unless there is nothing to sweep. Reverts with
    /// - {StrategyForksUnknownBranch} when the fork has no such branch;
    /// - {StrategyForksBranchNotArchived} for a branch of an open fork, and for the winner.
    /// @return amount Base units of the fork's asset.
    function sweep(bytes32 fork, uint8 branch) external returns (uint256 amount);

    function getFork(bytes32 fork) external view returns (Fork memory);
}
