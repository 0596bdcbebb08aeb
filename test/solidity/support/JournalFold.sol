// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Vm} from "./Vm.sol";

/// @dev The journal's rule in Solidity, written apart from {Journal}: plain `abi.encodePacked` over recorded logs. All logs
/// that are folded at once must be of the current block (the runner's recorded logs do not tell theirs).
library JournalFold {
    error JournalHeadDiffers(address journal, bytes32 head, bytes32 folded);

    function fold(bytes32 head, Vm.Log[] memory logs, address emitter) internal view returns (bytes32) {
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].emitter != emitter) continue;
            head = keccak256(
                bytes.concat(
                    head,
                    abi.encodePacked(logs[i].topics),
                    keccak256(logs[i].data),
                    bytes32(block.number),
                    bytes32(block.timestamp)
                )
            );
        }
        return head;
    }
}
