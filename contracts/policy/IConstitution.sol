// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Constitution: the organization's parameters, each within bounds that nobody can move
/// @notice An office value holds for everybody; a team may have a value of its own that counts only where it is stricter.
/// What applies to a team is the stricter of the two, decided when it is read, so that no sequence of changes makes a team
/// looser than its office.
///
/// Change:  None ──propose──▶ Pending ──delay passed (kernel: and consensus)──enact──▶ enacted   (a new version)
///                              ├────cancel──────────▶ cancelled
///                              └────never enacted───▶ expired   (derived on read)
interface IConstitution {
    /// @notice Which of two values binds more.
    enum Stricter {
        Lower,
        Higher
    }

    /// @notice What a parameter is, for good. `minimum` and `maximum` are inclusive and never change.
    /// @param kernel A change of the office value takes the consent of more than half of the teams, or of the root office.
    /// @param cone The parameter bounds autonomy cones: a change rewrites every team's cone in the same transaction.
    struct Terms {
        Stricter stricter;
        bool kernel;
        bool cone;
        uint128 minimum;
        uint128 maximum;
    }

    /// @notice A value that waits. `team` is 0 for the office's own.
    struct Change {
        uint128 value;
        uint48 enactableFrom;
        uint48 expiresAt;
        uint16 consents;
        uint16 required;
        bytes32 reason;
    }

    /// @notice `cause` is the id of the call ({IAccessManager-hashOperation}), `by` who made it; the same below.
    event ParameterDefined(
        bytes32 indexed parameter,
        Terms terms,
        uint128 value,
        bytes32 reason,
        bytes32 cause,
        address by
    );
    event ChangeProposed(
        bytes32 indexed parameter,
        uint16 indexed team,
        uint128 value,
        uint48 enactableFrom,
        uint48 expiresAt,
        uint16 required,
        bytes32 reason,
        bytes32 cause,
        address by
    );
    event ChangeConsented(bytes32 indexed parameter, uint16 indexed team, uint16 consents, bytes32 cause, address by);
    event ChangeCancelled(bytes32 indexed parameter, uint16 indexed team, bytes32 reason, bytes32 cause, address by);
    /// @notice `value` applies from now on as `version` of the office's (team 0) or the team's value.
    event ValueSet(
        bytes32 indexed parameter,
        uint16 indexed team,
        uint32 version,
        uint128 value,
        bytes32 reason,
        bytes32 cause,
        address by
    );
    /// @notice `asset` may be valued within the bounds, which never change.
    event AssetDefined(address indexed asset, uint128 minimumRate, uint128 maximumRate, bytes32 cause, address by);
    event TeamsWired(address indexed teams, bytes32 cause, address by);
    event RateSet(address indexed asset, uint128 rate, uint48 validUntil, bytes32 reason, bytes32 cause, address by);

    error ConstitutionParameterExists(bytes32 parameter);
    error ConstitutionParameterUnknown(bytes32 parameter);
    error ConstitutionInvalidBounds(uint128 minimum, uint128 maximum);
    /// @notice What contracts enforce by this parameter has one meaning: its direction, and whether it bounds cones.
    error ConstitutionInvalidTerms(bytes32 parameter, Stricter stricter, bool cone);
    error ConstitutionOutOfBounds(bytes32 parameter, uint128 value, uint128 minimum, uint128 maximum);
    error ConstitutionLooserThanOffice(bytes32 parameter, uint16 team, uint128 value, uint128 office);
    error ConstitutionChangePending(bytes32 parameter, uint16 team, uint48 enactableFrom);
    error ConstitutionNothingPending(bytes32 parameter, uint16 team);
    error ConstitutionTooEarly(bytes32 parameter, uint16 team, uint48 enactableFrom, uint48 nowTime);
    error ConstitutionConsensusMissing(bytes32 parameter, uint16 consents, uint16 required);
    error ConstitutionAlreadyConsented(bytes32 parameter, uint16 team);
    error ConstitutionNotTeamAnchor(uint16 team, address caller, address anchor);
    error ConstitutionAnchorNotLive(uint16 team, address anchor, uint48 liveUntil);
    /// @notice `team` was opened after the change was proposed, when `electorate` was the newest.
    error ConstitutionNotInElectorate(bytes32 parameter, uint16 team, uint16 electorate);
    /// @notice The pending change takes no consent.
    error ConstitutionNotKernel(bytes32 parameter);
    error ConstitutionNotCanceller(bytes32 parameter, uint16 team, address caller);
    error ConstitutionTooManyParameters(uint256 maximum);
    error ConstitutionTooManyAssets(uint256 maximum);
    error ConstitutionVersionUnknown(bytes32 parameter, uint16 team, uint32 version, uint32 latest);
    error ConstitutionRateOutOfBounds(address asset, uint128 rate, uint128 minimum, uint128 maximum);
    error ConstitutionInvalidValidity(address asset, uint48 validUntil, uint48 earliest, uint48 latest);
    error ConstitutionAssetExists(address asset);
    error ConstitutionAssetUnknown(address asset);
    error ConstitutionInvalidDelay(uint32 delaySeconds, uint32 minimum, uint32 maximum);
    error ConstitutionAlreadyWired(address teams);
    error ConstitutionNotWired();
    /// @notice Not a contract of teams that this constitution bounds.
    error ConstitutionForeignTeams(address teams);

