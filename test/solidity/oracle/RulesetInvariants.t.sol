// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Timestamp} from "../../../contracts/types/Time.sol";
import {vm} from "../support/Vm.sol";
import {OracleFixture} from "./OracleFixture.sol";

/// @dev The office names rulesets, in time and too late, and time passes, at random. The model is a table with one entry for each epoch: naming
/// one leaves what has begun, lets what runs go on until the first epoch of the new one, and is the new one from then on.
contract RulesetActor is OracleFixture {
    struct Entry {
        bytes32 hash;
        uint32 fromEpoch;
    }

    uint32 public constant EPOCHS = 48;
    address private constant NOBODY = address(0xDEAD);

    uint256 public named;
    uint256 public replaced;
    uint256 public misjudged;
    uint256 public rewritten;

    uint256 private _hashes;
    Entry[EPOCHS] private _table;

    constructor() {
        _deploy(4);
    }

    function pass(uint16 time) external {
        uint256 end = genesis + uint256(EPOCHS - 2) * EPOCH_SECONDS;
        uint256 to = block.timestamp + (time % (2 * EPOCH_SECONDS));
        vm.warp(to < end ? to : end);
    }

    /// @dev To the last second of the running epoch, or the first one of the next.
    function passToEdge(bool after_) external {
        uint256 next = genesis + uint256(running()) * EPOCH_SECONDS;
        uint256 end = genesis + uint256(EPOCHS - 2) * EPOCH_SECONDS;
        uint256 to = after_ ? next : next - 1;
        if (to >= block.timestamp && to < end) vm.warp(to);
    }

    function name(uint8 ahead, bool empty, uint8 who) external {
        uint32 now_ = running();
        uint32 fromEpoch = now_ + (ahead % 6); // the running one as well, which is too late
        if (fromEpoch >= EPOCHS) return;
        bytes32 hash = empty && who % 4 == 0 ? bytes32(0) : bytes32(++_hashes);
        address anchor = who % 8 == 1 ? NOBODY : ANCHOR;
        bool may = fromEpoch > now_ && hash != 0 && anchor == ANCHOR;
        (bytes32 before, ) = oracle.ruleset(now_);
        try oracle.scheduleRuleset(hash, fromEpoch, anchor) {
            if (!may) ++misjudged;
            _note(now_, hash, fromEpoch);
        } catch {
            if (may) ++misjudged;
        }
        (bytes32 afterwards, ) = oracle.ruleset(now_);
        if (afterwards != before) ++rewritten;
    }

    function running() public view returns (uint32) {
        return oracle.epochAt(Timestamp.wrap(uint48(block.timestamp)));
    }

    /// @dev Whether each epoch has the ruleset that the table says, since the epoch that it says.
    function tableHolds() external view returns (bool) {
        for (uint32 epoch = 0; epoch < EPOCHS; ++epoch) {
            (bytes32 hash, uint32 fromEpoch) = oracle.ruleset(epoch);
            if (hash != _table[epoch].hash || fromEpoch != _table[epoch].fromEpoch) return false;
        }
        return true;
    }

    /// @dev Whether the epochs fall into stretches, each of which has one ruleset from the first epoch on that it names.
    function stretchesHold() external view returns (bool) {
        uint32 last;
        for (uint32 epoch = 0; epoch < EPOCHS; ++epoch) {
            (bytes32 hash, uint32 fromEpoch) = oracle.ruleset(epoch);
            if (fromEpoch > epoch || fromEpoch < last) return false;
            if (fromEpoch != last && fromEpoch != epoch) return false;
            (bytes32 first, uint32 same) = oracle.ruleset(fromEpoch);
            if (first != hash || same != fromEpoch) return false;
            last = fromEpoch;
        }
        return true;
    }

    function _note(uint32 now_, bytes32 hash, uint32 fromEpoch) private {
        ++named;
        if (_table[EPOCHS - 1].fromEpoch > now_) ++replaced;
        for (uint32 epoch = now_ + 1; epoch < EPOCHS; ++epoch) {
            _table[epoch] = epoch < fromEpoch ? _table[now_] : Entry(hash, fromEpoch);
        }
    }
}

contract RulesetInvariants {
    RulesetActor private _actor;
    address[] private _targets;

    function setUp() external {
        _actor = new RulesetActor();
        _targets.push(address(_actor));
    }

    function targetContracts() external view returns (address[] memory) {
        return _targets;
    }

    /// iOR-020: an epoch has the ruleset that was named for it, from the stated epoch on, and one that was replaced has none.
    function invariant_EachEpochHasTheRulesetThatWasNamedForIt() external view {
        require(_actor.tableHolds(), "an epoch has another ruleset");
    }

    /// iOR-020: no epoch has two.
    function invariant_EpochsFallIntoStretchesOfOneRuleset() external view {
        require(_actor.stretchesHold(), "a ruleset does not begin with the epoch that it names");
    }

    /// iOR-020
    function invariant_WhatHasBegunStays() external view {
        require(_actor.rewritten() == 0, "the running epoch's ruleset changed");
        require(_actor.misjudged() == 0, "one was named too late, or refused in time");
    }

    /// The acts above do reach what they are about, by one fixed sequence.
    function test_ASequenceThatPasses() external {
        _actor.name(3, false, 0);
        _actor.name(2, false, 0); // in its place
        _actor.name(0, false, 0); // too late
        _actor.name(1, true, 0); // no document
        _actor.name(1, false, 1); // nobody answers for it
        require(_actor.named() == 2 && _actor.replaced() == 1, "none was replaced");
        for (uint256 i = 0; i < 3; ++i) _actor.passToEdge(true);
        _actor.name(5, false, 0); // beside the one that runs
        require(_actor.named() == 3 && _actor.replaced() == 1, "what runs was replaced");
        _actor.passToEdge(false);
        _actor.name(1, false, 0);
        require(_actor.named() == 4 && _actor.replaced() == 2, "the last second before an epoch is too late");
        require(_actor.tableHolds() && _actor.stretchesHold(), "the table does not hold");
        require(_actor.misjudged() == 0 && _actor.rewritten() == 0, "an act was judged otherwise");
    }
}
