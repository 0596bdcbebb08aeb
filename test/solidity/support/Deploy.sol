// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {vm} from "./Vm.sol";

error NotDeployed(string name, bytes reason);

/// @dev What `new` would do, with the code that the build of the contracts made: test code is compiled without optimization.
/// A large contract's type is not imported either, since the compiler makes the code of whatever is imported.
/// @param name The contract's, unique in the project.
/// @param arguments Of its constructor, encoded: the compiler does not check them.
function deploy(string memory name, bytes memory arguments) returns (address deployed) {
    bytes memory code = bytes.concat(vm.getCode(name), arguments);
    bytes memory reason;
    assembly ("memory-safe") {
        deployed := create(0, add(code, 0x20), mload(code))
        if iszero(deployed) {
            reason := mload(0x40)
            mstore(reason, returndatasize())
            returndatacopy(add(reason, 0x20), 0, returndatasize())
            mstore(0x40, and(add(add(reason, 0x3f), returndatasize()), not(0x1f)))
        }
    }
    if (deployed == address(0)) revert NotDeployed(name, reason);
}
