// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {IAuthorityLimits} from "../authority/IAuthorityLimits.sol";
import {JournaledAccessManaged} from "../journal/JournaledAccessManaged.sol";
import {IConstitution} from "./IConstitution.sol";

/// @title What assets are worth in the unit of account, within bounds that never move, and until a time
/// @dev No delay: a rate that ran out makes calls escalate, so renewing one must be cheap. What a hostile office can do is
/// bounded by the asset's lowest rate.
abstract contract Rates is IConstitution, JournaledAccessManaged {
    struct Bounds {
        uint128 minimum;
        uint128 maximum; // 0: not defined
    }

    uint256 private constant MAX_ASSETS = 64;
    uint48 private constant MAX_VALIDITY = 31 days;

    mapping(address asset => Bounds) private _bounds;
    address[] private _assets;

    /// @inheritdoc IConstitution
    function defineAsset(address asset, uint128 minimumRate, uint128 maximumRate) external restricted {
        if (_bounds[asset].maximum != 0) revert ConstitutionAssetExists(asset);
        if (minimumRate == 0 || minimumRate > maximumRate) revert ConstitutionInvalidBounds(minimumRate, maximumRate);
        if (_assets.length == MAX_ASSETS) revert ConstitutionTooManyAssets(MAX_ASSETS);
        _bounds[asset] = Bounds({minimum: minimumRate, maximum: maximumRate});
        _assets.push(asset);
        _record(
            AssetDefined.selector,
            bytes32(uint256(uint160(asset))),
            abi.encode(minimumRate, maximumRate, _callId(), _msgSender())
        );
    }

    /// @inheritdoc IConstitution
    function setRate(address asset, uint128 rate, uint48 validUntil, bytes32 reason) external restricted {
        Bounds memory bounds = _bounds[asset];
        if (bounds.maximum == 0) revert ConstitutionAssetUnknown(asset);
        if (rate < bounds.minimum || rate > bounds.maximum) {
            revert ConstitutionRateOutOfBounds(asset, rate, bounds.minimum, bounds.maximum);
        }
        uint48 nowTime = Time.timestamp();
        if (validUntil <= nowTime || validUntil > nowTime + MAX_VALIDITY) {
            revert ConstitutionInvalidValidity(asset, validUntil, nowTime + 1, nowTime + MAX_VALIDITY);
        }
        _record(
            RateSet.selector,
            bytes32(uint256(uint160(asset))),
            abi.encode(rate, validUntil, reason, _callId(), _msgSender())
        );
        IAuthorityLimits(authority()).setRate(asset, rate, validUntil);
    }

    /// @inheritdoc IConstitution
    function rateOf(address asset) external view returns (uint128 rate, uint48 validUntil) {
        return IAuthorityLimits(authority()).rateOf(asset);
    }

    /// @inheritdoc IConstitution
    function rateBounds(address asset) external view returns (uint128 minimum, uint128 maximum) {
        Bounds storage bounds = _bounds[asset];
        return (bounds.minimum, bounds.maximum);
    }

    /// @inheritdoc IConstitution
    function assets() external view returns (address[] memory) {
        return _assets;
    }
}
