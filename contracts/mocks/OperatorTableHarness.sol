// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOperatorKeys} from "../oracle/IOperatorKeys.sol";
import {OperatorTable} from "../oracle/OperatorTable.sol";

/// @dev Gives tests access to the library.
contract OperatorTableHarness {
    function locate(uint32 nonce) external view returns (address) {
        return OperatorTable.locate(nonce);
    }

    function write(
        uint32 configuration,
        uint32 previous,
        uint32 fromEpoch,
        address anchor,
        address[] calldata operators
    ) external {
        OperatorTable.write(configuration, previous, fromEpoch, anchor, operators, IOperatorKeys(address(0)));
    }
}
