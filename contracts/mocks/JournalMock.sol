// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Journal} from "../journal/Journal.sol";

/// @dev Is called in the middle of {JournalMock-recordAround}.
interface IJournalVisitor {
    function visit() external;
}

/// @title Opens every recording function of {Journal}, so that tests can hold log and head against each other
contract JournalMock is Journal {
    error JournalMockTooManyTopics(uint256 topics);

    /// @notice Records an event with `topics` (1 to 4) and `data`.
    function record(bytes32[] memory topics, bytes memory data) public {
        if (topics.length == 1) _record(topics[0], data);
        else if (topics.length == 2) _record(topics[0], topics[1], data);
        else if (topics.length == 3) _record(topics[0], topics[1], topics[2], data);
        else if (topics.length == 4) _record(topics[0], topics[1], topics[2], topics[3], data);
        else revert JournalMockTooManyTopics(topics.length);
    }

    /// @notice Chains the same without a log: what an override does after its base has emitted.
    function chain(bytes32[] memory topics, bytes memory data) public {
        if (topics.length == 1) _chain(topics[0], data);
        else if (topics.length == 2) _chain(topics[0], topics[1], data);
        else if (topics.length == 3) _chain(topics[0], topics[1], topics[2], data);
        else if (topics.length == 4) _chain(topics[0], topics[1], topics[2], topics[3], data);
        else revert JournalMockTooManyTopics(topics.length);
    }

    /// @notice Records `before`, lets `visitor` do what it likes (for example re-enter), then records `afterwards`.
    function recordAround(bytes32 before, IJournalVisitor visitor, bytes32 afterwards) external {
        _record(before, "before");
        visitor.visit();
        _record(afterwards, "after");
    }
}

/// @title Re-enters a {JournalMock} in the middle of its recording
contract JournalReentrantVisitor is IJournalVisitor {
    JournalMock private immutable JOURNAL;
    uint256 private immutable TIMES;

    constructor(JournalMock journal, uint256 times) {
        JOURNAL = journal;
        TIMES = times;
    }

    function visit() external {
        bytes32[] memory topics = new bytes32[](2);
        topics[0] = keccak256("Visited(uint256)");
        for (uint256 i = 0; i < TIMES; ++i) {
            topics[1] = bytes32(i);
            JOURNAL.record(topics, abi.encode(i));
        }
    }
}
