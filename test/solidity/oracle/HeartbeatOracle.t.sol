// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJournal} from "../../../contracts/journal/IJournal.sol";
import {IHeartbeatOracle} from "../../../contracts/oracle/IHeartbeatOracle.sol";
import {ReportIndex, Timestamp} from "../../../contracts/types/Time.sol";
import {Bound} from "../support/Bound.sol";
import {JournalFold} from "../support/JournalFold.sol";
import {vm} from "../support/Vm.sol";
import {OracleFixture} from "./OracleFixture.sol";

contract HeartbeatOracleTest is OracleFixture {
    error AcceptedBelowQuorum(uint256 claimed, uint256 valid, uint256 quorum);
    error RefusedAtQuorum(uint256 claimed, uint256 valid, uint256 quorum);
    error AcceptedTwice(uint32 epoch);
    error AcceptedOutsideOfWindow(uint32 epoch, uint256 nowTime);
    error RefusedInsideOfWindow(uint32 epoch, uint256 nowTime);
    error IndexSkipped(uint32 index, uint32 required);
    error RenewalWindowOverlaps(uint256 windowEnd, uint256 nextAcceptedAt);
    error ForgeryProved(uint256 place);

    function _count(uint256 bits) private pure returns (uint256 count) {
        for (; bits != 0; bits >>= 1) count += bits & 1;
    }

    /// iOR-001: a report is accepted exactly where distinct seats in quorum are claimed and each of them signed it.
    /// Seats in `forged` carry a valid signature of another operator's, so that only the seat is wrong.
    function testFuzz_AcceptedOnlyWithDistinctValidSeatsInQuorum(
        uint8 operatorCount,
        uint32 claimed,
        uint32 forged,
        bool manyForged
    ) external {
        uint256 n = Bound.within(operatorCount, 4, 31);
        _deploy(n);
        uint256 quorum = (n + (n - 1) / 3) / 2 + 1;
        uint256 signers = (claimed | (claimed >> 9)) & ((1 << n) - 1); // dense, so that the quorum is often met
        if (!manyForged) forged = uint32(1 << (forged % 64)); // one seat, or none
        uint256 valid = signers & ~uint256(forged);

        IHeartbeatOracle.Report memory report = _report(1);
        bytes32 digest = oracle.reportDigest(report);
        bytes memory signatures;
        for (uint256 seat = 0; seat < n; ++seat) {
            if ((signers >> seat) & 1 == 0) continue;
            bool isForged = (forged >> seat) & 1 != 0;
            signatures = bytes.concat(signatures, _compact(keys[isForged ? (seat + 1) % n : seat], digest));
        }
        vm.warp(genesis + EPOCH_SECONDS);
        try oracle.submit(report, signers, signatures) {
            if (_count(valid) < quorum) revert AcceptedBelowQuorum(signers, valid, quorum);
        } catch {
            if (valid == signers && _count(valid) >= quorum) revert RefusedAtQuorum(signers, valid, quorum);
        }
    }

    /// @dev What the test below knows of the reports that were accepted. The time is kept here and not read from the block,
    /// which the compiler may take for constant.
    struct Course {
        uint256 time;
        uint256 acceptedAt;
        uint32 last;
        uint32 index;
        bytes32 head;
    }

    /// iOR-002, iOR-003, iOR-007, iOR-008: whoever tries which epoch when, each epoch has at most one report, accepted in its
    /// window, epochs ascend, the index counts reports without a gap, and the longest renewal window after a report ends
    /// before the next one. The journal's head follows every one of them.
    function testFuzz_OneReportPerEpochInItsWindow(uint16[24] memory waits, uint8[24] memory offsets) external {
        _deploy(4);
        Course memory course;
        (course.time, course.head) = (genesis, IJournal(address(oracle)).journalHead());
        for (uint256 i = 0; i < waits.length; ++i) {
            course.time += waits[i] % 500;
            // now and then exactly the next second in which a window opens or closes
            if (waits[i] % 4 == 0) course.time += 300 - ((course.time - genesis) % 300);
            vm.warp(course.time);
            // aims at the epoch that just ended, now and then at one beside it
            uint32 epoch = uint32((course.time - genesis) / EPOCH_SECONDS + (offsets[i] % 8 == 0 ? 1 : 0));
            if (offsets[i] % 8 == 1 && epoch > 0) --epoch;
            _try(course, epoch, offsets[i] % 4);
        }
    }

    function _try(Course memory course, uint32 epoch, uint32 surviving) private {
        IHeartbeatOracle.Report memory report = _report(epoch);
        report.leafCount = report.scored = 3;
        report.surviving = surviving;
        report.root = bytes32(uint256(1));
        bytes memory signatures = _signed(report, 7);
        uint256 end = genesis + uint256(epoch) * EPOCH_SECONDS;
        bool open = course.time >= end && course.time < end + DEADLINE_SECONDS;
        vm.recordLogs();
        try oracle.submit(report, 7, signatures) returns (ReportIndex accepted) {
            if (epoch <= course.last) revert AcceptedTwice(epoch);
            if (!open) revert AcceptedOutsideOfWindow(epoch, course.time);
            if (ReportIndex.unwrap(accepted) != ++course.index) {
                revert IndexSkipped(ReportIndex.unwrap(accepted), course.index);
            }
            uint256 renewable = course.acceptedAt + EPOCH_SECONDS - DEADLINE_SECONDS;
            if (course.last != 0 && renewable >= course.time) revert RenewalWindowOverlaps(renewable, course.time);
            (course.last, course.acceptedAt) = (epoch, course.time);
        } catch {
            if (open && epoch > course.last) revert RefusedInsideOfWindow(epoch, course.time);
        }
        course.head = JournalFold.fold(course.head, vm.getRecordedLogs(), address(oracle));
        if (course.head != IJournal(address(oracle)).journalHead()) {
            revert JournalFold.JournalHeadDiffers(
                address(oracle),
                IJournal(address(oracle)).journalHead(),
                course.head
            );
        }
    }

    /// iOR-005: of a report with any number of leaves every leaf proves, and no other leaf does with the same proof.
    function testFuzz_EveryLeafProvesAndNoOther(uint8 leafCount, bytes32 seed, uint64 change) external {
        _deploy(4);
        uint256 n = Bound.within(leafCount, 1, 40);
        IHeartbeatOracle.Leaf[] memory leaves = new IHeartbeatOracle.Leaf[](n);
        bytes32[] memory tree = new bytes32[](2 * n - 1);
        for (uint256 i = 0; i < n; ++i) {
            leaves[i].project = keccak256(abi.encode(seed, i));
            leaves[i].definition = seed;
            leaves[i].outcome = IHeartbeatOracle.Outcome(1 + (i % 3));
            leaves[i].score = uint64(uint256(leaves[i].project) % 1e18);
            tree[2 * n - 2 - i] = keccak256(abi.encode(keccak256(abi.encode(leaves[i]))));
        }
        for (uint256 i = n - 1; i > 0; --i) tree[i - 1] = _pair(tree[2 * i - 1], tree[2 * i]);

        IHeartbeatOracle.Report memory report = _report(1);
        (report.root, report.leafCount) = (tree[0], uint32(n));
        vm.warp(genesis + EPOCH_SECONDS);
        oracle.submit(report, 7, _signed(report, 7));
        (, Timestamp acceptedAt, ) = oracle.latest();
        IHeartbeatOracle.ReportHeader memory header = IHeartbeatOracle.ReportHeader({
            index: 1,
            epoch: 1,
            root: report.root,
            threshold: report.threshold,
            leafCount: report.leafCount,
            acceptedAt: Timestamp.unwrap(acceptedAt),
            manifest: report.manifest
        });
        for (uint256 i = 0; i < n; ++i) {
            bytes32[] memory proof = _proof(tree, 2 * n - 2 - i);
            oracle.verifyLeaf(header, leaves[i], proof);
            IHeartbeatOracle.Leaf memory forged = leaves[i];
            forged.score ^= uint64(Bound.within(change, 1, type(uint64).max));
            try oracle.verifyLeaf(header, forged, proof) {
                revert ForgeryProved(i);
            } catch {} // any reason will do: the forgery did not prove
        }
    }

    function _pair(bytes32 a, bytes32 b) private pure returns (bytes32) {
        return a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
    }

    function _proof(bytes32[] memory tree, uint256 place) private pure returns (bytes32[] memory proof) {
        uint256 length = 0;
        for (uint256 i = place; i > 0; i = (i - 1) / 2) ++length;
        proof = new bytes32[](length);
        for (uint256 i = 0; place > 0; ++i) {
            proof[i] = tree[place % 2 == 1 ? place + 1 : place - 1];
            place = (place - 1) / 2;
        }
    }
}
