// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IActionCatalog} from "../policy/IActionCatalog.sol";

/// @title Authority: OpenZeppelin's AccessManager, with permissions that live no longer than a task
/// @notice A function is either role-controlled (OpenZeppelin's published behaviour) or, where its role is `GRANT_ROLE`,
/// reachable by just-in-time grants alone: never both, so that no rule shadows another.
///
/// Task:   None ──openTask──▶ Open ──completeTask──▶ Completed
///                              ├────failTask──────▶ Failed
///                              ├────anchor removed▶ Failed
///                              └────deadline──────▶ Expired   (derived on read, no transaction)
///
/// A grant has effect in `[notBefore, notAfter)`, while its task is open, while uses are left; anything else is derived
/// on read, so that an end needs no clean-up transaction and no bot.
interface IAuthority is IAccessManager {
    enum TaskStatus {
        None,
        Open,
        Completed,
        Failed,
        Expired
    }

    /// @notice A request for a grant.
    /// @param task The open task that the grant serves, and with which it ends.
    /// @param grantee Who may call.
    /// @param target The contract that may be called.
    /// @param selector The function that may be called.
    /// @param notBefore First second of effect.
    /// @param notAfter First second without effect.
    /// @param uses Number of calls; 0 is "not counted".
    /// @param cap Impact of all calls together, in units of account (4 decimals); 0 is "no cap of its own".
    struct GrantRequest {
        uint32 task;
        address grantee;
        address target;
        bytes4 selector;
        uint48 notBefore;
        uint48 notAfter;
        uint16 uses;
        uint48 cap;
    }

    /// @notice What holds for every action of a capability; uses and cap are each action's own. Fields as in {GrantRequest}.
    struct CapabilityTerms {
        uint32 task;
        address grantee;
        uint48 notBefore;
        uint48 notAfter;
        uint16 uses;
        uint48 cap;
    }

    /// @notice A grant as stored, in one slot. `uses` and `cap` are those left; `flags` tell which limits the grant carries: 1
    /// counted uses, 2 ended early (`notAfter` is then the time of its end), 4 a cap.
    struct Grant {
        uint48 notBefore;
        uint48 notAfter;
        uint32 task;
        uint16 uses;
        uint8 flags;
        uint48 cap;
    }

    /// @notice A task. `deadline` is the first second in which it is over; once it ended early, that is the time of its end.
    /// `opener` is its anchor: who opens a task is accountable for it. `team` is the one whose limits it is under.
    struct Task {
        TaskStatus status;
        address anchor;
        uint48 deadline;
        address opener;
        bytes32 purpose;
        uint16 team;
    }

    /// @notice Answer to "may `caller` call this, and why (not)?". Of several reasons for a grant's end, the first in time.
    enum Verdict {
        Allowed,
        AllowedByRole,
        TargetClosed,
        RoleMissing,
        RoleDelayed,
        GrantMissing,
        GrantEnded,
        GrantNotStarted,
        GrantExpired,
        GrantUsedUp,
        TaskCompleted,
        TaskFailed,
        TaskExpired
    }

    event TaskOpened(
        uint32 indexed task,
        address indexed opener,
        uint16 indexed team,
        uint48 deadline,
        bytes32 purpose,
        bytes32 cause,
        address anchor
    );
    event TaskEnded(uint32 indexed task, TaskStatus status, bytes32 cause, address anchor);
    event GrantGiven(
        uint32 indexed task,
        address indexed grantee,
        address indexed target,
        bytes4 selector,
        uint48 notBefore,
        uint48 notAfter,
        uint16 uses,
        uint48 cap,
        address granter,
        bytes32 cause,
        address anchor
    );
    /// @notice The grants before it, one for each action of the capability's version that has this hash, were given as one.
    event CapabilityGranted(
        uint32 indexed task,
        address indexed grantee,
        bytes32 indexed capability,
        bytes32 actionsHash,
        address granter,
        bytes32 cause,
        address anchor
    );
    /// @notice A grant was ended early: revoked by its granter side or renounced by its holder (`by`).
    event GrantEnded(
        uint32 indexed task,
        address indexed grantee,
        address indexed target,
        bytes4 selector,
        address by,
        bytes32 cause,
        address anchor
    );
    /// @notice The last use of a use-counted grant was made. The uses before it are told by what they did at the target; the
    /// count itself stands in storage.
    event GrantUsedUp(
        uint32 indexed task,
        address indexed grantee,
        address indexed target,
        bytes4 selector,
        bytes32 cause,
        address anchor
    );
    event ActionGranterSet(
        address indexed target,
        bytes4 indexed selector,
        uint64 granterRole,
        bytes32 cause,
        address anchor
    );
    event AnchorLivenessSet(address indexed anchor, uint48 liveUntil, bytes32 cause);
    /// @notice `account` belongs to the system and keeps a journal that the auditor must find complete.
    event ContractRegistered(
        address indexed account,
        bytes32 indexed kind,
        bytes32 codeHash,
        bytes32 cause,
        address anchor
    );

