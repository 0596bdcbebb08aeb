// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITeams} from "../policy/ITeams.sol";
import {ReportIndex, Timestamp, currentTime} from "../types/Time.sol";
import {AssetBooks} from "./AssetBooks.sol";
import {AttestorQuorum} from "./AttestorQuorum.sol";
import {AttestorHeader} from "./AttestorTable.sol";
import {PlanHash} from "./PlanHash.sol";
import {PlanTerms} from "./PlanTerms.sol";
import {Projects} from "./Projects.sol";
import {ProjectState} from "./ProjectState.sol";
import {Ratchet} from "./Ratchet.sol";

/// @title Payments: one money machine from proof to payment, for the vault and for its payment office
/// @dev Design:
/// - Quorum, lease and deadlines are checked once, when the proof is accepted. Proved is an entitlement.
/// - A proof states a cumulative amount: all of the milestone, or a part. What was paid before is not paid again.
/// - A part is paid at once, or not accepted, and its milestone stays Pending with the rest: a part that waited would stand in the way
/// of the proof of the whole, past its deadline.
/// - The status is written before money moves, and with the part that was paid is what makes a proof work once; an overturned
/// proof is remembered, because its milestone is Pending again.
/// - Payment waits for challenge window, breaker and, where the plan asks for one, a co-signature; none of them blocks the proof of a
/// whole milestone.
/// - Nothing here asks the authority, but an anchor's overturn, which needs that it is live.
abstract contract Payments is Projects, AttestorQuorum {
    /// @dev Written only where a payment has to wait.
    /// @param tripped Its payment tripped the asset already: it does so once.
    struct HeldProof {
        bytes32 digest;
        uint48 payableFrom;
        bool tripped;
    }

    /// @dev By which a milestone is paid. Evidence and attestors are zero where they are on record already.
    struct Proof {
        bytes32 digest;
        bytes32 evidence;
        uint256 attestors;
    }

    mapping(bytes32 project => mapping(uint256 milestone => HeldProof)) internal _held;
    mapping(bytes32 digest => bool) internal _overturned;

    /// @dev The contract that learns of overturned proofs.
    function _teams() internal view virtual returns (ITeams);

    /// @param part What the proof states is due of the milestone so far; 0 is all of it.
    function _release(
        ProofClaim calldata claim_,
        uint128 part,
        uint256 attestors,
        bytes[] calldata signatures
    ) internal returns (PaymentOutcome outcome) {
        // Check
        (bytes32 project, uint32 index) = (claim_.project, claim_.milestone);
        ProjectState state = _requireOpened(project);
        _requireMilestone(project, state, index, MilestoneStatus.Pending);
        address terms = PlanTerms.locate(state);
        Plan memory plan = PlanTerms.read(terms);
        Milestone memory milestone = PlanTerms.readMilestone(terms, index);
        _requireBefore(milestone.deadline);
        _requireBefore(claim_.deadline);
        Timestamp managedUntil;
        {
            ReportIndex latest;
            Timestamp acceptedAt;
            (latest, acceptedAt, managedUntil) = plan.oracle.latest();
            _requireRunning(project, state.paidThroughOf(), latest, acceptedAt, plan.renewalWindow);
        }
        AttestorHeader memory set = _nameProving(milestone);
        uint128 paid = _partPaidOf(project, state, index);
        if (part != 0) {
            if (part <= paid || part >= milestone.amount) {
                revert BudgetVaultInvalidPart(project, index, part, paid, milestone.amount);
            }
            if (milestone.challengeWindow != 0) revert BudgetVaultPartWouldWait(project, index);
            milestone.amount = part;
        }
        bytes32 digest = _hashTypedDataV4(PlanHash.ofMilestoneProof(claim_, plan, milestone));
        _requireQuorum(milestone.attestorSet, milestone.attestorSetVersion, set, digest, attestors, signatures);

        // Effect, Interaction
        milestone.amount -= paid;
        Passage passage = Passage.Held;
        if (milestone.challengeWindow == 0) {
            AssetBooks books;
            (passage, books) = _passPayment(project, plan, index, milestone, digest, managedUntil);
            if (passage == Passage.Free) {
                Proof memory proof = Proof({digest: digest, evidence: claim_.evidence, attestors: attestors});
                return _pay(project, state, plan, index, milestone.amount, part, proof, books);
            }
            if (part != 0) revert BudgetVaultCoSignatureRequired(project, index, digest);
        }
        if (_overturned[digest]) revert BudgetVaultProofOverturned(project, index, digest);
        uint48 payableFrom = uint48(block.timestamp + milestone.challengeWindow); // safe: at most 30 days from now
        bool trips = passage == Passage.Trips;
        _held[project][index] = HeldProof({digest: digest, payableFrom: payableFrom, tripped: trips});
        _projects[project] = _withMilestone(state, index, MilestoneStatus.Proved);
        _record(
            MilestoneProved.selector,
            project,
            bytes32(uint256(index)),
            abi.encode(claim_.evidence, attestors, payableFrom, digest, plan.anchor)
        );
        if (trips) _tripPayment(plan, milestone.amount, digest);
        return PaymentOutcome.Held;
    }

    /// @dev Puts the set that proves in the place of the one that the plan names: a proof states who signed it.
    function _nameProving(Milestone memory milestone) internal view returns (AttestorHeader memory set) {
        (milestone.attestorSet, milestone.attestorSetVersion, set) = _proving(
            milestone.attestorSet,
            milestone.attestorSetVersion
        );
    }

    /// @dev None beyond the plan's milestones, and where there is no plan.
    function _milestoneStatus(ProjectState state, uint32 milestone) internal pure returns (MilestoneStatus) {
        return milestone < state.countOf() ? state.milestonesOf().statusOf(milestone) : MilestoneStatus.None;
    }

    /// @dev A project that was active once: its milestones have a status that means something.
    function _requireOpened(bytes32 project) internal view returns (ProjectState state) {
        state = _projects[project];
        if (state.paidThroughOf() == ReportIndex.wrap(0)) {
            revert BudgetVaultUnexpectedProjectStatus(project, _statusOf(state), ProjectStatus.Active);
        }
    }

    function _requireMilestone(
        bytes32 project,
        ProjectState state,
        uint32 milestone,
        MilestoneStatus required
    ) internal pure {
        MilestoneStatus status = _milestoneStatus(state, milestone);
        if (status != required) {
            revert BudgetVaultUnexpectedMilestoneStatus(project, milestone, status, required);
        }
    }

    /// @dev A co-signature is asked for last: a payment that needs none costs no read of it. What passes by a co-signature alone is not
    /// counted against the limit, which is there for what nobody looked at.
    /// @param milestone With the amount that is paid now.
    /// @return books The asset's as they become, but for the money that leaves.
    function _passPayment(
        bytes32 project,
        Plan memory plan,
        uint32 index,
        Milestone memory milestone,
        bytes32 digest,
        Timestamp managedUntil
    ) internal view returns (Passage, AssetBooks books) {
        books = _assets[plan.asset];
        bool isManaged = milestone.coSignature || currentTime() < managedUntil || books.isTripped(block.timestamp);
        if (!isManaged) {
            (bool fits, AssetBooks counted) = _measureOutflow(books, milestone.amount);
            if (fits) return (Passage.Free, counted);
        }
        if (_coSigned[project][index][digest]) return (Passage.Free, books);
        return (isManaged ? Passage.Held : Passage.Trips, books);
    }

    /// @dev The team answers for a payment that is beyond the limit by itself, not for a bucket that others filled.
    function _tripPayment(Plan memory plan, uint256 amount, bytes32 digest) internal {
        bool isBeyond = amount > _withOutflowWindow(_assets[plan.asset]).limitOf();
        _trip(plan.asset, digest, plan.anchor);
        if (isBeyond) Ratchet.lower(_teams(), plan.team, ITeams.Trigger.BreakerTripped, digest);
    }

    /// @param amount Paid now.
    /// @param part Paid of the milestone from then on, cumulative; 0 where that is all of it, and where it is a part the milestone is
    /// Pending.
    function _pay(
        bytes32 project,
        ProjectState state,
        Plan memory plan,
        uint32 milestone,
        uint256 amount,
        uint128 part,
        Proof memory proof,
        AssetBooks books
    ) internal returns (PaymentOutcome outcome) {
        if (part == 0) {
            _settle(project, state, milestone, MilestoneStatus.Paid);
        } else {
            _partsPaid[project][milestone] = part;
            _projects[project] = state.withParts();
        }
        _leaveEnclave(state, plan, amount);
        _record(
            MilestonePaid.selector,
            project,
            bytes32(uint256(milestone)),
            _word(plan.payee),
            abi.encode(plan.asset, amount, proof.evidence, proof.attestors, proof.digest, plan.anchor)
        );
        outcome = _sendOrOwe(plan.asset, plan.payee, amount, books);
        if (outcome != PaymentOutcome.Claimable) return outcome;
        _record(
            ClaimCredited.selector,
            project,
            bytes32(uint256(milestone)),
            _word(plan.payee),
            abi.encode(plan.asset, amount, proof.digest, plan.anchor)
        );
    }

    function _settle(bytes32 project, ProjectState state, uint32 milestone, MilestoneStatus status) internal {
        state = _withMilestone(state, milestone, status);
        bool isLast = state.milestonesOf().isSettled(state.countOf());
        if (isLast && state.statusOf() == ProjectStatus.Active) state = state.withStatus(ProjectStatus.Closed);
        _projects[project] = state;
    }

    function _withMilestone(
        ProjectState state,
        uint32 milestone,
        MilestoneStatus status
    ) internal pure returns (ProjectState) {
        return state.withMilestones(state.milestonesOf().withStatus(milestone, status));
    }
}
