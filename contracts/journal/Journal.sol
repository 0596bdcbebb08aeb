// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJournal} from "./IJournal.sol";
import {JournalLog} from "./JournalLog.sol";

/// @title Journal: the only place from which a contract of the system emits
/// @dev Design:
/// - `_record` hashes and logs the very same memory, so that log and head cannot differ.
/// - The head is read from storage for each event and never cached across a call, so that a re-entering call cannot
///   make two events continue the same head.
/// - `_chain` does the hashing alone, for events that an OpenZeppelin base emits itself: the override calls `super`,
///   then chains the identical topics and data. Every log of a contract is in its chain, without exception.
/// - The number of topics needs no field of its own: the hashed length, `32 * (4 + topics)`, tells it.
/// Events are recorded by topic and encoded data; each is declared in an interface and tested to decode by its ABI.
abstract contract Journal is IJournal {
    /// @inheritdoc IJournal
    function journalHead() public view returns (bytes32) {
        return JournalLog.head();
    }

    function _record(bytes32 topic0, bytes memory data) internal {
        JournalLog.record(topic0, data);
    }

    function _record(bytes32 topic0, bytes32 topic1, bytes memory data) internal {
        JournalLog.record(topic0, topic1, data);
    }

    function _record(bytes32 topic0, bytes32 topic1, bytes32 topic2, bytes memory data) internal {
        JournalLog.record(topic0, topic1, topic2, data);
    }

    function _record(bytes32 topic0, bytes32 topic1, bytes32 topic2, bytes32 topic3, bytes memory data) internal {
        JournalLog.record(topic0, topic1, topic2, topic3, data);
    }

    function _chain(bytes32 topic0, bytes memory data) internal {
        JournalLog.chain(topic0, data);
    }

    function _chain(bytes32 topic0, bytes32 topic1, bytes memory data) internal {
        JournalLog.chain(topic0, topic1, data);
    }

    function _chain(bytes32 topic0, bytes32 topic1, bytes32 topic2, bytes memory data) internal {
        JournalLog.chain(topic0, topic1, topic2, data);
    }

    function _chain(bytes32 topic0, bytes32 topic1, bytes32 topic2, bytes32 topic3, bytes memory data) internal {
        JournalLog.chain(topic0, topic1, topic2, topic3, data);
    }
}
