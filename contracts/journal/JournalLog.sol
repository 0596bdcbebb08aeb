// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title JournalLog: writes an event and chains it into the head of the contract that runs
/// @dev Internal functions, so that a linked library records into the journal of the contract that calls it: log and head are
/// those of the account whose storage it works on. {Journal} says what holds.
library JournalLog {
    /// @dev erc7201("mandate.storage.Journal")
    ///   = keccak256(abi.encode(uint256(keccak256("mandate.storage.Journal")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 internal constant HEAD_SLOT = 0x35ad331082fb284865cc8706f16c045273973bb48f79603d43326a9013693900;

    function head() internal view returns (bytes32 current) {
        assembly ("memory-safe") {
            current := sload(HEAD_SLOT)
        }
    }

    function record(bytes32 topic0, bytes memory data) internal {
        uint256 start;
        uint256 end;
        assembly ("memory-safe") {
            start := mload(0x40)
            end := add(start, 0x40)
            mstore(add(start, 0x20), topic0)
        }
        _log(start, end, data);
        _append(start, end, data);
    }

    function record(bytes32 topic0, bytes32 topic1, bytes memory data) internal {
        uint256 start;
        uint256 end;
        assembly ("memory-safe") {
            start := mload(0x40)
            end := add(start, 0x60)
            mstore(add(start, 0x20), topic0)
            mstore(add(start, 0x40), topic1)
        }
        _log(start, end, data);
        _append(start, end, data);
    }

    function record(bytes32 topic0, bytes32 topic1, bytes32 topic2, bytes memory data) internal {
        uint256 start;
        uint256 end;
        assembly ("memory-safe") {
            start := mload(0x40)
            end := add(start, 0x80)
            mstore(add(start, 0x20), topic0)
            mstore(add(start, 0x40), topic1)
            mstore(add(start, 0x60), topic2)
        }
        _log(start, end, data);
        _append(start, end, data);
    }

    function record(bytes32 topic0, bytes32 topic1, bytes32 topic2, bytes32 topic3, bytes memory data) internal {
        uint256 start;
        uint256 end;
        assembly ("memory-safe") {
            start := mload(0x40)
            end := add(start, 0xa0)
            mstore(add(start, 0x20), topic0)
            mstore(add(start, 0x40), topic1)
            mstore(add(start, 0x60), topic2)
            mstore(add(start, 0x80), topic3)
        }
        _log(start, end, data);
        _append(start, end, data);
    }

    function chain(bytes32 topic0, bytes memory data) internal {
        uint256 start;
        uint256 end;
        assembly ("memory-safe") {
            start := mload(0x40)
            end := add(start, 0x40)
            mstore(add(start, 0x20), topic0)
        }
        _append(start, end, data);
    }

    function chain(bytes32 topic0, bytes32 topic1, bytes memory data) internal {
        uint256 start;
        uint256 end;
        assembly ("memory-safe") {
            start := mload(0x40)
            end := add(start, 0x60)
            mstore(add(start, 0x20), topic0)
            mstore(add(start, 0x40), topic1)
        }
        _append(start, end, data);
    }

    function chain(bytes32 topic0, bytes32 topic1, bytes32 topic2, bytes memory data) internal {
        uint256 start;
        uint256 end;
        assembly ("memory-safe") {
            start := mload(0x40)
            end := add(start, 0x80)
            mstore(add(start, 0x20), topic0)
            mstore(add(start, 0x40), topic1)
            mstore(add(start, 0x60), topic2)
        }
        _append(start, end, data);
    }

    function chain(bytes32 topic0, bytes32 topic1, bytes32 topic2, bytes32 topic3, bytes memory data) internal {
        uint256 start;
        uint256 end;
        assembly ("memory-safe") {
            start := mload(0x40)
            end := add(start, 0xa0)
            mstore(add(start, 0x20), topic0)
            mstore(add(start, 0x40), topic1)
            mstore(add(start, 0x60), topic2)
            mstore(add(start, 0x80), topic3)
        }
        _append(start, end, data);
    }

    /// @dev Writes the log whose topics stand at `start + 32` up to `end`.
    function _log(uint256 start, uint256 end, bytes memory data) private {
        assembly ("memory-safe") {
            let content := add(data, 0x20)
            let length := mload(data)
            let topic0 := mload(add(start, 0x20))
            let topic1 := mload(add(start, 0x40))
            let topic2 := mload(add(start, 0x60))
            switch sub(end, start)
            case 0x80 {
                log3(content, length, topic0, topic1, topic2)
            }
            case 0xa0 {
                log4(content, length, topic0, topic1, topic2, mload(add(start, 0x80)))
            }
            case 0x60 {
                log2(content, length, topic0, topic1)
            }
            default {
                log1(content, length, topic0)
            }
        }
    }

    /// @dev Hashes the head, the topics that stand at `start + 32` up to `end`, and the rest into the new head.
    function _append(uint256 start, uint256 end, bytes memory data) private {
        assembly ("memory-safe") {
            mstore(start, sload(HEAD_SLOT))
            mstore(end, keccak256(add(data, 0x20), mload(data)))
            mstore(add(end, 0x20), number())
            mstore(add(end, 0x40), timestamp())
            sstore(HEAD_SLOT, keccak256(start, sub(add(end, 0x60), start)))
        }
    }
}
