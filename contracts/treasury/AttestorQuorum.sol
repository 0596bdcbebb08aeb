// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SignerCheck} from "../libraries/SignerCheck.sol";
import {StoredCode} from "../libraries/StoredCode.sol";
import {AttestorHeader, AttestorTable} from "./AttestorTable.sol";
import {AttestorRecords} from "./AttestorRecords.sol";
import {IAttestorSets} from "./IAttestorSets.sol";
import {Opening} from "./Opening.sol";

/// @title AttestorQuorum: k of n ERC-7913 signers, counted by seat
/// @dev Callers name the seats that signed by a bitmap, so one seat counts once by construction.
abstract contract AttestorQuorum is AttestorRecords {
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
        if (attestors >> header.count != 0) revert IAttestorSets.AttestorSetsUnknownSeat(attestors, header.count);
        bytes memory table = StoredCode.read(header.table);
        uint256 signed = 0;
        for (uint256 seat = 0; seat < header.count; ++seat) {
            if (attestors & _seatBit(seat) == 0) continue;
            if (header.revoked & _seatBit(seat) != 0)
                revert IAttestorSets.AttestorSetsRevokedSeat(attestorSet, version, seat);
            if (signed == signatures.length)
                revert IAttestorSets.AttestorSetsSignatureCount(signatures.length, signed + 1);
            if (!SignerCheck.isSigned(AttestorTable.signerAt(table, seat), digest, signatures[signed])) {
                revert IAttestorSets.AttestorSetsInvalidSignature(seat, digest);
            }
            ++signed;
        }
        if (signed != signatures.length) revert IAttestorSets.AttestorSetsSignatureCount(signatures.length, signed);
        if (signed < header.threshold) revert IAttestorSets.AttestorSetsQuorumNotReached(signed, header.threshold);
    }

    /// @dev Reverts where revocations left fewer live members than k, here and in every successor.
    function _requireReachableQuorum(bytes32 attestorSet, uint32 version) internal view {
        (, , AttestorHeader memory header) = _proving(attestorSet, version);
        if (header.live < header.threshold) {
            revert IAttestorSets.AttestorSetsTooFewLive(attestorSet, version, header.live, header.threshold);
        }
    }
}
