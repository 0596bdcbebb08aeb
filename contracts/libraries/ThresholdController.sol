// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ThresholdController: the next viability threshold τ
/// @notice τ' = clamp(τ + clamp(k · (survival − target), ±step), min, max), all in units of 1e18 = 1, with
/// survival = surviving / scored, the share of scored projects at or above τ. Without a scored project τ stays.
/// @dev Rounding: survival is rounded down, then k · (survival − target) towards zero. The first favours the projects
/// (τ ends at most one unit lower than exact mathematics gives), the second favours keeping τ where it is.
/// Mirrored in TypeScript under the name `nextThreshold`; `test/vectors/threshold.json` ties the two together.
library ThresholdController {
    uint256 internal constant ONE = 1e18;

    /// @param initial τ before the first report; the controller itself does not read it.
    /// @param minimum Smallest τ.
    /// @param maximum Largest τ.
    /// @param step Largest change of τ in one report.
    /// @param gain k: the change of τ for a whole unit of deviation from the target.
    /// @param targetSurvival Share of surviving projects that leaves τ where it is.
    struct Parameters {
        uint64 initial;
        uint64 minimum;
        uint64 maximum;
        uint64 step;
        uint64 gain;
        uint64 targetSurvival;
    }

    /// @notice Whether 0 < minimum ≤ initial ≤ maximum ≤ 1, and step, gain and target lie in (0, 1].
    function areValid(Parameters memory parameters) internal pure returns (bool) {
        return
            parameters.minimum > 0 &&
            parameters.minimum <= parameters.initial &&
            parameters.initial <= parameters.maximum &&
            _isPositiveShare(parameters.maximum) &&
            _isPositiveShare(parameters.step) &&
            _isPositiveShare(parameters.gain) &&
            _isPositiveShare(parameters.targetSurvival);
    }

    /// @notice τ after a report with these counters.
    /// @dev Assumes valid parameters, `threshold` within them, and `surviving <= scored < 2^32`.
    function next(
        uint256 threshold,
        uint256 scored,
        uint256 surviving,
        Parameters memory parameters
    ) internal pure returns (uint256) {
        return
            moved(
                threshold,
                scored,
                surviving,
                parameters.minimum,
                parameters.maximum,
                parameters.step,
                parameters.gain,
                parameters.targetSurvival
            );
    }

    /// @dev {next}, for whom the parameters cost less one by one than in memory.
    function moved(
        uint256 threshold,
        uint256 scored,
        uint256 surviving,
        uint256 minimum,
        uint256 maximum,
        uint256 step,
        uint256 gain,
        uint256 target
    ) internal pure returns (uint256) {
        if (scored == 0) return threshold;
        unchecked {
            // safe: shares are at most 1e18 and counters below 2^32, so that no product reaches 2^121; the smaller one is subtracted
            uint256 survival = (surviving * ONE) / scored;
            if (survival >= target) {
                uint256 rise = (gain * (survival - target)) / ONE;
                uint256 risen = threshold + (rise > step ? step : rise);
                return risen > maximum ? maximum : risen;
            }
            uint256 fall = (gain * (target - survival)) / ONE;
            if (fall > step) fall = step;
            return threshold > minimum + fall ? threshold - fall : minimum;
        }
    }

    function _isPositiveShare(uint64 value) private pure returns (bool) {
        return value > 0 && value <= ONE;
    }
}
