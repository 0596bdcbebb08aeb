// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Actions} from "./Actions.sol";
import {IAuthorityLimits} from "./IAuthorityLimits.sol";
import {Rate} from "./LimitRules.sol";
import {Policy, PolicyBook} from "./PolicyBook.sol";

/// @title What the policy contracts wrote: limits of teams, rates of assets, capabilities, and who approves what crosses a limit
/// @dev How it is written is in the linked library {PolicyBook}.
abstract contract TeamLimits is Actions {
    Policy internal _policy;

    /// @inheritdoc IAuthorityLimits
    function setTeamLimits(uint16 team, address anchor, Limits calldata limits) external onlyAuthorized {
        PolicyBook.setTeamLimits(_policy, team, anchor, limits, _callId());
    }

    /// @inheritdoc IAuthorityLimits
    function setRate(address asset, uint128 rate, uint48 validUntil) external onlyAuthorized {
        PolicyBook.setRate(_policy, asset, rate, validUntil, _callId());
    }

    /// @inheritdoc IAuthorityLimits
    function setCapability(bytes32 capability, bytes32 actionsHash) external onlyAuthorized {
        PolicyBook.setCapability(_policy, capability, actionsHash, _callId());
    }

    /// @inheritdoc IAuthorityLimits
    function setEscalations(address escalations_) external onlyAuthorized {
        if (escalations_ != address(0) && escalations_.code.length == 0) revert AuthorityNotContract(escalations_);
        PolicyBook.setEscalations(_policy, escalations_, _callId());
    }

    /// @inheritdoc IAuthorityLimits
    function teamLimits(uint16 team) external view returns (address anchor, Limits memory limits, uint256 usedImpact) {
        return PolicyBook.teamLimits(_policy, team);
    }

    /// @inheritdoc IAuthorityLimits
    function rateOf(address asset) external view returns (uint128 rate, uint48 validUntil) {
        Rate storage current = _policy.rates[asset];
        return (current.rate, current.validUntil);
    }

    /// @inheritdoc IAuthorityLimits
    function escalations() external view returns (address) {
        return _policy.escalations;
    }

    /// @inheritdoc IAuthorityLimits
    function capabilityHash(bytes32 capability) external view returns (bytes32) {
        return _policy.capabilities[capability];
    }
}
