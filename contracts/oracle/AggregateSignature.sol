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
        uint256 absent = signers ^ ((uint256(1) << header.seatsOf()) - 1);
        address table = OperatorTable.locate(configuration);
        (uint256 x, uint256 y) = OperatorTable.sumOfKeys(table);
        uint256 z = 1;
        for (uint256 place = OperatorTable.placeOfKeys(header); absent != 0; place += OperatorTable.KEY_BYTES) {
            if (absent & 1 != 0) {
                (uint256 keyX, uint256 keyY) = OperatorTable.keyAt(table, place);
                (x, y, z) = Secp256k1.subtract(x, y, z, keyX, keyY);
            }
            absent >>= 1;
        }
        bool isInverse = mulmod(z, signature.inverse, Secp256k1.P) == 1;
        (x, y) = Secp256k1.affine(x, y, signature.inverse);
        bytes32 message = keccak256(abi.encode(digest, signers));
        if (!isInverse || !Schnorr.isSigned(x, y & 1 != 0, message, signature.s, signature.commitment)) {
            revert IHeartbeatOracle.HeartbeatOracleInvalidAggregate(signers, digest);
        }
    }
}
