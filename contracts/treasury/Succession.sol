// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AttestorHeader, AttestorTable} from "./AttestorTable.sol";
import {IAttestorSets} from "./IAttestorSets.sol";

/// @title Succession: which set proves in the place of one whose quorum is out of reach
/// @dev A version names a successor that exists when it is created, and never another one. So
/// - there is no cycle, and no walk is longer than the number that the first header holds;
/// - who could ever prove a milestone is known when its plan opens, whatever owners do later;
/// - `activeFrom` never rises along the walk: where the version that a plan names counts, all of them do.
library Succession {
    /// @dev Sets that may stand behind a version.
    uint256 internal constant MAX_SUCCESSORS = 4;

    /// @dev Checks what a version that counts from `activeFrom` names as its successor; zero and zero name none.
    /// @return named What {AttestorTable} keeps of it.
    /// @return successors Number of sets behind the version.
    function name(
        mapping(bytes32 attestorSet => mapping(uint32 version => AttestorHeader)) storage sets,
        bytes32 successor,
        uint32 successorVersion,
        uint48 activeFrom
    ) internal view returns (bytes memory named, uint8 successors) {
        if (successor == 0 && successorVersion == 0) return ("", 0);
        AttestorHeader memory header = sets[successor][successorVersion];
        if (header.table == 0) revert IAttestorSets.AttestorSetsUnknown(successor, successorVersion);
        if (header.activeFrom > activeFrom) {
            revert IAttestorSets.AttestorSetsNotActive(successor, successorVersion, header.activeFrom, activeFrom);
        }
        successors = header.successors + 1;
        if (successors > MAX_SUCCESSORS) revert IAttestorSets.AttestorSetsTooManySuccessors(successors, MAX_SUCCESSORS);
        return (abi.encode(successor, successorVersion), successors);
    }

    /// @dev The first version, from this one on along its successors, whose live members reach its k; this one where none does.
    function proving(
        mapping(bytes32 attestorSet => mapping(uint32 version => AttestorHeader)) storage sets,
        bytes32 attestorSet,
        uint32 version
    ) internal view returns (bytes32, uint32) {
        (bytes32 foundSet, uint32 foundVersion) = (attestorSet, version);
        while (true) {
            AttestorHeader memory header = sets[foundSet][foundVersion];
            if (header.live >= header.threshold) return (foundSet, foundVersion);
            if (header.successors == 0) return (attestorSet, version);
            (foundSet, foundVersion) = AttestorTable.successorOf(header);
        }
        return (attestorSet, version);
    }
}
