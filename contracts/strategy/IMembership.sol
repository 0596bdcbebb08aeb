// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Membership: seats that vote; one seat, one vote, not transferable, not delegable
/// @notice Implements the reading side of ERC-5805 and ERC-6372 (timestamps).
interface IMembership {
    event SeatGranted(address indexed member, uint256 seats, bytes32 cause, address by);
    event SeatRevoked(address indexed member, uint256 seats, bytes32 cause, address by);

    error MembershipAlreadySeated(address member);
    error MembershipNotSeated(address member);
    error MembershipNotDelegable();
    error MembershipFutureLookup(uint256 timepoint, uint48 nowTime);
    error MembershipInvalidMember(address member);

    function seat(address member) external;

    function unseat(address member) external;

    function isSeated(address member) external view returns (bool);
}
