// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Timestamp} from "../types/Time.sol";
import {IRulesets} from "./IRulesets.sol";
import {OperatorSets} from "./OperatorSets.sol";

/// @title Rulesets: by which rules which epoch is measured and scored, see {IRulesets}
/// @dev Design:
/// - No report reads it: operators do, and the rules stand in the digest that each of their statements signs. What the contract cannot judge, it
///   need not pay for.
/// - A ruleset can only be scheduled for an epoch that has not begun, so that nobody chooses the rules by what is already known.
/// - At most one is scheduled, so that the list grows by one an epoch at most.
/// - The names of both functions sort behind those that submit: what stands before them in the dispatch costs each report 22 gas.
abstract contract Rulesets is OperatorSets {
    struct NamedRuleset {
        bytes32 hash;
        uint32 fromEpoch;
    }

    NamedRuleset[] private _rulesets;

    /// @inheritdoc IRulesets
    function scheduleRuleset(bytes32 hash, uint32 fromEpoch, address anchor) external restricted {
        // Check
        uint32 running = epochAt(Timestamp.wrap(_now()));
        if (hash == 0) revert HeartbeatOracleEmptyRuleset();
        if (fromEpoch <= running) revert HeartbeatOracleInvalidActivation(fromEpoch, running + 1);
        _requireLive(anchor);

        // Effect
        uint256 count = _rulesets.length;
        if (count != 0 && _rulesets[count - 1].fromEpoch > running) _rulesets.pop();
        _rulesets.push(NamedRuleset({hash: hash, fromEpoch: fromEpoch}));
        _record(RulesetScheduled.selector, hash, bytes32(uint256(fromEpoch)), abi.encode(_callId(), anchor));
    }

    /// @inheritdoc IRulesets
    function ruleset(uint32 epoch) external view returns (bytes32 hash, uint32 fromEpoch) {
        for (uint256 i = _rulesets.length; i != 0; --i) {
            NamedRuleset storage named = _rulesets[i - 1];
            if (named.fromEpoch <= epoch) return (named.hash, named.fromEpoch);
        }
    }
}
