// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHeartbeatOracle} from "../oracle/IHeartbeatOracle.sol";
import {ReportIndex, Timestamp, currentTime} from "../types/Time.sol";
import {ITeams} from "../policy/ITeams.sol";
import {AssetBooks} from "./AssetBooks.sol";
import {AttestorHeader} from "./AttestorTable.sol";
import {IBudgetVault} from "./IBudgetVault.sol";
import {Leases} from "./Leases.sol";
import {PlanHash} from "./PlanHash.sol";
import {PlanTerms} from "./PlanTerms.sol";
import {ProjectState} from "./ProjectState.sol";
import {Ratchet} from "./Ratchet.sol";

/// @title Milestones: one money machine from proof to payment
/// @dev Design:
/// - Quorum, lease and deadlines are checked once, when the proof is accepted. Proved is an entitlement.
/// - The status is written before money moves, and is what makes a proof work once; an overturned proof is remembered,
/// because its milestone is Pending again.
/// - Payment waits for challenge window, breaker and, where the plan asks for one, a co-signature; none of them blocks a proof.
/// - Nothing here asks the authority, but an anchor's overturn, which needs that it is live.
abstract contract Milestones is Leases {
    /// @dev Written only where a payment has to wait.
    /// @param tripped Its payment tripped the asset already: it does so once.
    struct HeldProof {
        bytes32 digest;
        uint48 payableFrom;
        bool tripped;
    }

    ITeams internal immutable TEAMS;

    mapping(bytes32 project => mapping(uint256 milestone => HeldProof)) private _held;
    mapping(bytes32 digest => bool) private _overturned;

    constructor(address teams) {
        TEAMS = ITeams(teams);
    }

    /// @inheritdoc IBudgetVault
    function release(
        ProofClaim calldata claim_,
        uint256 attestors,
        bytes[] calldata signatures
    ) external nonReentrant returns (PaymentOutcome outcome) {
        // Check
        (bytes32 project, uint32 index) = (claim_.project, claim_.milestone);
        ProjectState state = _requireOpened(project);
        Plan memory plan = PlanTerms.read(state.termsOf());
        _requireMilestone(project, state, index, MilestoneStatus.Pending);
        Milestone memory milestone = PlanTerms.readMilestone(state.termsOf(), index);
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
        bytes32 digest = _hashTypedDataV4(PlanHash.ofMilestoneProof(claim_, plan, milestone));
        _requireQuorum(milestone.attestorSet, milestone.attestorSetVersion, set, digest, attestors, signatures);

        // Effect, Interaction
        uint48 payableFrom = uint48(block.timestamp + milestone.challengeWindow); // safe: at most 30 days from now
        _record(
            MilestoneProved.selector,
            project,
            bytes32(uint256(index)),
            abi.encode(claim_.evidence, attestors, payableFrom, digest, plan.anchor)
        );
        Passage passage = Passage.Held;
        if (milestone.challengeWindow == 0) {
            AssetBooks books;
            (passage, books) = _passPayment(project, plan, index, milestone, digest, managedUntil);
            if (passage == Passage.Free) return _pay(project, state, plan, index, milestone.amount, digest, books);
        }
        if (_overturned[digest]) revert BudgetVaultProofOverturned(project, index, digest);
        bool trips = passage == Passage.Trips;
        _held[project][index] = HeldProof({digest: digest, payableFrom: payableFrom, tripped: trips});
        _projects[project] = _withMilestone(state, index, MilestoneStatus.Proved);
        if (trips) _tripPayment(plan, milestone.amount, digest);
        return PaymentOutcome.Held;
    }

    /// @inheritdoc IBudgetVault
    function pay(bytes32 project, uint32 milestone) external nonReentrant returns (PaymentOutcome outcome) {
        // Check
        ProjectState state = _requireOpened(project);
        Plan memory plan = PlanTerms.read(state.termsOf());
        _requireMilestone(project, state, milestone, MilestoneStatus.Proved);
        HeldProof memory held = _held[project][milestone];
        uint48 nowTime = uint48(block.timestamp); // safe: 48 bits of seconds last nine million years
        if (nowTime < held.payableFrom) {
            revert BudgetVaultChallengeWindowOpen(project, milestone, held.payableFrom, nowTime);
        }

        Milestone memory terms = PlanTerms.readMilestone(state.termsOf(), milestone);
        (Passage passage, AssetBooks books) = _passPayment(
            project,
            plan,
            milestone,
            terms,
            held.digest,
            _managedUntil(plan.oracle)
        );
        // Once: else one payment above the limit would be a switch in everybody's hand.
        if (passage == Passage.Held || (passage == Passage.Trips && held.tripped))
            revert BudgetVaultCoSignatureRequired(project, milestone, held.digest);

        // Effect, Interaction
        if (passage == Passage.Free) return _pay(project, state, plan, milestone, terms.amount, held.digest, books);
        _held[project][milestone].tripped = true;
        _tripPayment(plan, terms.amount, held.digest);
        return PaymentOutcome.Held;
    }

    /// @inheritdoc IBudgetVault
    function overturn(bytes32 project, uint32 milestone, bytes32 evidence) external nonReentrant {
        // Check
        ProjectState state = _requireOpened(project);
        Plan memory plan = PlanTerms.read(state.termsOf());
        _requireMayOverturn(project, plan);
        if (evidence == 0) revert BudgetVaultEvidenceMissing(project, milestone);
        _requireMilestone(project, state, milestone, MilestoneStatus.Proved);
        HeldProof memory held = _held[project][milestone];
        uint48 nowTime = uint48(block.timestamp); // safe: 48 bits of seconds last nine million years
        if (nowTime >= held.payableFrom) {
            revert BudgetVaultChallengeWindowClosed(project, milestone, held.payableFrom, nowTime);
        }

        // Effect
        _overturned[held.digest] = true;
        _projects[project] = _withMilestone(state, milestone, MilestoneStatus.Pending);
        _record(
            MilestoneOverturned.selector,
            project,
            bytes32(uint256(milestone)),
            _word(msg.sender),
            abi.encode(evidence, plan.anchor)
        );
        // Where the project was reclaimed or cancelled meanwhile, nothing else could ever move this money again.
        if (!state.isIn(ProjectStatus.Active)) _takeBack(project, state, plan, milestone, held.digest);

        // Interaction
        Ratchet.lower(TEAMS, plan.team, ITeams.Trigger.AttestationOverturned, held.digest);
    }

    /// @inheritdoc IBudgetVault
    function reclaimMilestone(bytes32 project, uint32 milestone) external nonReentrant returns (uint256 amount) {
        // Check
        ProjectState state = _requireProject(project, ProjectStatus.Active);
        Plan memory plan = PlanTerms.read(state.termsOf());
        _requireMilestone(project, state, milestone, MilestoneStatus.Pending);
        Milestone memory found = PlanTerms.readMilestone(state.termsOf(), milestone);
        if (block.timestamp < found.deadline) {
            revert BudgetVaultDeadlineNotPassed(found.deadline, uint48(block.timestamp)); // safe: 48 bits
        }
        _requireReachableQuorum(found.attestorSet, found.attestorSetVersion);

        // Effect
        return _takeBack(project, state, plan, milestone, bytes32(uint256(found.deadline)));
    }

    /// @inheritdoc IBudgetVault
    function getMilestone(bytes32 project, uint32 milestone) external view returns (MilestoneState memory found) {
        ProjectState state = _projects[project];
        found.status = _milestoneStatus(state, milestone);
        if (found.status == MilestoneStatus.None) return found;
        Milestone memory terms = PlanTerms.readMilestone(state.termsOf(), milestone);
        found.amount = terms.amount;
        found.deadline = terms.deadline;
        found.challengeWindow = terms.challengeWindow;
        found.attestorSet = terms.attestorSet;
        found.attestorSetVersion = terms.attestorSetVersion;
        found.coSignature = terms.coSignature;
        if (found.status == MilestoneStatus.Proved) found.payableFrom = _held[project][milestone].payableFrom;
    }

    /// @inheritdoc IBudgetVault
    function proofDigest(ProofClaim calldata claim_) external view returns (bytes32) {
        ProjectState state = _projects[claim_.project];
        if (_milestoneStatus(state, claim_.milestone) == MilestoneStatus.None) {
            revert BudgetVaultUnexpectedMilestoneStatus(
                claim_.project,
                claim_.milestone,
                MilestoneStatus.None,
                MilestoneStatus.Pending
            );
        }
        Milestone memory milestone = PlanTerms.readMilestone(state.termsOf(), claim_.milestone);
        _nameProving(milestone);
        return _hashTypedDataV4(PlanHash.ofMilestoneProof(claim_, PlanTerms.read(state.termsOf()), milestone));
    }

    /// @dev Puts the set that proves in the place of the one that the plan names: a proof states who signed it.
    function _nameProving(Milestone memory milestone) private view returns (AttestorHeader memory set) {
        (milestone.attestorSet, milestone.attestorSetVersion, set) = _proving(
            milestone.attestorSet,
            milestone.attestorSetVersion
        );
    }

    /// @dev None beyond the plan's milestones, and where there is no plan.
    function _milestoneStatus(ProjectState state, uint32 milestone) private pure returns (MilestoneStatus) {
        return milestone < state.countOf() ? state.milestonesOf().statusOf(milestone) : MilestoneStatus.None;
    }

    /// @dev A project that was active once: its milestones have a status that means something.
    function _requireOpened(bytes32 project) private view returns (ProjectState state) {
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
    ) private pure {
        MilestoneStatus status = _milestoneStatus(state, milestone);
        if (status != required) {
            revert BudgetVaultUnexpectedMilestoneStatus(project, milestone, status, required);
        }
    }

    /// @dev The anchor while it is live; and the opener, who answers for the money that the plan commits, and needs no anchor to
    /// be there: a fraud can be stopped while the anchor's seat is empty.
    function _requireMayOverturn(bytes32 project, Plan memory plan) private view {
        if (msg.sender == plan.opener) return;
        if (msg.sender != plan.anchor) {
            revert BudgetVaultNotAnchorOrOpener(project, msg.sender, plan.anchor, plan.opener);
        }
        _requireLiveAnchor(plan.anchor);
    }

    function _requireBefore(uint48 deadline) private view {
        if (block.timestamp >= deadline) {
            revert BudgetVaultDeadlinePassed(deadline, uint48(block.timestamp)); // safe: 48 bits
        }
    }

    /// @dev A co-signature is asked for last: a payment that needs none costs no read of it. What passes by a co-signature alone is not
    /// counted against the limit, which is there for what nobody looked at.
    /// @return books The asset's as they become, but for the money that leaves.
    function _passPayment(
        bytes32 project,
        Plan memory plan,
        uint32 index,
        Milestone memory milestone,
        bytes32 digest,
        Timestamp managedUntil
    ) private view returns (Passage, AssetBooks books) {
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
    function _tripPayment(Plan memory plan, uint256 amount, bytes32 digest) private {
        bool isBeyond = amount > _withOutflowWindow(_assets[plan.asset]).limitOf();
        _trip(plan.asset, digest, plan.anchor);
        if (isBeyond) Ratchet.lower(TEAMS, plan.team, ITeams.Trigger.BreakerTripped, digest);
    }

    function _pay(
        bytes32 project,
        ProjectState state,
        Plan memory plan,
        uint32 milestone,
        uint256 amount,
        bytes32 digest,
        AssetBooks books
    ) private returns (PaymentOutcome outcome) {
        _settle(project, state, milestone, MilestoneStatus.Paid);
        outcome = _sendOrOwe(plan.asset, plan.payee, amount, books);
        _record(
            MilestonePaid.selector,
            project,
            bytes32(uint256(milestone)),
            _word(plan.payee),
            abi.encode(plan.asset, amount, outcome, digest, plan.anchor)
        );
    }

    function _takeBack(
        bytes32 project,
        ProjectState state,
        Plan memory plan,
        uint32 milestone,
        bytes32 cause
    ) private returns (uint256 amount) {
        _settle(project, state, milestone, MilestoneStatus.Reclaimed);
        amount = PlanTerms.readMilestone(state.termsOf(), milestone).amount;
        _addToPool(plan.reclaimTo, plan.asset, amount);
        _record(
            MilestoneReclaimed.selector,
            project,
            bytes32(uint256(milestone)),
            abi.encode(amount, cause, plan.anchor)
        );
    }

    /// @dev An oracle that does not answer any more keeps nobody's co-signed payment: people manage what it would have decided.
    function _managedUntil(IHeartbeatOracle oracle) private view returns (Timestamp) {
        try oracle.latest() returns (ReportIndex, Timestamp, Timestamp managedUntil) {
            return managedUntil;
        } catch {
            return Timestamp.wrap(type(uint48).max);
        }
    }

    function _settle(bytes32 project, ProjectState state, uint32 milestone, MilestoneStatus status) private {
        state = _withMilestone(state, milestone, status);
        bool isLast = state.milestonesOf().isSettled(state.countOf());
        if (isLast && state.statusOf() == ProjectStatus.Active) state = state.withStatus(ProjectStatus.Closed);
        _projects[project] = state;
    }

    function _withMilestone(
        ProjectState state,
        uint32 milestone,
        MilestoneStatus status
    ) private pure returns (ProjectState) {
        return state.withMilestones(state.milestonesOf().withStatus(milestone, status));
    }
}
