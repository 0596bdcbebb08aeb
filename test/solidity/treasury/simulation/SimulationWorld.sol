// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBudgetLedger} from "../../../../contracts/treasury/IBudgetLedger.sol";
import {IReviewCalendar} from "../../../../contracts/oracle/IReviewCalendar.sol";
import {vm} from "../../support/Vm.sol";
import {Act, KnownMilestone, KnownProject, SimulationBooks} from "./SimulationBooks.sol";

/// @dev What happens around the vault: time, reports, tokens, payees and anchors that come and go.
abstract contract SimulationWorld is SimulationBooks {
    /// @dev What a call looks for.
    enum Wanted {
        Pending,
        Late,
        Challengeable,
        Payable
    }

    uint256 internal constant WORLD_ACTS = 15;

    uint32 internal _latest;
    uint256 internal _acceptedAt = 1_000_000;

    function _happen(uint256 which) internal {
        if (which < 3) _pass();
        else if (which < 5) _passToDecision();
        else if (which < 8) _report();
        else if (which == 8) _oracle.manage(_oneIn(2) ? 0 : uint48(block.timestamp + _below(600)));
        else if (which == 9) _breakingToken.setBroken(_oneIn(3));
        else if (which == 10) _rebase();
        else if (which == 11) _comeAndGo();
        else if (which == 12) _beginPeriod();
        else if (which == 13) _beginNextPeriod();
        else _refusingPayee.setBurnsGas(_oneIn(2));
    }

    function _rebaseTo(uint256 balance) internal {
        _rebasingToken.rebase(address(_vault), balance);
        _isRebasedDown = balance < _vault.credited(_assets[REBASING]);
    }

    /// @dev A place with a live project.
    function _pick() internal returns (uint256 place) {
        place = _below(PLACES);
        while (_known[place].id == 0) place = (place + 1) % PLACES;
    }

    /// @dev A milestone as wanted, from a random place on; now and then, or where there is none, any milestone.
    function _pick(Wanted wanted) internal returns (uint256 place, uint32 index) {
        place = _pick();
        if (!_oneIn(8)) {
            for (uint256 i = 0; i < PLACES; ++i) {
                KnownProject storage known = _known[(place + i) % PLACES];
                uint256 count = known.milestones.length;
                for (uint256 m = 0; m < count; ++m) {
                    if (_is(known.milestones[m], wanted)) return ((place + i) % PLACES, uint32(m)); // safe: at most 32
                }
            }
        }
        index = uint32(_below(_known[place].milestones.length)); // safe: at most 32
    }

    function _is(KnownMilestone storage milestone, Wanted wanted) private view returns (bool) {
        IBudgetLedger.MilestoneStatus status = milestone.status;
        bool isPending = status == IBudgetLedger.MilestoneStatus.Pending;
        if (wanted == Wanted.Pending) return isPending && block.timestamp < milestone.deadline;
        if (wanted == Wanted.Late) return isPending && block.timestamp >= milestone.deadline;
        if (status != IBudgetLedger.MilestoneStatus.Proved) return false;
        return (block.timestamp >= milestone.payableFrom) == (wanted == Wanted.Payable);
    }

    /// @dev Rarely so long that windows of the breaker and many deadlines are over.
    function _pass() private {
        _warp(block.timestamp + (_oneIn(40) ? 1 days : _below(200)));
    }

    /// @dev To a second that decides something of one milestone, or to the one before it.
    function _passToDecision() private {
        KnownProject storage known = _known[_pick()];
        KnownMilestone storage milestone = known.milestones[_below(known.milestones.length)];
        uint256 time = _acceptedAt + LONGEST_RENEWAL_WINDOW;
        if (_oneIn(2)) time = milestone.deadline;
        if (milestone.status == IBudgetLedger.MilestoneStatus.Proved) time = milestone.payableFrom;
        if (_oneIn(2)) --time;
        if (time > block.timestamp && time < block.timestamp + 3000) _warp(time);
    }

    /// @dev As the oracle does it: the longest renewal window after a report is over before the next one.
    function _report() private {
        uint256 time = _acceptedAt + LONGEST_RENEWAL_WINDOW;
        if (time < block.timestamp) time = block.timestamp;
        _warp(time);
        (_acceptedAt, _latest) = (time, _latest + 1);
        _oracle.accept(_latest, uint48(time));
    }

    /// @dev Down below what the vault owes, or up to it and perhaps beyond.
    function _rebase() private {
        uint256 credited = _vault.credited(_assets[REBASING]);
        uint256 balance = _balanceOf(REBASING, address(_vault));
        if (!_isRebasedDown && _oneIn(3)) return _rebaseTo(balance / (2 + _below(3)));
        _rebaseTo((balance < credited ? credited : balance) + (_oneIn(2) ? 0 : _below(1e18)));
    }

    /// @dev One anchor lapses for a while.
    function _comeAndGo() private {
        uint256 one = _below(ANCHORS);
        bool isLive = _authority.anchorLiveUntil(_anchors[one]) > block.timestamp;
        for (uint256 i = 0; i < ANCHORS; ++i) _authority.setAnchorLiveUntil(_anchors[i], type(uint48).max);
        if (isLive && _oneIn(2)) _authority.setAnchorLiveUntil(_anchors[one], uint48(block.timestamp));
    }

    /// @dev The one that runs, where it has not begun and is young enough.
    function _beginPeriod() private {
        // solhint-disable-next-line avoid-low-level-calls
        (bool worked, ) = address(_calendar).call(abi.encodeCall(IReviewCalendar.begin, ()));
        _count(Act.BeginPeriod, worked);
    }

    function _beginNextPeriod() internal {
        uint256 running = _calendar.periodAt(uint48(block.timestamp)); // safe: 48 bits
        _warp(1_000_000 + (running + 1) * REVIEW_PERIOD);
        _beginPeriod();
    }

    function _warp(uint256 time) private {
        vm.warp(time);
        vm.roll(block.number + 1);
    }
}
