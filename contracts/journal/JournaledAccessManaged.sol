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

    /// @dev Id of the current call, as OpenZeppelin's {IAccessManager-hashOperation} gives it: the cause of what a standing
    /// role decides.
    function _callId() internal view returns (bytes32) {
        return keccak256(abi.encode(_msgSender(), address(this), _msgData()));
    }
}
