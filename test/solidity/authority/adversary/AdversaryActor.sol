// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAuthority} from "../../../../contracts/authority/IAuthority.sol";
import {IAuthorityLimits} from "../../../../contracts/authority/IAuthorityLimits.sol";
import {IEscalations} from "../../../../contracts/accountability/IEscalations.sol";
import {JournalFold} from "../../support/JournalFold.sol";
import {vm} from "../../support/Vm.sol";
import {AdversaryStage} from "./AdversaryStage.sol";

/// @dev Tasks, grants and calls, at random, by whoever might try. Every outcome is compared with the model's; the first that
/// differs is kept by name.
abstract contract AdversaryActor is AdversaryStage {
    string public wrong;
    uint256 public passed;
    bytes32 public folded;

    uint32[] internal _tasks;

    constructor() {
        vm.recordLogs();
        _deploy();
        _fold();
    }

    /// @dev Seconds, hours, to the next half-day or one second before it, a day, or to the end of the rate.
    function pass(uint256 how, uint32 time) external {
        uint256 next = _clock + (time % 4 hours);
        uint256 border = (_clock / 12 hours + 1) * 12 hours;
        if (how % 6 == 1) next = border;
        if (how % 6 == 2) next = border - 1;
        if (how % 6 == 3) next = _clock + 24 hours - (time % 2);
        if (how % 6 == 4) next = _rateValidUntil - (time % 2);
        _warp(next);
        vm.roll(block.number + 1);
    }

    function openTask(uint256 who, uint256 forWhom, uint32 length) external {
        uint16 team = forWhom % 5 == 0 ? ROOT : uint16(forWhom % 2) + 1;
        address caller = who % 2 == 0 ? [ALICE, EVE, RITA][team - 1] : _person(who / 2);
        _open(caller, team, uint48(_clock) + 1 + (length % 5 days));
    }

    function endTask(uint256 who, uint256 index, bool completed) external {
        if (_tasks.length == 0) return;
        uint32 task = _tasks[index % _tasks.length];
        bool may = _taskRuns(task) && _person(who) == _taskModel[task].anchor;
        _require(_endTask(_person(who), task, completed) == may, "a task ended, or not, by whom it should not");
    }

    function give(
        uint256 who,
        uint256 index,
        uint256 what,
        uint32 lead,
        uint32 length,
        uint8 uses,
        uint16 cap
    ) external {
        if (_tasks.length == 0) return;
        address granter = who % 4 == 0 ? _person(who / 4) : EVE;
        uint32 task = _tasks[_tasks.length - 1 - (index % (_tasks.length > 3 ? 3 : _tasks.length))];
        address grantee = what % 2 == 0 ? EVE : BOB;
        Kind kind = Kind((what / 2) % 4);
        uint48 from = lead % 4 == 0 ? 0 : uint48(_clock) + (lead % 2 hours);
        uint48 until = uint48(_clock) + 1 + (length % 5 days);
        if (length % 3 == 0) until = _taskModel[task].deadline;
        _give(granter, IAuthority.GrantRequest(task, grantee, address(0), 0, from, until, uses % 5, cap % 2000), kind);
    }

    /// @dev A task with a grant that has effect, so that the calls below have something to try.
    function prepare(uint256 what, uint256 forWhom, uint8 uses, uint16 cap) external {
        _prepare(what % 2 == 0 ? EVE : BOB, Kind((what / 2) % 4), uint16(forWhom % 2) + 1, uses % 5, cap % 2000);
    }

    function endGrant(uint256 who, uint256 what) external {
        (address grantee, Kind kind) = (what % 2 == 0 ? EVE : BOB, Kind((what / 2) % 4));
        _endGrant(_person(who), grantee, kind);
    }

    function setLife(uint256 who, uint32 left, uint8 rarely) external {
        if (rarely % 4 != 0) return;
        _live([ALICE, EVE, RITA][who % 3], uint48(_clock) + (left % (left % 2 == 0 ? 3 days : 20 days)));
    }

    function setLimits(uint256 team, uint16 maxImpact, uint256 strictness) external {
        _setLimits(
            uint16(team % 2) + 1,
            IAuthorityLimits.Limits({
                maxImpact: maxImpact % 4 == 0 ? type(uint48).max : maxImpact % 3000,
                scopes: strictness % 5 == 0 ? 2 : 3,
                minReversibility: strictness % 7 == 0 ? 70 : 50
            })
        );
        _fold();
    }

    function setFacts(uint256 what, uint8 how) external {
        _setFacts(Kind(what % 4), how % 6 != 0, how % 3 == 0 ? 1 : (how % 17 == 0 ? 40 : 0), how % 5 == 0 ? 50 : 70);
        _fold();
    }

    function setRate(uint16 rate, uint32 lasts) external {
        _setRate(uint128(rate) * 1e15, uint48(_clock) + (lasts % 3 days));
        _fold();
    }

    function act(uint256 who, uint256 what, uint16 amount, uint8 edge) external {
        Kind kind = Kind(what % 4);
        _act(_person(who), kind, _amountOf(_person(who), kind, amount, edge));
    }

    /// @dev The same amount again and again: what is refused at once must not pass in pieces.
    function split(uint256 who, uint256 what, uint16 amount, uint8 pieces) external {
        Kind kind = Kind(2 + (what % 2));
        for (uint256 i = 0; i < pieces % 8; ++i) _act(_person(who), kind, (amount % 1000) + 1);
    }

    /// @dev Call, end, call again in one block.
    function race(uint256 who, uint256 what, uint8 way, uint16 amount) external {
        (address grantee, Kind kind) = (who % 2 == 0 ? EVE : BOB, Kind(what % 4));
        GrantModel storage model = _grantModel[grantee][kind];
        _act(grantee, kind, amount % 100);
        if (!model.given) return;
        address anchor = _taskModel[model.task].anchor;
        if (way % 3 == 0) _endGrant(way % 2 == 0 ? grantee : anchor, grantee, kind);
        else if (_taskRuns(model.task)) _endTask(anchor, model.task, way % 2 == 0);
        _act(grantee, kind, amount % 100);
    }

    /// @dev What a delayed permission would allow: schedule and execute, also wrapped.
    function bypass(uint256 who, uint256 what, uint8 way, uint16 amount) external {
        Kind kind = Kind(what % 4);
        if (_isPublic[kind]) return; // OpenZeppelin's rule then
        uint256 before = _target.calls();
        bytes memory call = _dataOf(kind, amount);
        bytes memory inner =
            way % 2 == 0
                ? abi.encodeCall(_authority.execute, (address(_target), call))
                : abi.encodeCall(_authority.schedule, (address(_target), call, 0));
        bytes[] memory several = new bytes[](1);
        several[0] = inner;
        if (way % 3 == 1) inner = abi.encodeCall(_authority.multicall, (several));
        if (way % 3 == 2) inner = abi.encodeCall(_authority.execute, (address(_authority), inner));
        (bool done, ) = _try(_person(who), address(_authority), inner);
        _require(!done && _target.calls() == before, "a grant was scheduled or executed");
    }

    function _act(address caller, Kind kind, uint256 amount) internal {
        bytes memory call = _dataOf(kind, amount);
        bytes32 operation = keccak256(abi.encode(caller, address(_target), call));
        (Expected expected, uint256 impact) = _expect(caller, kind, amount, operation);
        IEscalations.EscalationStatus before = _escalations.getEscalation(operation).status;
        (bool made, ) = _try(caller, address(_target), call);
        if (made) ++passed;
        if (_isPublic[kind] || expected == Expected.Refused) {
            _require(made == (expected != Expected.Refused), "a call passed, or not, against the rules");
            return;
        }
        bool approved =
            before == IEscalations.EscalationStatus.Approved &&
                _escalations.getEscalation(operation).status == IEscalations.EscalationStatus.Executed;
        if (expected == Expected.Allowed) _require(made && !approved, "a call within its limits needed approval");
        if (expected == Expected.ByApproval)
            _require(made && approved, "an approved call did not pass by its approval");
        uint16 team = _taskModel[_grantModel[caller][kind].task].team;
        if (approved) {
            _require(_isUsable(operation, team), "an approval was used that is none");
            _approvalModel[operation].approved = false;
        } else if (expected == Expected.Either && !made) {
            _require(!_isUsable(operation, team), "an approved call did not pass");
        }
        if (made) _spend(_grantModel[caller][kind], team, approved ? 0 : impact);
    }

    function _spend(GrantModel storage model, uint16 team, uint256 impact) private {
        if (model.counted) --model.usesLeft;
        if (impact == 0) return;
        if (model.capped) model.capLeft -= impact;
        _charges[team].push(Charge({time: _clock, impact: impact}));
        _require(_charged(team, 24 hours) <= _limitsModel[team].maxImpact, "more than the cone in 24 hours");
    }

    function _open(address caller, uint16 team, uint48 deadline) internal returns (uint32 task) {
        address anchor = [ALICE, EVE, RITA][team - 1];
        bool may = caller == anchor && deadline <= _lifeModel[anchor] && deadline > _clock;
        (bool opened, bytes memory returned) = _try(
            caller,
            address(_authority),
            abi.encodeCall(_authority.openTask, (team, "purpose", deadline))
        );
        if (opened) {
            _require(may, "a task was opened that should not be");
            task = abi.decode(returned, (uint32));
            _tasks.push(task);
            _taskModel[task] = TaskModel({team: team, anchor: anchor, deadline: deadline, over: false});
        } else {
            bool full = bytes4(returned) == IAuthority.AuthorityTooManyOpenTasks.selector;
            _require(!may || full, "a task was not opened that should be");
        }
    }

    function _live(address anchor, uint48 until) internal {
        bool cut = until < _lifeModel[anchor];
        _setLife(anchor, until);
        for (uint256 i = 0; cut && i < _tasks.length; ++i) {
            if (_taskModel[_tasks[i]].anchor == anchor) _taskModel[_tasks[i]].over = true;
        }
        _fold();
    }

    function _prepare(address grantee, Kind kind, uint16 team, uint16 uses, uint48 cap) internal {
        address anchor = [ALICE, EVE, RITA][team - 1];
        uint48 deadline = uint48(_clock) + 4 days;
        if (deadline > _lifeModel[anchor]) deadline = _lifeModel[anchor];
        uint32 task = _open(anchor, team, deadline);
        if (task == 0) return;
        _give(EVE, IAuthority.GrantRequest(task, grantee, address(0), 0, 0, deadline, uses, cap), kind);
    }

    function _give(address granter, IAuthority.GrantRequest memory request, Kind kind) private {
        (request.target, request.selector) = (address(_target), _selectorOf(kind));
        GrantModel storage former = _grantModel[request.grantee][kind];
        uint256 start = request.notBefore > _clock ? request.notBefore : _clock;
        bool may =
            granter == EVE &&
                _hasGranter[kind] &&
                !_isPublic[kind] &&
                _factsModel[kind].impact != IAuthorityLimits.ImpactKind.Unlisted &&
                _taskRuns(request.task) &&
                request.notAfter > start &&
                request.notAfter <= _taskModel[request.task].deadline &&
                (former.task == request.task || !_canHaveEffect(former));
        (bool given, ) = _try(granter, address(_authority), abi.encodeCall(_authority.grant, (request)));
        _require(given == may, "a grant was given, or not, against the rules");
        if (!given) return;
        _grantModel[request.grantee][kind] = GrantModel({
            given: true,
            ended: false,
            task: request.task,
            from: request.notBefore,
            until: request.notAfter,
            counted: request.uses != 0,
            usesLeft: request.uses,
            capped: request.cap != 0,
            capLeft: request.cap
        });
    }

    function _endGrant(address caller, address grantee, Kind kind) internal {
        GrantModel storage model = _grantModel[grantee][kind];
        bool may =
            _canHaveEffect(model) &&
                (caller == grantee || caller == _taskModel[model.task].anchor || (caller == EVE && _hasGranter[kind]));
        (bool ended, ) = _try(
            caller,
            address(_authority),
            abi.encodeCall(_authority.endGrant, (grantee, address(_target), _selectorOf(kind)))
        );
        _require(ended == may, "a grant ended, or not, by whom it should not");
        if (ended) model.ended = true;
    }

    function _endTask(address caller, uint32 task, bool completed) internal returns (bool done) {
        (done, ) = _try(
            caller,
            address(_authority),
            completed
                ? abi.encodeCall(_authority.completeTask, (task))
                : abi.encodeCall(_authority.failTask, (task, "why"))
        );
        if (done) _taskModel[task].over = true;
    }

    /// @dev Small ones, and those that just fit into what the team has left, or just do not.
    function _amountOf(address caller, Kind kind, uint16 amount, uint8 edge) internal view returns (uint256) {
        uint16 team = _taskModel[_grantModel[caller][kind].task].team;
        uint256 limit = _limitsModel[team].maxImpact;
        uint256 used = _charged(team, edge % 8 == 0 ? 36 hours : 24 hours);
        if (edge % 4 == 0 && limit >= used) {
            uint256 left = limit - used;
            if (kind == Kind.SpendOf && _rateModel != 0) left = (left * 1e18) / _rateModel;
            return left + ((edge / 8) % 2);
        }
        if (edge % 8 == 1 && kind == Kind.Spend) return _grantModel[caller][kind].capLeft + ((edge / 8) % 2);
        if (edge == 2) return type(uint256).max - amount;
        return amount % 1200;
    }

    function _person(uint256 who) internal pure returns (address) {
        return [ALICE, EVE, BOB, RITA, EVE, BOB][who % 6];
    }

    /// @dev What a failed call wrote is recorded too, and was undone.
    function _try(address caller, address to, bytes memory data) internal returns (bool done, bytes memory returned) {
        _fold();
        vm.prank(caller);
        // solhint-disable-next-line avoid-low-level-calls
        (done, returned) = to.call(data);
        if (done) _fold();
        else vm.getRecordedLogs();
    }

    function _fold() internal {
        folded = JournalFold.fold(folded, vm.getRecordedLogs(), address(_authority));
    }

    function _require(bool right, string memory what) internal {
        if (!right && bytes(wrong).length == 0) wrong = what;
    }
}
