// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

/// @title An unmodified AccessManaged target that shows what a call brought, fails on demand, or calls back while it runs
contract ManagedProbe is AccessManaged {
    error ManagedProbeFailed(uint256 code);

    address public lastCaller;
    uint256 public lastValue;
    uint256 public notes;

    address private _programTarget;
    bytes private _programData;

    constructor(address authority_) AccessManaged(authority_) {}

    function note(uint256 amount) external payable restricted {
        _note(amount);
    }

    function noteUnguarded(uint256 amount) external payable {
        _note(amount);
    }

    function fail(uint256 code) external restricted {
        revert ManagedProbeFailed(code);
    }

    /// @notice What {reenter} does while it runs.
    function program(address target, bytes calldata data) external {
        (_programTarget, _programData) = (target, data);
    }

    function reenter(uint256 amount) external restricted {
        _note(amount);
        if (_programTarget == address(0)) return;
        (bool done, bytes memory reason) = _programTarget.call(_programData);
        if (!done) {
            assembly ("memory-safe") {
                revert(add(reason, 0x20), mload(reason))
            }
        }
    }

    function _note(uint256 amount) private {
        (lastCaller, lastValue) = (msg.sender, msg.value);
        notes += amount;
    }
}

/// @title A target that is none: it answers as it is told when it is asked whether it consumes, and consumes by hand
contract ConsumeProbe {
    bytes4 public isConsumingScheduledOp;

    function answer(bytes4 consuming) external {
        isConsumingScheduledOp = consuming;
    }

    function consume(IAccessManager manager, address caller, bytes calldata data) external {
        manager.consumeScheduledOp(caller, data);
    }
}
