// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// @dev Test double of the authority for tests of the contracts that it manages: OpenZeppelin's AccessManager with anchors
/// whose liveness anyone can set.
contract AuthorityDouble is AccessManager {
    mapping(address anchor => uint48) public anchorLiveUntil;

    constructor(address admin) AccessManager(admin) {}

    function setAnchorLiveUntil(address anchor, uint48 liveUntil) external {
        anchorLiveUntil[anchor] = liveUntil;
    }
}
