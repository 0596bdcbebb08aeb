// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ThresholdController} from "../../../contracts/libraries/ThresholdController.sol";
import {AuthorityDouble} from "../../../contracts/mocks/AuthorityDouble.sol";
import {IHeartbeatOracle} from "../../../contracts/oracle/IHeartbeatOracle.sol";
import {deploy} from "../support/Deploy.sol";
import {vm} from "../support/Vm.sol";

/// @dev An oracle, and operators whose keys the test holds.
abstract contract OracleFixture {
    uint32 internal constant EPOCH_SECONDS = 600;
    uint32 internal constant DEADLINE_SECONDS = 300;
    address internal constant ANCHOR = address(0xA7C4);

    AuthorityDouble internal authority;
    IHeartbeatOracle internal oracle;
    uint256 internal genesis;
    /// @dev Keys in seat order.
    uint256[] internal keys;

    function _deploy(uint256 operatorCount) internal {
        vm.warp(1_000_000);
        genesis = block.timestamp + 100;
        authority = AuthorityDouble(deploy("AuthorityDouble", abi.encode(this)));
        authority.setAnchorLiveUntil(ANCHOR, type(uint48).max);
        ThresholdController.Parameters memory threshold = ThresholdController.Parameters({
            initial: 0.5e18,
            minimum: 0.2e18,
            maximum: 0.8e18,
            step: 0.1e18,
            gain: 0.5e18,
            targetSurvival: 0.8e18
        });
        IHeartbeatOracle.SanityBounds memory bounds = IHeartbeatOracle.SanityBounds({
            softStep: 0.1e18,
            lostShare: 0.25e18,
            lostLeaves: 10
        });
        bytes memory parameters = abi.encode(address(0), genesis, EPOCH_SECONDS, DEADLINE_SECONDS, threshold, bounds);
        oracle = IHeartbeatOracle(deploy("HeartbeatOracle", bytes.concat(abi.encode(authority), parameters)));
        delete keys;
        for (uint256 i = 0; i < operatorCount; ++i) keys.push(1000 + i);
        _sortByAddress();
        oracle.scheduleOperatorSet(_operators(), 1, ANCHOR);
    }

    function _sortByAddress() private {
        for (uint256 i = 1; i < keys.length; ++i) {
            for (uint256 j = i; j > 0 && vm.addr(keys[j - 1]) > vm.addr(keys[j]); --j) {
                (keys[j - 1], keys[j]) = (keys[j], keys[j - 1]);
            }
        }
    }

    function _operators() internal view returns (address[] memory operators) {
        operators = new address[](keys.length);
        for (uint256 i = 0; i < operators.length; ++i) operators[i] = vm.addr(keys[i]);
    }

    function _report(uint32 epoch) internal view returns (IHeartbeatOracle.Report memory report) {
        report.configuration = 1;
        report.epoch = epoch;
        report.threshold = oracle.threshold();
    }

    function _compact(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, bytes32(uint256(s) | (uint256(v - 27) << 255)));
    }

    /// @dev Signs for each set bit with that seat's own key.
    function _signed(IHeartbeatOracle.Report memory report, uint256 signers) internal view returns (bytes memory all) {
        bytes32 digest = oracle.reportDigest(report);
        for (uint256 seat = 0; seat < keys.length; ++seat) {
            if ((signers >> seat) & 1 != 0) all = bytes.concat(all, _compact(keys[seat], digest));
        }
    }
}
