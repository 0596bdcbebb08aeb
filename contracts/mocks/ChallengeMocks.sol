// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITeams} from "../policy/ITeams.sol";
import {TeamEverywhere} from "./RatchetMocks.sol";

/// @dev A teams' contract with one anchor everywhere, which answers to a lower tier in every way that a caller must survive.
contract HostileTierTeams is TeamEverywhere {
    enum Answer {
        True,
        Revert,
        BurnGas,
        ManyBytes,
        NoBytes,
        Two,
        Reenter
    }

    error HostileTierTeamsRefuse();

    Answer private immutable ANSWER;
    address private immutable ANCHOR;

    bytes public reentry;
    uint256 public gasGot;
    bool public reentryWorked;

    constructor(Answer answer, address anchor) {
        ANSWER = answer;
        ANCHOR = anchor;
    }

    function setReentry(bytes calldata call) external {
        reentry = call;
    }

    function lowerTier(uint16, ITeams.Trigger, bytes32) external returns (bool) {
        if (ANSWER == Answer.Revert) revert HostileTierTeamsRefuse();
        if (ANSWER == Answer.NoBytes) {
            assembly {
                return(0, 0)
            }
        }
        if (ANSWER == Answer.Two) {
            assembly {
                mstore(0, 2)
                return(0, 32)
            }
        }
        if (ANSWER == Answer.ManyBytes) {
            assembly {
                return(0, 20000)
            }
        }
        while (ANSWER == Answer.BurnGas) {} // burns what it got
        gasGot = gasleft();
        if (ANSWER == Answer.Reenter) (reentryWorked, ) = msg.sender.call(reentry);
        return true;
    }

    function root() external pure returns (uint16) {
        return 1;
    }

    function pathVersion(uint16) external pure returns (uint32) {
        return 1;
    }

    function pathAt(uint16, uint32) external pure returns (uint16[] memory path) {
        path = new uint16[](1);
        path[0] = 1;
    }

    function anchorOf(uint16) external view returns (address) {
        return ANCHOR;
    }
}
