// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJournal} from "./IJournal.sol";

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
    /// @dev erc7201("mandate.storage.Journal")
    ///   = keccak256(abi.encode(uint256(keccak256("mandate.storage.Journal")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 internal constant JOURNAL_HEAD_SLOT = 0x35ad331082fb284865cc8706f16c045273973bb48f79603d43326a9013693900;

    /// @inheritdoc IJournal
    function journalHead() public view returns (bytes32 head) {
        assembly ("memory-safe") {
            head := sload(JOURNAL_HEAD_SLOT)
        }
    }

    function _record(bytes32 topic0, bytes memory data) internal {
        assembly ("memory-safe") {
            log1(add(data, 0x20), mload(data), topic0)
        }
        _chain(topic0, data);
    }

    function _record(bytes32 topic0, bytes32 topic1, bytes memory data) internal {
        assembly ("memory-safe") {
            log2(add(data, 0x20), mload(data), topic0, topic1)
        }
        _chain(topic0, topic1, data);
    }

    function _record(bytes32 topic0, bytes32 topic1, bytes32 topic2, bytes memory data) internal {
        assembly ("memory-safe") {
            log3(add(data, 0x20), mload(data), topic0, topic1, topic2)
        }
        _chain(topic0, topic1, topic2, data);
    }

    function _record(bytes32 topic0, bytes32 topic1, bytes32 topic2, bytes32 topic3, bytes memory data) internal {
        assembly ("memory-safe") {
            log4(add(data, 0x20), mload(data), topic0, topic1, topic2, topic3)
        }
        _chain(topic0, topic1, topic2, topic3, data);
    }

    function _chain(bytes32 topic0, bytes memory data) internal {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, sload(JOURNAL_HEAD_SLOT))
            mstore(add(free, 0x20), topic0)
            mstore(add(free, 0x40), keccak256(add(data, 0x20), mload(data)))
            mstore(add(free, 0x60), number())
            mstore(add(free, 0x80), timestamp())
            sstore(JOURNAL_HEAD_SLOT, keccak256(free, 0xa0))
        }
    }

    function _chain(bytes32 topic0, bytes32 topic1, bytes memory data) internal {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, sload(JOURNAL_HEAD_SLOT))
            mstore(add(free, 0x20), topic0)
            mstore(add(free, 0x40), topic1)
            mstore(add(free, 0x60), keccak256(add(data, 0x20), mload(data)))
            mstore(add(free, 0x80), number())
            mstore(add(free, 0xa0), timestamp())
            sstore(JOURNAL_HEAD_SLOT, keccak256(free, 0xc0))
        }
    }

    function _chain(bytes32 topic0, bytes32 topic1, bytes32 topic2, bytes memory data) internal {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, sload(JOURNAL_HEAD_SLOT))
            mstore(add(free, 0x20), topic0)
            mstore(add(free, 0x40), topic1)
            mstore(add(free, 0x60), topic2)
            mstore(add(free, 0x80), keccak256(add(data, 0x20), mload(data)))
            mstore(add(free, 0xa0), number())
            mstore(add(free, 0xc0), timestamp())
            sstore(JOURNAL_HEAD_SLOT, keccak256(free, 0xe0))
        }
    }

    function _chain(bytes32 topic0, bytes32 topic1, bytes32 topic2, bytes32 topic3, bytes memory data) internal {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, sload(JOURNAL_HEAD_SLOT))
            mstore(add(free, 0x20), topic0)
            mstore(add(free, 0x40), topic1)
            mstore(add(free, 0x60), topic2)
            mstore(add(free, 0x80), topic3)
            mstore(add(free, 0xa0), keccak256(add(data, 0x20), mload(data)))
            mstore(add(free, 0xc0), number())
            mstore(add(free, 0xe0), timestamp())
            sstore(JOURNAL_HEAD_SLOT, keccak256(free, 0x100))
        }
    }
}
