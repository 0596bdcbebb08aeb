// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title The authority's limits: facts of actions, cones of teams, rates of assets, and what a call meets of them
/// @notice Amounts of impact are units of account with 4 decimals, rounded up: against the spender. Policy contracts decide
/// these values and write them here, so that a check reads one slot for each.
///
/// A call by grant is inside its limits when the action is listed, its scope is among the team's, its reversibility is at
/// least the team's, its impact fits into the grant's cap, and the team's impact in the last 24 hours, this call
/// included, is at most the cone's. Outside of them it reverts, unless an approved escalation covers exactly this call.
interface IAuthorityLimits {
    /// @notice Where an action's impact stands. `None`: it has none. `Amount`: in `amountWord` of the arguments' head, in units
    /// of account. `AssetAmount`: there, in base units of the asset named by `assetWord`.
    enum ImpactKind {
        Unlisted,
        None,
        Fixed,
        Amount,
        AssetAmount
    }

    /// @param scope Number of the kind of decision, 0 to 31.
    /// @param reversibility In percent, 0 to 100.
    struct ActionFacts {
        ImpactKind impact;
        uint8 scope;
        uint8 reversibility;
        uint48 fixedImpact;
        uint8 amountWord;
        uint8 assetWord;
    }

    /// @param scopes Bit set. An empty set is a team that may do nothing by itself.
    struct Limits {
        uint48 maxImpact;
        uint32 scopes;
        uint8 minReversibility;
    }

    /// @notice The first boundary that a call crosses, in this order. `Unlisted`: the catalog does not know the action.
    /// `Unreadable`: the arguments are too short for the impact to be read. `RateMissing`: no rate for the asset, or its validity is over.
    enum Boundary {
        None,
        Unlisted,
        Scope,
        Reversibility,
        Unreadable,
        RateMissing,
        GrantCap,
        TeamImpact
    }

    /// @notice What a call meets. `actual` against `limit`: for `Scope` the scope's number against the team's bit set; for
    /// `Reversibility` percent; for `RateMissing` the time against `validUntil`; for `GrantCap` and `TeamImpact` units of account.
    /// @param impact This call's, where it could be computed.
    /// @param teamImpact The team's in the last 24 hours at most, without this call.
    /// @param anchor Who answers for the grant's task.
    /// @param usedByHalfDay What `teamImpact` consists of: 48 bits each for the present half-day (lowest) and the two before it.
    struct LimitCheck {
        Boundary boundary;
        uint256 limit;
        uint256 actual;
        uint256 impact;
        uint256 teamImpact;
        uint256 teamLimit;
        uint16 team;
        uint32 task;
        address anchor;
        uint256 usedByHalfDay;
    }

    event ActionFactsSet(address indexed target, bytes4 indexed selector, ActionFacts facts, bytes32 cause, address by);
    event TeamLimitsSet(uint16 indexed team, address indexed anchor, Limits limits, bytes32 cause, address by);
    event RateSet(address indexed asset, uint128 rate, uint48 validUntil, bytes32 cause, address by);
    event CapabilitySet(bytes32 indexed capability, bytes32 actionsHash, bytes32 cause, address by);
    event EscalationsSet(address indexed escalations, bytes32 cause, address by);

    error AuthorityOutsideLimits(
        address caller,
        address target,
        bytes4 selector,
        Boundary boundary,
        uint256 limit,
        uint256 actual
    );
    error AuthorityActionUnlisted(address target, bytes4 selector);
    error AuthorityNotTeamAnchor(uint16 team, address caller, address anchor);
    error AuthorityCapabilityMismatch(bytes32 capability, bytes32 actionsHash, bytes32 expected);

    /// @notice Restricted (`CATALOG_ROLE`, held by the contract ActionCatalog).
    function setActionFacts(address target, bytes4 selector, ActionFacts calldata facts) external;

    /// @notice Restricted (`CATALOG_ROLE`). `actionsHash` is `keccak256(abi.encode(actions))` of {IActionCatalog}'s list.
    function setCapability(bytes32 capability, bytes32 actionsHash) external;

    /// @notice The anchor that may open tasks for the team (zero: none can be opened any more), and its limits. What the team
    /// has used of them stays counted. Restricted (`TEAMS_ROLE`, held by the contract Teams).
    function setTeamLimits(uint16 team, address anchor, Limits calldata limits) external;

    /// @notice Units of account (4 decimals) for 1e18 base units. Restricted (`RATES_ROLE`, held by the contract Constitution).
    function setRate(address asset, uint128 rate, uint48 validUntil) external;

    /// @notice The contract whose approvals let single calls pass a limit. Restricted (governance).
    function setEscalations(address escalations) external;

    /// @notice What exactly this call would meet now, if the caller's grant has effect. Writes nothing.
    function checkLimits(address caller, address target, bytes calldata data) external view returns (LimitCheck memory);

    function actionFacts(address target, bytes4 selector) external view returns (ActionFacts memory);

    function teamLimits(uint16 team) external view returns (address anchor, Limits memory limits, uint256 usedImpact);

    function rateOf(address asset) external view returns (uint128 rate, uint48 validUntil);

    function escalations() external view returns (address);

    function capabilityHash(bytes32 capability) external view returns (bytes32);
}
