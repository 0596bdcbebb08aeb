// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJournal} from "../../../contracts/journal/IJournal.sol";
import {AuthorityDouble} from "../../../contracts/mocks/AuthorityDouble.sol";
import {GovernorDouble} from "../../../contracts/mocks/GovernorDouble.sol";
import {PoolsDouble} from "../../../contracts/mocks/PoolsDouble.sol";
import {IStrategyForks} from "../../../contracts/strategy/IStrategyForks.sol";
import {Bound} from "../support/Bound.sol";
import {deploy} from "../support/Deploy.sol";
import {JournalFold} from "../support/JournalFold.sol";
import {vm} from "../support/Vm.sol";

contract StrategyForksTest {
    bytes32 private constant PARENT = keccak256("parent");
    address private constant ASSET = address(0xA55E7);
    address private constant ANCHOR = address(0xA7C4);
    uint256 private constant FUNDS = 1e30;

    AuthorityDouble private _authority;
    PoolsDouble private _pools;
    IStrategyForks private _forks;
    GovernorDouble private _governor;
    bytes32 private _head;

    error NotConserved(uint256 total, uint256 required);
    error WrongBalance(uint8 branch, uint256 balance, uint256 required);
    error MergedTwice(bytes32 fork);

    function setUp() external {
        vm.warp(1_000_000);
        _authority = AuthorityDouble(deploy("AuthorityDouble", abi.encode(this)));
        _authority.setAnchorLiveUntil(ANCHOR, type(uint48).max);
        _pools = PoolsDouble(deploy("PoolsDouble", ""));
        vm.recordLogs();
        _forks = IStrategyForks(deploy("StrategyForks", abi.encode(_authority, _pools)));
        _fold();
        _governor = GovernorDouble(deploy("GovernorDouble", abi.encode(_forks)));
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = IStrategyForks.merge.selector;
        _authority.setTargetFunctionRole(address(_forks), selectors, 4);
        _authority.grantRole(4, address(_governor), 0);
        _pools.mint(PARENT, ASSET, FUNDS);
    }

    function _fold() private {
        _head = JournalFold.fold(_head, vm.getRecordedLogs(), address(_forks));
        if (_head != IJournal(address(_forks)).journalHead()) {
            revert JournalFold.JournalHeadDiffers(address(_forks), IJournal(address(_forks)).journalHead(), _head);
        }
        vm.recordLogs();
    }

    function _checkConserved(bytes32 fork, uint256 required) private view {
        uint256 total = _pools.poolBalance(PARENT, ASSET);
        IStrategyForks.Branch[] memory branches = _forks.getFork(fork).branches;
        for (uint256 i = 0; i < branches.length; ++i) total += _pools.poolBalance(branches[i].pool, ASSET);
        if (total != required) revert NotConserved(total, required);
    }

    /// iST-001, iST-003: whatever the budgets and whoever wins, pools and parent together hold the same money; after the
    /// end of a fork only the winner's branch holds any, what comes back later is swept too, and no fork ends twice.
    function testFuzz_MoneyIsConservedAndOnlyTheWinnerKeepsAny(
        uint128[7] memory budgets,
        uint128[7] memory returned,
        uint8 branchCount,
        uint8 winner,
        bool archived
    ) external {
        uint8 count = uint8(Bound.within(branchCount, 2, 7));
        winner = uint8(Bound.within(winner, 0, count - 1));
        IStrategyForks.BranchTerms[] memory terms = new IStrategyForks.BranchTerms[](count);
        for (uint8 i = 0; i < count; ++i) {
            budgets[i] = uint128(Bound.within(budgets[i], 1, 1e28));
            terms[i] = IStrategyForks.BranchTerms(address(uint160(i) + 1), budgets[i], bytes32(uint256(i)));
        }
        uint48 deadline = uint48(block.timestamp + 1000);
        vm.recordLogs();
        bytes32 fork = _forks.openFork(PARENT, ASSET, deadline, ANCHOR, terms);
        _fold();
        _checkConserved(fork, FUNDS);

        if (archived) {
            vm.warp(deadline);
            _forks.archive(fork);
        } else {
            _governor.merge(fork, winner);
        }
        _fold();
        _checkConserved(fork, FUNDS);

        uint256 minted = 0;
        for (uint8 i = 0; i < count; ++i) {
            uint256 amount = returned[i] % 1e28;
            _checkSweep(fork, i, !archived && i == winner ? budgets[i] : 0, amount);
            minted += amount;
        }
        _fold();
        _checkConserved(fork, FUNDS + minted);

        try _governor.merge(fork, 0) {
            revert MergedTwice(fork);
        } catch {} // any reason will do: it did not merge again
        vm.warp(deadline);
        try _forks.archive(fork) {
            revert MergedTwice(fork);
        } catch {} // any reason will do: it did not end again
    }

    /// @param kept What the branch holds: nothing, unless it won.
    /// @param amount What comes back to it.
    function _checkSweep(bytes32 fork, uint8 branch, uint256 kept, uint256 amount) private {
        bytes32 pool = _forks.getFork(fork).branches[branch].pool;
        _checkBalance(branch, pool, kept);
        _pools.mint(pool, ASSET, amount);
        try _forks.sweep(fork, branch) returns (uint256 swept) {
            if (kept != 0 || swept != amount) revert WrongBalance(branch, swept, kept != 0 ? 0 : amount);
        } catch {
            if (kept == 0) revert WrongBalance(branch, 0, amount);
        }
        _checkBalance(branch, pool, kept != 0 ? kept + amount : 0);
    }

    function _checkBalance(uint8 branch, bytes32 pool, uint256 required) private view {
        uint256 balance = _pools.poolBalance(pool, ASSET);
        if (balance != required) revert WrongBalance(branch, balance, required);
    }
}
