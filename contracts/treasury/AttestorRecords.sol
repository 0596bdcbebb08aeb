// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {JournaledAccessManaged} from "../journal/JournaledAccessManaged.sol";
import {Shelf} from "../libraries/StoredCode.sol";
import {AttestorHeader, AttestorOwnership} from "./AttestorTable.sol";

/// @title AttestorRecords: what is kept of attestor sets
abstract contract AttestorRecords is JournaledAccessManaged {
    /// @dev Holds the members of sets, and the terms of plans.
    Shelf internal _shelf;
    mapping(bytes32 attestorSet => mapping(uint32 version => AttestorHeader)) internal _headers;
    mapping(bytes32 attestorSet => AttestorOwnership) internal _ownerships;

    function _seatBit(uint256 seat) internal pure returns (uint256) {
        return uint256(1) << seat;
    }
}
