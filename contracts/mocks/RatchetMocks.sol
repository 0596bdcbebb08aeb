// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITeams} from "../policy/ITeams.sol";

/// @dev One team everywhere, without members or limits: so that any plan opens.
abstract contract TeamEverywhere {
    function teamAt(bytes32) external pure returns (uint16) {
        return 1;
    }

    function isMember(uint16, address) external pure returns (bool) {
        return false;
    }

    function coneOf(uint16) external pure returns (ITeams.Cone memory cone) {
        cone.maxImpact = type(uint48).max;
    }
}

/// @dev Remembers what it was told to lower.
contract RecordingTeams is TeamEverywhere {
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
}

/// @dev Answers in every way that a caller must survive.
contract HostileTeams is TeamEverywhere {
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
