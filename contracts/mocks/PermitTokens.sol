// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @dev A token with ERC-2612 permits; for tests. Not money.
contract PermitToken is ERC20Permit {
    constructor() ERC20("Permit test token (no value)", "PERMIT") ERC20Permit("Permit test token (no value)") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}

/// @dev Takes every call for a permit and does nothing, as tokens with a fallback function do: a permit that gives no allowance.
contract PhantomPermitToken is ERC20 {
    constructor() ERC20("Phantom permit test token (no value)", "PHANTOM") {}

    // solhint-disable-next-line no-complex-fallback, no-empty-blocks
    fallback() external {
        // says yes to anything
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}
