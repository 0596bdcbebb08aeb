// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBudgetLedger} from "./IBudgetLedger.sol";

/// @title BudgetOffice: the vault's functions that are called once for a pool, a plan or a claim
/// @notice Call them at the vault. They stand in a contract of their own because a contract's code has a limit; the vault
/// lends it its storage for the length of the call (see docs/adr/0015-cold-paths-in-an-office.md).
interface IBudgetOffice is IBudgetLedger {
    /// @notice The office was called at its own address, where no money is: call the vault.
    error BudgetOfficeNotVault(address office);

    function allowAsset(address asset, bool allowed) external;

    /// @notice Opens an account. Its id is `keccak256(abi.encode(chainid, vault, name))`. Where `steward` is not zero, only it
    /// may open projects from this pool.
    function openPool(bytes32 name, address steward, address anchor) external returns (bytes32 pool);

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

    /// @notice Co-signs the payment of a milestone, before or after its proof was accepted: the caller, or `signer` by its EIP-712
    /// `PaymentApproval`. Who signs is live and not the payee, and the anchor of a team up the path of the plan's team; the plan's anchor or
    /// the root's, where the plan names no team that there is.
    /// @param proof Digest of the milestone proof, see {IBudgetVault-proofDigest}; a co-signature holds for no other one.
    /// @param deadline First second in which the co-signature can no longer be given.
    function coSign(
        bytes32 project,
        uint32 milestone,
        bytes32 proof,
        uint48 deadline,
        address signer,
        bytes calldata signature
    ) external;

    /// @notice The plan's live anchor pays a lease through `leaseReports` more reports than the latest, also where it ran out and
    /// nobody reclaimed yet.
    /// @param reason Hash of why.
    function extendLease(bytes32 project, bytes32 reason) external returns (uint32 paidThrough);

    /// @notice Restricted, as the next two, to the circuit breaker (`BREAKER_ROLE`).
    function tripAsset(address asset, bytes32 cause, address by) external;

    function resetAsset(address asset, bytes32 cause, address by) external;

    function setLimits(Limits calldata limits) external;

    /// @notice The caller sends its claims in `asset` to an address that can receive them.
    function claim(address asset, address to) external returns (uint256 amount);
}
