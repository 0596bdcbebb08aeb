// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBudgetLedger} from "../../../../contracts/treasury/IBudgetLedger.sol";
import {IBudgetOffice} from "../../../../contracts/treasury/IBudgetOffice.sol";
import {IBudgetVault} from "../../../../contracts/treasury/IBudgetVault.sol";
import {IPaymentOffice} from "../../../../contracts/treasury/IPaymentOffice.sol";
import {SignedTypes} from "../../../../contracts/types/SignedTypes.sol";
import {Act, KnownMilestone} from "./SimulationBooks.sol";
import {SimulationLeases} from "./SimulationLeases.sol";

/// @dev What becomes of milestones one by one, from proof to payment.
abstract contract SimulationPayments is SimulationLeases {
    uint256 internal constant PAYMENT_ACTS = 51;

    function _actOnPayments(uint256 which) internal {
        if (which < 15) _release();
        else if (which < 26) _pay();
        else if (which < 30) _overturn();
        else if (which < 36) _coSign();
        else if (which < 39) _reclaimMilestone();
        else if (which < 43) _renewAndRelease();
        else if (which < 48) _releasePart();
        else _armAnew();
    }

    /// @return moved Whether money left for the payee or became its claim.
    function _tryPay(uint256 place, uint32 index) internal returns (bool moved) {
        (bool worked, bytes memory answer) = _try(Act.Pay, STRANGER, _payment(place, index));
        if (worked) {
            IBudgetLedger.PaymentOutcome outcome = abi.decode(answer, (IBudgetLedger.PaymentOutcome));
            moved = outcome != IBudgetLedger.PaymentOutcome.Held;
            _count(Act.Pass, moved);
            if (moved) _count(Act.Push, outcome == IBudgetLedger.PaymentOutcome.Paid);
        }
        _touch(place, false);
    }

    function _tryReclaimMilestone(uint256 place, uint32 index) internal {
        bytes32 id = _known[place].id;
        _try(Act.ReclaimMilestone, STRANGER, abi.encodeCall(IPaymentOffice.reclaimMilestone, (id, index)));
        _touch(place, false);
    }

    /// @dev By the signer itself, or by somebody who has its signature.
    function _tryCoSign(uint256 place, uint32 index, bytes32 proof, address signer, bool inPerson) internal {
        bytes32 id = _known[place].id;
        uint48 deadline = type(uint48).max;
        bytes memory signature = inPerson ? bytes("") : _approval(place, index, proof, deadline, signer);
        _try(
            Act.CoSign,
            inPerson ? signer : STRANGER,
            abi.encodeCall(IPaymentOffice.coSign, (id, index, proof, deadline, signer, signature))
        );
        _touch(place, false);
    }

    function _release() private {
        (uint256 place, uint32 index) = _pick(Wanted.Pending);
        (bytes memory data, bytes32 digest) = _proof(place, index);
        (bool worked, bytes memory answer) = _try(Act.Release, STRANGER, data);
        if (worked) {
            _known[place].milestones[index].held = digest;
            IBudgetLedger.PaymentOutcome outcome = abi.decode(answer, (IBudgetLedger.PaymentOutcome));
            bool moved = outcome != IBudgetLedger.PaymentOutcome.Held;
            if (moved) _count(Act.Push, outcome == IBudgetLedger.PaymentOutcome.Paid);
        }
        _touch(place, false);
    }

    /// @dev Of no more than was paid, and of the whole, as well.
    function _releasePart() private {
        (uint256 place, uint32 index) = _pick(Wanted.Pending);
        KnownMilestone storage milestone = _known[place].milestones[index];
        uint128 part = uint128(_below(uint256(milestone.amount) + 1));
        IBudgetLedger.ProofClaim memory proof = _proofClaim(place, index, "part");
        (bytes32 set, ) = _vault.provingAttestorSetFor(_vault.getMilestone(proof.project, index).attestorSet, 1);
        bytes32 digest = _partDigest(proof, set, part);
        uint256 seats = _liveSeats(set);
        bytes memory data = abi.encodeCall(
            IPaymentOffice.releasePart,
            (proof, part, seats, _signedBySeats(digest, set, seats))
        );
        (bool worked, bytes memory answer) = _try(Act.ReleasePart, STRANGER, data);
        if (worked) {
            IBudgetLedger.PaymentOutcome outcome = abi.decode(answer, (IBudgetLedger.PaymentOutcome));
            _count(Act.Push, outcome == IBudgetLedger.PaymentOutcome.Paid);
        }
        _touch(place, false);
    }

    function _pay() private {
        (uint256 place, uint32 index) = _pick(Wanted.Payable);
        _tryPay(place, index);
    }

    /// @dev By the anchor, by the opener, or by one who may not.
    function _overturn() private {
        (uint256 place, uint32 index) = _pick(Wanted.Challengeable);
        bytes32 id = _known[place].id;
        address by = _oneIn(2) ? address(this) : _vault.getProject(id).anchor;
        if (_oneIn(6)) by = STRANGER;
        _try(Act.Overturn, by, abi.encodeCall(IPaymentOffice.overturn, (id, index, "why")));
        _touch(place, false);
    }

    /// @dev Of what waits, mostly, or before the proof; by an anchor, or by one who is none or is paid by it.
    function _coSign() private {
        (uint256 place, uint32 index) = _pick(_oneIn(4) ? Wanted.Pending : Wanted.Payable);
        KnownMilestone storage milestone = _known[place].milestones[index];
        bytes32 proof = milestone.held;
        if (milestone.status != IBudgetLedger.MilestoneStatus.Proved)
            proof = _vault.proofDigest(_proofClaim(place, index, "evidence"));
        bool inPerson = _oneIn(2);
        address signer = _anchors[_below(ANCHORS)];
        if (inPerson && _oneIn(6)) signer = _oneIn(2) ? STRANGER : _payees[_known[place].payee];
        _tryCoSign(place, index, proof, signer, inPerson);
    }

    function _reclaimMilestone() private {
        (uint256 place, uint32 index) = _pick(Wanted.Late);
        _tryReclaimMilestone(place, index);
    }

    /// @dev Mostly of a project that nobody renewed with the latest report yet.
    function _renewAndRelease() private {
        (uint256 place, uint32 index) = _pick(Wanted.Pending);
        for (uint256 i = 0; i < 8 && _vault.getProject(_known[place].id).lastProvedReport == _latest; ++i)
            (place, index) = _pick(Wanted.Pending);
        bytes[] memory calls = new bytes[](2);
        bytes32 digest;
        calls[0] = _renewal(_known[place].id);
        (calls[1], digest) = _proof(place, index);
        (bool worked, ) = _try(Act.Multicall, STRANGER, abi.encodeCall(IBudgetOffice.multicall, (calls)));
        if (worked) _known[place].milestones[index].held = digest;
        _touch(place, false);
    }

    /// @dev With a call that anyone may make, and that would move money if it were made now.
    function _armAnew() private {
        bytes memory payload;
        uint256 chance = _below(4);
        if (chance == 0) {
            (uint256 place, uint32 index) = _pick(Wanted.Payable);
            payload = _payment(place, index);
        } else if (chance == 1) {
            (uint256 place, uint32 index) = _pick(Wanted.Pending);
            (payload, ) = _proof(place, index);
        } else if (chance == 2) {
            (uint256 place, uint32 index) = _pick(Wanted.Late);
            payload = abi.encodeCall(IPaymentOffice.reclaimMilestone, (_known[place].id, index));
        } else {
            bytes32[] memory ids = new bytes32[](1);
            ids[0] = _known[_pick()].id;
            payload = abi.encodeCall(IBudgetVault.reclaimBatch, (ids));
        }
        _arm(payload, _oneIn(2));
    }

    function _payment(uint256 place, uint32 index) private view returns (bytes memory) {
        return abi.encodeCall(IPaymentOffice.pay, (_known[place].id, index));
    }

    /// @dev Mostly signed by everybody who is live in the version that proves, mostly the same proof again.
    function _proof(uint256 place, uint32 index) private returns (bytes memory data, bytes32 digest) {
        IBudgetLedger.ProofClaim memory proof = _proofClaim(
            place,
            index,
            _oneIn(2) ? bytes32(_random()) : bytes32("evidence")
        );
        digest = _vault.proofDigest(proof);
        bytes32 named = _vault.getMilestone(proof.project, index).attestorSet;
        (bytes32 set, ) = _vault.provingAttestorSetFor(named, 1);
        uint256 seats = _oneIn(10) ? 1 + _below((uint256(1) << SEATS) - 1) : _liveSeats(set);
        data = abi.encodeCall(IBudgetVault.release, (proof, seats, _signedBySeats(digest, set, seats)));
    }

    function _proofClaim(
        uint256 place,
        uint32 index,
        bytes32 evidence
    ) private view returns (IBudgetLedger.ProofClaim memory) {
        return IBudgetLedger.ProofClaim(_known[place].id, index, evidence, type(uint48).max);
    }

    /// @dev What attestors of `set` sign for what is due so far.
    function _partDigest(
        IBudgetLedger.ProofClaim memory proof,
        bytes32 set,
        uint128 part
    ) private view returns (bytes32) {
        IBudgetLedger.Project memory project = _vault.getProject(proof.project);
        return
            _typedDigest(
                keccak256(
                    abi.encode(
                        SignedTypes.MILESTONE_PROOF_TYPEHASH,
                        proof.project,
                        project.planVersion,
                        proof.milestone,
                        project.payee,
                        project.asset,
                        part,
                        proof.evidence,
                        set,
                        1,
                        proof.deadline
                    )
                )
            );
    }

    /// @dev What a co-signing anchor signs where somebody else sends it.
    function _approval(
        uint256 place,
        uint32 index,
        bytes32 proof,
        uint48 deadline,
        address signer
    ) private view returns (bytes memory) {
        bytes32 digest = _typedDigest(
            keccak256(
                abi.encode(
                    SignedTypes.PAYMENT_APPROVAL_TYPEHASH,
                    _known[place].id,
                    index,
                    _payees[_known[place].payee],
                    _assets[_known[place].asset],
                    _known[place].milestones[index].amount,
                    proof,
                    deadline
                )
            )
        );
        return _signedByAnchor(signer, digest);
    }
}
