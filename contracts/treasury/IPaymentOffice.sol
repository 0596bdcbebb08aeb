// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBudgetLedger} from "./IBudgetLedger.sol";

/// @title PaymentOffice: the vault's functions for payments that wait, for parts of milestones, and for what people decide
/// @notice Call them at the vault (see docs/adr/0015-cold-paths-in-an-office.md).
interface IPaymentOffice is IBudgetLedger {
    /// @notice Accepts the proof of a part of a milestone that has no challenge window, and pays what of it was not paid yet. The
    /// milestone stays pending, with the rest: another part, or {IBudgetVault-release}, follows. Anyone may relay.
    /// @dev Emits {MilestonePaid}, and {ClaimCredited} where the payee took no transfer. Attestors sign the same `MilestoneProof` as for the
    /// whole, with the part as its amount. Reverts with
    /// - {BudgetVaultZeroAmount} without a part, {BudgetVaultInvalidPart} unless it is more than was paid and less than the whole;
    /// - {BudgetVaultPartWouldWait} where the milestone has a challenge window, and {BudgetVaultCoSignatureRequired} where the breaker
    ///   holds the payment and nobody co-signed it: nothing is recorded, and the same proof can be relayed later;
    /// - what {IBudgetVault-release} reverts with.
    /// @param part What is due of the milestone so far, in base units: cumulative, so that a proof can never be paid twice.
    /// @param attestors Bitmap of the seats that signed; `signatures` in ascending seat order.
    function releasePart(
        ProofClaim calldata claim_,
        uint128 part,
        uint256 attestors,
        bytes[] calldata signatures
    ) external returns (PaymentOutcome outcome);

    /// @notice Pays a proved milestone after its challenge window, without the parts of it that were paid. Anyone may call.
    function pay(bytes32 project, uint32 milestone) external returns (PaymentOutcome outcome);

    /// @notice The project's anchor, or its opener, overturns a proof within its challenge window. The milestone is pending again,
    /// or its money goes to the plan's reclaim account where the project ended meanwhile.
    /// @dev Emits {MilestoneOverturned}. Reverts with
    /// - {BudgetVaultUnexpectedProjectStatus} for a project that never ran;
    /// - {BudgetVaultNotAnchorOrOpener} for any other caller, and {BudgetVaultAnchorNotLive} for an anchor that lapsed;
    /// - {BudgetVaultEvidenceMissing} without evidence;
    /// - {BudgetVaultUnexpectedMilestoneStatus} unless it is proved;
    /// - {BudgetVaultChallengeWindowClosed} once it can be paid;
    /// - {BudgetVaultGasTooLow} where the team's tier could not be lowered.
    /// @param evidence Content hash of what speaks against the proof.
    function overturn(bytes32 project, uint32 milestone, bytes32 evidence) external;

    /// @notice Takes back one pending milestone, without the parts of it that were paid, of an active project whose deadline passed. Anyone may call.
    function reclaimMilestone(bytes32 project, uint32 milestone) external returns (uint256 amount);

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

    /// @notice Restricted, as the next three, to the circuit breaker (`BREAKER_ROLE`).
    function tripAsset(address asset, bytes32 cause, address by) external;

    function resetAsset(address asset, bytes32 cause, address by) external;

    /// @notice While money of the asset is missing, each payee may take `share` of its claim, once for each ruling; the rest stays its claim. One
    /// ruling for each trip of the asset, and in it.
    /// @dev Emits {ISafetyLedger-ShortfallRuled}. Reverts with {ISafetyLedger-BudgetVaultNotTripped} out of a trip, with
    /// {ISafetyLedger-BudgetVaultAlreadyRuled} for a second ruling in it, and with {ISafetyLedger-BudgetVaultInvalidRuling} for a share of nothing, or of more than
    /// the vault has of what it owes.
    function ruleShortfall(address asset, uint64 share, bytes32 cause, address by) external;

    function setLimits(Limits calldata limits) external;
}