    /// @notice Defines a parameter with its office value. Restricted (`STRUCTURE_ROLE`).
    function defineParameter(bytes32 parameter, Terms calldata terms, uint128 value, bytes32 reason) external;

    /// @notice Announces another office value. Restricted (`POLICY_ROLE`).
    function proposeChange(bytes32 parameter, uint128 value, bytes32 reason) external;

    /// @notice The caller, live anchor of `team`, consents to the pending change of a kernel parameter. The root office's
    /// consent alone suffices. How many teams are required, and which, was fixed when the change was proposed.
    function consent(bytes32 parameter, uint16 team) external;

    /// @notice Withdraws a pending change: by a member of `POLICY_ROLE`, the root office's live anchor, or, for a team's own
    /// value, that team's live anchor.
    function cancelChange(bytes32 parameter, uint16 team, bytes32 reason) external;

    /// @notice Anyone: what was announced long enough ago, and consented to, applies.
    function enactChange(bytes32 parameter, uint16 team) external;

    /// @notice The caller, live anchor of `team`, gives it a value of its own: at once where that is stricter than what
    /// applies to the team now, else by a pending change. A value looser than the office's is refused.
    function setTeamValue(uint16 team, bytes32 parameter, uint128 value, bytes32 reason) external;

    /// @notice Defines an asset that can be valued. Restricted (`STRUCTURE_ROLE`).
    function defineAsset(address asset, uint128 minimumRate, uint128 maximumRate) external;

    /// @notice Values `asset` until `validUntil`: `rate` is in units of account (4 decimals) for 1e18 base units of the asset.
    /// Restricted (`VALUATION_ROLE`). The authority learns it in the same transaction.
    function setRate(address asset, uint128 rate, uint48 validUntil, bytes32 reason) external;

    /// @notice Names the teams' contract, once. Restricted (governance).
    function wireTeams(address teams) external;

    /// @notice What applies to `team` now: the stricter of the office's value and the team's; the office's for team 0.
    function effective(uint16 team, bytes32 parameter) external view returns (uint128);

    function officeValue(bytes32 parameter) external view returns (uint128);

    /// @notice The team's own value and whether it has one.
    function teamValue(uint16 team, bytes32 parameter) external view returns (bool isSet, uint128 value);

    function termsOf(bytes32 parameter) external view returns (Terms memory);

    function parameters() external view returns (bytes32[] memory);

    function pendingChange(bytes32 parameter, uint16 team) external view returns (Change memory);

    /// @notice Number of values that the office (team 0) or the team has had; the last of them is current.
    function versionOf(bytes32 parameter, uint16 team) external view returns (uint32);

    /// @notice An earlier value stays readable: value, first second in which it applied, hash of its reason.
    function valueAt(
        bytes32 parameter,
        uint16 team,
        uint32 version
    ) external view returns (uint128 value, uint48 since, bytes32 reason);

    function rateOf(address asset) external view returns (uint128 rate, uint48 validUntil);

    /// @notice Zero for an asset that is not defined.
    function rateBounds(address asset) external view returns (uint128 minimum, uint128 maximum);

    function assets() external view returns (address[] memory);

    /// @notice Seconds between the announcement of a change and the first in which it can be enacted.
    function changeDelay() external view returns (uint32);
}
