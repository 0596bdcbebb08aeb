// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {Journal} from "./Journal.sol";

/// @title OpenZeppelin's AccessManaged, whose one event is in the journal, too (the constructor's included)
abstract contract JournaledAccessManaged is AccessManaged, Journal {
    function _setAuthority(address newAuthority) internal virtual override {
        super._setAuthority(newAuthority);
        _chain(IAccessManaged.AuthorityUpdated.selector, abi.encode(newAuthority));
    }
}
