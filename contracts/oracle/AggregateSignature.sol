// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

import {Schnorr} from "../libraries/Schnorr.sol";
import {Secp256k1} from "../libraries/Secp256k1.sol";
import {IHeartbeatOracle} from "./IHeartbeatOracle.sol";
import {OperatorTable, TableHeader} from "./OperatorTable.sol";

/// @title AggregateSignature: one signature of all operators but the absent ones
/// @dev The set's keys are added up once, when it is scheduled; a report takes the absent ones from the sum, so that its cost grows with
/// those who did not sign. Seats are those of a bitmap of who signed, as beside single signatures, and part of what is signed. Every key is a
/// point, and its operator proved to have it: no point of a submitter's choice is ever added.
library AggregateSignature {
    /// @dev Reverts with {IHeartbeatOracle-HeartbeatOracleInvalidAggregate} unless the seats in `signers` signed `digest` together.
    /// Assumes every seat below the table's number of seats.
    /// @param operators Memory pointer from {OperatorTable.load}.
    function check(
        bytes32 digest,
        uint256 signers,
        IHeartbeatOracle.Aggregate calldata signature,
        TableHeader header,
        uint256 operators
    ) internal view {
        (uint256 x, uint256 y) = OperatorTable.sumOfKeys(operators);
        uint256 absent = signers ^ ((uint256(1) << header.seatsOf()) - 1);
        bool isPoint = true;
        if (absent != 0) {
            uint256 keys = OperatorTable.placeOfKeys(header);
            uint256 z;
            (x, y, z) = _without(absent, OperatorTable.tableOf(operators), keys, x, y);
            isPoint = mulmod(z, signature.inverse, Secp256k1.P) == 1;
            (x, y) = Secp256k1.affine(x, y, signature.inverse);
        }
        bytes32 message = Hashes.efficientKeccak256(digest, bytes32(signers));
        if (!isPoint || !Schnorr.isSigned(x, y & 1 != 0, message, signature.s, signature.commitment)) {
            revert IHeartbeatOracle.HeartbeatOracleInvalidAggregate(signers, digest);
        }
    }

    /// @dev (x, y) less the keys of absent seats, in ascending order: {Secp256k1-add} of each opposite, in assembly
    /// because it is the one loop that each absent operator of each report pays for.
    function _without(
        uint256 absent,
        address table,
        uint256 keys,
        uint256 x,
        uint256 y
    ) private view returns (uint256 x3, uint256 y3, uint256 z3) {
        uint256 p = Secp256k1.P;
        (x3, y3, z3) = (x, y, 1);
        assembly ("memory-safe") {
            for {} absent {
                absent := and(absent, sub(absent, 1))
            } {
                let seat := sub(255, clz(and(absent, sub(0, absent)))) // the lowest one
                extcodecopy(table, 0x00, add(keys, shl(6, seat)), 0x40)
                let zz := mulmod(z3, z3, p)
                // the opposite of the key's y, less the sum's; nothing that is subtracted from p is above it
                let r := sub(p, addmod(mulmod(mload(0x20), mulmod(zz, z3, p), p), y3, p))
                let h := addmod(mulmod(mload(0x00), zz, p), sub(p, x3), p)
                z3 := mulmod(z3, h, p)
                let v := mulmod(h, h, p)
                h := mulmod(v, h, p)
                v := mulmod(x3, v, p)
                x3 := addmod(mulmod(r, r, p), sub(p, addmod(h, addmod(v, v, p), p)), p)
                y3 := addmod(mulmod(r, addmod(v, sub(p, x3), p), p), sub(p, mulmod(y3, h, p)), p)
            }
        }
    }
}
