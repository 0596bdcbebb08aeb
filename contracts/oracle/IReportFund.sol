// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReportIndex} from "../types/Time.sol";
import {IHeartbeatOracle} from "./IHeartbeatOracle.sol";

/// @title ReportFund: whoever submits a report through it is refunded what that cost, at most
/// @notice It holds the chain's coin, which anybody gives it, and hands reports on to one oracle. A report that the oracle accepts is
/// refunded to its sender once, in the same call: the least of gas times price, the limit, and the balance. The price is the transaction's,
/// up to the base fee and the maximum tip. As an oracle accepts one report in an epoch, the limit caps what an epoch can cost.
/// Invariants:
/// - What all funds refund within a transaction is at most what the transaction cost its sender.
/// - Without coin, without terms, or where the sender takes no coin, reports are accepted all the same.
interface IReportFund {
    /// @notice `from` gave `amount` wei, of which nothing comes back by itself. `balance` is the fund's after it, as in every event here.
    event ReportFundDeposited(address indexed from, uint256 amount, uint256 balance);
    /// @notice The accepted report `index` cost `to` `gasUsed` at `gasPrice` wei each, at least, of which it is owed `amount` wei.
    /// `cause` is the id of the call; `anchor` answers for the terms.
    event ReportRefunded(
        uint32 indexed index,
        address indexed to,
        uint256 amount,
        uint256 gasUsed,
        uint256 gasPrice,
        uint256 balance,
        bytes32 cause,
        address anchor
    );
    /// @notice `to` did not take what it was owed for the report `index`: the fund keeps it. `cause` is the id of the call; `anchor` answers
    /// for the terms.
    event ReportRefundRefused(
        uint32 indexed index,
        address indexed to,
        uint256 amount,
        uint256 balance,
        bytes32 cause,
        address anchor
    );
    /// @notice Refunds are at most `limitGwei` each from now on, and count at most `maxTipWei` beyond the base fee. `cause` is the id of
    /// the call that `by` made; `anchor` answers for the terms.
    event ReportFundTermsSet(
        uint48 previousLimitGwei,
        uint48 limitGwei,
        uint48 previousMaxTipWei,
        uint48 maxTipWei,
        bytes32 cause,
        address anchor,
        address by
    );
    /// @notice `amount` wei left the fund. `cause` is the id of the call that `by` made; `anchor` answers for it.
    event ReportFundWithdrawn(
        address indexed to,
        uint256 amount,
        uint256 balance,
        bytes32 cause,
        address anchor,
        address by
    );

    error ReportFundNoOracle(address oracle);
    error ReportFundAnchorNotLive(address anchor, uint48 liveUntil);
    error ReportFundLimitTooHigh(uint48 limitGwei, uint48 maximum);
    error ReportFundTipTooHigh(uint48 maxTipWei, uint48 maximum);
    /// @notice Too little gas is left to pay the sender, who gave it.
    error ReportFundGasTooLow(uint256 left, uint256 required);
    error ReportFundInsufficientBalance(uint256 amount, uint256 balance);
    error ReportFundWithdrawalRefused(address to, uint256 amount);

    /// @notice Gives coin to the fund. Anyone may.
    /// @dev Emits {ReportFundDeposited}.
    receive() external payable;

    /// @notice As {IHeartbeatOracle-submit}, with the refund of whoever calls, who may be anybody.
    /// @dev Emits {ReportRefunded} where anything is owed, and then {ReportRefundRefused} where the caller did not take it. Reverts with
    /// what the oracle reverts with, and with {ReportFundGasTooLow} where less gas is left than paying may use: an estimate holds whatever is paid.
    function submit(
        IHeartbeatOracle.Report calldata report,
        uint256 signers,
        bytes calldata signatures
    ) external returns (ReportIndex index);

    /// @notice As {IHeartbeatOracle-submitAggregate}, with the refund of whoever calls.
    /// @dev As {submit}.
    function submitAggregate(
        IHeartbeatOracle.Report calldata report,
        IHeartbeatOracle.Aggregate calldata signature
    ) external returns (ReportIndex index);

    /// @notice Sets what a refund is at most. Until it was called for the first time, nothing is refunded.
    /// @dev Restricted. Emits {ReportFundTermsSet}. Reverts with {ReportFundLimitTooHigh} or {ReportFundTipTooHigh} above the bounds, and
    /// with {ReportFundAnchorNotLive} unless `anchor` is live.
    /// @param limitGwei Of a refund, in gwei (1e9 wei); none is paid while it is 0.
    /// @param maxTipWei Beyond the base fee, in wei for each unit of gas. It is what a sender who proposes the block can gain.
    /// @param anchor The human who answers for what is refunded by these terms.
    function setTerms(uint48 limitGwei, uint48 maxTipWei, address anchor) external;

    /// @notice Takes coin out of the fund.
    /// @dev Restricted. Emits {ReportFundWithdrawn}. Reverts with {ReportFundInsufficientBalance}, with {ReportFundAnchorNotLive} unless
    /// `anchor` is live, and with {ReportFundWithdrawalRefused} where `to` does not take it.
    /// @param amount In wei.
    /// @param anchor The human who answers for it.
    function withdraw(uint256 amount, address payable to, address anchor) external;

    /// @notice The oracle to which reports are handed on, for life.
    function oracle() external view returns (IHeartbeatOracle);

    /// @notice The terms that hold; zeros before the first.
    function terms() external view returns (uint48 limitGwei, uint48 maxTipWei, address anchor);
}
