// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";

/// @title Membership: seats that vote; one seat, one vote, not transferable, not delegable
/// @notice Implements the reading side of ERC-5805 and ERC-6372 (timestamps): a seat is its own delegate. Seats are numbered
/// from 1 in the order in which they are granted; a number is never used again.
interface IMembership is IERC5805 {
    /// @notice `member` has a vote from now on; `seats` are taken in all. `cause` is the id of the call, `by` who made it.
    event SeatGranted(address indexed member, uint256 seats, bytes32 cause, address by);
    /// @notice `member` has no vote from now on; votes whose snapshot lies in the past keep it.
    event SeatRevoked(address indexed member, uint256 seats, bytes32 cause, address by);

    error MembershipAlreadySeated(address member);
    error MembershipNotSeated(address member);
    error MembershipNotDelegable();
    error MembershipFutureLookup(uint256 timepoint, uint48 nowTime);
    error MembershipInvalidMember(address member);

    /// @notice Gives `member` a seat.
    /// @dev Restricted. Emits {SeatGranted}. Reverts with
    /// - {MembershipInvalidMember} for the zero address;
    /// - {MembershipAlreadySeated} when it has a seat.
    function seat(address member) external;

    /// @notice Takes the seat of `member`.
    /// @dev Restricted. Emits {SeatRevoked}. Reverts with {MembershipNotSeated} when it has none.
    function unseat(address member) external;

    function isSeated(address member) external view returns (bool);

    /// @notice Number of the seat that `member` had at `timepoint`, which must lie in the past; 0 where it had none. No two
    /// members have the same one, so that a bit for each number tells who has voted.
    /// @dev Reverts with {MembershipFutureLookup}.
    function seatAt(address member, uint256 timepoint) external view returns (uint256 number);
}
