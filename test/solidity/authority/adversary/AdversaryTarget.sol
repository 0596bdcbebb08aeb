// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

/// @dev A managed function for each kind of impact.
contract AdversaryTarget is AccessManaged {
    uint256 public calls;

    constructor(address authority_) AccessManaged(authority_) {}

    function plain() external restricted {
        ++calls;
    }

    function costly() external restricted {
        ++calls;
    }

    function spend(uint256) external restricted {
        ++calls;
    }

    function spendOf(address, uint256) external restricted {
        ++calls;
    }
}
