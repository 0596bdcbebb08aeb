// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AttestorHeader} from "./AttestorTable.sol";
import {AttestorRecords} from "./AttestorRecords.sol";
import {IAttestorSets} from "./IAttestorSets.sol";
import {OfficeCode} from "./OfficeCode.sol";
import {Opening} from "./Opening.sol";
import {SetVersions} from "./SetVersions.sol";

/// @title AttestorOffice: what changes attestor sets, see {IAttestorSets}
/// @dev Owners add versions and revoke members. Neither changes who can prove a milestone whose plan is open, but that fewer can:
/// its version is immutable, and so is the line of successors behind it.
abstract contract AttestorOffice is AttestorRecords, OfficeCode {
    function createAttestorSet(bytes32, bytes[] calldata, uint8) external onlyForVault returns (bytes32 attestorSet) {
        (attestorSet, ) = _open(SetVersions.Kind.Create, IAttestorSets.AttestorSetCreated.selector);
    }

    function createAttestorSetWithSuccessor(
        bytes32,
        bytes[] calldata,
        uint8,
        bytes32,
        uint32
    ) external onlyForVault returns (bytes32 attestorSet) {
        (attestorSet, ) = _open(SetVersions.Kind.CreateSucceeded, IAttestorSets.AttestorSetCreated.selector);
    }

    function addAttestorSetVersionWithSuccessor(
        bytes32,
        bytes[] calldata,
        uint8,
        bytes32,
        uint32
    ) external onlyForVault returns (uint32 version) {
        (, version) = _open(SetVersions.Kind.Add, IAttestorSets.AttestorSetVersionAdded.selector);
    }

    function revokeAttestor(bytes32 attestorSet, uint32 version, uint256 seat) external onlyForVault {
        // Check
        AttestorHeader memory header = _header(attestorSet, version);
        address owner = _ownerships[attestorSet].owner;
        if (msg.sender != owner) revert IAttestorSets.AttestorSetsNotOwner(attestorSet, msg.sender, owner);
        if (seat >= header.count) revert IAttestorSets.AttestorSetsUnknownSeat(_seatBit(seat), header.count);
        if (header.revoked & _seatBit(seat) != 0)
            revert IAttestorSets.AttestorSetsAlreadyRevoked(attestorSet, version, seat);

        // Effect
        _headers[attestorSet][version].revoked = header.revoked | uint32(_seatBit(seat)); // safe: seat < 32
        _headers[attestorSet][version].live = header.live - 1;
        _record(
            IAttestorSets.AttestorRevoked.selector,
            attestorSet,
            bytes32(uint256(version)),
            abi.encode(seat, _callId(), msg.sender)
        );
    }

    /// @dev Checks and effects stand in the library, which reads the arguments of this very call.
    /// @param opened The event of the version.
    function _open(SetVersions.Kind kind, bytes32 opened) private returns (bytes32 attestorSet, uint32 version) {
        bytes memory data;
        bytes memory named;
        (attestorSet, version, data, named) = Opening.openAttestorSet(
            _shelf,
            _headers,
            _ownerships,
            kind,
            msg.data[4:],
            _callId()
        );
        _record(opened, attestorSet, bytes32(uint256(version)), data);
        if (named.length == 0) return (attestorSet, version);
        _record(IAttestorSets.AttestorSuccessorNamed.selector, attestorSet, bytes32(uint256(version)), named);
    }

    function _header(bytes32 attestorSet, uint32 version) private view returns (AttestorHeader memory header) {
        header = _headers[attestorSet][version];
        if (header.table == 0) revert IAttestorSets.AttestorSetsUnknown(attestorSet, version);
    }
}
