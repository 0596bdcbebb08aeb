// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SignerCheck} from "../libraries/SignerCheck.sol";
import {ReportIndex, Timestamp} from "../types/Time.sol";
import {Enclaves} from "./Enclaves.sol";
import {Opening} from "./Opening.sol";
import {PlanHash} from "./PlanHash.sol";
import {PlanTerms} from "./PlanTerms.sol";
import {ProjectState} from "./ProjectState.sol";

/// @title Agreements: what both sides of a running project change together
/// @dev Design:
/// - A side agrees by its EIP-712 signature, or by calling itself. What it agrees to names the plan's version and every amount
/// that moves, so that an agreement is good for one state of one project, and once: it ends that state.
/// - Money goes where the plan says, its reclaim account or its payee, and nowhere else. What is proved is the payee's and is
/// not touched.
/// - The anchor must be live: without an accountable human nothing is agreed.
abstract contract Agreements is Enclaves {
    function _cancel(
        bytes32 project,
        uint256 returned,
        uint48 deadline,
        bytes calldata payeeSignature,
        bytes calldata anchorSignature
    ) internal {
        // Check
        ProjectState state = _requireProject(project, ProjectStatus.Active);
        Plan memory plan = PlanTerms.read(PlanTerms.locate(state));
        _requireBefore(deadline);
        _requireLiveAnchor(plan.anchor);
        uint256 pending = _pendingOf(project, state);
        if (returned != pending) revert BudgetVaultUnexpectedReturn(project, pending, returned);
        bytes32 digest = _hashTypedDataV4(PlanHash.ofCancellation(project, plan, returned, deadline));
        _requireAgreed(plan.payee, digest, payeeSignature);
        _requireAgreed(plan.anchor, digest, anchorSignature);

        // Effect
        _projects[project] = state.withMilestones(state.milestonesOf().reclaimed(state.countOf())).withStatus(
            ProjectStatus.Cancelled
        );
        _leaveEnclave(state, plan, returned);
        _addToPool(plan.reclaimTo, plan.asset, returned);
        _record(
            ProjectCancelled.selector,
            project,
            plan.reclaimTo,
            _word(plan.asset),
            abi.encode(returned, digest, plan.anchor)
        );
    }

    function _amend(
        Plan calldata plan,
        bytes calldata payeeSignature,
        bytes calldata anchorSignature,
        bytes calldata newAnchorSignature
    ) internal {
        // Check
        ProjectState state = _requireProject(plan.project, ProjectStatus.Active);
        Plan memory current = PlanTerms.read(PlanTerms.locate(state));
        _requireLiveAnchor(current.anchor);
        _requireReviewable(plan);
        if (plan.anchor != current.anchor) _requireLiveAnchor(plan.anchor);
        _requireRunningThroughout(plan.project, state, current, plan.renewalWindow);
        (ProjectState next, bytes32 digest) = _amended(plan, state);
        _requireAgreed(current.payee, digest, payeeSignature);
        _requireAgreed(current.anchor, digest, anchorSignature);
        if (plan.anchor != current.anchor) _requireAgreed(plan.anchor, digest, newAnchorSignature);
        _requirePartsKept(plan, state);
        (uint256 added, uint256 returned) = _difference(
            _pendingOf(plan.project, state),
            _pendingOf(plan.project, next)
        );
        if (added > 0) {
            _requireAllowed(current.asset);
            _requireOpener(current.pool);
            // What a wallet gave is not counted, and what a pool adds to it would not be either.
            bool isGift = _isReviewed(address(current.oracle)) && !state.isEnclave();
            if (isGift) revert BudgetVaultInvalidPlan(PlanProblem.Enclave);
        }

        // Effect
        _projects[plan.project] = next;
        if (added > 0) {
            _openReclaimWindow(current.asset);
            if (state.isEnclave()) _enterEnclave(current.pool, current.asset, added);
            _takeFromPool(current.pool, current.asset, added);
        }
        if (returned > 0) {
            _leaveEnclave(state, current, returned);
            _addToPool(current.reclaimTo, current.asset, returned);
        }
        _record(
            ProjectAmended.selector,
            plan.project,
            bytes32(uint256(plan.version)),
            abi.encode(plan, added, returned, digest, plan.anchor)
        );
    }

    /// @dev Keeps the terms; they count once the state does.
    function _amended(Plan calldata plan, ProjectState state) private returns (ProjectState next, bytes32 digest) {
        (bytes32 structHash, uint32 terms) = Opening.amendPlan(
            _shelf,
            msg.data[4:],
            PlanTerms.locate(state),
            state.countOf(),
            state.milestonesOf(),
            _headers
        );
        next = state.amended(terms, plan.milestones.length);
        bytes32 planHash = _hashTypedDataV4(structHash);
        digest = _hashTypedDataV4(PlanHash.ofAmendment(plan, planHash, _total(next)));
    }

    /// @dev Sum of all milestones, whatever became of them.
    function _total(ProjectState state) internal view returns (uint256 total) {
        (address terms, uint256 count) = (PlanTerms.locate(state), state.countOf());
        for (uint256 i = 0; i < count; ++i) total += PlanTerms.readMilestone(terms, i).amount;
    }

    /// @dev What was paid of a milestone in parts stays less than all of it: else nothing would be left to prove.
    function _requirePartsKept(Plan calldata plan, ProjectState state) private view {
        if (!state.hasParts()) return;
        for (uint256 i = 0; i < state.countOf(); ++i) {
            bool isPending = state.milestonesOf().isPending(i);
            if (isPending && plan.milestones[i].amount <= _partsPaid[plan.project][i]) {
                revert BudgetVaultInvalidPlan(PlanProblem.PartPaid);
            }
        }
    }

    /// @param before What was pending, and `from` what is from now on.
    function _difference(uint256 before, uint256 from) private pure returns (uint256 added, uint256 returned) {
        if (from > before) return (from - before, 0);
        return (0, before - from);
    }

    /// @dev By the window of before, or a lapsed lease would come to life again; and by the one from now on, or an amendment
    /// would end the lease that it is about.
    function _requireRunningThroughout(
        bytes32 project,
        ProjectState state,
        Plan memory current,
        uint32 renewalWindow
    ) private view {
        if (current.renewalWindow < renewalWindow) renewalWindow = current.renewalWindow;
        (ReportIndex latest, Timestamp acceptedAt, ) = current.oracle.latest();
        _requireRunning(project, state.paidThroughOf(), latest, acceptedAt, renewalWindow);
    }

    /// @dev Who calls needs no signature; for anyone else it counts as ERC-1271 or ECDSA say.
    function _requireAgreed(address party, bytes32 digest, bytes calldata signature) internal view {
        if (msg.sender == party || SignerCheck.isSignedByAccount(party, digest, signature)) return;
        revert BudgetVaultInvalidSignature(party, digest);
    }
}
