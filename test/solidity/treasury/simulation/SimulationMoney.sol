// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AssetTransfer} from "../../../../contracts/libraries/AssetTransfer.sol";
import {IAttestorSets} from "../../../../contracts/treasury/IAttestorSets.sol";
import {IBudgetLedger} from "../../../../contracts/treasury/IBudgetLedger.sol";
import {IBudgetOffice} from "../../../../contracts/treasury/IBudgetOffice.sol";
import {IPaymentOffice} from "../../../../contracts/treasury/IPaymentOffice.sol";
import {ISafetyLedger} from "../../../../contracts/treasury/ISafetyLedger.sol";
import {vm} from "../../support/Vm.sol";
import {Act} from "./SimulationBooks.sol";
import {SimulationWorld} from "./SimulationWorld.sol";

/// @dev What people do with pools, claims, limits and sets of attestors.
abstract contract SimulationMoney is SimulationWorld {
    struct Withdrawal {
        bytes32 pool;
        address asset;
        uint256 amount;
    }

    uint256 internal constant MONEY_ACTS = 21;

    /// @dev Deposits of the token that keeps a fee, each of which was refused.
    uint256 public feeDeposits;
    Withdrawal private _approved;

    error FeeTokenTaken(uint256 step, uint256 amount);

    function _actOnMoney(uint256 which) internal {
        if (which < 5) _claim();
        else if (which < 8) _deposit();
        else if (which < 11) _withdraw();
        else if (which == 11) _approveWithdrawal();
        else if (which < 14) _movePool();
        else if (which == 14) _creditSurplus();
        else if (which == 15) _trip();
        else if (which < 18) _reset();
        else if (which == 18) _setLimits();
        else if (which == 19) _ruleShortfall();
        else _revoke();
    }

    function _tryWithdraw(address by, bytes32 pool, address asset, uint256 amount) internal returns (bool moved) {
        (bool worked, bytes memory answer) = _try(
            Act.Withdraw,
            by,
            abi.encodeCall(IBudgetOffice.withdraw, (pool, asset, TREASURER, amount))
        );
        if (!worked) return false;
        moved = abi.decode(answer, (IBudgetLedger.PaymentOutcome)) != IBudgetLedger.PaymentOutcome.Held;
        _count(Act.Pass, moved);
    }

    function _tryApproval(address by, bytes32 pool, address asset, uint256 amount) internal returns (bool worked) {
        uint48 usableUntil = uint48(block.timestamp + 1 + _below(2000));
        (worked, ) = _try(
            Act.ApproveWithdrawal,
            by,
            abi.encodeCall(IBudgetOffice.approveWithdrawal, (pool, asset, TREASURER, amount, usableUntil))
        );
    }

    function _tryCreditSurplus(bytes32 pool, uint256 asset) internal {
        (bool worked, bytes memory answer) = _try(
            Act.CreditSurplus,
            STRANGER,
            abi.encodeCall(IBudgetOffice.creditSurplus, (pool, _assets[asset]))
        );
        if (worked) _cameIn[asset] += abi.decode(answer, (uint256));
    }

    function _tryClaim(uint256 payee, address asset, address to) internal {
        _try(Act.Claim, _payees[payee], abi.encodeCall(IBudgetOffice.claim, (asset, to)));
    }

    /// @dev By a payee that has a claim, where there is one, to its purse, to itself or to where no claim can go.
    function _claim() private {
        uint256 chance = _below(PAYEES * ASSETS);
        for (uint256 i = 0; i < PAYEES * ASSETS; ++i) {
            uint256 both = (chance + i) % (PAYEES * ASSETS);
            if (_vault.claimable(_payees[both / ASSETS], _assets[both % ASSETS]) == 0) continue;
            chance = both;
            break;
        }
        uint256 payee = chance / ASSETS;
        address to = _oneIn(2) ? _purses[payee] : _payees[payee];
        if (_oneIn(12)) to = address(_vault);
        _tryClaim(payee, _assets[chance % ASSETS], to);
    }

    function _deposit() private {
        if (_oneIn(6)) return _depositWithFee();
        uint256 asset = _below(ASSETS);
        uint256 amount = _oneIn(12) ? 0 : 1 + _below(40e18);
        bytes32 intent = _oneIn(12) ? USED_INTENT : bytes32(_random());
        (bool worked, ) = _try(
            Act.Deposit,
            address(this),
            _assets[asset] == AssetTransfer.COIN ? amount : 0,
            abi.encodeCall(IBudgetOffice.deposit, (_pools[_below(POOLS)], _assets[asset], amount, intent))
        );
        if (worked) _cameIn[asset] += amount;
    }

    /// @dev What reaches the vault is less than what was said.
    function _depositWithFee() private {
        uint256 amount = 100 + _below(40e18);
        bytes32 intent = bytes32(_random());
        (bool worked, ) = _try(
            Act.Deposit,
            address(this),
            abi.encodeCall(IBudgetOffice.deposit, (_pools[0], address(_feeToken), amount, intent))
        );
        if (worked) revert FeeTokenTaken(_step, amount);
        ++feeDeposits;
    }

    /// @dev What was approved last, or up to a quarter of a pool and rarely more than there is.
    function _withdraw() private {
        Withdrawal memory what = _approved;
        if (what.amount == 0 || !_oneIn(4)) what = _anyWithdrawal();
        _tryWithdraw(_oneIn(8) ? STRANGER : address(this), what.pool, what.asset, what.amount);
    }

    function _approveWithdrawal() private {
        Withdrawal memory what = _anyWithdrawal();
        if (_tryApproval(_anchors[_below(ANCHORS)], what.pool, what.asset, what.amount)) _approved = what;
    }

    function _anyWithdrawal() private returns (Withdrawal memory what) {
        (what.pool, what.asset) = (_pools[_below(POOLS)], _assets[_below(ASSETS)]);
        uint256 balance = _vault.poolBalance(what.pool, what.asset);
        what.amount = 1 + (_oneIn(12) ? balance : _below(balance / 4 + 1));
    }

    /// @dev Up to half of a pool, and rarely more than there is.
    function _movePool() private {
        (bytes32 from, bytes32 to) = (_pools[_below(POOLS)], _pools[_below(POOLS)]);
        address asset = _assets[_below(ASSETS)];
        uint256 balance = _vault.poolBalance(from, asset);
        uint256 amount = 1 + (_oneIn(12) ? balance : _below(balance / 2 + 1));
        _try(Act.MovePool, address(this), abi.encodeCall(IBudgetOffice.movePool, (from, to, asset, amount)));
    }

    /// @dev Mostly after money came without a deposit.
    function _creditSurplus() private {
        (uint256 asset, uint256 amount) = (_below(ASSETS), 1 + _below(1e18));
        if (!_oneIn(3)) {
            if (asset == BREAKING) _breakingToken.mint(address(_vault), amount);
            else if (asset == CALLING) _callingToken.mint(address(_vault), amount);
            else if (asset == REBASING) _rebasingToken.mint(address(_vault), amount);
            else vm.deal(address(_vault), address(_vault).balance + amount);
        }
        _tryCreditSurplus(_pools[_below(POOLS)], asset);
    }

    function _trip() private {
        address by = _oneIn(3) ? STRANGER : address(this);
        _try(Act.Trip, by, abi.encodeCall(IPaymentOffice.tripAsset, (_assets[_below(ASSETS)], "why", by)));
    }

    function _reset() private {
        address asset = _assets[_below(ASSETS)];
        _try(Act.Reset, address(this), abi.encodeCall(IPaymentOffice.resetAsset, (asset, "operation", address(this))));
    }

    /// @dev Mostly where money is missing, and no more than there is.
    function _ruleShortfall() private {
        uint256 asset = _oneIn(4) ? _below(ASSETS) : REBASING;
        if (_isRebasedDown && _oneIn(2)) {
            _try(
                Act.Trip,
                address(this),
                abi.encodeCall(IPaymentOffice.tripAsset, (_assets[REBASING], "shortfall", address(this)))
            );
        }
        uint256 share = 1e17 + _below(9e17);
        uint256 limit = (_balanceOf(asset, address(_vault)) * 1e18) / (_vault.credited(_assets[asset]) + 1);
        if (share > limit && !_oneIn(4)) share = limit;
        bytes32 cause = "operation";
        _try(
            Act.RuleShortfall,
            address(this),
            abi.encodeCall(IPaymentOffice.ruleShortfall, (_assets[asset], uint64(share), cause, address(this)))
        );
    }

    /// @dev Mostly so wide that money moves; rarely so narrow that nearly everything trips, or invalid.
    function _setLimits() private {
        bool isNarrow = _oneIn(8);
        uint64 share = isNarrow ? 1e12 : uint64(1e17 + _below(9e17));
        ISafetyLedger.Limits memory limits = ISafetyLedger.Limits({
            outflowShare: _oneIn(4) ? 0 : share,
            reclaimShare: _oneIn(4) ? 0 : share,
            reclaimWindow: 600,
            tripSeconds: _oneIn(6) ? 0 : uint32(600 + _below(4000)),
            enclaveShare: _oneIn(4) ? 0 : share / 20
        });
        _try(Act.SetLimits, address(this), abi.encodeCall(IPaymentOffice.setLimits, (limits)));
    }

    /// @dev A member of one of the last sets. Where new plans could not name the current one any more, another comes.
    function _revoke() private {
        uint256 back = _below(4);
        bytes32 set = _sets[_sets.length - 1 - (back < _sets.length ? back : 0)];
        uint256 seat = _below(SEATS);
        address by = _oneIn(6) ? STRANGER : address(this);
        (bool worked, ) = _try(Act.Revoke, by, abi.encodeCall(IAttestorSets.revokeAttestor, (set, 1, seat)));
        if (worked) _revokedSeats[set] |= uint256(1) << seat;
        if (_liveCount(_currentSet()) < QUORUM) _createSets();
    }
}
