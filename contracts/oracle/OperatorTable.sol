// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Secp256k1} from "../libraries/Secp256k1.sol";
import {IOperatorKeys} from "./IOperatorKeys.sol";

/// @dev First word of an operator table, from the left:
/// `STOP 8 | anchor 160 | fromEpoch 32 | previous 32 | faults 8 | quorum 8 | seats 8`.
type TableHeader is bytes32;

using {anchorOf, fromEpochOf, previousOf, faultsOf, quorumOf, seatsOf} for TableHeader global;

function anchorOf(TableHeader header) pure returns (address) {
    return address(bytes20(TableHeader.unwrap(header) << 8));
}

function fromEpochOf(TableHeader header) pure returns (uint32) {
    return uint32(bytes4(TableHeader.unwrap(header) << 168));
}

function previousOf(TableHeader header) pure returns (uint32) {
    return uint32(bytes4(TableHeader.unwrap(header) << 200));
}

function faultsOf(TableHeader header) pure returns (uint8) {
    return uint8(bytes1(TableHeader.unwrap(header) << 232));
}

function quorumOf(TableHeader header) pure returns (uint8) {
    return uint8(bytes1(TableHeader.unwrap(header) << 240));
}

function seatsOf(TableHeader header) pure returns (uint8) {
    return uint8(bytes1(TableHeader.unwrap(header) << 248));
}

