// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Attestor sets: k of n ERC-7913 signers who prove milestones
/// @notice A set is immutable once created; what can change is that a member is revoked, at once and for ever, which never
/// lowers k. Members are ordered by strictly ascending `keccak256(signer)`; a member's place in that order is its seat.
interface IAttestorSets {
    struct AttestorSet {
        uint8 threshold;
        uint8 live;
        address owner;
        uint256 revoked;
        bytes[] attestors;
    }

    event AttestorSetCreated(
        bytes32 indexed attestorSet,
        uint32 indexed version,
        bytes[] attestors,
        uint8 threshold,
        address owner,
        bytes32 cause,
        address anchor
    );
    event AttestorRevoked(
        bytes32 indexed attestorSet,
        uint32 indexed version,
        uint256 seat,
        bytes32 cause,
        address anchor
    );

    error AttestorSetsInvalidSize(uint256 attestors, uint256 minimum, uint256 maximum);
    error AttestorSetsInvalidThreshold(uint256 threshold, uint256 attestors);
    error AttestorSetsNotAscending(uint256 seat);
    error AttestorSetsInvalidAttestor(uint256 seat);
    error AttestorSetsExists(bytes32 attestorSet, uint32 version);
    error AttestorSetsUnknown(bytes32 attestorSet, uint32 version);
    error AttestorSetsNotOwner(bytes32 attestorSet, address caller, address owner);
    error AttestorSetsAlreadyRevoked(bytes32 attestorSet, uint32 version, uint256 seat);
    error AttestorSetsUnknownSeat(uint256 attestors, uint256 seats);
    error AttestorSetsRevokedSeat(bytes32 attestorSet, uint32 version, uint256 seat);
    error AttestorSetsQuorumNotReached(uint256 signatures, uint256 required);
    /// @notice The live members can no longer reach k, so that a deadline which rests on them stands still.
    error AttestorSetsTooFewLive(bytes32 attestorSet, uint32 version, uint256 live, uint256 required);
    error AttestorSetsSignatureCount(uint256 signatures, uint256 seats);
    error AttestorSetsInvalidSignature(uint256 seat, bytes32 digest);

    /// @notice Creates version 1 of a set that the caller owns. Its id is `keccak256(abi.encode(caller, salt))`.
    function createAttestorSet(
        bytes32 salt,
        bytes[] calldata attestors,
        uint8 threshold
    ) external returns (bytes32 attestorSet);

    /// @notice Revokes a member at once, by the set's owner; k stays.
    function revokeAttestor(bytes32 attestorSet, uint32 version, uint256 seat) external;

    function getAttestorSet(bytes32 attestorSet, uint32 version) external view returns (AttestorSet memory);
}
