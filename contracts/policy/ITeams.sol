// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Teams: who acts within which limits, for which human, and to whom that climbs
/// @notice A team exists only with the four answers that every execution path must give: its anchor is accountable, its
/// cones are the limits, its path says to whom it escalates, its triggers say what lowers its tier.
///
/// Tier:  0 (strictest) ◀──lowerTier (a trigger, at once)── n ──raiseTier (an anchor up its path)──▶ n + 1 … highest
/// Team:  None ──openTeam──▶ Open ──closeTeam──▶ Closed (final)
interface ITeams {
    enum TeamStatus {
        None,
        Open,
        Closed
    }

    /// @notice What lowers a tier by itself. The bits of `triggers`, by position.
    enum Trigger {
        BreakerTripped,
        AttestationOverturned,
        ChallengeUpheld
    }

    /// @notice Limits of autonomy at one tier. Tiers ascend: each is contained in the next.
    /// @param maxImpact Impact in any 24 hours, in units of account (4 decimals).
    /// @param scopes Bit set of the catalog's scopes.
    /// @param minReversibility In percent, 0 to 100.
    struct Cone {
        uint48 maxImpact;
        uint32 scopes;
        uint8 minReversibility;
    }

    /// @param place Where the team is in the organization, such as "G1.U1.P3", left-aligned ASCII.
    /// @param path Teams to which it escalates, in order; the last one is the root office.
    struct Team {
        TeamStatus status;
        uint8 tier;
        uint8 tiers;
        uint8 triggers;
        address anchor;
        uint32 version;
        bytes32 place;
        uint16[] path;
    }

    /// @notice `cause` is the id of the call, `by` who made it, `reason` the hash of a document; the same below.
    event TeamOpened(
        uint16 indexed team,
        bytes32 indexed place,
        address indexed anchor,
        uint8 tier,
        uint8 triggers,
        uint16[] path,
        Cone[] cones,
        bytes32 reason,
        bytes32 cause,
        address by
    );
    event TeamClosed(uint16 indexed team, bytes32 reason, bytes32 cause, address by);
    event TeamAnchorSet(
        uint16 indexed team,
        address indexed anchor,
        uint32 version,
        bytes32 reason,
        bytes32 cause,
        address by
    );
    event TeamPathSet(uint16 indexed team, uint16[] path, uint32 version, bytes32 reason, bytes32 cause, address by);
    /// @notice `tier` is the team's from now on.
    event TeamConesSet(
        uint16 indexed team,
        Cone[] cones,
        uint8 tier,
        uint32 version,
        bytes32 reason,
        bytes32 cause,
        address by
    );
    event TeamTriggersSet(
        uint16 indexed team,
        uint8 triggers,
        uint32 version,
        bytes32 reason,
        bytes32 cause,
        address by
    );
    event MemberAdded(uint16 indexed team, address indexed member, bytes32 reason, bytes32 cause, address by);
    event MemberRemoved(uint16 indexed team, address indexed member, bytes32 reason, bytes32 cause, address by);
    /// @notice `cause` is the trip, the overturned proof or the upheld challenge.
    event TierLowered(uint16 indexed team, uint8 tier, Trigger trigger, bytes32 cause, address by);
    event TierRaised(uint16 indexed team, uint8 tier, bytes32 evidence, bytes32 cause, address by);

    error TeamsTooMany(uint256 maximum);
    error TeamsTooManyMembers(uint16 team, uint256 maximum);
    error TeamsPlaceTaken(bytes32 place, uint16 team);
    error TeamsInvalidPlace(bytes32 place);
    error TeamsUnexpectedStatus(uint16 team, TeamStatus status, TeamStatus required);
    error TeamsAnchorNotLive(uint16 team, address anchor, uint48 liveUntil);
    error TeamsInvalidTierCount(uint256 tiers, uint256 maximum);
    /// @notice The cone of `tier` does not contain the one below it, or asks for more than 100 percent.
    error TeamsInvalidCones(uint8 tier);
    /// @notice Even the lowest of the new tiers allows what the team's present cone does not.
    error TeamsConesWiden(uint16 team);
    error TeamsInvalidTier(uint16 team, uint8 tier, uint8 tiers);
    /// @notice `position` is the first at which the path names a team twice, itself or one that is not open, or does not end at
    /// the root; or the path's length, where that is wrong.
    error TeamsInvalidPath(uint16 team, uint256 position);
    error TeamsInvalidTriggers(uint8 triggers);
    error TeamsMemberExists(uint16 team, address member);
    error TeamsMemberMissing(uint16 team, address member);
    error TeamsNotUpThePath(uint16 team, address caller);
    error TeamsRootStays(uint16 team);
    error TeamsInUse(uint16 team, uint16 by);

