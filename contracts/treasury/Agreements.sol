// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SignerCheck} from "../libraries/SignerCheck.sol";
import {MilestoneStatuses} from "./MilestoneStatuses.sol";
import {PlanHash} from "./PlanHash.sol";
import {PlanTerms} from "./PlanTerms.sol";
import {ProjectState} from "./ProjectState.sol";
import {Projects} from "./Projects.sol";

/// @title Agreements: what both sides of a running project change together
/// @dev Design:
/// - A side agrees by its EIP-712 signature, or by calling itself. What it agrees to names the plan's version and every amount
/// that moves, so that an agreement is good for one state of one project, and once: it ends that state.
/// - Money goes where the plan says, its reclaim account or its payee, and nowhere else. What is proved is the payee's and is
/// not touched.
/// - The anchor must be live: without an accountable human nothing is agreed.
abstract contract Agreements is Projects {
    function _cancel(
        bytes32 project,
        uint256 returned,
        uint48 deadline,
        bytes calldata payeeSignature,
        bytes calldata anchorSignature
    ) internal {
        // Check
        ProjectState state = _requireProject(project, ProjectStatus.Active);
        Plan memory plan = PlanTerms.read(state.termsOf());
        if (block.timestamp >= deadline) {
            revert BudgetVaultDeadlinePassed(deadline, uint48(block.timestamp)); // safe: 48 bits
        }
        _requireLiveAnchor(plan.anchor);
        MilestoneStatuses statuses = state.milestonesOf();
        uint256 pending = PlanTerms.readPending(state.termsOf(), state.countOf(), statuses);
        if (returned != pending) revert BudgetVaultUnexpectedReturn(project, pending, returned);
        bytes32 digest = _hashTypedDataV4(PlanHash.ofCancellation(project, plan, returned, deadline));
        _requireAgreed(plan.payee, digest, payeeSignature);
        _requireAgreed(plan.anchor, digest, anchorSignature);

        // Effect
        _projects[project] = state.withMilestones(statuses.reclaimed(state.countOf())).withStatus(
            ProjectStatus.Cancelled
        );
        _addToPool(plan.reclaimTo, plan.asset, returned);
        _record(
            ProjectCancelled.selector,
            project,
            plan.reclaimTo,
            _word(plan.asset),
            abi.encode(returned, digest, plan.anchor)
        );
    }

    /// @dev Who calls needs no signature; for anyone else it counts as ERC-1271 or ECDSA say.
    function _requireAgreed(address party, bytes32 digest, bytes calldata signature) internal view {
        if (msg.sender == party || SignerCheck.isSignedByAccount(party, digest, signature)) return;
        revert BudgetVaultInvalidSignature(party, digest);
    }
}
