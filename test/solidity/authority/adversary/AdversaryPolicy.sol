// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Parameters} from "../../../../contracts/types/Parameters.sol";

/// @dev Of teams and constitution, what escalations ask: one path for each team, its anchor, how long a human has, and how long
/// an approval can be used.
contract AdversaryPolicy {
    uint128 private immutable DEADLINE_SECONDS;
    uint128 private immutable USABLE_SECONDS;

    mapping(uint16 team => uint16[]) private _paths;
    mapping(uint16 team => address) public anchorOf;

    constructor(uint256 deadlineSeconds, uint256 usableSeconds) {
        (DEADLINE_SECONDS, USABLE_SECONDS) = (uint128(deadlineSeconds), uint128(usableSeconds));
    }

    function set(uint16 team, address anchor, uint16[] calldata path) external {
        (anchorOf[team], _paths[team]) = (anchor, path);
    }

    function effective(uint16, bytes32 parameter) external view returns (uint128) {
        return parameter == Parameters.ESCALATION_USABLE_SECONDS ? USABLE_SECONDS : DEADLINE_SECONDS;
    }

    function pathAt(uint16 team, uint32) external view returns (uint16[] memory) {
        return _paths[team];
    }

    function pathVersion(uint16) external pure returns (uint32) {
        return 1;
    }
}
