// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBudgetLedger} from "../../../../contracts/treasury/IBudgetLedger.sol";
import {vm} from "../../support/Vm.sol";
import {KnownMilestone, KnownProject} from "./SimulationBooks.sol";
import {SimulationActor} from "./SimulationActor.sol";

/// @dev Ends everything that is left by what named people may do in the ordinary course, and counts the money. Limits, hostile
/// payees and the calling token stay as the simulation left them.
contract WindingUp is SimulationActor {
    uint256 private constant LONG = 60 days;

    error Stuck(bytes32 project, uint256 unsettled);
    error ClaimStuck(address payee, address asset);
    error PoolStuck(bytes32 pool, address asset, uint256 amount);
    error NotEmpty(address asset, uint256 credited, uint256 balance);
    error NotAllAccountedFor(address asset, uint256 cameIn, uint256 arrived);
    error NeverGuarded(address by);

    constructor(uint256 seed_) SimulationActor(seed_) {}

    function placesCount() external pure returns (uint256) {
        return PLACES;
    }

    /// @dev Every deadline and every window passes. Alone in its call: the compiler takes the time for constant within one.
    function passLong() external {
        vm.warp(block.timestamp + LONG);
    }

    /// @dev Anchors come back, issuers mend their tokens and every lease runs out. A guardian trips coin and the calling token; only
    /// the latter is reset, so that both ways out are taken.
    function comeBack() external {
        for (uint256 i = 0; i < ANCHORS; ++i) _authority.setAnchorLiveUntil(_anchors[i], type(uint48).max);
        _breakingToken.setBroken(false);
        uint256 balance = _balanceOf(REBASING, address(_vault));
        uint256 credited = _vault.credited(_assets[REBASING]);
        _rebaseTo(balance < credited ? credited : balance);
        _latest += 200;
        _oracle.accept(_latest, uint48(block.timestamp));
        _vault.tripAsset(_assets[0], "guardian", address(this));
        _vault.tripAsset(_assets[CALLING], "guardian", address(this));
        _vault.resetAsset(_assets[CALLING], "operation", address(this));
    }

    /// @dev A period without a review. Called twice, enclaves that were reviewed for the next one are over, too.
    function passReview() external {
        _beginNextPeriod();
    }

    /// @dev What is pending goes back: after its deadline, by both sides' agreement, or because the lease ran out, by the anchor.
    /// What is proved is paid, after an anchor's co-signature where it waits for one (iTR-003, iTR-020).
    function settle(uint256 place) external {
        KnownProject storage known = _known[place];
        bytes32 id = known.id;
        if (id == 0) return;
        _seed(place, 0);
        uint256 count = known.milestones.length;
        if (place % 3 == 0) {
            for (uint32 i = 0; i < count && known.id == id; ++i)
                if (known.milestones[i].status == IBudgetLedger.MilestoneStatus.Pending) _tryReclaimMilestone(place, i);
        }
        if (place % 3 == 1) _tryCancel(place, 0);
        if (known.id == id) _tryReclaim(_vault.getProject(id).anchor, place);
        for (uint32 i = 0; i < count && known.id == id; ++i) {
            KnownMilestone storage milestone = known.milestones[i];
            if (milestone.status != IBudgetLedger.MilestoneStatus.Proved || _tryPay(place, i)) continue;
            if (!_vault.isCoSigned(id, i, milestone.held)) _tryCoSign(place, i, milestone.held, _anchors[1], true);
            _tryPay(place, i);
        }
        if (known.id == id) revert Stuck(id, _vault.getProject(id).unsettled);
        _requireBalanced();
    }

    /// @dev To an address of the payee's choice (iTR-001: what it refused, or was not sent, was kept for it).
    function claimAll() external {
        for (uint256 i = 0; i < PAYEES; ++i) {
            for (uint256 a = 0; a < ASSETS; ++a) {
                if (_vault.claimable(_payees[i], _assets[a]) == 0) continue;
                _tryClaim(i, _assets[a], _purses[i]);
                if (_vault.claimable(_payees[i], _assets[a]) != 0) revert ClaimStuck(_payees[i], _assets[a]);
            }
        }
        _requireBalanced();
    }

    /// @dev By the treasury office, and where the breaker holds it, by an approval of the pool's anchor.
    function withdrawAll() external {
        for (uint256 a = 0; a < ASSETS; ++a) {
            if (_balanceOf(a, address(_vault)) > _vault.credited(_assets[a])) _tryCreditSurplus(_pools[0], a);
            for (uint256 i = 0; i < POOLS; ++i) _withdrawAll(_pools[i], _assets[a]);
        }
        _requireBalanced();
        _requireNobodyReentered();
    }

    /// @dev Nothing is left in the vault, and all that was ever credited reached payees, their purses and the treasurer.
    function requireEmpty() external view {
        for (uint256 a = 0; a < ASSETS; ++a) {
            (uint256 credited, uint256 balance) = (_vault.credited(_assets[a]), _balanceOf(a, address(_vault)));
            if (credited != 0 || balance != 0) revert NotEmpty(_assets[a], credited, balance);
            uint256 arrived = _balanceOf(a, TREASURER);
            for (uint256 i = 0; i < PAYEES; ++i) arrived += _balanceOf(a, _payees[i]) + _balanceOf(a, _purses[i]);
            if (arrived != _cameIn[a]) revert NotAllAccountedFor(_assets[a], _cameIn[a], arrived);
        }
        address fee = address(_feeToken);
        if (_vault.credited(fee) != 0) revert NotEmpty(fee, _vault.credited(fee), _feeToken.balanceOf(address(_vault)));
        if (!_tokenWasGuardedAgainst) revert NeverGuarded(address(_callingToken));
        if (!_payeeWasGuardedAgainst) revert NeverGuarded(address(_reenteringPayee));
    }

    /// @dev iTR-002, iTR-007: Paid and Reclaimed are final, whatever came later.
    function requireRetiredUnchanged(uint256 from, uint256 end) external view returns (bool isLast) {
        uint256 count = _retired.length;
        for (uint256 i = from; i < end && i < count; ++i) _requireSaid(_retired[i].id, _retired[i].said);
        return end >= count;
    }

    function _withdrawAll(bytes32 pool, address asset) private {
        uint256 amount = _vault.poolBalance(pool, asset);
        if (amount == 0 || _tryWithdraw(address(this), pool, asset, amount)) return;
        _tryApproval(_anchors[0], pool, asset, amount);
        if (!_tryWithdraw(address(this), pool, asset, amount)) revert PoolStuck(pool, asset, amount);
    }
}
