// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title StrategyForks: competing strategies as branches with isolated budgets
/// @notice Fork: None ──openFork──▶ Open ──merge──▶ Merged    (one winner; every other branch is archived)
///                                   └───archive──▶ Archived (deadline passed without a winner: all branches archived)
/// Branch: Open ──▶ Merged | Archived. Money of an archived branch is swept to the parent pool, at merge and, for what
/// comes back later, by anyone.
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
    event ForkArchived(bytes32 indexed fork, bytes32 cause, address anchor);
    event BranchSwept(bytes32 indexed fork, uint8 indexed branch, uint256 amount, bytes32 cause, address anchor);

    error StrategyForksInvalidBranches(uint256 branches, uint256 minimum, uint256 maximum);
    error StrategyForksInvalidDeadline(uint48 deadline, uint48 nowTime);
    error StrategyForksAnchorNotLive(address anchor, uint48 liveUntil);
    error StrategyForksExists(bytes32 fork);
    error StrategyForksUnexpectedStatus(bytes32 fork, ForkStatus status, ForkStatus required);
    error StrategyForksUnknownBranch(bytes32 fork, uint8 branch);
    error StrategyForksBranchNotArchived(bytes32 fork, uint8 branch);
    error StrategyForksNoWinner(bytes32 fork, uint256 proposal);
    error StrategyForksDeadlineNotPassed(uint48 deadline, uint48 nowTime);

    /// @notice Opens a fork of 2 to `MAX_BRANCHES` branches with budgets from `parentPool`.
    function openFork(
        bytes32 parentPool,
        address asset,
        uint48 deadline,
        address anchor,
        BranchTerms[] calldata branches
    ) external returns (bytes32 fork);

    /// @notice Merges the branch that won `proposal`; archives and sweeps the others. Called by the governor as the
    /// executed action of that proposal.
    function merge(bytes32 fork) external;

    /// @notice Archives a fork whose deadline passed without a merge, and sweeps every branch. Anyone may call.
    function archive(bytes32 fork) external;

    /// @notice Returns what came back to an archived branch's pool since to the parent pool. Anyone may call.
    function sweep(bytes32 fork, uint8 branch) external returns (uint256 amount);

    function getFork(bytes32 fork) external view returns (Fork memory);
}
