// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAuthority} from "../authority/IAuthority.sol";
import {IAuthorityLimits} from "../authority/IAuthorityLimits.sol";

/// @title Escalations: OpenZeppelin's operation id with a human in place of the timer
/// @notice What a limit refused waits for a human: the exact operation by hash, the boundary that it crosses and by how much.
/// Anchors up the team's path may resolve it, each from its own time on, until one deadline; silence denies.
///
/// None ──open──▶ Pending ──approve──▶ Approved ──the caller makes the call──▶ Executed
///                  ├────reject──────▶ Rejected    └────usableUntil, or its anchor no longer live──▶ Unused (derived on read)
///                  ├────withdraw────▶ Withdrawn
///                  └────deadline────▶ Denied  (derived on read, no transaction)
///
/// From any state but Pending and Approved the same operation can be escalated anew.
interface IEscalations {
    enum EscalationStatus {
        None,
        Pending,
        Approved,
        Rejected,
        Denied,
        Withdrawn,
        Executed,
        Unused
    }

    /// @param until While pending the deadline, once approved `usableUntil`: the first second in which it is over.
    /// @param resolver Who approved; zero before.
    struct Escalation {
        EscalationStatus status;
        uint48 openedAt;
        uint48 until;
        uint16 team;
        uint32 pathVersion;
        address resolver;
    }

    /// @notice An anchor who may resolve, from `opensAt` on. `substitute` may act in its place; zero where it named none.
    struct Resolver {
        uint16 team;
        address anchor;
        address substitute;
        uint48 opensAt;
    }

    /// @notice `caller` asks for `operation`, the hash of (caller, target, data), which crosses `boundary`: `actual` against
    /// `limit`, in units of account (4 decimals), percent or a scope's number, as the boundary says. The call stands here whole,
    /// so that whoever resolves can read what a hash cannot tell. `cause` is the task; `anchor` answers for it.
    event EscalationOpened(
        bytes32 indexed operation,
        uint16 indexed team,
        address indexed caller,
        address target,
        bytes data,
        uint32 task,
        IAuthorityLimits.Boundary boundary,
        uint256 limit,
        uint256 actual,
        uint48 deadline,
        uint32 pathVersion,
        bytes32 recommendation,
        bytes32 context,
        bytes32 cause,
        address anchor
    );
    /// @notice `resolver` is the account that acted, `anchor` the human of the path for whom it did: itself, or its principal.
    event EscalationApproved(
        bytes32 indexed operation,
        address indexed resolver,
        uint48 usableUntil,
        bytes32 reason,
        bytes32 cause,
        address anchor
    );
    event EscalationRejected(
        bytes32 indexed operation,
        address indexed resolver,
        bytes32 reason,
        bytes32 cause,
        address anchor
    );
    event EscalationWithdrawn(bytes32 indexed operation, address indexed caller, bytes32 cause, address anchor);
    /// @notice The approved call was made. `anchor` approved it.
    event EscalationExecuted(bytes32 indexed operation, bytes32 cause, address anchor);

    error EscalationsNothingCrossed(address caller, address target, bytes4 selector);
    error EscalationsCallerDenied(address caller, address target, bytes4 selector, IAuthority.Verdict verdict);
    error EscalationsUnexpectedStatus(bytes32 operation, EscalationStatus status, EscalationStatus required);
    error EscalationsAlreadyOpen(bytes32 operation, EscalationStatus status);
    error EscalationsNotOpenYet(bytes32 operation, address caller, uint48 opensAt);
    error EscalationsNotResolver(bytes32 operation, uint256 position, address caller, address anchor);
    error EscalationsResolverNotLive(bytes32 operation, address caller, uint48 liveUntil);
    /// @notice Who asks does not approve: a caller cannot resolve its own escalation.
    error EscalationsOwnRequest(bytes32 operation, address caller);
    error EscalationsNotAuthority(address caller, address authority);

    /// @notice Opens an escalation for a call that the caller's grant permits but for a limit. Computes the boundary itself.
    /// @param recommendation Hash of what the requester recommends.
    /// @param context Hash of the decision's full context.
    /// @return operation `keccak256(abi.encode(caller, target, data))`.
    function open(
        address target,
        bytes calldata data,
        bytes32 recommendation,
        bytes32 context
    ) external returns (bytes32 operation);

    /// @notice The anchor at `position` of the path, or its substitute, allows the operation once, by its caller, until
    /// `usableUntil`, which is no later than the anchor lives.
    function approve(bytes32 operation, uint256 position, bytes32 reason) external;

    function reject(bytes32 operation, uint256 position, bytes32 reason) external;

    /// @notice Who opened it takes it back, pending or approved.
    function withdraw(address target, bytes calldata data) external;

    /// @notice The authority alone: spends an approval, if there is one that is usable now for a call in the name of `team`. What
    /// was approved up one team's path lets nothing pass in another team's name.
    function consume(bytes32 operation, uint16 team) external returns (bool);

    function getEscalation(bytes32 operation) external view returns (Escalation memory);

    /// @notice Who may resolve and from when; for an escalation that was never opened, an empty list.
    function resolversOf(bytes32 operation) external view returns (Resolver[] memory);

    /// @notice Who could resolve an escalation of `team` if it were opened now.
    function pathOf(uint16 team) external view returns (Resolver[] memory);
}
