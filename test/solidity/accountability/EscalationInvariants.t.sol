// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEscalations} from "../../../contracts/accountability/IEscalations.sol";
import {IJournal} from "../../../contracts/journal/IJournal.sol";
import {ManagedMock} from "../../../contracts/mocks/ManagedMock.sol";
import {JournalFold} from "../support/JournalFold.sol";
import {vm} from "../support/Vm.sol";
import {EscalationStage} from "./EscalationStage.sol";

/// @dev Agents ask, humans answer, lapse and change seats at random. Keeps its own account of what was approved, by whom and
/// until when, and folds every log of the escalations as it is written.
contract EscalationActor is EscalationStage {
    struct Approved {
        bool waits;
        uint48 until;
        address by;
    }

    bytes32 public folded;
    uint256 public unapproved;
    uint256 public withheld;
    uint256 public wronglyResolved;
    uint256 public passes;

    mapping(bytes32 operation => Approved) private _approvals;
    mapping(bytes32 operation => uint48) private _openedAt;

    modifier journaled() {
        vm.recordLogs();
        _;
        folded = JournalFold.fold(folded, vm.getRecordedLogs(), address(_escalations));
    }

    constructor() {
        vm.recordLogs();
        _deploy();
        folded = JournalFold.fold(0, vm.getRecordedLogs(), address(_escalations));
    }

    function pass(uint8 time) external {
        vm.warp(block.timestamp + time);
        vm.roll(block.number + 1);
    }

    function open(uint256 agent, uint256 amount) external journaled {
        (address caller, bytes memory data, bytes32 operation) = _call(agent, amount);
        vm.prank(caller);
        try _escalations.open(address(_target), data, "do it", "because") {
            _openedAt[operation] = uint48(block.timestamp);
            delete _approvals[operation];
        } catch {}
    }

    function approve(uint256 human, uint256 agent, uint256 amount, uint256 position) external journaled {
        (, , bytes32 operation) = _call(agent, amount);
        human %= _humans.length;
        position %= 3;
        vm.prank(_humans[human]);
        try _escalations.approve(operation, position, "fine") {
            _judge(operation, _humans[human], position);
            uint48 until = uint48(block.timestamp + USABLE);
            uint48 liveUntil = _authority.anchorLiveUntil(_humans[human]);
            _approvals[operation] = Approved(true, until < liveUntil ? until : liveUntil, _humans[human]);
        } catch {}
    }

    function reject(uint256 human, uint256 agent, uint256 amount, uint256 position) external journaled {
        (, , bytes32 operation) = _call(agent, amount);
        human %= _humans.length;
        position %= 3;
        vm.prank(_humans[human]);
        try _escalations.reject(operation, position, "no") {
            _judge(operation, _humans[human], position);
        } catch {}
    }

    function withdraw(uint256 agent, uint256 amount) external journaled {
        (address caller, bytes memory data, bytes32 operation) = _call(agent, amount);
        vm.prank(caller);
        try _escalations.withdraw(address(_target), data) {
            delete _approvals[operation];
        } catch {}
    }

    function act(uint256 agent, uint256 amount) external journaled {
        (address caller, bytes memory data, bytes32 operation) = _call(agent, amount);
        Approved memory approval = _approvals[operation];
        bool isUsable = approval.waits && block.timestamp < approval.until && _isLive(approval.by);
        bool isGranted = uint8(_authority.verdict(caller, address(_target), ManagedMock.guarded.selector)) == 0;
        vm.prank(caller);
        // solhint-disable-next-line avoid-low-level-calls
        (bool passed, ) = address(_target).call(data);
        if (passed) {
            ++passes;
            if (!isUsable) ++unapproved;
            delete _approvals[operation];
        } else if (isUsable && isGranted) {
            ++withheld;
        }
    }

    function lapse(uint256 human, uint16 left) external journaled {
        _enliven(_humans[human % _humans.length], left % 400);
    }

    function revive(uint256 human) external journaled {
        address revived = _humans[human % _humans.length];
        // An approval of who left and came back is usable again: see the specification.
        _enliven(revived, 365 days);
        if (_isLive(_teams.anchorOf(TEAM))) _renew();
    }

    function reseat(uint256 human) external journaled {
        try _teams.setAnchor(ABOVE, _humans[human % _humans.length], "reseated") {} catch {}
    }

    /// @dev Whether every deadline of a pending escalation is the one of its opening.
    function deadlinesHold() external view returns (bool) {
        for (uint256 agent = 0; agent < 2; ++agent) {
            for (uint256 amount = 0; amount < 3; ++amount) {
                (, , bytes32 operation) = _call(agent, amount);
                IEscalations.Escalation memory got = _escalations.getEscalation(operation);
                bool isPending = got.status == IEscalations.EscalationStatus.Pending;
                if (isPending && got.until != _openedAt[operation] + LASTS) return false;
                if (isPending && block.timestamp >= got.until) return false;
                bool isApproved = got.status == IEscalations.EscalationStatus.Approved;
                if (isApproved && got.until != _approvals[operation].until) return false;
                if (got.status != IEscalations.EscalationStatus.None && got.openedAt != _openedAt[operation])
                    return false;
            }
        }
        return true;
    }

    function headHolds() external view returns (bool) {
        return IJournal(address(_escalations)).journalHead() == folded;
    }

    function _renew() private {
        for (uint256 i = 0; i < _agents.length; ++i) {
            try _authority.endGrant(_agents[i], address(_target), ManagedMock.guarded.selector) {} catch {}
        }
        _giveGrants();
    }

    /// @dev What must be true of whoever resolved: seated there now, live, in the position's time.
    function _judge(bytes32 operation, address human, uint256 position) private {
        uint256 openedAt = _openedAt[operation];
        bool isSeated = position < 2 && _teams.anchorOf(position == 0 ? ABOVE : ROOT) == human;
        bool isInTime = block.timestamp >= openedAt + (position * LASTS) / 2 && block.timestamp < openedAt + LASTS;
        if (!isSeated || !isInTime || !_isLive(human) || _approvals[operation].waits) ++wronglyResolved;
    }

    /// @dev One of six calls, each outside the limit.
    function _call(
        uint256 agent,
        uint256 amount
    ) private view returns (address caller, bytes memory data, bytes32 operation) {
        caller = _agents[agent % 2];
        data = abi.encodeCall(ManagedMock.guarded, (uint256(MAX_IMPACT) + 1 + (amount % 3)));
        operation = keccak256(abi.encode(caller, address(_target), data));
    }
}

