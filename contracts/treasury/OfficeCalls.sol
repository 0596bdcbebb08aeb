// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAttestorSets} from "./IAttestorSets.sol";
import {IBudgetOffice} from "./IBudgetOffice.sol";
import {IPaymentOffice} from "./IPaymentOffice.sol";
import {IBudgetVault} from "./IBudgetVault.sol";
import {Milestones} from "./Milestones.sol";

/// @title OfficeCalls: the vault's functions whose code stands in an office of its own
/// @dev Each hands the call on as it came and answers what the office answered; {BudgetOffice} says what holds. Each is named
/// here, so that the vault's code shows every function that it has: nothing unknown is ever forwarded.
abstract contract OfficeCalls is Milestones {
    address private immutable OFFICE;
    address private immutable PAYMENT_OFFICE;

    constructor(address office_, address paymentOffice_) {
        if (office_.code.length == 0) revert BudgetVaultInvalidOffice(office_);
        if (paymentOffice_.code.length == 0) revert BudgetVaultInvalidOffice(paymentOffice_);
        (OFFICE, PAYMENT_OFFICE) = (office_, paymentOffice_);
    }

    /// @inheritdoc IBudgetVault
    function office() external view returns (address) {
        return OFFICE;
    }

    /// @inheritdoc IBudgetVault
    function paymentOffice() external view returns (address) {
        return PAYMENT_OFFICE;
    }

    /// @inheritdoc IBudgetOffice
    function allowAsset(address, bool) external {
        _forward(OFFICE);
    }

    /// @inheritdoc IBudgetOffice
    function openPool(bytes32, address, address) external returns (bytes32) {
        _forward(OFFICE);
    }

    /// @inheritdoc IBudgetOffice
    function closePool(bytes32) external {
        _forward(OFFICE);
    }

    /// @inheritdoc IBudgetOffice
    function deposit(bytes32, address, uint256, bytes32) external payable {
        _forward(OFFICE);
    }

    /// @inheritdoc IBudgetOffice
    function depositWithPermit(bytes32, address, uint256, bytes32, Permit calldata) external {
        _forward(OFFICE);
    }

    /// @inheritdoc IBudgetOffice
    function creditSurplus(bytes32, address) external returns (uint256) {
        _forward(OFFICE);
    }

    /// @inheritdoc IBudgetOffice
    function withdraw(bytes32, address, address, uint256) external returns (PaymentOutcome) {
        _forward(OFFICE);
    }

    /// @inheritdoc IBudgetOffice
    function movePool(bytes32, bytes32, address, uint256) external {
        _forward(OFFICE);
    }

    /// @inheritdoc IBudgetOffice
    function openProject(Plan calldata) external returns (bytes32) {
        _forward(OFFICE);
    }

    /// @inheritdoc IBudgetOffice
    function acceptProject(bytes32, Party, bytes calldata) external {
        _forward(OFFICE);
    }

    /// @inheritdoc IBudgetOffice
    function fundProject(bytes32, bytes32) external payable {
        _forward(OFFICE);
    }

    /// @inheritdoc IBudgetOffice
    function fundProjectWithPermit(bytes32, bytes32, Permit calldata) external {
        _forward(OFFICE);
    }

    /// @inheritdoc IBudgetOffice
    function commitProject(bytes32) external {
        _forward(OFFICE);
    }

    /// @inheritdoc IBudgetOffice
    function approveWithdrawal(bytes32, address, address, uint256, uint48) external {
        _forward(OFFICE);
    }

    /// @inheritdoc IBudgetOffice
    function claim(address, address) external returns (uint256) {
        _forward(OFFICE);
    }

    /// @inheritdoc IAttestorSets
    function createAttestorSet(bytes32, bytes[] calldata, uint8) external returns (bytes32) {
        _forward(OFFICE);
    }

    /// @inheritdoc IAttestorSets
    function createAttestorSetWithSuccessor(
        bytes32,
        bytes[] calldata,
        uint8,
        bytes32,
        uint32
    ) external returns (bytes32) {
        _forward(OFFICE);
    }

    /// @inheritdoc IAttestorSets
    function addAttestorSetVersionWithSuccessor(
        bytes32,
        bytes[] calldata,
        uint8,
        bytes32,
        uint32
    ) external returns (uint32) {
        _forward(OFFICE);
    }

    /// @inheritdoc IAttestorSets
    function revokeAttestor(bytes32, uint32, uint256) external {
        _forward(OFFICE);
    }

    /// @inheritdoc IBudgetOffice
    function cancelProject(bytes32, uint256, uint48, bytes calldata, bytes calldata) external {
        _forward(OFFICE);
    }

    /// @inheritdoc IBudgetOffice
    function amendProject(Plan calldata, bytes calldata, bytes calldata, bytes calldata) external {
        _forward(OFFICE);
    }

    /// @inheritdoc IBudgetOffice
    function multicall(bytes[] calldata) external returns (bytes[] memory) {
        _forward(OFFICE);
    }

    /// @inheritdoc IPaymentOffice
    function releasePart(ProofClaim calldata, uint128, uint256, bytes[] calldata) external returns (PaymentOutcome) {
        _forward(PAYMENT_OFFICE);
    }

    /// @inheritdoc IPaymentOffice
    function pay(bytes32, uint32) external returns (PaymentOutcome) {
        _forward(PAYMENT_OFFICE);
    }

    /// @inheritdoc IPaymentOffice
    function overturn(bytes32, uint32, bytes32) external {
        _forward(PAYMENT_OFFICE);
    }

    /// @inheritdoc IPaymentOffice
    function reclaimMilestone(bytes32, uint32) external returns (uint256) {
        _forward(PAYMENT_OFFICE);
    }

    /// @inheritdoc IPaymentOffice
    function coSign(bytes32, uint32, bytes32, uint48, address, bytes calldata) external {
        _forward(PAYMENT_OFFICE);
    }

    /// @inheritdoc IPaymentOffice
    function extendLease(bytes32, bytes32) external returns (uint32) {
        _forward(PAYMENT_OFFICE);
    }

    /// @inheritdoc IPaymentOffice
    function tripAsset(address, bytes32, address) external {
        _forward(PAYMENT_OFFICE);
    }

    /// @inheritdoc IPaymentOffice
    function resetAsset(address, bytes32, address) external {
        _forward(PAYMENT_OFFICE);
    }

    /// @inheritdoc IPaymentOffice
    function ruleShortfall(address, uint64, bytes32, address) external {
        _forward(PAYMENT_OFFICE);
    }

    /// @inheritdoc IPaymentOffice
    function setLimits(Limits calldata) external {
        _forward(PAYMENT_OFFICE);
    }

    /// @dev Ends the call. The office reads the call data that was sent, not what was decoded of it.
    function _forward(address target) private {
        assembly ("memory-safe") {
            let data := mload(0x40)
            calldatacopy(data, 0x00, calldatasize())
            let worked := delegatecall(gas(), target, data, calldatasize(), 0x00, 0x00)
            returndatacopy(data, 0x00, returndatasize())
            if iszero(worked) {
                revert(data, returndatasize())
            }
            return(data, returndatasize())
        }
    }
}
