// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ReenteringPayee, RefusingPayee} from "../../../../contracts/mocks/PayeeMocks.sol";
import {IBudgetOffice} from "../../../../contracts/treasury/IBudgetOffice.sol";
import {deploy} from "../../support/Deploy.sol";
import {SimulatedTreasury} from "./SimulatedTreasury.sol";

/// @dev Four payees: an account, a contract that takes coin, one that refuses it or burns all gas, and one that calls the vault
/// again when coin reaches it, as the calling token does whenever it moves. Each has a purse, another address, for its claims.
abstract contract SimulatedPeople is SimulatedTreasury {
    uint256 internal constant PAYEES = 4;

    address[PAYEES] internal _payees;
    address[PAYEES] internal _purses;
    RefusingPayee internal _refusingPayee;
    ReenteringPayee internal _reenteringPayee;
    bool internal _payeeWasGuardedAgainst;
    bool internal _tokenWasGuardedAgainst;

    /// @dev A call from within a payment did something.
    error Reentered(address by, bytes payload);
    /// @dev It was refused by something else than the guard, which comes first.
    error NotByTheGuard(address by, bytes payload, bytes reason);

    function _engage() internal {
        _refusingPayee = RefusingPayee(payable(deploy("RefusingPayee", "")));
        _reenteringPayee = ReenteringPayee(payable(deploy("ReenteringPayee", "")));
        _payees = [
            address(uint160(uint256(keccak256("simulation: payee")))),
            deploy("AcceptingPayee", ""),
            address(_refusingPayee),
            address(_reenteringPayee)
        ];
        for (uint256 i = 0; i < PAYEES; ++i) {
            _purses[i] = address(uint160(uint256(keccak256(abi.encode("simulation: purse", i)))));
        }
        _arm(abi.encodeCall(IBudgetOffice.claim, (_assets[0], STRANGER)), true);
    }

    /// @dev What token and payee call from now on. It would work, or might, outside of the vault's own calls.
    function _arm(bytes memory payload, bool before) internal {
        _callingToken.setHook(address(_vault), payload, before);
        _reenteringPayee.setCall(address(_vault), payload);
    }

    function _requireNobodyReentered() internal {
        address token = address(_callingToken);
        if (_callingToken.lastWorked()) revert Reentered(token, _callingToken.payload());
        if (_isGuards(token, _callingToken.lastError())) _tokenWasGuardedAgainst = true;
        address payee = address(_reenteringPayee);
        if (_reenteringPayee.lastWorked()) revert Reentered(payee, _reenteringPayee.payload());
        if (_isGuards(payee, _reenteringPayee.lastError())) _payeeWasGuardedAgainst = true;
    }

    /// @dev Nothing at all was answered where it has not called yet, or its gas was over.
    function _isGuards(address by, bytes memory reason) private view returns (bool) {
        if (reason.length == 0) return false;
        bool isGuards =
            reason.length == 4 && bytes4(reason) == ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector;
        if (!isGuards) revert NotByTheGuard(by, _callingToken.payload(), reason);
        return true;
    }
}
