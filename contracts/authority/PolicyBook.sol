// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {JournalLog} from "../journal/JournalLog.sol";
import {Action} from "./Actions.sol";
import {ActionState} from "./ActionState.sol";
import {GrantState} from "./GrantState.sol";
import {IAuthorityLimits} from "./IAuthorityLimits.sol";
import {LimitRules, Rate} from "./LimitRules.sol";
import {Book} from "./TaskBook.sol";
import {TaskState} from "./TaskState.sol";
import {TeamState} from "./TeamState.sol";

/// @dev A team's limits with what it used of them, and who opens its tasks.
struct Team {
    TeamState state;
    address anchor;
}

/// @dev What the policy contracts wrote.
struct Policy {
    mapping(uint16 team => Team) teams;
    mapping(address asset => Rate) rates;
    mapping(bytes32 capability => bytes32) capabilities;
    address escalations;
}

/// @title What is written seldom of limits, and read in full only where a call is refused or somebody asks
/// @dev A linked library, because the authority's code has a size limit. It runs as the authority: same storage, same caller,
/// same journal. `cause` is the id of the call.
library PolicyBook {
    function setTeamLimits(
        Policy storage policy,
        uint16 team,
        address anchor,
        IAuthorityLimits.Limits calldata limits,
        bytes32 cause
    ) external {
        Team storage found = policy.teams[team];
        found.anchor = anchor;
        found.state = found.state.withLimits(limits);
        JournalLog.record(
            IAuthorityLimits.TeamLimitsSet.selector,
            bytes32(uint256(team)),
            _word(anchor),
            abi.encode(limits, cause, msg.sender)
        );
    }

    function setRate(Policy storage policy, address asset, uint128 rate, uint48 validUntil, bytes32 cause) external {
        policy.rates[asset] = Rate({rate: rate, validUntil: validUntil});
        JournalLog.record(
            IAuthorityLimits.RateSet.selector,
            _word(asset),
            abi.encode(rate, validUntil, cause, msg.sender)
        );
    }

    function setCapability(Policy storage policy, bytes32 capability, bytes32 actionsHash, bytes32 cause) external {
        policy.capabilities[capability] = actionsHash;
        JournalLog.record(
            IAuthorityLimits.CapabilitySet.selector,
            capability,
            abi.encode(actionsHash, cause, msg.sender)
        );
    }

    function setEscalations(Policy storage policy, address escalations, bytes32 cause) external {
        policy.escalations = escalations;
        JournalLog.record(IAuthorityLimits.EscalationsSet.selector, _word(escalations), abi.encode(cause, msg.sender));
    }

    function teamLimits(
        Policy storage policy,
        uint16 team
    ) external view returns (address anchor, IAuthorityLimits.Limits memory limits, uint256 usedImpact) {
        TeamState state = policy.teams[team].state.rolledTo(block.timestamp);
        return (policy.teams[team].anchor, state.toLimits(), state.usedImpact());
    }

    /// @param action The one that `data` calls.
    function check(
        Policy storage policy,
        Book storage book,
        Action storage action,
        address caller,
        bytes calldata data
    ) external view returns (IAuthorityLimits.LimitCheck memory met) {
        ActionState state = action.state;
        GrantState given = action.grants[caller];
        met.task = given.taskOf();
        TaskState task = book.tasks[met.task];
        met.team = task.teamOf();
        met.anchor = task.anchorOf();
        TeamState team = policy.teams[met.team].state.rolledTo(block.timestamp);
        met.teamImpact = team.usedImpact();
        met.usedByHalfDay = team.usedByHalfDay();
        met.teamLimit = team.maxImpactOf();
        (met.boundary, met.impact) = LimitRules.check(state, given, team, policy.rates, data);
        (met.limit, met.actual) = LimitRules.figuresOf(
            met.boundary,
            met.impact,
            state,
            given,
            team,
            policy.rates,
            data
        );
    }

    function _word(address account) private pure returns (bytes32) {
        return bytes32(uint256(uint160(account)));
    }
}