    error AuthorityAnchorNotLive(address anchor, uint48 liveUntil);
    error AuthorityUnexpectedTaskStatus(uint32 task, TaskStatus status, TaskStatus required);
    error AuthorityInvalidDeadline(uint48 deadline, uint48 earliest, uint48 latest);
    error AuthorityTooManyOpenTasks(address anchor, uint256 maximum);
    error AuthorityNotTaskAnchor(uint32 task, address caller, address anchor);
    error AuthorityNotGranter(address target, bytes4 selector, address caller, uint64 granterRole);
    error AuthorityActionNotGrantable(address target, bytes4 selector, uint64 role);
    error AuthorityGrantExists(address grantee, address target, bytes4 selector, uint32 task);
    error AuthorityGrantMissing(address grantee, address target, bytes4 selector);
    error AuthorityGrantDenied(address grantee, address target, bytes4 selector, Verdict verdict);
    error AuthorityNotEnder(address caller, address grantee, uint32 task);
    /// @notice `schedule` and `execute` do not apply where a permission rests on a grant.
    error AuthorityNotSchedulable(address target, bytes4 selector);
    error AuthorityRoleNotAssignable(uint64 role);
    error AuthorityAdminDelayTooShort(uint32 delaySeconds, uint32 minimumSeconds);
    error AuthorityAlreadyRegistered(address account);
    error AuthorityNotContract(address account);
    error AuthorityTooManyActions(address target, uint256 maximum);
    error AuthorityDataTooShort(uint256 length, uint256 minimum);

    /// @notice Opens a task of `team`, within whose limits its grants have effect. The caller must be the team's anchor, and
    /// live; it is accountable for the task, also once the team has another anchor.
    function openTask(uint16 team, bytes32 purpose, uint48 deadline) external returns (uint32 task);

    function completeTask(uint32 task) external;

    function failTask(uint32 task, bytes32 reason) external;

    /// @notice Gives a grant. The action must be reachable by grants, the caller hold its granter role without delay, the
    /// catalog list it, the task be open, and the window lie within it. Replaces a grant of the same task.
    function grant(GrantRequest calldata request) external;

    /// @notice Gives a grant for each action of a capability, all or none. `actions` is the capability's list; only its hash
    /// is stored. A later version of the capability changes no grant that was given.
    function grantCapability(
        bytes32 capability,
        IActionCatalog.Action[] calldata actions,
        CapabilityTerms calldata terms
    ) external;

    /// @notice Ends a grant early: by its holder, by its task's anchor, or by a holder of the action's granter role.
    function endGrant(address grantee, address target, bytes4 selector) external;

    function setActionGranter(address target, bytes4 selector, uint64 granterRole) external;

    function setAnchorLiveness(address anchor, uint48 liveUntil) external;

    function registerContract(address account, bytes32 kind) external;

    /// @notice Why `caller` may or may not call `selector` of `target` now. Pure decision on state; writes nothing.
    function verdict(address caller, address target, bytes4 selector) external view returns (Verdict);

    function getGrant(address grantee, address target, bytes4 selector) external view returns (Grant memory);

    function getTask(uint32 task) external view returns (Task memory);

    function openTasksOf(address anchor) external view returns (uint32[] memory);

    function anchorLiveUntil(address anchor) external view returns (uint48);

    function actionGranter(address target, bytes4 selector) external view returns (uint64);

    function isRegistered(address account) external view returns (bool);

    /// @notice Seconds between announcement and effect of anything that an admin does.
    function minAdminDelay() external view returns (uint32);
}
