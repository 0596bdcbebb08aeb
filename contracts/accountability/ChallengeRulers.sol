// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IHeartbeatOracle} from "../oracle/IHeartbeatOracle.sol";
import {IConstitution} from "../policy/IConstitution.sol";
import {ITeams} from "../policy/ITeams.sol";
import {IBudgetLedger} from "../treasury/IBudgetLedger.sol";
import {IBudgetVault} from "../treasury/IBudgetVault.sol";
import {Parameters} from "../types/Parameters.sol";
import {ChallengeBooks} from "./ChallengeBooks.sol";
import {IAnchors} from "./IAnchors.sol";
import {IChallenges} from "./IChallenges.sol";

/// @title ChallengeRulers: who rules on a challenge, when, and who does not
/// @dev Team, path and deadline are fixed at opening; who sits on the path, and whether it is a party, is asked when it rules. What is walked is a
/// path and an operator set, which their contracts bound.
abstract contract ChallengeRulers is ChallengeBooks {
    struct Stored {
        address challenger;
        uint48 openedAt;
        uint24 lasts;
        ChallengeStatus status; // Lapsed is derived
        address planAnchor;
        uint32 epoch;
        uint16 team;
        uint16 pathTeam;
        uint32 pathVersion;
        uint96 bond;
        uint96 reward;
        bytes32 project;
    }

    IHeartbeatOracle public immutable oracle;
    IBudgetVault public immutable vault;

    ITeams internal immutable TEAMS;
    IAnchors private immutable ANCHORS;
    IConstitution private immutable CONSTITUTION;

    mapping(bytes32 challenge => Stored) internal _challenges;

    constructor(IHeartbeatOracle oracle_, IBudgetVault vault_, IAnchors anchors_, IConstitution constitution_) {
        _requireCode(address(oracle_));
        _requireCode(address(vault_));
        _requireCode(address(anchors_));
        _requireCode(address(constitution_));
        address teams_ = vault_.teams();
        _requireCode(teams_);
        oracle = oracle_;
        vault = vault_;
        TEAMS = ITeams(teams_);
        ANCHORS = anchors_;
        CONSTITUTION = constitution_;
    }

    /// @inheritdoc IChallenges
    function teams() external view returns (address) {
        return address(TEAMS);
    }

    /// @inheritdoc IChallenges
    function anchors() external view returns (address) {
        return address(ANCHORS);
    }

    /// @inheritdoc IChallenges
    function constitution() external view returns (address) {
        return address(CONSTITUTION);
    }

    /// @inheritdoc IChallenges
    function getChallenge(bytes32 challenge) external view returns (Challenge memory) {
        Stored memory stored = _challenges[challenge];
        return
            Challenge({
                status: _statusOf(challenge),
                challenger: stored.challenger,
                openedAt: stored.openedAt,
                deadline: stored.openedAt + stored.lasts,
                epoch: stored.epoch,
                team: stored.team,
                pathTeam: stored.pathTeam,
                pathVersion: stored.pathVersion,
                planAnchor: stored.planAnchor,
                bond: stored.bond,
                reward: stored.reward,
                project: stored.project
            });
    }

    /// @inheritdoc IChallenges
    function rulersOf(bytes32 challenge) external view returns (Ruler[] memory rulers) {
        if (_statusOf(challenge) != ChallengeStatus.Open) return rulers;
        Stored storage stored = _challenges[challenge];
        uint16[] memory path = TEAMS.pathAt(stored.pathTeam, stored.pathVersion);
        rulers = new Ruler[](path.length); // which Teams bounds
        for (uint256 i = 0; i < path.length; ++i) {
            address anchor = TEAMS.anchorOf(path[i]);
            rulers[i] = Ruler({
                team: path[i],
                anchor: anchor,
                substitute: ANCHORS.substituteOf(anchor),
                opensAt: _opensAt(stored.openedAt, stored.lasts, i, path.length)
            });
        }
    }

    /// @dev Team, path and time, as they are at opening.
    /// @param place Of the team, as the plan names it.
    function _placeOf(bytes32 place) internal view returns (Stored memory opened) {
        if (place != 0) opened.team = TEAMS.teamAt(place);
        opened.pathTeam = opened.team == 0 ? TEAMS.root() : opened.team;
        opened.pathVersion = TEAMS.pathVersion(opened.pathTeam);
        if (opened.pathVersion == 0) revert ChallengesNoPath(opened.pathTeam);
        opened.lasts = SafeCast.toUint24(
            CONSTITUTION.effective(opened.pathTeam, Parameters.ESCALATION_DEADLINE_SECONDS)
        );
    }

    /// @dev That the caller may rule now: it sits at that position of the path as it was at opening, or is named by who does; neither is a
    /// party; the position's time has come; and it is live.
    function _requireRuler(
        bytes32 challenge,
        uint256 position,
        bytes32 reason
    ) internal view returns (Stored storage stored, address anchor) {
        if (reason == 0) revert ChallengesNoReason();
        stored = _requireStatus(challenge, ChallengeStatus.Open);
        uint16[] memory path = TEAMS.pathAt(stored.pathTeam, stored.pathVersion);
        if (position < path.length) anchor = TEAMS.anchorOf(path[position]);
        if (anchor == address(0) || (msg.sender != anchor && msg.sender != ANCHORS.substituteOf(anchor))) {
            revert ChallengesNotRuler(challenge, position, msg.sender, anchor);
        }
        bool isLast = position + 1 == path.length; // the root's: nobody is above it
        _requireNoParty(stored, anchor, isLast);
        if (msg.sender != anchor) _requireNoParty(stored, msg.sender, false);
        uint48 opensAt = _opensAt(stored.openedAt, stored.lasts, position, path.length);
        if (block.timestamp < opensAt) revert ChallengesNotOpenYet(challenge, msg.sender, opensAt);
        _requireLive(msg.sender);
    }

    /// @dev Who delivers for the project, or signed its score, neither challenges nor rules.
    function _requireStranger(address account, address payee, uint16 team, uint32 epoch) internal view {
        if (account == payee) revert ChallengesParty(account, Party.Payee);
        if (team != 0 && TEAMS.isMember(team, account)) revert ChallengesParty(account, Party.Member);
        IHeartbeatOracle.OperatorSet memory set = oracle.operatorSet(epoch);
        for (uint256 i = 0; i < set.operators.length; ++i) {
            // at most 31
            if (account == set.operators[i] || account == set.delegates[i]) {
                revert ChallengesParty(account, Party.Operator);
            }
        }
    }

    function _requireStatus(bytes32 challenge, ChallengeStatus required) internal view returns (Stored storage stored) {
        stored = _challenges[challenge];
        ChallengeStatus status = _statusOf(challenge);
        if (status != required) revert ChallengesUnexpectedStatus(challenge, status, required);
    }

    function _statusOf(bytes32 challenge) internal view returns (ChallengeStatus status) {
        Stored storage stored = _challenges[challenge];
        status = stored.status;
        if (status == ChallengeStatus.Open && block.timestamp >= stored.openedAt + stored.lasts) {
            return ChallengeStatus.Lapsed;
        }
    }

    /// @param isLast Whether nobody is above: then answering for plan or team is no reason to leave the challenge without a judge.
    function _requireNoParty(Stored storage stored, address account, bool isLast) private view {
        if (account == stored.challenger) revert ChallengesParty(account, Party.Challenger);
        IBudgetLedger.Project memory project = vault.getProject(stored.project);
        uint16 team = stored.team;
        _requireStranger(account, project.payee, team, stored.epoch);
        if (isLast) return;
        bool isPlans = account == stored.planAnchor || account == project.anchor;
        if (isPlans) revert ChallengesParty(account, Party.PlanAnchor);
        if (team != 0 && account == TEAMS.anchorOf(team)) revert ChallengesParty(account, Party.TeamAnchor);
    }

    function _requireCode(address account) private view {
        if (account.code.length == 0) revert ChallengesNoContract(account);
    }

    /// @dev The time is shared equally, as for escalations. Rounded down: rather a second early than one less for whoever is last.
    function _opensAt(uint256 openedAt, uint256 lasts, uint256 position, uint256 length) private pure returns (uint48) {
        return uint48(openedAt + (position * lasts) / length); // safe: before the deadline, which has 49 bits at most
    }
}
