// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {JournaledAccessManaged} from "../journal/JournaledAccessManaged.sol";
import {SignerCheck} from "../libraries/SignerCheck.sol";
import {Shelf, StoredCode} from "../libraries/StoredCode.sol";
import {AttestorHeader, AttestorTable} from "./AttestorTable.sol";
import {IAttestorSets} from "./IAttestorSets.sol";
import {Opening} from "./Opening.sol";

/// @title AttestorSets: k of n ERC-7913 signers, counted by seat
/// @dev Callers name the seats that signed by a bitmap, so one seat counts once by construction.
abstract contract AttestorSets is IAttestorSets, JournaledAccessManaged {
    uint32 private constant FIRST_VERSION = 1;

    /// @dev Holds the members of sets, and the terms of plans.
    Shelf internal _shelf;
    mapping(bytes32 attestorSet => mapping(uint32 version => AttestorHeader)) internal _headers;
    mapping(bytes32 attestorSet => address) private _owners;

    /// @inheritdoc IAttestorSets
    function createAttestorSet(
        bytes32 salt,
        bytes[] calldata attestors,
        uint8 threshold
    ) external returns (bytes32 attestorSet) {
        // Check
        attestorSet = keccak256(abi.encode(msg.sender, salt));
        if (_owners[attestorSet] != address(0)) revert AttestorSetsExists(attestorSet, FIRST_VERSION);

        // Effect
        _owners[attestorSet] = msg.sender;
        Opening.openAttestorSet(_shelf, _headers[attestorSet][FIRST_VERSION], attestors, threshold);
        _record(
            AttestorSetCreated.selector,
            attestorSet,
            bytes32(uint256(FIRST_VERSION)),
            abi.encode(attestors, threshold, msg.sender, _callId(), msg.sender)
        );
    }

    /// @inheritdoc IAttestorSets
    function revokeAttestor(bytes32 attestorSet, uint32 version, uint256 seat) external {
        // Check
        AttestorHeader memory header = _header(attestorSet, version);
        address owner = _owners[attestorSet];
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
    function getAttestorSet(bytes32 attestorSet, uint32 version) external view returns (AttestorSet memory found) {
        AttestorHeader memory header = _header(attestorSet, version);
        found.threshold = header.threshold;
        found.live = header.live;
        found.owner = _owners[attestorSet];
        found.revoked = header.revoked;
        found.attestors = AttestorTable.attestorsOf(header);
    }

    /// @dev Reverts unless every seat of the bitmap `attestors` is live and signed `digest`, and they are at least k.
    /// A relayer names the seats whose signatures it holds; one false signature among them refuses the whole, so that nobody
    /// is recorded as a signer who did not sign.
    function _requireQuorum(
        bytes32 attestorSet,
        uint32 version,
        bytes32 digest,
        uint256 attestors,
        bytes[] calldata signatures
    ) internal view {
        AttestorHeader memory header = _header(attestorSet, version);
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

    /// @dev Reverts where revocations left fewer live members than k.
    function _requireReachableQuorum(bytes32 attestorSet, uint32 version) internal view {
        AttestorHeader memory header = _header(attestorSet, version);
        if (header.live < header.threshold) {
            revert AttestorSetsTooFewLive(attestorSet, version, header.live, header.threshold);
        }
    }

    function _header(bytes32 attestorSet, uint32 version) private view returns (AttestorHeader memory header) {
        header = _headers[attestorSet][version];
        if (header.table == 0) revert AttestorSetsUnknown(attestorSet, version);
    }

    function _bit(uint256 seat) private pure returns (uint256) {
        return uint256(1) << seat;
    }
}
