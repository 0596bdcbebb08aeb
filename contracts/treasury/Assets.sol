// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IAuthority} from "../authority/IAuthority.sol";
import {JournaledAccessManaged} from "../journal/JournaledAccessManaged.sol";
import {AssetTransfer} from "../libraries/AssetTransfer.sol";
import {IBudgetLedger} from "./IBudgetLedger.sol";

/// @title Assets: what the vault owes in each asset, and how money enters and leaves
/// @dev Design:
/// - `credited` is stored on its own and changes in this file alone: up when money comes in, down when it leaves. Moves
/// between pools, commitments and claims leave it as it is.
/// - Everything that the vault owes in an asset is part of its `credited`, which fits 128 bits; so does each part.
/// - A push to a payee that fails becomes the payee's claim; nobody's refusal holds anybody else up.
abstract contract Assets is IBudgetLedger, JournaledAccessManaged, ReentrancyGuardTransient {
    /// @dev What a payee's code, or a token's, may use of a best-effort push.
    uint256 internal constant PUSH_GAS = 150_000;

    /// @dev The call's own costs with coin to a new account, and everything that follows a failed push.
    uint256 internal constant PUSH_RESERVE_GAS = 90_000;

    struct Asset {
        uint128 credited;
        bool allowed;
    }

    mapping(address asset => Asset) internal _assets;
    mapping(address payee => mapping(address asset => uint128)) internal _claims;
    mapping(address from => mapping(bytes32 intent => bool)) private _intents;

    /// @inheritdoc IBudgetLedger
    function credited(address asset) external view returns (uint256) {
        return _assets[asset].credited;
    }

    /// @inheritdoc IBudgetLedger
    function isAllowedAsset(address asset) external view returns (bool) {
        return _assets[asset].allowed;
    }

    /// @inheritdoc IBudgetLedger
    function claimable(address payee, address asset) external view returns (uint256) {
        return _claims[payee][asset];
    }

    /// @inheritdoc IBudgetLedger
    function isIntentUsed(address from, bytes32 intent) external view returns (bool) {
        return _intents[from][intent];
    }

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
        uint256 owed = _assets[asset].credited;
        amount = balance > owed ? balance - owed : 0;
        _credit(asset, amount);
    }

    /// @dev Sends money out or reverts.
    function _send(address asset, address to, uint256 amount) internal {
        if (to == address(0) || to == address(this)) revert BudgetVaultInvalidRecipient(to);
        _debit(asset, amount);
        if (!AssetTransfer.push(asset, to, amount, gasleft())) revert BudgetVaultTransferFailed(asset, to, amount);
    }

    /// @dev Sends money to a payee, or keeps it as the payee's claim. Without enough gas for the payee's own code it reverts,
    /// so that no caller can turn a payment into a claim by starving it (63/64 rule).
    function _sendOrOwe(address asset, address payee, uint256 amount) internal returns (PaymentOutcome) {
        // Check
        uint256 required = (PUSH_GAS * 64) / 63 + PUSH_RESERVE_GAS;
        uint256 available = gasleft();
        if (available < required) revert BudgetVaultInsufficientGas(available, required);

        // Effect, Interaction
        _debit(asset, amount);
        if (AssetTransfer.push(asset, payee, amount, PUSH_GAS)) return PaymentOutcome.Paid;
        unchecked {
            // safe: the sum is what it was before the debit; a claim is a part of it
            _assets[asset].credited += uint128(amount);
            _claims[payee][asset] += uint128(amount);
        }
        return PaymentOutcome.Claimable;
    }

    function _requireAllowed(address asset) internal view {
        if (!_assets[asset].allowed) revert BudgetVaultAssetNotAllowed(asset);
    }

    function _requireLiveAnchor(address anchor) internal view {
        uint48 liveUntil = IAuthority(authority()).anchorLiveUntil(anchor);
        if (block.timestamp >= liveUntil) revert BudgetVaultAnchorNotLive(anchor, liveUntil);
    }

    function _word(address account) internal pure returns (bytes32) {
        return bytes32(uint256(uint160(account)));
    }

    function _credit(address asset, uint256 amount) private {
        if (amount == 0) revert BudgetVaultZeroAmount();
        uint256 owed = _assets[asset].credited;
        uint256 room = type(uint128).max - owed;
        if (amount > room) revert BudgetVaultAmountTooLarge(amount, room);
        _assets[asset].credited = uint128(owed + amount); // safe: within the room
    }

    function _debit(address asset, uint256 amount) private {
        _assets[asset].credited -= uint128(amount); // safe: a part of credited, which fits 128 bits
    }
}
