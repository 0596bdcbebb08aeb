// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IStrategyForks} from "../strategy/IStrategyForks.sol";

/// @dev Test double of the governor: merges whatever branch it is told.
contract GovernorDouble {
    IStrategyForks private immutable _FORKS;
    uint8 private _branch;

    constructor(IStrategyForks forks) {
        _FORKS = forks;
    }

    function merge(bytes32 fork, uint8 branch) external {
        _branch = branch;
        _FORKS.merge(fork);
    }

    function proposalOf(bytes32) external pure returns (uint256) {
        return 1;
    }

    function leader(uint256) external view returns (uint8, bool) {
        return (_branch, true);
    }
}
