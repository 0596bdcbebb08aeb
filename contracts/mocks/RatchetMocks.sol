// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITeams} from "../policy/ITeams.sol";

/// @dev Remembers what it was told to lower.
contract RecordingTeams {
    bytes32 public place;
    ITeams.Trigger public trigger;
    bytes32 public cause;
    uint256 public calls;
    uint256 public gasGot;

    function lowerTierAt(bytes32 place_, ITeams.Trigger trigger_, bytes32 cause_) external returns (bool) {
        gasGot = gasleft();
        (place, trigger, cause) = (place_, trigger_, cause_);
        ++calls;
        return true;
    }

    function teamAt(bytes32) external pure returns (uint16) {
        return 0;
    }
}

/// @dev Answers in every way that a caller must survive.
contract HostileTeams {
    enum Answer {
        Revert,
        BurnGas,
        ManyBytes,
        Reenter
    }

    error HostileTeamsRefuse();

    Answer private immutable ANSWER;

    bytes public reentry;

    constructor(Answer answer) {
        ANSWER = answer;
    }

    function setReentry(bytes calldata call) external {
        reentry = call;
    }

    function teamAt(bytes32) external pure returns (uint16) {
        return 0;
    }

    function lowerTierAt(bytes32, ITeams.Trigger, bytes32) external returns (bool) {
        if (ANSWER == Answer.Revert) revert HostileTeamsRefuse();
        if (ANSWER == Answer.ManyBytes) {
            assembly {
                return(0, 20000)
            }
        }
        if (ANSWER == Answer.Reenter) {
            (bool done, ) = msg.sender.call(reentry);
            return done;
        }
        while (true) {} // burns what it got
        return false;
    }
}
