// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";

interface ICallback {
    function called() external;
}

/// @dev A managed target that calls its caller back in the middle of a guarded call.
contract CallbackTarget is AccessManaged {
    uint256 public calls;

    constructor(address authority_) AccessManaged(authority_) {}

    function run(uint256) external restricted {
        ++calls;
        if (msg.sender.code.length != 0) ICallback(msg.sender).called();
    }

    function pay(address, uint256) external restricted {
        ++calls;
    }
}

/// @dev A target that asks for permissions although nobody called it, as often as it is told.
contract InsistentTarget {
    IAccessManager private immutable AUTHORITY;

    constructor(IAccessManager authority) {
        AUTHORITY = authority;
    }

    function spend(address caller, bytes calldata data, uint256 times) external {
        for (uint256 i = 0; i < times; ++i) AUTHORITY.consumeScheduledOp(caller, data);
    }

    function isConsumingScheduledOp() external pure returns (bytes4) {
        return IAccessManaged.isConsumingScheduledOp.selector;
    }
}

/// @dev Makes the calls that it is told to; called back, makes the last one again, as often as it still gets through.
contract ReentrantCaller is ICallback {
    uint256 public attempts;
    uint256 public reentered;

    address private _target;
    bytes private _data;

    function execute(address target, bytes calldata data) external returns (bytes memory) {
        (_target, _data) = (target, data);
        return Address.functionCall(target, data);
    }

    function called() external {
        ++attempts;
        (bool again, ) = _target.call(_data);
        if (again) ++reentered;
    }
}
