// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Attestor sets: k of n ERC-7913 signers who prove milestones
/// @notice A version of a set is immutable once created; what can change is that a member is revoked, at once and for ever,
/// which never lowers k. Members are ordered by strictly ascending `keccak256(signer)`; a member's place in that order is its
/// seat. The owner adds versions, which count after two days; plans name set and version, and keep them.
///
/// Version:  None ──createAttestorSet──────────────────────────▶ Active ──revoked below k──▶ Succeeded (final)
///                └─addAttestorSetVersionWithSuccessor──▶ Waiting ──2 days──────┘
///
/// Succeeded: a version may name one successor, which exists already, when it is created. As long as live members reach k,
/// the version itself proves and nobody else; afterwards its successor does, or the successor's own one.
interface IAttestorSets {
    /// @param owner Of all versions, of which `versions` is the number.
    /// @param revoked Bitmap of the seats that are revoked.
    /// @param activeFrom First second in which the version counts.
    /// @param successor Set and `successorVersion` that prove when fewer than `threshold` are live; zero where none is named.
    struct AttestorSet {
        uint8 threshold;
        uint8 live;
        address owner;
        uint256 revoked;
        bytes[] attestors;
        uint32 versions;
        uint48 activeFrom;
        bytes32 successor;
        uint32 successorVersion;
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
    /// @notice The version counts from `activeFrom` on, in seconds.
    event AttestorSetVersionAdded(
        bytes32 indexed attestorSet,
        uint32 indexed version,
        bytes[] attestors,
        uint8 threshold,
        uint48 activeFrom,
        bytes32 cause,
        address anchor
    );
    /// @notice Follows the creation of a version, in the same transaction.
    event AttestorSuccessorNamed(
        bytes32 indexed attestorSet,
        uint32 indexed version,
        bytes32 successor,
        uint32 successorVersion,
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
    /// @notice The version counts from `activeFrom` on; it was asked for as of `required`. Both in seconds.
    error AttestorSetsNotActive(bytes32 attestorSet, uint32 version, uint48 activeFrom, uint48 required);
    /// @notice So many sets would stand behind the version: its successor, that one's, and so on.
    error AttestorSetsTooManySuccessors(uint256 successors, uint256 maximum);
    /// @notice The attestor in this seat is a member of the team that the plan names.
    error AttestorSetsTeamMember(bytes32 attestorSet, uint32 version, uint256 seat, uint16 team);
    /// @notice The live members can no longer reach k, nor those of a successor, so that a deadline which rests on them
    /// stands still.
    error AttestorSetsTooFewLive(bytes32 attestorSet, uint32 version, uint256 live, uint256 required);
    error AttestorSetsSignatureCount(uint256 signatures, uint256 seats);
    error AttestorSetsInvalidSignature(uint256 seat, bytes32 digest);

    /// @notice Creates version 1 of a set that the caller owns. Its id is `keccak256(abi.encode(caller, salt))`.
    function createAttestorSet(
        bytes32 salt,
        bytes[] calldata attestors,
        uint8 threshold
    ) external returns (bytes32 attestorSet);

    /// @notice The same, with a successor: version `successorVersion` of the set `successor`, by whomever it is owned.
    /// Emits {AttestorSetCreated} and {AttestorSuccessorNamed}. Reverts with
    /// - {AttestorSetsUnknown} unless the successor exists;
    /// - {AttestorSetsNotActive} unless the successor counts by the time at which this version does;
    /// - {AttestorSetsTooManySuccessors} where more than four sets would stand behind it.
    function createAttestorSetWithSuccessor(
        bytes32 salt,
        bytes[] calldata attestors,
        uint8 threshold,
        bytes32 successor,
        uint32 successorVersion
    ) external returns (bytes32 attestorSet);

    /// @notice Adds the next version of a set, by its owner; it counts two days later, and earlier versions stay as they are.
    /// Zero and zero name no successor. Emits {AttestorSetVersionAdded} and, where one is named, {AttestorSuccessorNamed}.
    /// Reverts as {createAttestorSetWithSuccessor} does, and with
    /// - {AttestorSetsUnknown} unless the set exists;
    /// - {AttestorSetsNotOwner} unless the caller owns it.
    function addAttestorSetVersionWithSuccessor(
        bytes32 attestorSet,
        bytes[] calldata attestors,
        uint8 threshold,
        bytes32 successor,
        uint32 successorVersion
    ) external returns (uint32 version);

    /// @notice Revokes a member at once, by the set's owner; k stays.
    function revokeAttestor(bytes32 attestorSet, uint32 version, uint256 seat) external;

    function getAttestorSet(bytes32 attestorSet, uint32 version) external view returns (AttestorSet memory);

    /// @notice Set and version that prove, now, what names this one: itself while its live members reach k, else the first
    /// of its successors of which that is true; itself again where there is none. Proofs name what this returns.
    function provingAttestorSetFor(bytes32 attestorSet, uint32 version) external view returns (bytes32, uint32);
}
