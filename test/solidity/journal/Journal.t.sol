// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {JournalMock} from "../../../contracts/mocks/JournalMock.sol";
import {deploy} from "../support/Deploy.sol";
import {JournalFold} from "../support/JournalFold.sol";
import {vm} from "../support/Vm.sol";

contract JournalTest {
    JournalMock private _journal;
    JournalMock private _twin;

    function setUp() external {
        _journal = JournalMock(deploy("JournalMock", ""));
        _twin = JournalMock(deploy("JournalMock", ""));
    }

    /// iJO-001, iJO-002: whatever is recorded, log and head agree, and chaining gives the same head.
    function testFuzz_HeadEqualsTheFoldOfAllLogs(
        bytes32[4] memory topics,
        bytes[3] memory data,
        uint8 topicCounts
    ) external {
        bytes32 head;
        for (uint256 i = 0; i < data.length; ++i) {
            vm.roll(block.number + 1);
            vm.warp(block.timestamp + 12);
            bytes32[] memory chosen = new bytes32[](1 + ((topicCounts >> (2 * i)) & 3));
            for (uint256 j = 0; j < chosen.length; ++j) chosen[j] = topics[j];

            vm.recordLogs();
            _journal.record(chosen, data[i]);
            _twin.chain(chosen, data[i]);

            head = JournalFold.fold(head, vm.getRecordedLogs(), address(_journal));
            if (_journal.journalHead() != head) {
                revert JournalFold.JournalHeadDiffers(address(_journal), _journal.journalHead(), head);
            }
            if (_twin.journalHead() != head) {
                revert JournalFold.JournalHeadDiffers(address(_twin), _twin.journalHead(), head);
            }
        }
    }
}
