// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IAuthority} from "../authority/IAuthority.sol";
import {JournaledAccessManaged} from "../journal/JournaledAccessManaged.sol";
import {AssetTransfer} from "../libraries/AssetTransfer.sol";
import {ReportIndex} from "../types/Time.sol";
import {IHeartbeatOracle} from "./IHeartbeatOracle.sol";
import {IReportFund} from "./IReportFund.sol";

/// @title ReportFund: see {IReportFund}
/// @dev Design:
/// - Gas is measured around the oracle's call. Nobody else's code runs in it, and no storage is cleared in it, so that none of it comes
///   back as a rebate.
/// - What a transaction costs beside it is counted for an account without code that is the transaction's origin: the transaction is then
///   this one call, and `msg.data` is what the account paid for. Others pay for a transaction that may hold more than one refund, or whose
///   signatures are in no calldata: they get what was measured.
/// - Of calldata, the words are counted that the call needs, each byte at its price: what is added to them earns nothing.
/// - Nothing is stored of a refund, and paying comes last: whoever is called by it can call again, and finds the epoch reported.
/// Trust: a sender who proposes the block pays its tip to itself and gains the maximum tip at most; terms with none leave it nothing.
contract ReportFund is IReportFund, JournaledAccessManaged {
    struct Terms {
        address anchor;
        uint48 limitGwei;
        uint48 maxTipWei;
    }

    /// @notice A hundred coins.
    uint48 public constant MAX_LIMIT_GWEI = 100e9;
    /// @notice A thousand gwei.
    uint48 public constant MAX_TIP_WEI = 1000 gwei;
    /// @notice Gas that a sender which is a contract may use to take its refund.
    uint256 public constant PAYING_GAS = 50_000;
    /// @notice Gas of a transaction that is one call of this contract, without its words of calldata and what is measured: that of every
    /// transaction, of its selector, of finding the function, of the event and of the payment. Not more than that, as tests measure.
    uint256 public constant DIRECT_GAS = 37_600;

    /// @dev What the payment and the event after it leave of the gas, at least.
    uint256 private constant _RESERVED_GAS = 30_000;
    /// @dev Words of calldata beside the signatures: the report's, the signers, and where the signatures are and how long.
    uint256 private constant _SUBMIT_WORDS = 11;
    uint256 private constant _AGGREGATE_WORDS = 12;

    IHeartbeatOracle public immutable oracle;

    Terms private _terms;

    constructor(address authority_, IHeartbeatOracle oracle_) AccessManaged(authority_) {
        if (address(oracle_).code.length == 0) revert ReportFundNoOracle(address(oracle_));
        oracle = oracle_;
    }

    /// @inheritdoc IReportFund
    receive() external payable {
        _record(
            ReportFundDeposited.selector,
            bytes32(uint256(uint160(msg.sender))),
            abi.encode(msg.value, address(this).balance)
        );
    }

    /// @inheritdoc IReportFund
    function submit(
        IHeartbeatOracle.Report calldata report,
        uint256 signers,
        bytes calldata signatures
    ) external returns (ReportIndex index) {
        uint256 gasBefore = gasleft();
        index = oracle.submit(report, signers, signatures);
        _refund(index, gasBefore, _SUBMIT_WORDS + Math.ceilDiv(signatures.length, 32));
    }

    /// @inheritdoc IReportFund
    function submitAggregate(
        IHeartbeatOracle.Report calldata report,
        IHeartbeatOracle.Aggregate calldata signature
    ) external returns (ReportIndex index) {
        uint256 gasBefore = gasleft();
        index = oracle.submitAggregate(report, signature);
        _refund(index, gasBefore, _AGGREGATE_WORDS);
    }

    /// @inheritdoc IReportFund
    function setTerms(uint48 limitGwei, uint48 maxTipWei, address anchor) external restricted {
        // Check
        if (limitGwei > MAX_LIMIT_GWEI) revert ReportFundLimitTooHigh(limitGwei, MAX_LIMIT_GWEI);
        if (maxTipWei > MAX_TIP_WEI) revert ReportFundTipTooHigh(maxTipWei, MAX_TIP_WEI);
        _requireLive(anchor);

        // Effect
        Terms memory previous = _terms;
        _terms = Terms({anchor: anchor, limitGwei: limitGwei, maxTipWei: maxTipWei});
        _record(
            ReportFundTermsSet.selector,
            abi.encode(previous.limitGwei, limitGwei, previous.maxTipWei, maxTipWei, _callId(), anchor, msg.sender)
        );
    }

    /// @inheritdoc IReportFund
    function withdraw(uint256 amount, address payable to, address anchor) external restricted {
        // Check
        uint256 balance = address(this).balance;
        if (amount > balance) revert ReportFundInsufficientBalance(amount, balance);
        _requireLive(anchor);

        // Effect
        _record(
            ReportFundWithdrawn.selector,
            bytes32(uint256(uint160(address(to)))),
            abi.encode(amount, balance - amount, _callId(), anchor, msg.sender)
        );

        // Interaction
        if (!AssetTransfer.push(AssetTransfer.COIN, to, amount, gasleft())) {
            revert ReportFundWithdrawalRefused(to, amount);
        }
    }

    /// @inheritdoc IReportFund
    function terms() external view returns (uint48 limitGwei, uint48 maxTipWei, address anchor) {
        Terms memory current = _terms;
        return (current.limitGwei, current.maxTipWei, current.anchor);
    }

    /// @param words Of calldata that the call needs.
    function _refund(ReportIndex index, uint256 gasBefore, uint256 words) private {
        // Check
        Terms memory current = _terms;
        uint256 balance = address(this).balance;
        bool isContract = msg.sender.code.length != 0;
        // It permits nothing: who is no origin is refunded less.
        bool isDirect = !isContract && msg.sender == tx.origin; // solhint-disable-line avoid-tx-origin
        uint256 beside = isDirect ? DIRECT_GAS + _calldataGas(words) : 0;
        uint256 price = Math.min(tx.gasprice, block.basefee + current.maxTipWei);
        uint256 gasUsed = gasBefore - gasleft() + beside;
        uint256 amount = Math.min(gasUsed * price, Math.min(uint256(current.limitGwei) * 1 gwei, balance));
        // Also where nothing is owed: nodes estimate at no price, and coin may come before the transaction does. And whoever relays a call to
        // a wallet chooses its gas: too little is no refusal.
        uint256 required = isContract ? (PAYING_GAS * 64) / 63 + _RESERVED_GAS : _RESERVED_GAS;
        uint256 left = gasleft();
        if (left < required) revert ReportFundGasTooLow(left, required);
        if (amount == 0) return;

        // Effect
        bytes32 topic = bytes32(uint256(ReportIndex.unwrap(index)));
        bytes32 to = bytes32(uint256(uint160(msg.sender)));
        bytes32 cause = _callId();
        _record(
            ReportRefunded.selector,
            topic,
            to,
            abi.encode(amount, gasUsed, price, balance - amount, cause, current.anchor)
        );

        // Interaction
        if (AssetTransfer.push(AssetTransfer.COIN, msg.sender, amount, PAYING_GAS)) return;
        _record(
            ReportRefundRefused.selector,
            topic,
            to,
            abi.encode(amount, address(this).balance, cause, current.anchor)
        );
    }

    function _requireLive(address anchor) private view {
        uint48 liveUntil = IAuthority(authority()).anchorLiveUntil(anchor);
        if (block.timestamp >= liveUntil) revert ReportFundAnchorNotLive(anchor, liveUntil);
    }

    /// @dev Gas that the transaction paid for the first `words` words of the arguments, by EIP-2028: 16 for a byte, 4 for one that is zero.
    /// EIP-7623 never makes calldata cheaper. Words that are not there are not counted.
    function _calldataGas(uint256 words) private pure returns (uint256) {
        words = Math.min(words, (msg.data.length - 4) / 32);
        uint256 zeros;
        assembly ("memory-safe") {
            let low := 0x7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f
            let ones := 0x0101010101010101010101010101010101010101010101010101010101010101
            let end := add(4, shl(5, words))
            for {
                let place := 4
            } lt(place, end) {
                place := add(place, 32)
            } {
                let word := calldataload(place)
                // 0x80 for every byte that is zero: the sum carries into no other byte
                let marks := not(or(or(add(and(word, low), low), word), low))
                // their number, in the highest byte of the product: 32 at most
                zeros := add(zeros, shr(248, mul(shr(7, marks), ones)))
            }
        }
        return words * 512 - zeros * 12;
    }
}
