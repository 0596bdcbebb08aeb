// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IChallenges} from "../../../contracts/accountability/IChallenges.sol";
import {IHeartbeatOracle} from "../../../contracts/oracle/IHeartbeatOracle.sol";
import {ITeams} from "../../../contracts/policy/ITeams.sol";
import {IBudgetLedger} from "../../../contracts/treasury/IBudgetLedger.sol";
import {ReportIndex, Timestamp} from "../../../contracts/types/Time.sol";
import {deploy} from "../support/Deploy.sol";

/// @dev What a challenge asks of the rest of the organization, answered by one contract: every leaf is believed, one anchor sits everywhere, and a
/// tier falls as often as `tiers` says.
contract WholeWorld {
    address public immutable anchor;
    uint256 public tiers = 1;
    bool public fails;

    constructor(address anchor_) {
        anchor = anchor_;
    }

    function set(uint256 tiers_, bool fails_) external {
        (tiers, fails) = (tiers_, fails_);
    }

    receive() external payable {}

    function lowerTier(uint16, ITeams.Trigger, bytes32) external returns (bool lowered) {
        require(!fails, "out of order");
        // Coin that comes back while a ruling is on its way: the pot's, and nobody's reward.
        if (address(this).balance != 0) IChallenges(payable(msg.sender)).fund{value: address(this).balance}();
        lowered = tiers != 0;
        if (lowered) --tiers;
    }

    function getProject(bytes32) external view returns (IBudgetLedger.Project memory project) {
        project.status = IBudgetLedger.ProjectStatus.Active;
        project.oracle = IHeartbeatOracle(address(this));
    }

    function teams() external view returns (address) {
        return address(this);
    }

    function anchorOf(uint16) external view returns (address) {
        return anchor;
    }

    function planId(IBudgetLedger.Plan calldata plan) external pure returns (bytes32) {
        return plan.salt;
    }

    function verifyLeaf(
        IHeartbeatOracle.ReportHeader calldata,
        IHeartbeatOracle.Leaf calldata,
        bytes32[] calldata
    ) external pure returns (ReportIndex, Timestamp) {
        return (ReportIndex.wrap(1), Timestamp.wrap(1));
    }

    function operatorSet(uint32) external pure returns (IHeartbeatOracle.OperatorSet memory) {}

    function teamAt(bytes32) external pure returns (uint16) {
        return 2;
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

    function isMember(uint16, address) external pure returns (bool) {
        return false;
    }

    function substituteOf(address) external pure returns (address) {
        return address(0);
    }

    function effective(uint16, bytes32) external pure returns (uint128) {
        return 1000;
    }
}

interface ILivenessDouble {
    function setAnchorLiveUntil(address anchor, uint48 liveUntil) external;
}

abstract contract ChallengeStage {
    address internal constant JUDGE = address(0xA1);

    IChallenges internal _challenges;
    WholeWorld internal _world;

    function _deploy() internal {
        address authority = deploy("AuthorityDouble", abi.encode(address(this)));
        ILivenessDouble(authority).setAnchorLiveUntil(JUDGE, type(uint48).max);
        _world = new WholeWorld(JUDGE);
        _challenges = IChallenges(payable(deploy("Challenges", abi.encode(authority, _world, _world, _world, _world))));
    }

    function _leaf(uint256 number) internal pure returns (IHeartbeatOracle.Leaf memory) {
        return
            IHeartbeatOracle.Leaf({
                project: bytes32(number + 1),
                definition: "definition",
                outcome: IHeartbeatOracle.Outcome.Value,
                grade: 1,
                score: 1e18
            });
    }

    /// @dev A plan whose id is the project of that leaf. The last of the four names no team.
    function _plan(uint256 number) internal view returns (IBudgetLedger.Plan memory plan) {
        plan.salt = bytes32(number + 1);
        plan.team = number == 3 ? bytes32(0) : bytes32("team");
        plan.oracle = IHeartbeatOracle(address(_world));
    }
}
