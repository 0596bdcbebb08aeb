// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IHeartbeatOracle} from "../oracle/IHeartbeatOracle.sol";
import {IConstitution} from "../policy/IConstitution.sol";
import {ITeams} from "../policy/ITeams.sol";
import {IBudgetLedger} from "../treasury/IBudgetLedger.sol";
import {IBudgetVault} from "../treasury/IBudgetVault.sol";
import {ChallengeRulers} from "./ChallengeRulers.sol";
import {IAnchors} from "./IAnchors.sol";
import {IChallenges} from "./IChallenges.sol";

/// @title Challenges: see {IChallenges}
/// @dev Design:
/// - A ruling credits, and calls no code but the teams' contract, with capped gas: nobody's refusal holds a ruling up.
/// - No list of challenges is kept. A cap on those that are open would let a project's friends take all places.
///
/// Trust: anchors up the path judge, and a substitute is whom its anchor trusts with that. That an account is no party is what accounts
/// can show: a party with a second account is one. What is left to it is a bond at risk and no reward without a penalty.
contract Challenges is ChallengeRulers {
    /// @dev The data of {ChallengeOpened}: members of a struct of words are encoded as arguments are.
    struct OpenedData {
        uint32 report;
        uint32 epoch;
        IHeartbeatOracle.Leaf leaf;
        bytes32 evidence;
        uint16 team;
        uint16 pathTeam;
        uint32 pathVersion;
        uint48 deadline;
        uint96 bond;
        uint96 reward;
        bytes32 cause;
        address anchor;
    }

    /// @dev Enough for the teams' contract to write a tier and its limits; as the vault gives it for an overturned proof.
    uint256 private constant TEAMS_GAS = 300_000;
    /// @dev What follows that call: books, claim and event.
    uint256 private constant RESERVED_GAS = 120_000;

    uint256 private _count;

    mapping(uint32 report => mapping(bytes32 leaf => bytes32 challenge)) private _latest;

    /// @param authority_ The authority, in which this contract holds `RATCHET_ROLE`: without it rulings lower no tier, and earn nothing.
    constructor(
        address authority_,
        IHeartbeatOracle oracle_,
        IBudgetVault vault_,
        IAnchors anchors_,
        IConstitution constitution_
    ) AccessManaged(authority_) ChallengeRulers(oracle_, vault_, anchors_, constitution_) {}

    /// @inheritdoc IChallenges
    function open(
        IBudgetLedger.Plan calldata plan,
        IHeartbeatOracle.ReportHeader calldata header,
        IHeartbeatOracle.Leaf calldata leaf,
        bytes32[] calldata proof,
        bytes32 evidence,
        uint96 leastReward
    ) external payable nonReentrant returns (bytes32 challenge) {
        // Check
        Terms memory current = _terms;
        if (current.bond == 0) revert ChallengesClosed();
        if (msg.value != current.bond) revert ChallengesWrongBond(msg.value, current.bond);
        if (evidence == 0) revert ChallengesNoEvidence();
        IBudgetLedger.Project memory project = _requireProject(plan, leaf.project);
        oracle.verifyLeaf(header, leaf, proof);
        bytes32 leafHash = keccak256(bytes.concat(keccak256(abi.encode(leaf))));
        _requireFree(_latest[header.index][leafHash]);
        Stored memory opened = _placeOf(plan.team);
        _requireStranger(msg.sender, project.payee, opened.team, header.epoch);

        // Effect
        challenge = keccak256(abi.encode(block.chainid, address(this), ++_count));
        opened.challenger = msg.sender;
        opened.openedAt = uint48(block.timestamp); // safe: 48 bits of seconds last nine million years
        opened.status = ChallengeStatus.Open;
        opened.planAnchor = project.anchor;
        opened.epoch = header.epoch;
        opened.bond = current.bond;
        // Without a team no tier can fall, and nothing is held back for it.
        opened.reward = _reserve(current.bond, opened.team == 0 ? 0 : current.reward, leastReward);
        opened.project = leaf.project;
        _challenges[challenge] = opened;
        _latest[header.index][leafHash] = challenge;
        _recordOpened(challenge, opened, header.index, leaf, evidence, leafHash);
    }

    /// @inheritdoc IChallenges
    function uphold(bytes32 challenge, uint256 position, bytes32 reason) external nonReentrant {
        // Check
        (Stored storage stored, address anchor) = _requireRuler(challenge, position, reason);

        // Effect: nothing but this status decides what may happen to the challenge
        stored.status = ChallengeStatus.Upheld;

        // Interaction
        bool lowered = _lowerTier(stored.team, challenge);

        // Effect
        uint256 reward = lowered ? stored.reward : 0;
        uint256 credited = stored.bond + reward;
        _release(stored.bond, stored.reward);
        uint256 pot = _takeFromPot(reward);
        _credit(stored.challenger, credited);
        _record(
            ChallengeUpheld.selector,
            challenge,
            _word(msg.sender),
            abi.encode(reason, lowered, reward, credited, pot, challenge, anchor)
        );
    }

    /// @inheritdoc IChallenges
    function reject(bytes32 challenge, uint256 position, bytes32 reason) external nonReentrant {
        // Check
        (Stored storage stored, address anchor) = _requireRuler(challenge, position, reason);

        // Effect
        stored.status = ChallengeStatus.Rejected;
        uint256 bond = stored.bond;
        _release(stored.bond, stored.reward);
        uint256 pot = _addToPot(bond);
        _record(
            ChallengeRejected.selector,
            challenge,
            _word(msg.sender),
            abi.encode(reason, bond, pot, challenge, anchor)
        );
    }

    /// @inheritdoc IChallenges
    function withdraw(bytes32 challenge) external nonReentrant {
        // Check
        Stored storage stored = _requireStatus(challenge, ChallengeStatus.Open);
        address challenger = stored.challenger;
        if (msg.sender != challenger) revert ChallengesNotChallenger(challenge, msg.sender, challenger);

        // Effect
        stored.status = ChallengeStatus.Withdrawn;
        uint256 bond = stored.bond;
        uint256 credited = bond / 2;
        uint256 forfeited = bond - credited;
        _release(stored.bond, stored.reward);
        uint256 pot = _addToPot(forfeited);
        _credit(challenger, credited);
        _record(
            ChallengeWithdrawn.selector,
            challenge,
            _word(challenger),
            abi.encode(forfeited, credited, pot, challenge, stored.planAnchor)
        );
    }

    /// @inheritdoc IChallenges
    function returnBond(bytes32 challenge) external nonReentrant {
        // Check
        Stored storage stored = _requireStatus(challenge, ChallengeStatus.Lapsed);

        // Effect
        stored.status = ChallengeStatus.Returned;
        address challenger = stored.challenger;
        uint256 bond = stored.bond;
        _release(stored.bond, stored.reward);
        _credit(challenger, bond);
        uint16[] memory path = TEAMS.pathAt(stored.pathTeam, stored.pathVersion);
        _record(
            ChallengeLapsed.selector,
            challenge,
            _word(challenger),
            abi.encode(bond, challenge, TEAMS.anchorOf(path[path.length - 1]))
        );
    }

    /// @inheritdoc IChallenges
    function challengeOf(uint32 report, bytes32 leaf) external view returns (bytes32 challenge) {
        return _latest[report][leaf];
    }

    /// @dev One tier down, whatever the answer: every failure is a team that keeps its tier. At most 32 bytes of it are copied.
    function _lowerTier(uint16 team, bytes32 challenge) private returns (bool lowered) {
        if (team == 0) return false;
        uint256 required = (TEAMS_GAS * 64) / 63 + RESERVED_GAS; // a call gets at most 63/64 of what is left
        if (gasleft() < required) revert ChallengesGasTooLow(gasleft(), required);
        address callee = address(TEAMS);
        uint256 gasLimit = TEAMS_GAS;
        bytes memory data = abi.encodeCall(ITeams.lowerTier, (team, ITeams.Trigger.ChallengeUpheld, challenge));
        assembly ("memory-safe") {
            lowered := call(gasLimit, callee, 0, add(data, 0x20), mload(data), 0x00, 0x20)
            lowered := and(lowered, and(gt(returndatasize(), 0x1f), eq(mload(0x00), 1)))
        }
    }

    function _recordOpened(
        bytes32 challenge,
        Stored memory opened,
        uint32 report,
        IHeartbeatOracle.Leaf calldata leaf,
        bytes32 evidence,
        bytes32 leafHash
    ) private {
        OpenedData memory data = OpenedData({
            report: report,
            epoch: opened.epoch,
            leaf: leaf,
            evidence: evidence,
            team: opened.team,
            pathTeam: opened.pathTeam,
            pathVersion: opened.pathVersion,
            deadline: opened.openedAt + opened.lasts,
            bond: opened.bond,
            reward: opened.reward,
            cause: leafHash,
            anchor: opened.planAnchor
        });
        _record(ChallengeOpened.selector, challenge, opened.project, _word(opened.challenger), abi.encode(data));
    }

    function _requireProject(
        IBudgetLedger.Plan calldata plan,
        bytes32 id
    ) private view returns (IBudgetLedger.Project memory project) {
        bytes32 planned = vault.planId(plan);
        if (planned != id) revert ChallengesWrongPlan(id, planned);
        // An amended plan has a digest that is no project's.
        project = vault.getProject(id);
        if (project.status == IBudgetLedger.ProjectStatus.None) revert ChallengesUnknownProject(id);
        if (address(project.oracle) != address(oracle)) {
            revert ChallengesOtherOracle(id, address(project.oracle), address(oracle));
        }
    }

    function _requireFree(bytes32 latest) private view {
        ChallengeStatus status = _statusOf(latest);
        if (status == ChallengeStatus.Open || status == ChallengeStatus.Upheld) {
            revert ChallengesLeafTaken(latest, status);
        }
    }
}
