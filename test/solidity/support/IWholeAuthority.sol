// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAuthority} from "../../../contracts/authority/IAuthority.sol";
import {IAuthorityLimits} from "../../../contracts/authority/IAuthorityLimits.sol";
import {IJournal} from "../../../contracts/journal/IJournal.sol";

/// @dev All that the authority offers, of which each of the project's interfaces states a part, and OpenZeppelin's does not state all.
interface IWholeAuthority is IAuthority, IAuthorityLimits, IJournal {
    function ADMIN_ROLE() external view returns (uint64);

    function PUBLIC_ROLE() external view returns (uint64);

    function multicall(bytes[] calldata data) external returns (bytes[] memory results);
}
