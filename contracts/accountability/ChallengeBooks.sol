// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IAuthority} from "../authority/IAuthority.sol";
import {JournaledAccessManaged} from "../journal/JournaledAccessManaged.sol";
import {AssetTransfer} from "../libraries/AssetTransfer.sol";
import {IChallenges} from "./IChallenges.sol";

/// @title ChallengeBooks: the money of challenges, and their terms
/// @dev Bonds, claims and pot are counted on their own; coin that is forced upon the contract is none of them. Coin leaves in this file
/// alone, after everything else, by {claim} and {withdrawPot}.
abstract contract ChallengeBooks is IChallenges, JournaledAccessManaged, ReentrancyGuardTransient {
    struct Terms {
        uint96 bond;
        address anchor;
        uint96 reward;
    }

    /// @notice A hundred coins.
    uint96 public constant MAX_BOND = 100e18;
    /// @notice A hundred coins.
    uint96 public constant MAX_REWARD = 100e18;

    Terms internal _terms;
    uint256 internal _bonds;
    uint256 internal _pot;
    uint256 private _owed;

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
        _owed -= amount;
        _record(ChallengeClaimed.selector, _word(msg.sender), _word(to), abi.encode(amount, _callId()));

        // Interaction
        _push(to, amount);
    }

    /// @inheritdoc IChallenges
    function setTerms(uint96 bond, uint96 reward, address anchor) external restricted {
        // Check
        if (bond > MAX_BOND) revert ChallengesBondTooHigh(bond, MAX_BOND);
        if (reward > MAX_REWARD) revert ChallengesRewardTooHigh(reward, MAX_REWARD);
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
        uint256 pot = _pot;
        if (amount > pot) revert ChallengesInsufficientPot(amount, pot);
        _requireLive(anchor);

        // Effect
        _pot = pot - amount;
        _record(
            ChallengePotWithdrawn.selector,
            _word(to),
            abi.encode(amount, pot - amount, _callId(), anchor, msg.sender)
        );

        // Interaction
        _push(to, amount);
    }

    /// @inheritdoc IChallenges
    function terms() external view returns (uint96 bond, uint96 reward, address anchor) {
        Terms memory current = _terms;
        return (current.bond, current.reward, current.anchor);
    }

    /// @inheritdoc IChallenges
    function books() external view returns (uint256 bonds, uint256 claims, uint256 pot) {
        return (_bonds, _owed, _pot);
    }

    /// @inheritdoc IChallenges
    function claimable(address account) external view returns (uint256) {
        return _claims[account];
    }

    function _fund() private {
        _pot += msg.value;
        _record(ChallengePotFunded.selector, _word(msg.sender), abi.encode(msg.value, _pot));
    }

    function _credit(address account, uint256 amount) internal {
        _claims[account] += amount;
        _owed += amount;
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

    function _requireRecipient(address to) private view {
        if (to == address(0) || to == address(this)) revert ChallengesInvalidRecipient(to);
    }
}
