// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IAuthority} from "../authority/IAuthority.sol";
import {JournaledAccessManaged} from "../journal/JournaledAccessManaged.sol";
import {AssetTransfer} from "../libraries/AssetTransfer.sol";
import {IChallenges} from "./IChallenges.sol";

/// @title ChallengeBooks: the money of challenges, and their terms
/// @dev Bonds, claims and pot are counted on their own; coin that is forced upon the contract is none of them. What is reserved is a part of
/// the pot, and never more than it: it grows by what is free alone, and the pot shrinks by what is free, or by what was reserved for that
/// reward. Coin leaves in this file alone, after everything else, by {claim} and {withdrawPot}.
abstract contract ChallengeBooks is IChallenges, JournaledAccessManaged, ReentrancyGuardTransient {
    struct Terms {
        uint96 bond;
        address anchor;
        uint96 reward;
    }

    /// @dev In wei. Opening writes the first word alone.
    struct Books {
        uint128 bonds;
        uint128 reserved;
        uint128 pot;
        uint128 claims;
    }

    /// @notice A hundred coins.
    uint96 public constant MAX_BOND = 100e18;
    /// @notice A hundred coins.
    uint96 public constant MAX_REWARD = 100e18;

    Terms internal _terms;
    Books private _books;

    mapping(address account => uint256) private _claims;

    /// @inheritdoc IChallenges
    receive() external payable {
        _fund();
    }

    /// @inheritdoc IChallenges
    function fund() external payable {
        _fund();
    }

    /// @inheritdoc IChallenges
    function claim(address payable to) external nonReentrant returns (uint256 amount) {
        // Check
        _requireRecipient(to);
        amount = _claims[msg.sender];
        if (amount == 0) revert ChallengesNothingToClaim(msg.sender);

        // Effect
        _claims[msg.sender] = 0;
        _books.claims -= SafeCast.toUint128(amount);
        _record(ChallengeClaimed.selector, _word(msg.sender), _word(to), abi.encode(amount, _callId()));

        // Interaction
        _push(to, amount);
    }

    /// @inheritdoc IChallenges
    function setTerms(uint96 bond, uint96 reward, address anchor) external restricted {
        // Check
        if (bond > MAX_BOND) revert ChallengesBondTooHigh(bond, MAX_BOND);
        if (reward > MAX_REWARD) revert ChallengesRewardTooHigh(reward, MAX_REWARD);
        if (bond != 0 && bond < reward) revert ChallengesBondBelowReward(bond, reward);
        _requireLive(anchor);

        // Effect
        Terms memory previous = _terms;
        _terms = Terms({bond: bond, anchor: anchor, reward: reward});
        _record(
            ChallengeTermsSet.selector,
            abi.encode(previous.bond, bond, previous.reward, reward, _callId(), anchor, msg.sender)
        );
    }

    /// @inheritdoc IChallenges
    function withdrawPot(uint256 amount, address payable to, address anchor) external restricted nonReentrant {
        // Check
        _requireRecipient(to);
        uint256 free = _free();
        if (amount > free) revert ChallengesInsufficientPot(amount, free);
        _requireLive(anchor);

        // Effect
        uint256 pot = _takeFromPot(amount);
        _record(ChallengePotWithdrawn.selector, _word(to), abi.encode(amount, pot, _callId(), anchor, msg.sender));

        // Interaction
        _push(to, amount);
    }

    /// @inheritdoc IChallenges
    function terms() external view returns (uint96 bond, uint96 reward, address anchor) {
        Terms memory current = _terms;
        return (current.bond, current.reward, current.anchor);
    }

    /// @inheritdoc IChallenges
    function books() external view returns (uint256 bonds, uint256 claims, uint256 pot, uint256 reserved) {
        Books memory current = _books;
        return (current.bonds, current.claims, current.pot, current.reserved);
    }

    /// @inheritdoc IChallenges
    function claimable(address account) external view returns (uint256) {
        return _claims[account];
    }

    function _fund() private {
        uint256 pot = _addToPot(msg.value);
        _record(ChallengePotFunded.selector, _word(msg.sender), abi.encode(msg.value, pot));
    }

    /// @dev Takes a bond in, and reserves a reward for it: `wanted`, or what of it is free.
    function _reserve(uint96 bond, uint96 wanted, uint96 least) internal returns (uint96 reward) {
        uint256 free = _free();
        reward = uint96(Math.min(wanted, free)); // safe: at most `wanted`
        if (reward < least) revert ChallengesRewardNotCovered(least, reward, free);
        _books.bonds += bond;
        _books.reserved += reward;
    }

    /// @dev Of a challenge that ends, once. Where its bond goes, and whether its reward leaves the pot, is the caller's to say.
    function _release(uint96 bond, uint96 reward) internal {
        _books.bonds -= bond;
        _books.reserved -= reward;
    }

    function _addToPot(uint256 amount) internal returns (uint256 pot) {
        pot = _books.pot + amount;
        _books.pot = SafeCast.toUint128(pot);
    }

    /// @dev Of what is free: a reward has to be released before.
    function _takeFromPot(uint256 amount) internal returns (uint256 pot) {
        pot = _books.pot - amount;
        _books.pot = SafeCast.toUint128(pot);
    }

    function _credit(address account, uint256 amount) internal {
        _claims[account] += amount;
        _books.claims += SafeCast.toUint128(amount);
    }

    function _requireLive(address anchor) internal view {
        uint48 liveUntil = IAuthority(authority()).anchorLiveUntil(anchor);
        if (block.timestamp >= liveUntil) revert ChallengesAnchorNotLive(anchor, liveUntil);
    }

    function _word(address account) internal pure returns (bytes32) {
        return bytes32(uint256(uint160(account)));
    }

    function _push(address payable to, uint256 amount) private {
        if (!AssetTransfer.push(AssetTransfer.COIN, to, amount, gasleft())) {
            revert ChallengesTransferRefused(to, amount);
        }
    }

    /// @dev What the pot has promised to nobody.
    function _free() private view returns (uint256) {
        return _books.pot - _books.reserved;
    }

    function _requireRecipient(address to) private view {
        if (to == address(0) || to == address(this)) revert ChallengesInvalidRecipient(to);
    }
}
