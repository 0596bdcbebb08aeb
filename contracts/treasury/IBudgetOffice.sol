// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBudgetLedger} from "./IBudgetLedger.sol";

/// @title BudgetOffice: the vault's functions that are called once for a pool, a plan or a claim
/// @notice Call them at the vault. They stand in a contract of their own because a contract's code has a limit; the vault
/// lends it its storage for the length of the call (see docs/adr/0015-cold-paths-in-an-office.md).
interface IBudgetOffice is IBudgetLedger {
    function allowAsset(address asset, bool allowed) external;

    /// @notice Opens an account. Its id is `keccak256(abi.encode(chainid, vault, name))`. Where `steward` is not zero, only it
    /// may open projects from this pool.
    function openPool(bytes32 name, address steward, address anchor) external returns (bytes32 pool);

    /// @notice Closes an account for good: nobody pays into it, plans with it or commits from it any more. What is in it can be withdrawn
    /// and moved; what projects give back, and what is moved inside the vault, still reaches it, so that no money is stuck.
    /// @dev Emits {PoolClosed}. Restricted. Reverts with {BudgetVaultUnknownPool}, and with {BudgetVaultPoolClosed} the second time.
    function closePool(bytes32 pool) external;

    /// @notice Puts money into a pool. `intent` is any number the payer has not used: a repeated one is refused, so that a
    /// resent transaction never pays twice.
    function deposit(bytes32 pool, address asset, uint256 amount, bytes32 intent) external payable;

    /// @notice {deposit} of a token with the allowance that the permit gives, in one transaction. A permit that somebody
    /// front-ran is used up and has given the allowance already; what the token answers to it is therefore not asked: the
    /// transfer that follows decides.
    function depositWithPermit(
        bytes32 pool,
        address asset,
        uint256 amount,
        bytes32 intent,
        Permit calldata permit
    ) external;

    /// @notice Credits what reached the vault without a deposit to `pool`. Anyone may call.
    function creditSurplus(bytes32 pool, address asset) external returns (uint256 amount);

    /// @notice Sends pool money out. It passes the breaker like a payment: where it meets the limit it trips the asset, sends nothing
    /// and answers Held, unless the pool's anchor approved exactly this one. While the asset is tripped it reverts without an approval. An
    /// approval that there is, is used, and then nothing is counted against the limit.
    function withdraw(
        bytes32 pool,
        address asset,
        address to,
        uint256 amount
    ) external returns (PaymentOutcome outcome);

    /// @notice The pool's live anchor lets one withdrawal pass the breaker before `usableUntil`; 0 takes that back.
    function approveWithdrawal(bytes32 pool, address asset, address to, uint256 amount, uint48 usableUntil) external;

    function movePool(bytes32 from, bytes32 to, address asset, uint256 amount) external;

    function openProject(Plan calldata plan) external returns (bytes32 project);

    /// @notice Accepts a plan for its payee or its anchor, who is the caller or signed `PayeeAcceptance` / `AnchorAcceptance`.
    function acceptProject(bytes32 project, Party party, bytes calldata signature) external;

    /// @notice Funds an accepted project with exactly its total from the caller's wallet; the lease starts.
    function fundProject(bytes32 project, bytes32 intent) external payable;

    /// @notice {fundProject} with a permit for exactly the project's total; see {depositWithPermit}.
    function fundProjectWithPermit(bytes32 project, bytes32 intent, Permit calldata permit) external;

    /// @notice Commits an accepted project's total from its plan's pool; the lease starts.
    function commitProject(bytes32 project) external;

    /// @notice The caller sends its claims in `asset` to an address that can receive them.
    function claim(address asset, address to) external returns (uint256 amount);

    /// @notice Payee and anchor end an active project: what is pending goes back to the plan's reclaim account, what is proved
    /// stays payable. Anyone may relay; the one of them who calls need not sign.
    /// @dev Emits {ProjectCancelled}. Both signed `Cancellation`. Reverts with
    /// - {BudgetVaultUnexpectedProjectStatus} unless the project is active;
    /// - {BudgetVaultDeadlinePassed} from `deadline` on;
    /// - {BudgetVaultAnchorNotLive} without a live anchor;
    /// - {BudgetVaultUnexpectedReturn} where another amount is pending than was agreed;
    /// - {BudgetVaultInvalidSignature} with the party that neither signed nor calls.
    /// @param returned Base units of the plan's asset: the sum of what is pending, and of nothing else.
    /// @param deadline First second in which the agreement no longer counts.
    function cancelProject(
        bytes32 project,
        uint256 returned,
        uint48 deadline,
        bytes calldata payeeSignature,
        bytes calldata anchorSignature
    ) external;

    /// @notice Payee and anchor put the plan's next version in the place of the one that runs: other terms of what is pending, more
    /// milestones, another anchor, another lease from here on. Anyone may relay where no more money is asked for; the one of them
    /// who calls need not sign. Proofs of the version before no longer count; what was proved by then stays payable.
    /// @dev Emits {ProjectAmended}. All signed `Amendment`. What more the pending milestones cost comes from the plan's pool, for
    /// which the caller needs what {commitProject} asks for; what less, goes to its reclaim account. Reverts with
    /// - {BudgetVaultUnexpectedProjectStatus} unless the project is active;
    /// - {BudgetVaultAnchorNotLive} unless the anchors, the one of before and the one from now on, are live;
    /// - {BudgetVaultLeaseLapsed} unless the lease runs, by the terms of before and by those from now on;
    /// - {BudgetVaultInvalidPlan} unless the version is the next one, and the plan keeps what is fixed (pool, reclaim account,
    ///   asset, payee, opener, team, oracle), every milestone that is no longer pending, and the rules of an opening for the rest;
    ///   and the errors of attestor sets that an opening has;
    /// - {BudgetVaultInvalidSignature} with the party that neither signed nor calls;
    /// - the errors of {commitProject} for a pool, and {BudgetVaultAssetNotAllowed}, where it costs more.
    /// @param plan The whole plan from now on. Its `project` is the id; `acceptBy` the first second in which it is too late.
    /// @param anchorSignature Of the anchor of the version that runs.
    /// @param newAnchorSignature Of the plan's anchor from now on; not looked at where it is the same.
    function amendProject(
        Plan calldata plan,
        bytes calldata payeeSignature,
        bytes calldata anchorSignature,
        bytes calldata newAnchorSignature
    ) external;

    /// @notice Makes several of the vault's calls in one transaction, in their order: all of them, or none. The usual one is to
    /// renew a lease and to release a milestone.
    /// @dev Reverts with the error of the first call that fails. Takes no value: a call that needs some is made alone.
    /// @param data Call data of each.
    /// @return results What each returned, encoded.
    function multicall(bytes[] calldata data) external returns (bytes[] memory results);
}
