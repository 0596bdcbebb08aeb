// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Test double of Escalations for the authority's tests: approvals are given by anybody, and spent once.
contract ApprovalDouble {
    mapping(bytes32 operation => mapping(uint16 team => bool)) public isApproved;

    function approve(bytes32 operation, uint16 team) external {
        isApproved[operation][team] = true;
    }

    function consume(bytes32 operation, uint16 team) external returns (bool approved) {
        approved = isApproved[operation][team];
        isApproved[operation][team] = false;
    }
}
