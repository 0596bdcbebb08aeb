// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITeams} from "../policy/ITeams.sol";
import {IBudgetVault} from "./IBudgetVault.sol";
import {Leases} from "./Leases.sol";
import {PlanHash} from "./PlanHash.sol";
import {PlanTerms} from "./PlanTerms.sol";
import {ProjectState} from "./ProjectState.sol";

/// @title Milestones: the proof of a whole milestone, and what milestones say
/// @dev {Payments} holds the rules; what waits, parts, overturned proofs and deadlines stand in {PaymentOffice}.
abstract contract Milestones is Leases {
    ITeams internal immutable TEAMS;

    constructor(address teams, uint64 maxRise_) Leases(maxRise_) {
        TEAMS = ITeams(teams);
    }

    /// @inheritdoc IBudgetVault
    function release(
        ProofClaim calldata claim_,
        uint256 attestors,
        bytes[] calldata signatures
    ) external nonReentrant returns (PaymentOutcome outcome) {
        return _release(claim_, 0, attestors, signatures);
    }

    /// @inheritdoc IBudgetVault
    function getMilestone(bytes32 project, uint32 milestone) external view returns (MilestoneState memory found) {
        ProjectState state = _projects[project];
        found.status = _milestoneStatus(state, milestone);
        if (found.status == MilestoneStatus.None) return found;
        Milestone memory terms = PlanTerms.readMilestone(PlanTerms.locate(state), milestone);
        found.amount = terms.amount;
        found.deadline = terms.deadline;
        found.challengeWindow = terms.challengeWindow;
        found.attestorSet = terms.attestorSet;
        found.attestorSetVersion = terms.attestorSetVersion;
        found.coSignature = terms.coSignature;
        found.paid = found.status == MilestoneStatus.Paid ? terms.amount : _partPaidOf(project, state, milestone);
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
        address terms = PlanTerms.locate(state);
        Milestone memory milestone = PlanTerms.readMilestone(terms, claim_.milestone);
        _nameProving(milestone);
        return _hashTypedDataV4(PlanHash.ofMilestoneProof(claim_, PlanTerms.read(terms), milestone));
    }

    function _teams() internal view override returns (ITeams) {
        return TEAMS;
    }
}
