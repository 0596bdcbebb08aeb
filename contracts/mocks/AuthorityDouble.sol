// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// @dev Test double of the authority for tests of the contracts that it manages: OpenZeppelin's AccessManager with anchors
/// whose liveness anyone can set, rates, and a registry that holds everything but what a test makes foreign.
contract AuthorityDouble is AccessManager {
    struct Rate {
        uint128 rate;
        uint48 validUntil;
    }

    mapping(address anchor => uint48) public anchorLiveUntil;
    mapping(address account => bool) private _isForeign;
    Rate private _rate;

    constructor(address admin) AccessManager(admin) {}

    function setAnchorLiveUntil(address anchor, uint48 liveUntil) external {
        anchorLiveUntil[anchor] = liveUntil;
    }

    function makeForeign(address account) external {
        _isForeign[account] = true;
    }

    /// @dev The rate of every asset.
    function setRate(uint128 rate, uint48 validUntil) external {
        _rate = Rate({rate: rate, validUntil: validUntil});
    }

    function rateOf(address) external view returns (uint128 rate, uint48 validUntil) {
        return (_rate.rate, _rate.validUntil);
    }

    function isRegistered(address account) external view returns (bool) {
        return !_isForeign[account];
    }
}