    /// @notice Opens a team. The first one is the root office, whose path is itself alone. Restricted (`STRUCTURE_ROLE`).
    function openTeam(
        bytes32 place,
        address anchor,
        Cone[] calldata cones,
        uint8 tier,
        uint16[] calldata path,
        uint8 triggers,
        bytes32 reason
    ) external returns (uint16 team);

    /// @notice Nobody acts for the team any more: its cone in the authority becomes empty, tasks can no longer be opened.
    /// Refused for the root and while another team's path names it. Restricted (`STRUCTURE_ROLE`).
    function closeTeam(uint16 team, bytes32 reason) external;

    /// @dev All setters are restricted (`STRUCTURE_ROLE`); each makes a new version of the team.
    function setAnchor(uint16 team, address anchor, bytes32 reason) external;

    function setPath(uint16 team, uint16[] calldata path, bytes32 reason) external;

    /// @notice The tier stays where its new cone is contained in the one that the team has now, else it falls to the highest that
    /// is: nothing but an anchor's {raiseTier} widens what a team may do. Refused where no tier is.
    function setCones(uint16 team, Cone[] calldata cones, bytes32 reason) external;

    function setTriggers(uint16 team, uint8 triggers, bytes32 reason) external;

    function addMember(uint16 team, address member, bytes32 reason) external;

    function removeMember(uint16 team, address member, bytes32 reason) external;

    /// @notice One tier down, at once. Restricted (`RATCHET_ROLE`: contracts that trip, overturn and uphold). Does nothing, and
    /// says so, where the team is closed, at tier 0, or the trigger is not among its own: a caller never fails by it.
    function lowerTier(uint16 team, Trigger trigger, bytes32 cause) external returns (bool lowered);

    /// @notice The same for the team at `place`; where there is none, nothing is lowered.
    function lowerTierAt(bytes32 place, Trigger trigger, bytes32 cause) external returns (bool lowered);

    /// @notice One tier up, by the live anchor of a team up the path (never the team's own, unless it is the root's).
    /// @param evidence Hash of the record of competence.
    function raiseTier(uint16 team, bytes32 evidence) external;

    /// @notice Writes the team's cone, as tier and constitution now have it, into the authority. Anyone.
    function refresh(uint16 team) external;

    /// @notice The same for all open teams, of which there is a bounded number.
    function refreshAll() external;

    function getTeam(uint16 team) external view returns (Team memory);

    function conesOf(uint16 team) external view returns (Cone[] memory);

    /// @notice The team's cone at its tier, no looser than the constitution: what the authority enforces.
    function coneOf(uint16 team) external view returns (Cone memory);

    function membersOf(uint16 team) external view returns (address[] memory);

    function isMember(uint16 team, address account) external view returns (bool);

    function anchorOf(uint16 team) external view returns (address);

    /// @notice Number of paths the team has had; earlier ones stay readable.
    function pathVersion(uint16 team) external view returns (uint32);

    function pathAt(uint16 team, uint32 version) external view returns (uint16[] memory);

    /// @notice Team and present anchor at a position of an earlier or the present path; position counts from 0.
    function resolverAt(
        uint16 team,
        uint32 version,
        uint256 position
    ) external view returns (uint16 resolver, address anchor);

    function teamAt(bytes32 place) external view returns (uint16);

    /// @notice Number of teams ever opened; teams are numbered from 1.
    function teamCount() external view returns (uint16);

    /// @notice Number of teams that are open now.
    function openCount() external view returns (uint16);

    function root() external view returns (uint16);

    function constitution() external view returns (address);
}
