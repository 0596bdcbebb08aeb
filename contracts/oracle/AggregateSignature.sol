// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

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
    function check(
        bytes32 digest,
        uint256 signers,
        IHeartbeatOracle.Aggregate calldata signature,
        uint32 configuration,
        TableHeader header
    ) internal view {
        address table = OperatorTable.locate(configuration);
        Secp256k1.Jacobian memory sum = OperatorTable.sumOfKeys(table);
        uint256 absent = signers ^ ((uint256(1) << header.seatsOf()) - 1);
        for (uint256 seat = 0; absent != 0; ++seat) {
            if (absent & 1 != 0) {
                (uint256 keyX, uint256 keyY) = OperatorTable.keyInSeat(table, header, seat);
                Secp256k1.subtract(sum, keyX, keyY);
            }
            absent >>= 1;
        }
        if (!_isSigned(sum, keccak256(abi.encode(digest, signers)), signature)) {
            revert IHeartbeatOracle.HeartbeatOracleInvalidAggregate(signers, digest);
        }
    }

    function _isSigned(
        Secp256k1.Jacobian memory key,
        bytes32 message,
        IHeartbeatOracle.Aggregate calldata signature
    ) private pure returns (bool) {
        uint256 inverse = signature.inverse;
        if (mulmod(key.z, inverse, Secp256k1.P) != 1) return false;
        uint256 square = mulmod(inverse, inverse, Secp256k1.P);
        uint256 x = mulmod(key.x, square, Secp256k1.P);
        uint256 y = mulmod(key.y, mulmod(square, inverse, Secp256k1.P), Secp256k1.P);
        return Schnorr.isSigned(x, y & 1 != 0, message, signature.s, signature.commitment);
    }
}
