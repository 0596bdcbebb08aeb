// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SignedTypes} from "../types/SignedTypes.sol";
import {IBudgetLedger} from "./IBudgetLedger.sol";
import {PlanTerms} from "./PlanTerms.sol";

/// @title PlanHash: EIP-712 struct hashes of the vault's messages
library PlanHash {
    /// @dev `plan` was decoded from call data; its members lie in memory as EIP-712 encodes them.
    function ofPlan(IBudgetLedger.Plan memory plan) internal pure returns (bytes32) {
        bytes32[] memory milestones = new bytes32[](plan.milestones.length);
        for (uint256 i = 0; i < milestones.length; ++i) {
            milestones[i] = keccak256(abi.encode(SignedTypes.MILESTONE_TYPEHASH, plan.milestones[i]));
        }
        bytes memory members = new bytes(PlanTerms.PLAN_BYTES);
        uint256 length = PlanTerms.PLAN_BYTES;
        assembly ("memory-safe") {
            mcopy(add(members, 0x20), plan, length)
        }
        bytes32 milestonesHash = keccak256(abi.encodePacked(milestones));
        return keccak256(bytes.concat(SignedTypes.PLAN_TYPEHASH, members, milestonesHash));
    }

    /// @dev `PayeeAcceptance` and `AnchorAcceptance` differ in their type alone.
    function ofAcceptance(
        bytes32 typeHash,
        bytes32 project,
        IBudgetLedger.Plan memory plan,
        address party,
        uint256 total
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(typeHash, project, plan.version, party, plan.asset, total));
    }

    function ofMilestoneProof(
        IBudgetLedger.ProofClaim calldata claim_,
        IBudgetLedger.Plan memory plan,
        IBudgetLedger.Milestone memory milestone
    ) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    SignedTypes.MILESTONE_PROOF_TYPEHASH,
                    claim_.project,
                    plan.version,
                    claim_.milestone,
                    plan.payee,
                    plan.asset,
                    milestone.amount,
                    claim_.evidence,
                    milestone.attestorSet,
                    milestone.attestorSetVersion,
                    claim_.deadline
                )
            );
    }

    /// @param proof Digest of the milestone's proof.
    function ofPaymentApproval(
        bytes32 project,
        uint32 milestone,
        IBudgetLedger.Plan memory plan,
        IBudgetLedger.Milestone memory terms,
        bytes32 proof,
        uint48 deadline
    ) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    SignedTypes.PAYMENT_APPROVAL_TYPEHASH,
                    project,
                    milestone,
                    plan.payee,
                    plan.asset,
                    terms.amount,
                    proof,
                    deadline
                )
            );
    }

    /// @param returned What is pending when the project is cancelled.
    function ofCancellation(
        bytes32 project,
        IBudgetLedger.Plan memory plan,
        uint256 returned,
        uint48 deadline
    ) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    SignedTypes.CANCELLATION_TYPEHASH,
                    project,
                    plan.version,
                    plan.payee,
                    plan.anchor,
                    plan.asset,
                    returned,
                    deadline
                )
            );
    }

    /// @param planHash Digest of the amended plan, as {IBudgetLedger-planId} gives it.
    /// @param total Of all its milestones.
    function ofAmendment(
        IBudgetLedger.Plan calldata plan,
        bytes32 planHash,
        uint256 total
    ) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    SignedTypes.AMENDMENT_TYPEHASH,
                    plan.project,
                    plan.version,
                    planHash,
                    plan.payee,
                    plan.anchor,
                    plan.asset,
                    total
                )
            );
    }
}
