// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Roles} from "../../../../contracts/types/Roles.sol";
import {AdversaryActor} from "./AdversaryActor.sol";

/// @dev Approvals asked for and given, also by those who should not; and governance in the hands of the adversary.
abstract contract AdversaryGovernor is AdversaryActor {
    struct Asked {
        address caller;
        Kind kind;
        uint256 amount;
    }

    struct Deed {
        bytes data;
        uint256 scheduledAt; // 0: not
        Kind kind;
        uint8 what;
    }

    Asked[] private _asked;
    Deed[] private _deeds;

    function escalate(uint256 who, uint256 what, uint16 amount, uint8 edge) external {
        Kind kind = Kind(what % 4);
        _ask(Asked(_person(who), kind, _amountOf(_person(who), kind, amount, edge)));
    }

    function approve(uint256 who, uint256 index, uint256 position) external {
        if (_asked.length == 0) return;
        _approve(_person(who), _operationOf(_recent(index)), position % 3);
    }

    /// @dev The whole way of an approval, which chance alone seldom goes: asked for, waited for, given; and then whatever may
    /// happen before it is used, and used again.
    function goAllTheWay(uint256 what, uint16 amount, uint8 wait, uint8 between) external {
        (address caller, Kind kind) = (what % 2 == 0 ? EVE : BOB, Kind((what / 2) % 4));
        if (!_hasEffect(caller, kind)) _prepare(caller, kind, (uint16(what % 3) % 2) + 1, wait % 3, 0);
        uint16 team = _taskModel[_grantModel[caller][kind].task].team;
        Asked memory asked = Asked(caller, kind, kind == Kind.Spend ? 3001 + (amount % 100) : amount);
        _ask(asked);
        bytes32 operation = _operationOf(asked);
        uint256 position = wait % 2;
        if (position == 1) _warp(_approvalModel[operation].openedAt + DEADLINE_SECONDS / 2 - (wait % 3 == 0 ? 1 : 0));
        if (wait % 7 == 5) _warp(_approvalModel[operation].deadline - ((wait / 7) % 2));
        address resolver = position == 1 || team == ROOT ? RITA : (team == ALICES ? EVE : ALICE);
        _approve(resolver, operation, position);
        if (between % 6 == 1) {
            _endTask([ALICE, EVE, RITA][team - 1], _grantModel[caller][kind].task, true);
            _prepare(caller, kind, team == ALICES ? EVES : ALICES, 0, 0);
        } else if (between % 6 == 2) {
            _live(resolver, uint48(_clock));
        } else if (between % 6 == 3) {
            _warp(_clock + USABLE_SECONDS - ((between / 6) % 2));
        }
        _act(asked.caller, asked.kind, asked.amount);
        _act(asked.caller, asked.kind, asked.amount);
    }

    /// @dev What was asked for is done, and done again.
    function useTwice(uint256 index) external {
        if (_asked.length == 0) return;
        Asked memory asked = _recent(index);
        _act(asked.caller, asked.kind, asked.amount);
        _act(asked.caller, asked.kind, asked.amount);
    }

    function takeBack(uint256 index) external {
        if (_asked.length == 0) return;
        Asked memory asked = _asked[index % _asked.length];
        (bool done, ) = _try(
            asked.caller,
            address(_escalations),
            abi.encodeCall(_escalations.withdraw, (address(_target), _dataOf(asked.kind, asked.amount)))
        );
        if (done) {
            ApprovalModel storage model = _approvalModel[_operationOf(asked)];
            (model.pending, model.approved) = (false, false);
        }
    }

    /// @dev Eve announces a change of the rules in her own favour, or somebody tries to.
    function announce(uint256 who, uint256 what, uint8 rarely) external {
        if (rarely % 4 != 0) return;
        Deed memory deed = _deed(uint8(what % 4), Kind((what / 4) % 4), (what / 16) % 2 == 0);
        address caller = who % 4 == 0 ? _person(who / 4) : EVE;
        (bool done, ) = _try(
            caller,
            address(_authority),
            abi.encodeCall(_authority.schedule, (address(_authority), deed.data, 0))
        );
        _require(!done || caller == EVE, "somebody else than an admin scheduled");
        if (!done) return;
        deed.scheduledAt = _clock;
        _deeds.push(deed);
    }

    /// @dev She tries it at once, in every way that there is, or comes back for it.
    function govern(uint256 index, uint256 what, uint8 way) external {
        bool announced = _deeds.length != 0 && way % 2 == 0;
        _do(
            announced
                ? _deeds[index % _deeds.length]
                : _deed(uint8(what % 4), Kind((what / 4) % 4), (what / 16) % 2 == 0),
            way
        );
    }

    /// @dev She waits as long as she must, tries a second before, and sees what it has brought.
    function reign(uint256 what, uint8 way, uint16 amount, bool andBack) external {
        Deed memory deed = _deed(uint8(what % 4), Kind((what / 4) % 4), (what / 16) % 2 == 0);
        for (uint256 i = 0; i < (andBack ? 2 : 1); ++i) {
            (bool done, ) = _try(
                EVE,
                address(_authority),
                abi.encodeCall(_authority.schedule, (address(_authority), deed.data, 0))
            );
            if (!done) return;
            deed.scheduledAt = _clock;
            _deeds.push(deed);
            _warp(_clock + MIN_ADMIN_DELAY - 1);
            _do(deed, way);
            _warp(_clock + 1);
            _do(deed, way);
            _act(EVE, deed.kind, amount % 50);
            _act(BOB, deed.kind, amount % 50);
            deed = _deed(deed.what % 4, deed.kind, deed.what >= 4);
        }
    }

    function _do(Deed memory deed, uint8 way) private {
        bytes[] memory several = new bytes[](1);
        several[0] = deed.data;
        bytes memory call = deed.data;
        if (way % 3 == 1) call = abi.encodeCall(_authority.execute, (address(_authority), deed.data));
        if (way % 3 == 2) call = abi.encodeCall(_authority.multicall, (several));
        bytes32 operation = _authority.hashOperation(EVE, address(_authority), deed.data);
        uint256 readyAt = _authority.getSchedule(operation);
        (bool done, ) = _try(EVE, address(_authority), call);
        if (!done) return;
        _require(readyAt != 0 && readyAt <= _clock, "a deed without its schedule");
        _require(_wasAnnounced(deed.data), "a deed took effect before its delay had passed");
        _apply(deed);
    }

    function _ask(Asked memory asked) private {
        Kind kind = asked.kind;
        ApprovalModel storage model = _approvalModel[_operationOf(asked)];
        (Expected expected, ) = _expect(asked.caller, kind, asked.amount, 0);
        bool waits =
            (model.pending && _clock < model.deadline) ||
                (model.approved && _clock < model.usableUntil && _clock < _lifeModel[model.resolver]);
        bool effective = !_closedModel && !_isPublic[kind] && _hasEffect(asked.caller, kind);
        (bool opened, ) = _try(
            asked.caller,
            address(_escalations),
            abi.encodeCall(_escalations.open, (address(_target), _dataOf(kind, asked.amount), "do it", "context"))
        );
        if (expected != Expected.Either || !effective || waits) {
            bool may = effective && !waits && expected == Expected.Refused;
            _require(opened == may, "an escalation was opened, or not, against the rules");
        }
        if (!opened) return;
        _asked.push(asked);
        model.requester = asked.caller;
        model.team = _taskModel[_grantModel[asked.caller][kind].task].team;
        (model.pending, model.approved) = (true, false);
        (model.openedAt, model.deadline) = (_clock, _clock + DEADLINE_SECONDS);
    }

    function _approve(address caller, bytes32 operation, uint256 position) private {
        ApprovalModel storage model = _approvalModel[operation];
        uint256 hops = model.team == ROOT ? 1 : 2;
        address sits = position == hops - 1 ? RITA : (model.team == ALICES ? EVE : ALICE);
        bool may =
            model.pending &&
                _clock < model.deadline &&
                position < hops &&
                caller == sits &&
                caller != model.requester &&
                _clock >= model.openedAt + (position * DEADLINE_SECONDS) / hops &&
                _clock < _lifeModel[caller];
        (bool done, ) = _try(
            caller,
            address(_escalations),
            abi.encodeCall(_escalations.approve, (operation, position, "reason"))
        );
        _require(done == may, "an escalation was approved, or not, by whom it should not");
        if (!done) return;
        (model.pending, model.approved, model.resolver) = (false, true, caller);
        uint256 until = _clock + USABLE_SECONDS;
        model.usableUntil = until < _lifeModel[caller] ? until : _lifeModel[caller];
    }

    /// @dev One of the last few.
    function _recent(uint256 index) private view returns (Asked memory) {
        return _asked[_asked.length - 1 - (index % (_asked.length > 4 ? 4 : _asked.length))];
    }

    /// @dev By the model's own list: announced long enough ago.
    function _wasAnnounced(bytes memory data) private view returns (bool) {
        for (uint256 i = 0; i < _deeds.length; ++i) {
            bool early = _clock < _deeds[i].scheduledAt + MIN_ADMIN_DELAY;
            if (!early && keccak256(_deeds[i].data) == keccak256(data)) return true;
        }
        return false;
    }

    /// @return deed Opening everything to everybody, closing the target, taking granters away, or membership of GRANT_ROLE.
    function _deed(uint8 what, Kind kind, bool on) private view returns (Deed memory deed) {
        (deed.what, deed.kind) = (on ? what : what + 4, kind);
        bytes4[] memory selectors = _one(_selectorOf(kind));
        uint64 everybody = _authority.PUBLIC_ROLE();
        if (what == 0) {
            uint64 role = on ? everybody : Roles.GRANT_ROLE;
            deed.data = abi.encodeCall(_authority.setTargetFunctionRole, (address(_target), selectors, role));
        } else if (what == 1) {
            deed.data = abi.encodeCall(_authority.setTargetClosed, (address(_target), on));
        } else if (what == 2) {
            uint64 role = on ? Roles.GRANTER_ROLE : 0;
            deed.data = abi.encodeCall(_authority.setActionGranter, (address(_target), selectors[0], role));
        } else {
            uint64 role = on ? Roles.GRANT_ROLE : _authority.ADMIN_ROLE();
            deed.data = abi.encodeCall(_authority.grantRole, (role, EVE, 0));
        }
    }

    function _apply(Deed memory deed) private {
        uint8 what = deed.what % 4;
        bool on = deed.what < 4;
        if (what == 0) _isPublic[deed.kind] = on;
        else if (what == 1) _closedModel = on;
        else if (what == 2) _hasGranter[deed.kind] = on;
        else _require(false, "GRANT_ROLE, or ADMIN_ROLE without delay, was given");
    }

    function _operationOf(Asked memory asked) private view returns (bytes32) {
        return keccak256(abi.encode(asked.caller, address(_target), _dataOf(asked.kind, asked.amount)));
    }
}
