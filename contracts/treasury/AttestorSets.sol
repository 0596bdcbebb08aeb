// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AttestorQuorum} from "./AttestorQuorum.sol";
import {AttestorHeader} from "./AttestorTable.sol";
import {IAttestorSets} from "./IAttestorSets.sol";
import {Opening} from "./Opening.sol";

/// @title AttestorSets: what is known of attestor sets
/// @dev What changes them stands in {AttestorOffice}, what counts their signatures in {AttestorQuorum}.
abstract contract AttestorSets is IAttestorSets, AttestorQuorum {
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
}
