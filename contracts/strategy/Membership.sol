// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {JournaledAccessManaged} from "../journal/JournaledAccessManaged.sol";
import {IMembership} from "./IMembership.sol";

/// @title Membership
/// @dev A member's checkpoints hold the number of its seat, or 0. OpenZeppelin's {Votes} is not the base: it counts only what was delegated, and
/// emits delegation events that mean nothing here.
contract Membership is IMembership, JournaledAccessManaged {
    using Checkpoints for Checkpoints.Trace208;

    mapping(address member => Checkpoints.Trace208) private _seatOf;
    Checkpoints.Trace208 private _seats;
    uint208 private _lastNumber;

    constructor(address authority_) AccessManaged(authority_) {}

    /// @inheritdoc IMembership
    function seat(address member) external restricted {
        if (member == address(0)) revert MembershipInvalidMember(member);
        if (isSeated(member)) revert MembershipAlreadySeated(member);
        _set(member, ++_lastNumber, _seats.latest() + 1, SeatGranted.selector);
    }

    /// @inheritdoc IMembership
    function unseat(address member) external restricted {
        if (!isSeated(member)) revert MembershipNotSeated(member);
        _set(member, 0, _seats.latest() - 1, SeatRevoked.selector);
    }

    /// @inheritdoc IMembership
    function isSeated(address member) public view returns (bool) {
        return _seatOf[member].latest() != 0;
    }

    /// @inheritdoc IMembership
    function seatAt(address member, uint256 timepoint) public view returns (uint256 number) {
        return _seatOf[member].upperLookupRecent(_past(timepoint));
    }

    /// @inheritdoc IVotes
    function getVotes(address account) external view returns (uint256) {
        return isSeated(account) ? 1 : 0;
    }

    /// @inheritdoc IVotes
    function getPastVotes(address account, uint256 timepoint) external view returns (uint256) {
        return seatAt(account, timepoint) == 0 ? 0 : 1;
    }

    /// @inheritdoc IVotes
    function getPastTotalSupply(uint256 timepoint) external view returns (uint256) {
        return _seats.upperLookupRecent(_past(timepoint));
    }

    /// @inheritdoc IVotes
    function delegates(address account) external pure returns (address) {
        return account;
    }

    /// @inheritdoc IVotes
    function delegate(address) external pure {
        revert MembershipNotDelegable();
    }

    /// @inheritdoc IVotes
    function delegateBySig(address, uint256, uint256, uint8, bytes32, bytes32) external pure {
        revert MembershipNotDelegable();
    }

    /// @inheritdoc IERC6372
    function clock() public view returns (uint48) {
        return uint48(block.timestamp); // safe: 48 bits of seconds last nine million years
    }

    /// @inheritdoc IERC6372
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() external pure returns (string memory) {
        return "mode=timestamp";
    }

    function _set(address member, uint208 number, uint208 seats, bytes32 topic) private {
        _seatOf[member].push(clock(), number);
        _seats.push(clock(), seats);
        _record(topic, bytes32(uint256(uint160(member))), abi.encode(seats, _callId(), _msgSender()));
    }

    /// @dev The present second may still change, so that only earlier ones can be looked up.
    function _past(uint256 timepoint) private view returns (uint48) {
        if (timepoint >= clock()) revert MembershipFutureLookup(timepoint, clock());
        return uint48(timepoint); // safe: smaller than a value of 48 bits
    }
}
