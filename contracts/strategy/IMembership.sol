// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Membership: seats that vote; one seat, one vote, not transferable, not delegable
/// @notice Implements the reading side of ERC-5805 and ERC-6372 (timestamps): a seat is its own delegate.
interface IMembership {
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
}
