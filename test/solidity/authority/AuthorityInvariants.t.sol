// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AuthorityStage} from "../support/AuthorityStage.sol";
import {JournalFold} from "../support/JournalFold.sol";
import {vm} from "../support/Vm.sol";

/// @dev Acts at random, keeps its own account of what should have effect, and folds every log as it is written.
contract AuthorityActor is AuthorityStage {
    bytes32 public folded;
    uint256 public wrongEffects;
    uint256 public callsMade;

    uint32[] private _tasks;
    uint48[] private _deadlines; // of _tasks, as opened
    bool[] private _ended; // of _tasks
    uint256 private _grantTask; // index into _tasks, of the one grant
    bool private _granted;
    bool private _grantEnded;
    bool private _counted;
    uint48 private _notBefore;
    uint48 private _notAfter;
    uint16 private _usesLeft;

    modifier journaled() {
        vm.recordLogs();
        _;
        folded = JournalFold.fold(folded, vm.getRecordedLogs(), address(_authority));
    }

    constructor() {
        vm.recordLogs();
        _deploy();
        folded = JournalFold.fold(0, vm.getRecordedLogs(), address(_authority));
    }

    function pass(uint16 time) external {
        vm.warp(block.timestamp + (time % 2 hours));
        vm.roll(block.number + 1);
    }

    function open(uint16 length) external journaled {
        uint48 deadline = uint48(block.timestamp) + 1 + length;
        vm.prank(ANCHOR);
        try _authority.openTask(TEAM, "purpose", deadline) returns (uint32 task) {
            _tasks.push(task);
            _deadlines.push(deadline);
            _ended.push(false);
        } catch {}
    }

    function give(uint256 index, uint16 lead, uint16 length, uint16 uses) external journaled {
        if (_tasks.length == 0) return;
        index %= _tasks.length;
        uint48 notBefore = uint48(block.timestamp) + (lead % 1 hours);
        uint48 notAfter = notBefore + 1 + length;
        uses %= 4;
        vm.prank(GRANTER);
        try _authority.grant(_request(_tasks[index], notBefore, notAfter, uses)) {
            (_granted, _grantEnded, _grantTask) = (true, false, index);
            (_notBefore, _notAfter, _usesLeft, _counted) = (notBefore, notAfter, uses, uses != 0);
        } catch {}
    }

    function endTask(uint256 index, bool completed) external journaled {
        if (_tasks.length == 0) return;
        index %= _tasks.length;
        vm.prank(ANCHOR);
        if (completed) {
            try _authority.completeTask(_tasks[index]) {
                _ended[index] = true;
            } catch {}
        } else {
            try _authority.failTask(_tasks[index], "reason") {
                _ended[index] = true;
            } catch {}
        }
    }

    function cutLife(uint16 left) external journaled {
        if (left % 8 != 0) return; // rarely
        _authority.setAnchorLiveness(ANCHOR, uint48(block.timestamp) + left);
        for (uint256 i = 0; i < _tasks.length; ++i) _ended[i] = true;
        _authority.setAnchorLiveness(ANCHOR, uint48(block.timestamp) + 365 days);
    }

    function endGrant(uint8 by) external journaled {
        vm.prank(
            by % 3 == 0
                ? AGENT
                : by % 3 == 1
                    ? ANCHOR
                    : GRANTER
        );
        try _authority.endGrant(AGENT, address(_target), GUARDED) {
            _grantEnded = true;
        } catch {}
    }

    function act() external journaled {
        bool expected =
            _granted &&
                !_grantEnded &&
                block.timestamp >= _notBefore &&
                block.timestamp < _notAfter &&
                !_ended[_grantTask] &&
                block.timestamp < _deadlines[_grantTask] &&
                (!_counted || _usesLeft != 0);
        bool made = _agentCalls();
        if (made != expected) ++wrongEffects;
        if (made) {
            ++callsMade;
            if (_counted) --_usesLeft;
        }
    }

    function govern(uint8 what, uint32 delay) external journaled {
        what %= 5;
        if (what == 0) _authority.labelRole(5, "five");
        else if (what == 1) _authority.grantRole(5, AGENT, delay);
        else if (what == 2) _authority.setGrantDelay(5, delay);
        else if (what == 3) _authority.setTargetAdminDelay(address(_target), 0);
        else _authority.revokeRole(5, AGENT);
    }

    function head() external view returns (bytes32) {
        return _authority.journalHead();
    }

    function targetCalls() external view returns (uint256) {
        return _target.calls();
    }
}

contract AuthorityInvariants {
    AuthorityActor private _actor;
    address[] private _targets;

    function setUp() external {
        _actor = new AuthorityActor();
        _targets.push(address(_actor));
    }

    function targetContracts() external view returns (address[] memory) {
        return _targets;
    }

    /// iJO-001: after any sequence of acts the head is the fold of all logs.
    function invariant_HeadIsTheFoldOfAllLogs() external view {
        if (_actor.head() != _actor.folded()) {
            revert JournalFold.JournalHeadDiffers(address(_actor), _actor.head(), _actor.folded());
        }
    }

    /// iAU-001: after any sequence of acts every call went through exactly where an independent account expects it.
    function invariant_GrantsHaveEffectExactlyWhereTheyShould() external view {
        require(_actor.wrongEffects() == 0, "a grant had effect where it should not, or none where it should");
        require(_actor.targetCalls() == _actor.callsMade(), "calls went through that nobody saw");
    }
}
