// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {JournaledAccessManaged} from "../journal/JournaledAccessManaged.sol";
import {SignerCheck} from "../libraries/SignerCheck.sol";
import {Shelf, StoredCode} from "../libraries/StoredCode.sol";
import {AttestorHeader, AttestorOwnership, AttestorTable} from "./AttestorTable.sol";
import {IAttestorSets} from "./IAttestorSets.sol";
import {Opening} from "./Opening.sol";
import {SetVersions} from "./SetVersions.sol";

/// @title AttestorSets: k of n ERC-7913 signers, counted by seat
/// @dev Design:
/// - Callers name the seats that signed by a bitmap, so one seat counts once by construction.
/// - Owners add versions and revoke members. Neither changes who can prove a milestone whose plan is open, but that fewer can:
/// its version is immutable, and so is the line of successors behind it.
abstract contract AttestorSets is IAttestorSets, JournaledAccessManaged {
    /// @dev Holds the members of sets, and the terms of plans.
    Shelf internal _shelf;
    mapping(bytes32 attestorSet => mapping(uint32 version => AttestorHeader)) internal _headers;
    mapping(bytes32 attestorSet => AttestorOwnership) private _ownerships;

    /// @inheritdoc IAttestorSets
    function createAttestorSet(bytes32, bytes[] calldata, uint8) external returns (bytes32 attestorSet) {
        (attestorSet, ) = _open(SetVersions.Kind.Create, AttestorSetCreated.selector);
    }

    /// @inheritdoc IAttestorSets
    function createAttestorSetWithSuccessor(
        bytes32,
        bytes[] calldata,
        uint8,
        bytes32,
        uint32
    ) external returns (bytes32 attestorSet) {
        (attestorSet, ) = _open(SetVersions.Kind.CreateSucceeded, AttestorSetCreated.selector);
    }

    /// @inheritdoc IAttestorSets
    function addAttestorSetVersionWithSuccessor(
        bytes32,
        bytes[] calldata,
        uint8,
        bytes32,
        uint32
    ) external returns (uint32 version) {
        (, version) = _open(SetVersions.Kind.Add, AttestorSetVersionAdded.selector);
    }

    /// @inheritdoc IAttestorSets
    function revokeAttestor(bytes32 attestorSet, uint32 version, uint256 seat) external {
        // Check
        AttestorHeader memory header = _header(attestorSet, version);
        address owner = _ownerships[attestorSet].owner;
        if (msg.sender != owner) revert AttestorSetsNotOwner(attestorSet, msg.sender, owner);
        if (seat >= header.count) revert AttestorSetsUnknownSeat(_bit(seat), header.count);
        if (header.revoked & _bit(seat) != 0) revert AttestorSetsAlreadyRevoked(attestorSet, version, seat);

        // Effect
        _headers[attestorSet][version].revoked = header.revoked | uint32(_bit(seat)); // safe: seat < 32
        _headers[attestorSet][version].live = header.live - 1;
        _record(
            AttestorRevoked.selector,
            attestorSet,
            bytes32(uint256(version)),
            abi.encode(seat, _callId(), msg.sender)
        );
    }

    /// @inheritdoc IAttestorSets
    function getAttestorSet(bytes32 attestorSet, uint32 version) external view returns (AttestorSet memory) {
        bytes memory encoded = Opening.readAttestorSet(_headers, _ownerships, attestorSet, version);
        assembly ("memory-safe") {
            return(add(encoded, 0x20), mload(encoded)) // as it came: decoding and encoding it again would take much code
        }
    }

    /// @inheritdoc IAttestorSets
    function provingAttestorSetFor(bytes32 attestorSet, uint32 version) external view returns (bytes32, uint32) {
        (bytes32 proving, uint32 provingVersion, AttestorHeader memory header) = _proving(attestorSet, version);
        if (header.table == 0) revert AttestorSetsUnknown(attestorSet, version);
        return (proving, provingVersion);
    }

    /// @dev The version that proves what names this one: itself, as long as its live members reach k, else the first of its
    /// successors that does; itself again where none does, so that the refusal speaks of the set that the plan names.
    function _proving(
        bytes32 attestorSet,
        uint32 version
    ) internal view returns (bytes32, uint32, AttestorHeader memory header) {
        header = _headers[attestorSet][version];
        if (header.live < header.threshold && header.successors != 0) {
            (attestorSet, version) = Opening.proving(_headers, attestorSet, version);
            header = _headers[attestorSet][version];
        }
        return (attestorSet, version, header);
    }

    /// @dev Reverts unless every seat of the bitmap `attestors` is live and signed `digest`, and they are at least k.
    /// A relayer names the seats whose signatures it holds; one false signature among them refuses the whole, so that nobody
    /// is recorded as a signer who did not sign.
    /// @param header Of this version.
    function _requireQuorum(
        bytes32 attestorSet,
        uint32 version,
        AttestorHeader memory header,
        bytes32 digest,
        uint256 attestors,
        bytes[] calldata signatures
    ) internal view {
        if (attestors >> header.count != 0) revert AttestorSetsUnknownSeat(attestors, header.count);
        bytes memory table = StoredCode.read(header.table);
        uint256 signed = 0;
        for (uint256 seat = 0; seat < header.count; ++seat) {
            if (attestors & _bit(seat) == 0) continue;
            if (header.revoked & _bit(seat) != 0) revert AttestorSetsRevokedSeat(attestorSet, version, seat);
            if (signed == signatures.length) revert AttestorSetsSignatureCount(signatures.length, signed + 1);
            if (!SignerCheck.isSigned(AttestorTable.signerAt(table, seat), digest, signatures[signed])) {
                revert AttestorSetsInvalidSignature(seat, digest);
            }
            ++signed;
        }
        if (signed != signatures.length) revert AttestorSetsSignatureCount(signatures.length, signed);
        if (signed < header.threshold) revert AttestorSetsQuorumNotReached(signed, header.threshold);
    }

    /// @dev Reverts where revocations left fewer live members than k, here and in every successor.
    function _requireReachableQuorum(bytes32 attestorSet, uint32 version) internal view {
        (, , AttestorHeader memory header) = _proving(attestorSet, version);
        if (header.live < header.threshold) {
            revert AttestorSetsTooFewLive(attestorSet, version, header.live, header.threshold);
        }
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
        _record(AttestorSuccessorNamed.selector, attestorSet, bytes32(uint256(version)), named);
    }

    function _header(bytes32 attestorSet, uint32 version) private view returns (AttestorHeader memory header) {
        header = _headers[attestorSet][version];
        if (header.table == 0) revert AttestorSetsUnknown(attestorSet, version);
    }

    function _bit(uint256 seat) private pure returns (uint256) {
        return uint256(1) << seat;
    }
}
