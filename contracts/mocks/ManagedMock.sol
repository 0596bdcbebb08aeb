// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

/// @title An unmodified AccessManaged target that counts its calls, with an unguarded twin to measure the guard against
contract ManagedMock is AccessManaged {
    uint256 public calls;

    constructor(address authority_) AccessManaged(authority_) {}

    function guarded(uint256 amount) external restricted returns (uint256) {
        return _count(amount);
    }

    function alsoGuarded(uint256 amount) external restricted returns (uint256) {
        return _count(amount);
    }

    /// @dev The asset is there for its position: an impact that depends on a rate is read beside it.
    function pay(address, uint256 amount) external restricted returns (uint256) {
        return _count(amount);
    }

    function payUnguarded(address, uint256 amount) external returns (uint256) {
        return _count(amount);
    }

    function unguarded(uint256 amount) external returns (uint256) {
        return _count(amount);
    }

    /// @notice Asks the authority to count a use although nobody calls a guarded function.
    function consume(address caller, bytes calldata data) external {
        IAccessManager(authority()).consumeScheduledOp(caller, data);
    }

    function _count(uint256 amount) private returns (uint256) {
        calls += amount;
        return calls;
    }
}
