// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Shelf} from "../libraries/StoredCode.sol";
import {AttestorHeader, AttestorOwnership, AttestorTable} from "./AttestorTable.sol";
import {IAttestorSets} from "./IAttestorSets.sol";
import {Succession} from "./Succession.sol";

/// @title SetVersions: attestor sets are created and get further versions
/// @dev It takes the vault's call as it came, and answers what the vault journals, both encoded: the vault, whose code has a
/// size limit, never looks at the members. A version of a set that exists counts after a delay; a new set counts at once, for
/// nobody relies on its name yet.
library SetVersions {
    /// @dev Which function was called: its arguments stand in this order, `salt` or set first.
    enum Kind {
        Create,
        CreateSucceeded,
        Add
    }

    /// @dev As the arguments came; zero and zero name no successor.
    struct Terms {
        bytes[] attestors;
        uint8 threshold;
        bytes32 successor;
        uint32 successorVersion;
    }

    uint32 private constant FIRST_VERSION = 1;

    /// @dev Seconds from the addition of a version until it counts.
    uint48 private constant ADDITION_DELAY = 2 days;

    /// @param arguments Of the call, encoded.
    /// @return attestorSet Set that was opened.
    /// @return version Of it.
    /// @return opened Data of {IAttestorSets-AttestorSetCreated}, or of {IAttestorSets-AttestorSetVersionAdded}.
    /// @return named Data of {IAttestorSets-AttestorSuccessorNamed}; empty where no successor was named.
    function open(
        Shelf storage shelf,
        mapping(bytes32 attestorSet => mapping(uint32 version => AttestorHeader)) storage sets,
        mapping(bytes32 attestorSet => AttestorOwnership) storage ownerships,
        Kind kind,
        bytes calldata arguments,
        bytes32 callId
    ) internal returns (bytes32 attestorSet, uint32 version, bytes memory opened, bytes memory named) {
        Terms memory terms;
        uint48 activeFrom = uint48(block.timestamp); // safe: 48 bits of seconds last nine million years
        (attestorSet, terms) = _decode(kind, arguments);
        if (kind == Kind.Add) {
            version = _next(ownerships[attestorSet], attestorSet);
            activeFrom += ADDITION_DELAY;
            opened = abi.encode(terms.attestors, terms.threshold, activeFrom, callId, msg.sender);
        } else {
            attestorSet = keccak256(abi.encode(msg.sender, attestorSet));
            version = _first(ownerships[attestorSet], attestorSet);
            opened = abi.encode(terms.attestors, terms.threshold, msg.sender, callId, msg.sender);
        }
        _write(shelf, sets, terms, attestorSet, version, activeFrom);
        if (terms.successorVersion != 0) {
            named = abi.encode(terms.successor, terms.successorVersion, callId, msg.sender);
        }
    }

    /// @return encoded An {IAttestorSets-AttestorSet}, as a function returns it.
    function read(
        mapping(bytes32 attestorSet => mapping(uint32 version => AttestorHeader)) storage sets,
        mapping(bytes32 attestorSet => AttestorOwnership) storage ownerships,
        bytes32 attestorSet,
        uint32 version
    ) internal view returns (bytes memory encoded) {
        AttestorHeader memory header = sets[attestorSet][version];
        if (header.table == 0) revert IAttestorSets.AttestorSetsUnknown(attestorSet, version);
        IAttestorSets.AttestorSet memory found;
        found.threshold = header.threshold;
        found.live = header.live;
        found.owner = ownerships[attestorSet].owner;
        found.revoked = header.revoked;
        found.attestors = AttestorTable.attestorsOf(header);
        found.versions = ownerships[attestorSet].versions;
        found.activeFrom = header.activeFrom;
        (found.successor, found.successorVersion) = AttestorTable.successorOf(header);
        return abi.encode(found);
    }

    function _decode(Kind kind, bytes calldata arguments) private pure returns (bytes32 first, Terms memory terms) {
        if (kind == Kind.Create) {
            (first, terms.attestors, terms.threshold) = abi.decode(arguments, (bytes32, bytes[], uint8));
        } else {
            (first, terms.attestors, terms.threshold, terms.successor, terms.successorVersion) = abi.decode(
                arguments,
                (bytes32, bytes[], uint8, bytes32, uint32)
            );
        }
    }

    function _first(AttestorOwnership storage ownership, bytes32 attestorSet) private returns (uint32) {
        if (ownership.versions != 0) revert IAttestorSets.AttestorSetsExists(attestorSet, FIRST_VERSION);
        ownership.owner = msg.sender;
        ownership.versions = FIRST_VERSION;
        return FIRST_VERSION;
    }

    function _next(AttestorOwnership storage ownership, bytes32 attestorSet) private returns (uint32) {
        if (ownership.versions == 0) revert IAttestorSets.AttestorSetsUnknown(attestorSet, FIRST_VERSION);
        address owner = ownership.owner;
        if (msg.sender != owner) revert IAttestorSets.AttestorSetsNotOwner(attestorSet, msg.sender, owner);
        return ++ownership.versions;
    }

    function _write(
        Shelf storage shelf,
        mapping(bytes32 attestorSet => mapping(uint32 version => AttestorHeader)) storage sets,
        Terms memory terms,
        bytes32 attestorSet,
        uint32 version,
        uint48 activeFrom
    ) private {
        (bytes memory successor, uint8 successors) = Succession.name(
            sets,
            terms.successor,
            terms.successorVersion,
            activeFrom
        );
        AttestorHeader memory header = AttestorTable.write(shelf, terms.attestors, terms.threshold, successor);
        header.successors = successors;
        header.activeFrom = activeFrom;
        sets[attestorSet][version] = header;
    }
}
