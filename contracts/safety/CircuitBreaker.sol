// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IAnchors} from "../accountability/IAnchors.sol";
import {IAuthority} from "../authority/IAuthority.sol";
import {JournaledAccessManaged} from "../journal/JournaledAccessManaged.sol";
import {AssetTransfer} from "../libraries/AssetTransfer.sol";
import {IHeartbeatOracle} from "../oracle/IHeartbeatOracle.sol";
import {IConstitution} from "../policy/IConstitution.sol";
import {ISafetyLedger} from "../treasury/ISafetyLedger.sol";
import {IBudgetVault} from "../treasury/IBudgetVault.sol";
import {Parameters} from "../types/Parameters.sol";
import {ICircuitBreaker} from "./ICircuitBreaker.sol";

/// @title CircuitBreaker: see {ICircuitBreaker}
/// @dev Design: it holds no state and no money. What is tripped stands in the vault's and the oracle's own slots, which a payment or
/// a lease reads anyway; this contract is the one way by which people write them.
contract CircuitBreaker is ICircuitBreaker, JournaledAccessManaged {
    IBudgetVault private immutable VAULT;
    IAnchors private immutable ANCHORS;
    IConstitution private immutable CONSTITUTION;
    uint32 private immutable RECLAIM_WINDOW;

    /// @param oracle Its epoch's length is the window of the reclaim share.
    constructor(
        address authority_,
        IBudgetVault vault_,
        IAnchors anchors_,
        IConstitution constitution_,
        IHeartbeatOracle oracle
    ) AccessManaged(authority_) {
        (VAULT, ANCHORS, CONSTITUTION) = (vault_, anchors_, constitution_);
        RECLAIM_WINDOW = oracle.epochSeconds();
    }

    /// @inheritdoc ICircuitBreaker
    function trip(address asset, bytes32 reason) external restricted {
        if (reason == 0) revert CircuitBreakerInvalidReason();
        _record(TrippedByGuardian.selector, _word(asset), _word(msg.sender), abi.encode(reason));
        VAULT.tripAsset(asset, reason, msg.sender);
    }

    /// @inheritdoc ICircuitBreaker
    function tripOracle(IHeartbeatOracle oracle, bytes32 reason) external restricted {
        if (reason == 0) revert CircuitBreakerInvalidReason();
        _requireRegistered(oracle);
        _record(TrippedByGuardian.selector, _word(address(oracle)), _word(msg.sender), abi.encode(reason));
        oracle.trip(reason, msg.sender);
    }

    /// @inheritdoc ICircuitBreaker
    /// @dev In the middle of one of the vault's calls it may have less than it owes, but then it refuses the trip.
    function showShortfall(address asset) external {
        (uint256 balance, uint256 credited) = _standing(asset);
        if (balance >= credited) revert CircuitBreakerNoShortfall(asset, balance, credited);
        // Else anyone could keep an asset tripped for ever by a shortfall of one unit, and outdate the anchors' approvals.
        bool isTripped = VAULT.assetSafety(asset).state == ISafetyLedger.BreakerState.Tripped;
        if (isTripped) revert CircuitBreakerAlreadyTripped(asset);
        bytes32 cause = _callId();
        _record(ShortfallShown.selector, _word(asset), abi.encode(balance, credited, cause, msg.sender));
        VAULT.tripAsset(asset, cause, msg.sender);
    }

    /// @inheritdoc ICircuitBreaker
    function reset(address asset) external {
        bytes32 operation = resetOperation(asset);
        if (!ANCHORS.isApproved(operation)) revert CircuitBreakerNotApproved(operation);
        (uint256 balance, uint256 credited) = _standing(asset);
        if (balance < credited) revert CircuitBreakerShortfall(asset, balance, credited);
        VAULT.resetAsset(asset, operation, msg.sender);
    }

    /// @inheritdoc ICircuitBreaker
    function resetOracle(IHeartbeatOracle oracle) external {
        _requireRegistered(oracle);
        bytes32 operation = resetOracleOperation(oracle);
        if (!ANCHORS.isApproved(operation)) revert CircuitBreakerNotApproved(operation);
        oracle.reset(operation, msg.sender);
    }

    /// @inheritdoc ICircuitBreaker
    function ruleShortfall(address asset, uint64 share) external {
        bytes32 operation = rulingOperation(asset, share);
        if (!ANCHORS.isApproved(operation)) revert CircuitBreakerNotApproved(operation);
        VAULT.ruleShortfall(asset, share, operation, msg.sender);
    }

    /// @inheritdoc ICircuitBreaker
    function refreshLimits() external {
        VAULT.setLimits(
            ISafetyLedger.Limits({
                // safe: the constitution refuses larger values of these
                outflowShare: uint64(CONSTITUTION.effective(0, Parameters.BREAKER_OUTFLOW_SHARE)),
                reclaimShare: uint64(CONSTITUTION.effective(0, Parameters.BREAKER_RECLAIM_SHARE)),
                reclaimWindow: RECLAIM_WINDOW,
                tripSeconds: uint32(CONSTITUTION.effective(0, Parameters.BREAKER_TRIP_SECONDS)),
                enclaveShare: uint64(CONSTITUTION.effective(0, Parameters.ENCLAVES_POOL_SHARE))
            })
        );
    }

    /// @inheritdoc ICircuitBreaker
    function resetOperation(address asset) public view returns (bytes32) {
        return _operation("reset asset", asset, VAULT.assetSafety(asset).trips);
    }

    /// @inheritdoc ICircuitBreaker
    function rulingOperation(address asset, uint64 share) public view returns (bytes32) {
        return _operation("rule shortfall", asset, (uint256(VAULT.assetSafety(asset).trips) << 64) | share);
    }

    /// @inheritdoc ICircuitBreaker
    function resetOracleOperation(IHeartbeatOracle oracle) public view returns (bytes32) {
        return _operation("reset oracle", address(oracle), oracle.trippedUntil());
    }

    /// @inheritdoc ICircuitBreaker
    function reclaimWindow() external view returns (uint32) {
        return RECLAIM_WINDOW;
    }

    /// @inheritdoc ICircuitBreaker
    function vault() external view returns (address) {
        return address(VAULT);
    }

    /// @inheritdoc ICircuitBreaker
    function anchors() external view returns (address) {
        return address(ANCHORS);
    }

    /// @inheritdoc ICircuitBreaker
    function constitution() external view returns (address) {
        return address(CONSTITUTION);
    }

    /// @dev Oracles that are not of the system are not told apart from contracts that only answer like one.
    function _requireRegistered(IHeartbeatOracle oracle) private view {
        if (!IAuthority(authority()).isRegistered(address(oracle))) revert CircuitBreakerUnknownOracle(address(oracle));
    }

    function _standing(address asset) private view returns (uint256 balance, uint256 credited) {
        credited = VAULT.credited(asset);
        balance = asset == AssetTransfer.COIN ? address(VAULT).balance : IERC20(asset).balanceOf(address(VAULT));
    }

    function _operation(string memory what, address target, uint256 trip_) private view returns (bytes32) {
        return keccak256(abi.encode(what, block.chainid, address(this), target, trip_));
    }

    function _word(address account) private pure returns (bytes32) {
        return bytes32(uint256(uint160(account)));
    }
}
