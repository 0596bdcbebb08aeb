// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";

/// @dev OpenZeppelin's governor as its documentation assembles it, with nothing of ours: what the gas of our votes is compared with.
contract PlainGovernor is Governor, GovernorCountingSimple, GovernorVotes {
    constructor(IVotes votes) Governor("Plain Governor") GovernorVotes(votes) {}

    function votingDelay() public pure override returns (uint256) {
        return 60;
    }

    function votingPeriod() public pure override returns (uint256) {
        return 600;
    }

    function quorum(uint256) public pure override returns (uint256) {
        return 1;
    }
}
