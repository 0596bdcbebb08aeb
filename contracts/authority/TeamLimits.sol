// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAuthorityLimits} from "./IAuthorityLimits.sol";
import {Rate} from "./LimitRules.sol";
import {Tasks} from "./Tasks.sol";
import {TeamState} from "./TeamState.sol";

/// @title What the policy contracts wrote: limits of teams, rates of assets, capabilities, and who approves what crosses a limit
abstract contract TeamLimits is Tasks {
    mapping(uint16 team => TeamState) internal _teams;
    mapping(address asset => Rate) internal _rates;
    mapping(bytes32 capability => bytes32) internal _capabilities;
    address internal _escalations;

    /// @inheritdoc IAuthorityLimits
    function setTeamLimits(uint16 team, address anchor, Limits calldata limits) external onlyAuthorized {
        _book.teamAnchors[team] = anchor;
        _teams[team] = _teams[team].withLimits(limits);
        _record(
            TeamLimitsSet.selector,
            bytes32(uint256(team)),
            _word(anchor),
            abi.encode(limits, _callId(), _msgSender())
        );
    }

    /// @inheritdoc IAuthorityLimits
    function setRate(address asset, uint128 rate, uint48 validUntil) external onlyAuthorized {
        _rates[asset] = Rate({rate: rate, validUntil: validUntil});
        _record(RateSet.selector, _word(asset), abi.encode(rate, validUntil, _callId(), _msgSender()));
    }

    /// @inheritdoc IAuthorityLimits
    function setCapability(bytes32 capability, bytes32 actionsHash) external onlyAuthorized {
        _capabilities[capability] = actionsHash;
        _record(CapabilitySet.selector, capability, abi.encode(actionsHash, _callId(), _msgSender()));
    }

    /// @inheritdoc IAuthorityLimits
    function setEscalations(address escalations_) external onlyAuthorized {
        if (escalations_ != address(0) && escalations_.code.length == 0) revert AuthorityNotContract(escalations_);
        _escalations = escalations_;
        _record(EscalationsSet.selector, _word(escalations_), abi.encode(_callId(), _msgSender()));
    }

    /// @inheritdoc IAuthorityLimits
    function teamLimits(uint16 team) external view returns (address anchor, Limits memory limits, uint256 usedImpact) {
        TeamState state = _teams[team].rolledTo(block.timestamp);
        return (_book.teamAnchors[team], state.toLimits(), state.usedImpact());
    }

    /// @inheritdoc IAuthorityLimits
    function rateOf(address asset) external view returns (uint128 rate, uint48 validUntil) {
        Rate storage current = _rates[asset];
        return (current.rate, current.validUntil);
    }

    /// @inheritdoc IAuthorityLimits
    function escalations() external view returns (address) {
        return _escalations;
    }

    /// @inheritdoc IAuthorityLimits
    function capabilityHash(bytes32 capability) external view returns (bytes32) {
        return _capabilities[capability];
    }
}
