// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {IHeartbeatOracle} from "../oracle/IHeartbeatOracle.sol";
import {ITeams} from "../policy/ITeams.sol";
import {SignedTypes} from "../types/SignedTypes.sol";
import {ReportIndex, Timestamp} from "../types/Time.sol";
import {AssetBooks} from "./AssetBooks.sol";
import {IBudgetVault} from "./IBudgetVault.sol";
import {IPaymentOffice} from "./IPaymentOffice.sol";
import {Payments} from "./Payments.sol";
import {PlanTerms} from "./PlanTerms.sol";
import {ProjectState} from "./ProjectState.sol";
import {Ratchet} from "./Ratchet.sol";
import {SafetyOffice} from "./SafetyOffice.sol";

/// @title PaymentOffice: payments that wait, parts of milestones, and what people do where neither goes by itself
/// @dev Run by the vault on its own storage, as {BudgetOffice} is and says. Both inherit {Projects} and then {Payments}, in whose
/// order their state stands.
contract PaymentOffice is Payments, SafetyOffice {
    constructor(
        address authority_
    ) AccessManaged(authority_) EIP712(SignedTypes.BUDGET_VAULT_DOMAIN, SignedTypes.BUDGET_VAULT_VERSION) {}

    /// @inheritdoc IPaymentOffice
    function releasePart(
        ProofClaim calldata claim_,
        uint128 part,
        uint256 attestors,
        bytes[] calldata signatures
    ) external onlyForVault nonReentrant returns (PaymentOutcome outcome) {
        if (part == 0) revert BudgetVaultZeroAmount();
        return _release(claim_, part, attestors, signatures);
    }

    /// @inheritdoc IPaymentOffice
    function pay(
        bytes32 project,
        uint32 milestone
    ) external onlyForVault nonReentrant returns (PaymentOutcome outcome) {
        // Check
        ProjectState state = _requireOpened(project);
        Plan memory plan = PlanTerms.read(PlanTerms.locate(state));
        _requireMilestone(project, state, milestone, MilestoneStatus.Proved);
        HeldProof memory held = _held[project][milestone];
        uint48 nowTime = uint48(block.timestamp); // safe: 48 bits of seconds last nine million years
        if (nowTime < held.payableFrom) {
            revert BudgetVaultChallengeWindowOpen(project, milestone, held.payableFrom, nowTime);
        }
        Milestone memory terms = PlanTerms.readMilestone(PlanTerms.locate(state), milestone);
        terms.amount -= _partPaidOf(project, state, milestone);
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
        if (passage == Passage.Free) {
            Proof memory proof = Proof({digest: held.digest, evidence: 0, attestors: 0});
            return _pay(project, state, plan, milestone, terms.amount, 0, proof, books);
        }
        _held[project][milestone].tripped = true;
        _tripPayment(plan, terms.amount, held.digest);
        return PaymentOutcome.Held;
    }

    /// @inheritdoc IPaymentOffice
    function overturn(bytes32 project, uint32 milestone, bytes32 evidence) external onlyForVault nonReentrant {
        // Check
        ProjectState state = _requireOpened(project);
        Plan memory plan = PlanTerms.read(PlanTerms.locate(state));
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
        Ratchet.lower(_teams(), plan.team, ITeams.Trigger.AttestationOverturned, held.digest);
    }

    /// @inheritdoc IPaymentOffice
    function reclaimMilestone(
        bytes32 project,
        uint32 milestone
    ) external onlyForVault nonReentrant returns (uint256 amount) {
        // Check
        ProjectState state = _requireProject(project, ProjectStatus.Active);
        Plan memory plan = PlanTerms.read(PlanTerms.locate(state));
        _requireMilestone(project, state, milestone, MilestoneStatus.Pending);
        Milestone memory found = PlanTerms.readMilestone(PlanTerms.locate(state), milestone);
        if (block.timestamp < found.deadline) {
            revert BudgetVaultDeadlineNotPassed(found.deadline, uint48(block.timestamp)); // safe: 48 bits
        }
        _requireReachableQuorum(found.attestorSet, found.attestorSetVersion);

        // Effect
        return _takeBack(project, state, plan, milestone, bytes32(uint256(found.deadline)));
    }

    function _teams() internal view override returns (ITeams) {
        return ITeams(IBudgetVault(address(this)).teams());
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

    /// @dev All of the milestone that was not paid.
    function _takeBack(
        bytes32 project,
        ProjectState state,
        Plan memory plan,
        uint32 milestone,
        bytes32 cause
    ) private returns (uint256 amount) {
        _settle(project, state, milestone, MilestoneStatus.Reclaimed);
        amount =
            PlanTerms.readMilestone(PlanTerms.locate(state), milestone).amount - _partPaidOf(project, state, milestone);
        _leaveEnclave(state, plan, amount);
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
}