/// @title OperatorTable: an operator set as contract code, read with one EXTCODECOPY
/// @notice Code: the header; the sum of all keys, 64 bytes; a bitmap of vacant seats, 32 bytes; 20 bytes for each operator in seat order; then
/// each one's key, 64 bytes. It starts with STOP: a call to it does nothing. Where an operator has no key, the sum is zero, which is no point.
/// @dev Design: a table's address is not stored. A contract's n-th CREATE makes the address that its nonce n gives
/// (EIP-161: nonces of contracts start at 1), so configuration n is found by computing, which saves a cold SLOAD in each
/// report. This rests on the contract creating nothing but tables, one for each configuration; {write} checks it.
library OperatorTable {
    uint256 internal constant MAX_SEATS = 31;

    /// @dev Returns the code that follows: PUSH1 11, CODESIZE, SUB, DUP1, PUSH1 11, PUSH0, CODECOPY, PUSH0, RETURN.
    bytes11 private constant CREATION_CODE = 0x600b380380600b5f395ff3;

    uint256 private constant KEY_BYTES = 64;
    uint256 private constant OPERATOR_BYTES = 20;
    uint256 private constant VACANT_OFFSET = 96; // header and sum
    uint256 private constant OPERATORS_OFFSET = 128;
    /// @dev Room for all up to the most operators, in whole words; the last one is read by a word that ends 12 bytes behind it.
    uint256 private constant BUFFER_BYTES = 768;

    /// @dev Where the header's two epochs stand, from the right: see {TableHeader}.
    uint256 private constant PREVIOUS_SHIFT = 24;
    uint256 private constant FROM_EPOCH_SHIFT = 56;

    error OperatorTableNotCreated(uint32 configuration, address created, address required);

    /// @notice Quorum ⌊(n + f) / 2⌋ + 1 with f = ⌊(n − 1) / 3⌋: two quorums share an honest operator, and the honest ones
    /// alone reach it.
    function quorumFor(uint256 seats) internal pure returns (uint8 faults, uint8 quorum) {
        uint256 tolerated = (seats - 1) / 3;
        return (uint8(tolerated), uint8((seats + tolerated) / 2 + 1)); // safe: at most MAX_SEATS
    }

    /// @notice Stores the set of `configuration`, which must be the next one that this contract creates.
    function write(
        uint32 configuration,
        uint32 previous,
        uint32 fromEpoch,
        address anchor,
        address[] calldata operators,
        IOperatorKeys keys
    ) internal {
        (uint8 faults, uint8 quorum) = quorumFor(operators.length);
        bytes memory packed = abi.encodePacked(
            bytes1(0),
            anchor,
            fromEpoch,
            previous,
            faults,
            quorum,
            uint8(operators.length) // safe: the caller has bounded it by MAX_SEATS
        );
        (bytes memory sum, bytes memory listed) = _keysOf(operators, keys);
        packed = bytes.concat(packed, sum, bytes32(0));
        for (uint256 i = 0; i < operators.length; ++i) {
            packed = abi.encodePacked(packed, operators[i]);
        }
        _create(configuration, bytes.concat(packed, listed));
    }

    /// @notice Stores the set of `original` anew as `configuration`, the next one that this contract creates, with these seats vacant as well.
    function writeCopy(
        uint32 configuration,
        uint32 original,
        uint32 previous,
        uint32 fromEpoch,
        uint256 vacated
    ) internal {
        bytes memory packed = locate(original).code;
        uint256 replaced =
            (uint256(type(uint32).max) << PREVIOUS_SHIFT) | (uint256(type(uint32).max) << FROM_EPOCH_SHIFT);
        uint256 replacing = (uint256(previous) << PREVIOUS_SHIFT) | (uint256(fromEpoch) << FROM_EPOCH_SHIFT);
        assembly ("memory-safe") {
            let header := add(packed, 0x20)
            mstore(header, or(and(mload(header), not(replaced)), replacing))
            let vacant := add(header, VACANT_OFFSET)
            mstore(vacant, or(mload(vacant), vacated))
        }
        _create(configuration, packed);
    }

    /// @notice Copies a table to memory. The header is zero where `configuration` does not exist.
    /// @return header The table's first word.
    /// @return operators Memory pointer for {operatorInSeat}.
    function load(uint32 configuration) internal view returns (TableHeader header, uint256 operators) {
        address table = locate(configuration);
        assembly ("memory-safe") {
            let buffer := mload(0x40)
            mstore(0x40, add(buffer, BUFFER_BYTES))
            extcodecopy(table, buffer, 0, BUFFER_BYTES)
            header := mload(buffer)
            operators := add(buffer, OPERATORS_OFFSET)
        }
    }

    /// @dev The set that signs for `epoch`, looked for from the newest back; configuration 0 where there is none. For an
    /// epoch whose window is open this takes at most four steps: the scheduled set, one that a suspension put before it, the active one, the
    /// one before that.
    function find(
        uint32 epoch,
        uint32 newest
    ) internal view returns (uint32 configuration, TableHeader table, uint256 operators) {
        configuration = newest;
        while (configuration != 0) {
            (table, operators) = load(configuration);
            if (table.fromEpochOf() <= epoch) return (configuration, table, operators);
            configuration = table.previousOf();
        }
        return (0, TableHeader.wrap(0), 0);
    }

    /// @dev Sum of all keys, of a table that {load} copied: (0, 0) where they sign one by one only.
    function sumOfKeys(uint256 operators) internal pure returns (uint256 x, uint256 y) {
        assembly ("memory-safe") {
            x := mload(sub(operators, 0x60))
            y := mload(sub(operators, 0x40))
        }
    }

    /// @dev Where in a table the first seat's key stands; the others follow, 64 bytes each.
    function placeOfKeys(TableHeader header) internal pure returns (uint256) {
        unchecked {
            return OPERATORS_OFFSET + OPERATOR_BYTES * header.seatsOf(); // safe: seats are few
        }
    }

    /// @dev Bitmap of the seats that sign nothing any more, of a table that {load} copied.
    function vacantSeats(uint256 operators) internal pure returns (uint256 vacant) {
        assembly ("memory-safe") {
            vacant := mload(sub(operators, 0x20))
        }
    }

    /// @dev Bit of the operator's seat; 0 where it has none, or its seat is vacant.
    function seatOf(TableHeader header, uint256 operators, address operator) internal pure returns (uint256 bit) {
        uint256 seats = header.seatsOf();
        for (uint256 seat = 0; seat < seats; ++seat) {
            if (operatorInSeat(operators, seat) == operator) return (1 << seat) & ~vacantSeats(operators);
        }
        return 0;
    }

    /// @dev Assumes `seat` below the table's number of seats.
    function operatorInSeat(uint256 operators, uint256 seat) internal pure returns (address operator) {
        assembly ("memory-safe") {
            operator := shr(96, mload(add(operators, mul(seat, OPERATOR_BYTES))))
        }
    }

    function operatorsOf(TableHeader header, uint256 operators) internal pure returns (address[] memory listed) {
        listed = new address[](header.seatsOf());
        for (uint256 seat = 0; seat < listed.length; ++seat) listed[seat] = operatorInSeat(operators, seat);
    }

    /// @notice The address that this contract's CREATE number `nonce` makes: last 20 bytes of `keccak256(rlp([this, nonce]))`.
    /// @dev RLP of the list: `c0 + length ‖ 94 ‖ this ‖ nonce`, and of the nonce: itself below 0x80, otherwise
    /// `80 + length ‖ nonce`.
    function locate(uint32 nonce) internal view returns (address table) {
        uint256 bytesOfNonce =
            nonce < 0x80
                ? 0
                : nonce >> 8 == 0
                    ? 1
                    : nonce >> 16 == 0
                        ? 2
                        : nonce >> 24 == 0
                            ? 3
                            : 4;
        assembly ("memory-safe") {
            let prefix := or(shl(168, add(0xd6, bytesOfNonce)), shl(160, 0x94))
            // 22 bytes of prefix and address end at 0x16; the nonce follows, left-aligned behind its own prefix
            mstore(0x00, shl(80, or(prefix, address())))
            switch bytesOfNonce
            case 0 {
                mstore8(0x16, nonce)
            }
            default {
                mstore8(0x16, add(0x80, bytesOfNonce))
                mstore(0x17, shl(sub(256, shl(3, bytesOfNonce)), nonce))
            }
            table := and(keccak256(0x00, add(0x17, bytesOfNonce)), 0xffffffffffffffffffffffffffffffffffffffff)
        }
    }

    function _create(uint32 configuration, bytes memory packed) private {
        bytes memory code = bytes.concat(CREATION_CODE, packed);
        address created;
        assembly ("memory-safe") {
            created := create(0, add(code, 0x20), mload(code))
        }
        address required = locate(configuration);
        if (created != required) revert OperatorTableNotCreated(configuration, created, required);
    }

    /// @dev The sum, and the keys in seat order; a sum of zero and no keys where an operator has none, or where they add up to no point that
    /// signatures can be checked by.
    function _keysOf(
        address[] calldata operators,
        IOperatorKeys keys
    ) private view returns (bytes memory sum, bytes memory listed) {
        if (address(keys) == address(0)) return (new bytes(KEY_BYTES), "");
        uint256 x;
        uint256 y;
        uint256 z = 1;
        for (uint256 i = 0; i < operators.length; ++i) {
            IOperatorKeys.Key memory key = keys.keyOf(operators[i]);
            if (key.x == 0) return (new bytes(KEY_BYTES), "");
            listed = abi.encodePacked(listed, key.x, key.y);
            if (i == 0) (x, y) = (key.x, key.y);
            else (x, y, z) = Secp256k1.add(x, y, z, key.x, key.y);
        }
        if (z == 0) return (new bytes(KEY_BYTES), "");
        (x, y) = Secp256k1.affine(x, y, Math.invModPrime(z, Secp256k1.P));
        return (abi.encode(x, y), listed);
    }
}
