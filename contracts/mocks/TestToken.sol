// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title TestToken: a plain ERC-20 for tests and local chains
/// @notice NOT MONEY: anybody can mint any amount. Never list it as an asset on a chain where value is at stake.
contract TestToken is ERC20 {
    constructor() ERC20("Test token (anybody mints, no value)", "TEST") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}