contract EscalationInvariants {
    EscalationActor private _actor;
    address[] private _targets;

    function setUp() external {
        _actor = new EscalationActor();
        _targets.push(address(_actor));
    }

    function targetContracts() external view returns (address[] memory) {
        return _targets;
    }

    /// iAC-010, iAC-014: every call outside the limits was approved, for that caller and data, and each approval let one pass.
    function invariant_NothingOutsideLimitsPassesWithoutItsApproval() external view {
        require(_actor.unapproved() == 0, "a call passed that nobody had approved, or a second time");
    }

    /// iAC-010: an approval that is usable is worth what it says.
    function invariant_AUsableApprovalIsHonoured() external view {
        require(_actor.withheld() == 0, "an approved call was refused");
    }

    /// iAC-011: who resolves sits there now, is live, and does so in the position's time.
    function invariant_OnlyWhoSitsOnThePathResolves() external view {
        require(_actor.wronglyResolved() == 0, "somebody resolved who could not, or when it could not");
    }

    /// iAC-012
    function invariant_DeadlinesNeverMove() external view {
        require(_actor.deadlinesHold(), "a deadline is not the one of the opening, or of the approval");
    }

    /// iJO-001
    function invariant_TheHeadIsTheFoldOfAllLogs() external view {
        require(_actor.headHolds(), "the head is not the fold of the logs");
    }

    /// The acts above do reach what they are about: opened, approved, used, by one fixed sequence.
    function test_ASequenceThatPasses() external {
        _actor.open(0, 0);
        _actor.pass(250);
        _actor.approve(0, 0, 0, 1);
        _actor.act(1, 0);
        require(_actor.passes() == 0, "another agent used it");
        _actor.act(0, 0);
        _actor.act(0, 0);
        require(_actor.passes() == 1 && _actor.unapproved() == 0, "it did not pass exactly once");
    }
}
