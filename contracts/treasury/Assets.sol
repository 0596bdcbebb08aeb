// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IAuthority} from "../authority/IAuthority.sol";
import {JournaledAccessManaged} from "../journal/JournaledAccessManaged.sol";
import {AssetTransfer} from "../libraries/AssetTransfer.sol";
import {AssetBooks} from "./AssetBooks.sol";
import {IBudgetLedger} from "./IBudgetLedger.sol";
import {ReclaimBooks} from "./ReclaimBooks.sol";

/// @title Assets: what the vault owes in each asset, and how money enters and leaves
/// @dev Design:
/// - `credited` is stored on its own and changes in this file alone: up when money comes in, down when it leaves. Moves
/// between pools, commitments and claims leave it as it is.
/// - Everything that the vault owes in an asset is part of its `credited`, which fits 112 bits; so does each part.
/// - A push to a payee that fails becomes the payee's claim; nobody's refusal holds anybody else up.
/// - A movement is on record before the money moves: what a payee's or a token's code does meanwhile comes after it in the journal.
abstract contract Assets is IBudgetLedger, JournaledAccessManaged, ReentrancyGuardTransient {
    /// @dev What a payee's code, or a token's, may use of a best-effort push.
    uint256 internal constant PUSH_GAS = 150_000;

    /// @dev The call's own costs with coin to a new account, and everything that follows a failed push.
    uint256 internal constant PUSH_RESERVE_GAS = 90_000;

    mapping(address asset => AssetBooks) internal _assets;
    mapping(address asset => ReclaimBooks) internal _reclaims;
    mapping(address payee => mapping(address asset => uint128)) internal _claims;
    mapping(address from => mapping(bytes32 intent => bool)) internal _intents;
    mapping(address asset => Ruling) internal _rulings;

    /// @dev The last ruling by which a payee took a part of its claim.
    mapping(address payee => mapping(address asset => uint32 number)) internal _ruledClaims;

    /// @dev Takes exactly `amount` from the caller and credits it; what the balance gained decides.
    function _receive(address asset, uint256 amount, bytes32 intent) internal {
        // Check
        _requireAllowed(asset);
        uint256 value = asset == AssetTransfer.COIN ? amount : 0;
        if (msg.value != value) revert BudgetVaultWrongValue(msg.value, value);
        if (intent == 0) revert BudgetVaultInvalidIntent();
        if (_intents[msg.sender][intent]) revert BudgetVaultIntentUsed(msg.sender, intent);

        // Effect
        _intents[msg.sender][intent] = true;
        _credit(asset, amount);

        // Interaction
        if (asset == AssetTransfer.COIN) return;
        uint256 balanceBefore = AssetTransfer.balance(asset);
        if (!AssetTransfer.pull(asset, msg.sender, amount)) {
            revert BudgetVaultTransferFailed(asset, address(this), amount);
        }
        uint256 balanceAfter = AssetTransfer.balance(asset);
        uint256 received = balanceAfter > balanceBefore ? balanceAfter - balanceBefore : 0;
        if (received != amount) revert BudgetVaultWrongDeposit(asset, received, amount);
    }

    /// @dev What the balance holds beyond `credited`; 0 where it holds less.
    function _creditSurplus(address asset) internal returns (uint256 amount) {
        uint256 balance = AssetTransfer.balance(asset);
        uint256 owed = _assets[asset].creditedOf();
        amount = balance > owed ? balance - owed : 0;
        _credit(asset, amount);
    }

    /// @dev Sends money out or reverts. `books` are the asset's as they become, but for the money that leaves.
    function _send(address asset, address to, uint256 amount, AssetBooks books) internal {
        if (to == address(0) || to == address(this)) revert BudgetVaultInvalidRecipient(to);
        _debit(asset, amount, books);
        if (!AssetTransfer.push(asset, to, amount, gasleft())) revert BudgetVaultTransferFailed(asset, to, amount);
    }

    /// @dev Sends money to a payee, or keeps it as the payee's claim. Without enough gas for the payee's own code it reverts,
    /// so that no caller can turn a payment into a claim by starving it (63/64 rule). `books` as in {_send}.
    function _sendOrOwe(
        address asset,
        address payee,
        uint256 amount,
        AssetBooks books
    ) internal returns (PaymentOutcome) {
        // Check
        uint256 required = (PUSH_GAS * 64) / 63 + PUSH_RESERVE_GAS;
        uint256 available = gasleft();
        if (available < required) revert BudgetVaultInsufficientGas(available, required);

        // Effect, Interaction
        _debit(asset, amount, books);
        if (AssetTransfer.push(asset, payee, amount, PUSH_GAS)) return PaymentOutcome.Paid;
        // The sum is what it was before the debit; a claim is a part of it.
        AssetBooks left = _assets[asset];
        _assets[asset] = left.withCredited(left.creditedOf() + amount);
        _claims[payee][asset] += uint128(amount); // safe: a part of credited
        _addUncommitted(asset, amount);
        return PaymentOutcome.Claimable;
    }

    function _requireAllowed(address asset) internal view {
        if (!_assets[asset].isAllowed()) revert BudgetVaultAssetNotAllowed(asset);
    }

    function _requireLiveAnchor(address anchor) internal view {
        uint48 liveUntil = IAuthority(authority()).anchorLiveUntil(anchor);
        if (block.timestamp >= liveUntil) revert BudgetVaultAnchorNotLive(anchor, liveUntil);
    }

    function _isLiveAnchor(address account) internal view returns (bool) {
        return block.timestamp < IAuthority(authority()).anchorLiveUntil(account);
    }

    function _word(address account) internal pure returns (bytes32) {
        return bytes32(uint256(uint160(account)));
    }

    /// @dev `amount` goes into a pool or a claim: it is, or within this call becomes, a part of what is credited.
    function _addUncommitted(address asset, uint256 amount) internal {
        ReclaimBooks books = _reclaims[asset];
        unchecked {
            // safe: uncommitted is a part of credited, or the call reverts
            _reclaims[asset] = books.withUncommitted(books.uncommittedOf() + amount);
        }
    }

    /// @dev `amount` leaves a pool or a claim.
    function _takeUncommitted(address asset, uint256 amount) internal {
        ReclaimBooks books = _reclaims[asset];
        _reclaims[asset] = books.withUncommitted(books.uncommittedOf() - amount);
    }

    function _credit(address asset, uint256 amount) private {
        if (amount == 0) revert BudgetVaultZeroAmount();
        AssetBooks books = _assets[asset];
        uint256 owed = books.creditedOf();
        uint256 room = type(uint112).max - owed;
        if (amount > room) revert BudgetVaultAmountTooLarge(amount, room);
        _assets[asset] = books.withCredited(owed + amount);
    }

    function _debit(address asset, uint256 amount, AssetBooks books) private {
        _assets[asset] = books.withCredited(books.creditedOf() - amount);
    }
}
