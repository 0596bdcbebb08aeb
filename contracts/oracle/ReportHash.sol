// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SignedTypes} from "../types/SignedTypes.sol";
import {IHeartbeatOracle} from "./IHeartbeatOracle.sol";

/// @dev Where a report's members stand in it, for {ReportHash.word}.
uint256 constant REPORT_CONFIGURATION = 0x00;
uint256 constant REPORT_EPOCH = 0x20;
uint256 constant REPORT_THRESHOLD = 0x60;
uint256 constant REPORT_LEAF_COUNT = 0x80;
uint256 constant REPORT_SCORED = 0xa0;
uint256 constant REPORT_SURVIVING = 0xc0;

/// @title ReportHash: hashes of reports, headers and leaves straight from call data
/// @dev The words are hashed as they were sent. A field with bits beyond its type gives a hash that nobody signed or
/// stored, so that nothing has to be checked here.
library ReportHash {
    /// @dev A member as it was sent, for who compares it with what fits its type, or knows that it fits: the compiler checks that with each
    /// typed read.
    function word(IHeartbeatOracle.Report calldata report, uint256 place) internal pure returns (uint256 member) {
        assembly ("memory-safe") {
            member := calldataload(add(report, place))
        }
    }

    /// @dev EIP-712 `hashStruct` of a report: the type hash and eight words.
    function structHash(IHeartbeatOracle.Report calldata report) internal pure returns (bytes32 hash) {
        bytes32 typeHash = SignedTypes.HEARTBEAT_REPORT_TYPEHASH;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typeHash)
            calldatacopy(add(free, 0x20), report, 0x100)
            hash := keccak256(free, 0x120)
        }
    }

    /// @dev `keccak256(abi.encode(header))`: seven words.
    function headerHash(IHeartbeatOracle.ReportHeader calldata header) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, header, 0xe0)
            hash := keccak256(free, 0xe0)
        }
    }

    /// @dev `keccak256(keccak256(abi.encode(leaf)))`: five words, hashed twice so that no inner node passes for a leaf.
    function leafHash(IHeartbeatOracle.Leaf calldata leaf) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, leaf, 0xa0)
            mstore(0x00, keccak256(free, 0xa0))
            hash := keccak256(0x00, 0x20)
        }
    }

    /// @dev {leafHash} of each, at the end of the memory that is in use.
    function leafHashes(IHeartbeatOracle.Leaf[] calldata leaves) internal pure returns (bytes32[] memory hashes) {
        assembly ("memory-safe") {
            hashes := mload(0x40)
            mstore(hashes, leaves.length)
            let next := add(hashes, 0x20)
            let end := add(next, shl(5, leaves.length))
            mstore(0x40, end)
            let leaf := leaves.offset
            for {} lt(next, end) {} {
                calldatacopy(end, leaf, 0xa0)
                mstore(0x00, keccak256(end, 0xa0))
                mstore(next, keccak256(0x00, 0x20))
                next := add(next, 0x20)
                leaf := add(leaf, 0xa0)
            }
        }
    }
}
