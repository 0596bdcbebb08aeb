// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Secp256k1} from "../libraries/Secp256k1.sol";
import {IHeartbeatOracle} from "./IHeartbeatOracle.sol";
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
/// @notice Code: the header; the sum of all keys, 64 bytes; a bitmap of vacant seats, 32 bytes; 20 bytes for each operator's delegate in seat
/// order, which a report's signatures are checked by; 20 for each operator; then each one's key, 64 bytes. It starts with STOP: a call to it
/// does nothing. Where an operator has no key, the sum is zero, which is no point, and no keys follow.
/// @dev Design: a table's address is not stored. A contract's n-th CREATE makes the address that its nonce n gives
/// (EIP-161: nonces of contracts start at 1), so configuration n is found by computing, which saves a cold SLOAD in each
/// report. This rests on the contract creating nothing but tables, one for each configuration; {write} checks it.
library OperatorTable {
    uint256 internal constant MAX_SEATS = 31;

    /// @dev Returns the code that follows: PUSH1 11, CODESIZE, SUB, DUP1, PUSH1 11, PUSH0, CODECOPY, PUSH0, RETURN.
    bytes11 private constant CREATION_CODE = 0x600b380380600b5f395ff3;

    uint256 private constant KEY_BYTES = 64;
    uint256 private constant ADDRESS_BYTES = 20;
    uint256 private constant SUM_OFFSET = 32;
    uint256 private constant VACANT_OFFSET = 96; // header and sum
    uint256 private constant SIGNERS_OFFSET = 128;
    /// @dev Room for all up to the most delegates, in whole words; the last one is read by a word that ends 12 bytes behind it.
    uint256 private constant BUFFER_BYTES = 768;

    /// @dev Where the header's two epochs stand, from the right: see {TableHeader}.
    uint256 private constant PREVIOUS_SHIFT = 24;
    uint256 private constant FROM_EPOCH_SHIFT = 56;

    /// @dev What becomes of an operator's seat: it is vacant, or has what the operator has now.
    struct Seating {
        address operator;
        bool isVacated;
        address delegate;
        IOperatorKeys.Key key;
    }

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
        bytes memory names;
        bytes memory signers;
        for (uint256 i = 0; i < operators.length; ++i) {
            address signer = delegateOf(keys, operators[i]);
            names = abi.encodePacked(names, operators[i]);
            signers = abi.encodePacked(signers, signer);
            _requireNotSeated(signer, _pointerTo(signers, 0), i);
        }
        _create(configuration, bytes.concat(packed, sum, bytes32(0), signers, names, listed));
    }

    /// @dev Who signs for the operator now: itself where it named nobody, or nobody can be named.
    function delegateOf(IOperatorKeys keys, address operator) internal view returns (address) {
        return address(keys) == address(0) ? operator : keys.delegateOf(operator);
    }

    /// @notice The table of `original`, with another seating of one operator.
    /// @return packed Code for {writeCopy}.
    /// @return isSeated Whether the operator has a seat that is not vacant.
    /// @return isChanged Whether anything is other than in `original`.
    function reseat(
        uint32 original,
        Seating memory seating
    ) internal view returns (bytes memory packed, bool isSeated, bool isChanged) {
        packed = locate(original).code;
        if (packed.length == 0) return (packed, false, false);
        uint256 signers = _pointerTo(packed, SIGNERS_OFFSET);
        uint256 seats = headerOf(packed).seatsOf();
        uint256 names = signers + ADDRESS_BYTES * seats;
        uint256 seat = 0;
        while (seat < seats && signerInSeat(names, seat) != seating.operator) ++seat;
        isSeated = seat < seats && vacantSeats(signers) & (1 << seat) == 0;
        if (!isSeated) return (packed, false, false);
        if (seating.isVacated) {
            uint256 vacant = vacantSeats(signers) | (1 << seat);
            assembly ("memory-safe") {
                mstore(sub(signers, 0x20), vacant)
            }
            return (packed, true, true);
        }
        isChanged = _replaceKey(packed, seats, seat, seating.key);
        if (signerInSeat(signers, seat) != seating.delegate) {
            _requireNotSeated(seating.delegate, signers, seats);
            _storeAddress(signers + ADDRESS_BYTES * seat, seating.delegate);
            isChanged = true;
        }
    }

    /// @notice Stores what {reseat} made as `configuration`, the next one that this contract creates.
    function writeCopy(uint32 configuration, bytes memory packed, uint32 previous, uint32 fromEpoch) internal {
        uint256 replaced =
            (uint256(type(uint32).max) << PREVIOUS_SHIFT) | (uint256(type(uint32).max) << FROM_EPOCH_SHIFT);
        uint256 replacing = (uint256(previous) << PREVIOUS_SHIFT) | (uint256(fromEpoch) << FROM_EPOCH_SHIFT);
        assembly ("memory-safe") {
            let header := add(packed, 0x20)
            mstore(header, or(and(mload(header), not(replaced)), replacing))
        }
        _create(configuration, packed);
    }

    /// @notice Copies a table to memory. The header is zero where `configuration` does not exist.
    /// @return header The table's first word.
    /// @return operators Memory pointer for {signerInSeat}.
    function load(uint32 configuration) internal view returns (TableHeader header, uint256 operators) {
        address table = locate(configuration);
        assembly ("memory-safe") {
            // one word before the copy: where it comes from
            let buffer := add(mload(0x40), 0x20)
            mstore(0x40, add(buffer, BUFFER_BYTES))
            mstore(sub(buffer, 0x20), table)
            extcodecopy(table, buffer, 0, BUFFER_BYTES)
            header := mload(buffer)
            operators := add(buffer, SIGNERS_OFFSET)
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

    /// @dev The table that {load} copied: {locate} would hash once more.
    function tableOf(uint256 operators) internal pure returns (address table) {
        assembly ("memory-safe") {
            table := mload(sub(operators, 0xa0)) // a word before the header: SIGNERS_OFFSET and 32
        }
    }

    /// @dev Where in a table the first seat's key stands; the others follow, 64 bytes each.
    function placeOfKeys(TableHeader header) internal pure returns (uint256) {
        unchecked {
            return SIGNERS_OFFSET + 2 * ADDRESS_BYTES * header.seatsOf(); // safe: seats are few
        }
    }

    /// @dev Bitmap of the seats that sign nothing any more, of a table that {load} copied.
    function vacantSeats(uint256 operators) internal pure returns (uint256 vacant) {
        assembly ("memory-safe") {
            vacant := mload(sub(operators, 0x20))
        }
    }

    /// @dev Assumes `seat` below the table's number of seats.
    /// @param signers Memory pointer to addresses without gaps.
    function signerInSeat(uint256 signers, uint256 seat) internal pure returns (address signer) {
        assembly ("memory-safe") {
            signer := shr(96, mload(add(signers, mul(seat, ADDRESS_BYTES))))
        }
    }

    /// @dev Operators and their delegates, in seat order; none where `configuration` does not exist.
    function listsOf(
        uint32 configuration
    ) internal view returns (address[] memory operators, address[] memory delegates) {
        bytes memory packed = locate(configuration).code;
        uint256 seats = packed.length == 0 ? 0 : headerOf(packed).seatsOf();
        (operators, delegates) = (new address[](seats), new address[](seats));
        uint256 signers = _pointerTo(packed, SIGNERS_OFFSET);
        for (uint256 seat = 0; seat < seats; ++seat) {
            delegates[seat] = signerInSeat(signers, seat);
            operators[seat] = signerInSeat(signers, seats + seat);
        }
    }

    function headerOf(bytes memory packed) internal pure returns (TableHeader) {
        return TableHeader.wrap(bytes32(packed));
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

    /// @dev Puts a key into a seat where keys are listed; answers whether it is another one.
    function _replaceKey(
        bytes memory packed,
        uint256 seats,
        uint256 seat,
        IOperatorKeys.Key memory key
    ) private view returns (bool isChanged) {
        uint256 sum = _pointerTo(packed, SUM_OFFSET);
        uint256 listed = _pointerTo(packed, SIGNERS_OFFSET + 2 * ADDRESS_BYTES * seats);
        uint256 place = listed + KEY_BYTES * seat;
        uint256 x;
        uint256 y;
        assembly ("memory-safe") {
            x := mload(sum)
        }
        if (x == 0) return false;
        assembly ("memory-safe") {
            x := mload(place)
            y := mload(add(place, 0x20))
        }
        if (x == key.x && y == key.y) return false;
        (x, y) = (key.x, key.y);
        assembly ("memory-safe") {
            mstore(place, x)
            mstore(add(place, 0x20), y)
        }
        (x, y) = _sumOf(listed, seats);
        uint256 dropped = x == 0 ? KEY_BYTES * seats : 0;
        assembly ("memory-safe") {
            mstore(sum, x)
            mstore(add(sum, 0x20), y)
            mstore(packed, sub(mload(packed), dropped))
        }
        return true;
    }

    /// @dev The sum, and the keys in seat order; a sum of zero and no keys where an operator has none, or where they add up to no point that
    /// signatures can be checked by.
    function _keysOf(
        address[] calldata operators,
        IOperatorKeys keys
    ) private view returns (bytes memory sum, bytes memory listed) {
        if (address(keys) == address(0)) return (new bytes(KEY_BYTES), "");
        for (uint256 i = 0; i < operators.length; ++i) {
            IOperatorKeys.Key memory key = keys.keyOf(operators[i]);
            if (key.x == 0) return (new bytes(KEY_BYTES), "");
            listed = abi.encodePacked(listed, key.x, key.y);
        }
        (uint256 x, uint256 y) = _sumOf(_pointerTo(listed, 0), operators.length);
        return (abi.encode(x, y), x == 0 ? bytes("") : listed);
    }

    /// @dev Zero where the keys add up to no point. No point of secp256k1 has x = 0.
    /// @param listed Memory pointer to the keys.
    function _sumOf(uint256 listed, uint256 count) private view returns (uint256 x, uint256 y) {
        uint256 z = 1;
        for (uint256 i = 0; i < count; ++i) {
            uint256 keyX;
            uint256 keyY;
            assembly ("memory-safe") {
                let key := add(listed, mul(i, KEY_BYTES))
                keyX := mload(key)
                keyY := mload(add(key, 0x20))
            }
            if (i == 0) (x, y) = (keyX, keyY);
            else (x, y, z) = Secp256k1.add(x, y, z, keyX, keyY);
        }
        if (z == 0) return (0, 0);
        return Secp256k1.affine(x, y, Math.invModPrime(z, Secp256k1.P));
    }

    /// @dev Two seats with one signer would make a quorum cheaper.
    function _requireNotSeated(address signer, uint256 signers, uint256 count) private pure {
        for (uint256 seat = 0; seat < count; ++seat) {
            if (signerInSeat(signers, seat) == signer) revert IHeartbeatOracle.HeartbeatOracleDelegateSeated(signer);
        }
    }

    function _pointerTo(bytes memory packed, uint256 offset) private pure returns (uint256 pointer) {
        assembly ("memory-safe") {
            pointer := add(add(packed, 0x20), offset)
        }
    }

    function _storeAddress(uint256 place, address account) private pure {
        assembly ("memory-safe") {
            let others := and(mload(place), 0xffffffffffffffffffffffff) // the 12 bytes behind it
            mstore(place, or(shl(96, account), others))
        }
    }
}
