// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBudgetLedger} from "./IBudgetLedger.sol";

/// @title OfficeCode: code that the vault runs on its own storage, and nobody else
/// @dev Called at its own address it finds books of its own, which are empty and hold nobody's money; the modifier refuses that.
abstract contract OfficeCode {
    address private immutable SELF = address(this);

    /// @dev The vault alone runs this code: whoever calls the office itself has the wrong address.
    modifier onlyForVault() {
        if (address(this) == SELF) revert IBudgetLedger.BudgetOfficeNotVault(SELF);
        _;
    }
}
