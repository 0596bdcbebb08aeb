// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {SafetyLimits} from "../treasury/SafetyLimits.sol";
import {AssetBooks} from "../treasury/AssetBooks.sol";

/// @dev A debit of an asset's books as the vault makes it, with and without the breaker: the difference is what the breaker costs.
contract SafetyLimitsHarness is SafetyLimits {
    constructor(address authority_) AccessManaged(authority_) {}

    function set(Limits calldata limits, address asset, uint256 amount) external {
        _limits = limits;
        _assets[asset] = _assets[asset].withCredited(amount);
    }

    function debit(address asset, uint256 amount) external {
        AssetBooks books = _assets[asset];
        _assets[asset] = books.withCredited(books.creditedOf() - amount);
    }

    function debitWithinLimit(address asset, uint256 amount) external returns (bool fits) {
        AssetBooks books = _assets[asset];
        (fits, books) = _measureOutflow(books, amount);
        _assets[asset] = books.withCredited(books.creditedOf() - amount);
    }
}
