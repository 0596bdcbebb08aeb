// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {IAuthority} from "../authority/IAuthority.sol";
import {SignerCheck} from "../libraries/SignerCheck.sol";
import {SignedTypes} from "../types/SignedTypes.sol";
import {ReportIndex, plus} from "../types/Time.sol";
import {AttestorSets} from "./AttestorSets.sol";
import {IBudgetVault} from "./IBudgetVault.sol";
import {Opening} from "./Opening.sol";
import {PlanHash} from "./PlanHash.sol";
import {PlanTerms} from "./PlanTerms.sol";
import {Pools} from "./Pools.sol";
import {ProjectState, proposed} from "./ProjectState.sol";

/// @title Projects: a plan is proposed, accepted by payee and anchor, and funded
/// @dev Design: a project is one slot and the code of its terms. What is committed to it is not a number of its own but the
/// sum of its Pending milestones, so that no sum can ever disagree with them.
abstract contract Projects is Pools, AttestorSets, EIP712 {
    mapping(bytes32 project => ProjectState) internal _projects;

    /// @inheritdoc IBudgetVault
    function openProject(Plan calldata plan) external nonReentrant returns (bytes32 project) {
        // Check
        _requireOpener(plan.pool);
        _requirePool(plan.reclaimTo);
        _requireAllowed(plan.asset);
        _requireLiveAnchor(plan.anchor);
        // An oracle of the parties' own could keep the money committed for ever, or end the lease whenever one of them likes.
        if (!IAuthority(authority()).isRegistered(address(plan.oracle))) {
            revert BudgetVaultInvalidPlan(PlanProblem.Oracle);
        }
        (bytes32 structHash, uint32 terms) = Opening.openPlan(_shelf, msg.data[4:], _headers);
        project = _hashTypedDataV4(structHash);
        if (_projects[project].statusOf() != ProjectStatus.None) revert BudgetVaultProjectExists(project);

        // Effect
        _projects[project] = proposed(terms, plan.milestones.length);
        _record(ProjectOpened.selector, project, _word(plan.payee), abi.encode(plan, _callId(), plan.anchor));
    }

    /// @inheritdoc IBudgetVault
    function acceptProject(bytes32 project, Party party, bytes calldata signature) external nonReentrant {
        // Check
        ProjectState state = _requireProject(project, ProjectStatus.Proposed);
        Plan memory plan = PlanTerms.read(state.termsOf());
        bool isPayee = party == Party.Payee;
        if (state.hasAccepted(party)) revert BudgetVaultAlreadyAccepted(project, party);
        if (!isPayee) _requireLiveAnchor(plan.anchor);
        address signer = isPayee ? plan.payee : plan.anchor;
        bytes32 typeHash = isPayee ? SignedTypes.PAYEE_ACCEPTANCE_TYPEHASH : SignedTypes.ANCHOR_ACCEPTANCE_TYPEHASH;
        bytes32 digest = _hashTypedDataV4(PlanHash.ofAcceptance(typeHash, project, plan, signer, _total(state)));
        if (msg.sender != signer && !SignerCheck.isSignedByAccount(signer, digest, signature)) {
            revert BudgetVaultInvalidSignature(signer, digest);
        }

        // Effect
        _projects[project] = state.withAcceptance(party);
        _record(ProjectAccepted.selector, project, _word(signer), abi.encode(party, digest, plan.anchor));
    }

    /// @inheritdoc IBudgetVault
    function fundProject(bytes32 project, bytes32 intent) external payable nonReentrant {
        (Plan memory plan, uint256 total, uint32 paidThrough) = _activate(project);
        _receive(plan.asset, total, intent);
        _record(
            ProjectFunded.selector,
            project,
            _word(msg.sender),
            abi.encode(total, paidThrough, intent, plan.anchor)
        );
    }

    /// @inheritdoc IBudgetVault
    function commitProject(bytes32 project) external nonReentrant {
        (Plan memory plan, uint256 total, uint32 paidThrough) = _activate(project);
        _requireOpener(plan.pool);
        _takeFromPool(plan.pool, plan.asset, total);
        _record(
            ProjectFunded.selector,
            project,
            _word(address(0)),
            abi.encode(total, paidThrough, plan.pool, plan.anchor)
        );
    }

    /// @inheritdoc IBudgetVault
    function planId(Plan calldata) external view returns (bytes32 project) {
        return _hashTypedDataV4(Opening.hashPlan(msg.data[4:]));
    }

    /// @dev Status as of now: a proposal that nobody completed in time has expired, without a transaction.
    function _statusOf(ProjectState state) internal view returns (ProjectStatus status) {
        status = state.statusOf();
        if (status == ProjectStatus.Proposed && block.timestamp >= PlanTerms.read(state.termsOf()).acceptBy) {
            return ProjectStatus.Expired;
        }
    }

    function _requireProject(bytes32 project, ProjectStatus required) internal view returns (ProjectState state) {
        state = _projects[project];
        // A proposal that is required must not have expired; any other status is as stored.
        bool isOpen = required != ProjectStatus.Proposed || _statusOf(state) == required;
        if (isOpen && state.isIn(required)) return state;
        revert BudgetVaultUnexpectedProjectStatus(project, _statusOf(state), required);
    }

    function _total(ProjectState state) private view returns (uint256 total) {
        (uint32 terms, uint256 count) = (state.termsOf(), state.countOf());
        for (uint256 i = 0; i < count; ++i) total += PlanTerms.readMilestone(terms, i).amount;
    }

    /// @dev From here the lease runs: initial reports are counted from the latest one that was accepted.
    function _activate(bytes32 project) private returns (Plan memory plan, uint256 total, uint32 paidThrough) {
        // Check
        ProjectState state = _requireProject(project, ProjectStatus.Proposed);
        (bool byPayee, bool byAnchor) = (state.hasAccepted(Party.Payee), state.hasAccepted(Party.Anchor));
        if (!byPayee || !byAnchor) revert BudgetVaultNotAccepted(project, byPayee, byAnchor);
        plan = PlanTerms.read(state.termsOf());
        _requireLiveAnchor(plan.anchor);
        (ReportIndex latest, ) = plan.oracle.latest();

        // Effect
        ReportIndex paid = plus(latest, plan.initialReports);
        _projects[project] = state.activated(paid);
        return (plan, _total(state), ReportIndex.unwrap(paid));
    }
}
