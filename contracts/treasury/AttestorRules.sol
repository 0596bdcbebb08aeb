// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SignerCheck} from "../libraries/SignerCheck.sol";
import {StoredCode} from "../libraries/StoredCode.sol";
import {ITeams} from "../policy/ITeams.sol";
import {AttestorHeader, AttestorTable} from "./AttestorTable.sol";
import {IAttestorSets} from "./IAttestorSets.sol";
import {IBudgetLedger} from "./IBudgetLedger.sol";
import {IBudgetVault} from "./IBudgetVault.sol";
import {MilestoneStatuses} from "./MilestoneStatuses.sol";

/// @title AttestorRules: who may not prove the milestones of a plan
/// @dev Who is paid, who proposed to pay, and who delivers, cannot be the one who proves that it was earned: not in the version
/// that a milestone names, and in none that could ever prove in its place. Only members by an account of their own are told:
/// nobody can tell a key that the same person holds elsewhere, and a team's members are those of the day on which it opens.
library AttestorRules {
    /// @dev Asked of the teams' contract once for a plan; `id` is 0 where no team has to be kept out.
    struct Team {
        ITeams teams;
        uint16 id;
    }

    /// @dev Reverts with the first problem found in a Pending milestone's version, or behind it.
    function requireIndependent(
        IBudgetLedger.Plan memory plan,
        MilestoneStatuses statuses,
        mapping(bytes32 attestorSet => mapping(uint32 version => AttestorHeader)) storage sets
    ) internal view {
        Team memory team = _teamOf(plan);
        (bytes32 checked, uint32 checkedVersion) = (0, 0);
        for (uint256 i = 0; i < plan.milestones.length; ++i) {
            if (statuses.statusOf(i) != IBudgetLedger.MilestoneStatus.Pending) continue;
            bytes32 attestorSet = plan.milestones[i].attestorSet;
            uint32 version = plan.milestones[i].attestorSetVersion;
            if (attestorSet == checked && version == checkedVersion) continue;
            (checked, checkedVersion) = (attestorSet, version);
            _requireProves(sets[attestorSet][version], attestorSet, version);
            while (true) {
                AttestorHeader memory header = sets[attestorSet][version];
                _requireStrangers(plan, team, header, attestorSet, version);
                if (header.successors == 0) break;
                (attestorSet, version) = AttestorTable.successorOf(header);
            }
        }
    }

    /// @dev A plan opens on a version that counts and can prove by itself. Its successors count when it does.
    function _requireProves(AttestorHeader memory header, bytes32 attestorSet, uint32 version) private view {
        bool proves = header.table != 0 && header.live >= header.threshold;
        if (!proves) revert IBudgetLedger.BudgetVaultInvalidPlan(IBudgetLedger.PlanProblem.AttestorSet);
        uint48 nowTime = uint48(block.timestamp); // safe: 48 bits of seconds last nine million years
        if (nowTime < header.activeFrom) {
            revert IAttestorSets.AttestorSetsNotActive(attestorSet, version, header.activeFrom, nowTime);
        }
    }

    function _requireStrangers(
        IBudgetLedger.Plan memory plan,
        Team memory team,
        AttestorHeader memory header,
        bytes32 attestorSet,
        uint32 version
    ) private view {
        bytes memory table = StoredCode.read(header.table);
        for (uint256 seat = 0; seat < header.count; ++seat) {
            bytes memory signer = AttestorTable.signerAt(table, seat);
            if (signer.length != AttestorTable.MIN_ATTESTOR_BYTES) continue;
            address account = SignerCheck.accountOf(signer);
            if (account == plan.payee || account == plan.opener) {
                revert IBudgetLedger.BudgetVaultInvalidPlan(IBudgetLedger.PlanProblem.Attestors);
            }
            if (team.id != 0 && team.teams.isMember(team.id, account)) {
                revert IAttestorSets.AttestorSetsTeamMember(attestorSet, version, seat, team.id);
            }
        }
    }

    /// @dev This library runs as the vault, but cannot see what its constructor fixed: so the vault is asked. A teams' contract
    /// that does not answer opens no plan that names a team.
    function _teamOf(IBudgetLedger.Plan memory plan) private view returns (Team memory team) {
        if (plan.team == 0) return team;
        team.teams = ITeams(IBudgetVault(address(this)).teams());
        if (address(team.teams).code.length != 0) team.id = team.teams.teamAt(plan.team);
    }
}
