// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {IAuthority} from "../authority/IAuthority.sol";
import {IAuthorityLimits} from "../authority/IAuthorityLimits.sol";
import {JournaledAccessManaged} from "../journal/JournaledAccessManaged.sol";
import {IConstitution} from "../policy/IConstitution.sol";
import {ITeams} from "../policy/ITeams.sol";
import {Parameters} from "../types/Parameters.sol";
import {IAnchors} from "./IAnchors.sol";
import {IEscalations} from "./IEscalations.sol";

/// @title Escalations: OpenZeppelin's operation id with a human in place of the timer
/// @dev Design:
/// - An approval is a fact about one hash of (caller, target, data), which the authority asks for when that caller makes that
///   call. Nothing is executed here, so there is neither a delegatecall nor a call on another's behalf.
/// - What a deadline and a path are is fixed at opening; who sits on the path is asked when somebody resolves, so that a
///   replaced human has no say any more.
/// - An escalation is one slot, from opening to execution.
///
/// Trust: the anchors up the path judge; a substitute is whom its anchor trusts with that. The structure office decides who
/// sits on a path, and cannot decide who is an anchor.
contract Escalations is IEscalations, JournaledAccessManaged {
    /// @param until Seconds since the epoch, good until the year 2106; afterwards nothing can be opened, which is "denied".
    /// @param lasts Seconds between opening and `until`.
    /// @param account While pending who asked, from the approval on who approved.
    struct Stored {
        EscalationStatus status; // Denied and Unused are derived
        uint32 until;
        uint24 lasts;
        uint16 team;
        uint16 pathVersion;
        address account;
    }

    ITeams private immutable TEAMS;
    IAnchors private immutable ANCHORS;
    IConstitution private immutable CONSTITUTION;

    mapping(bytes32 operation => Stored) private _escalations;

    /// @param authority_ The authority that asks for approvals, once governance has named this contract to it.
    constructor(
        address authority_,
        ITeams teams,
        IAnchors anchors,
        IConstitution constitution
    ) AccessManaged(authority_) {
        TEAMS = teams;
        ANCHORS = anchors;
        CONSTITUTION = constitution;
    }

    /// @inheritdoc IEscalations
    function open(
        address target,
        bytes calldata data,
        bytes32 recommendation,
        bytes32 context
    ) external returns (bytes32 operation) {
        // Check
        address caller = _msgSender();
        operation = _operationOf(caller, target, data);
        EscalationStatus status = _statusOf(_escalations[operation]);
        if (status == EscalationStatus.Pending || status == EscalationStatus.Approved) {
            revert EscalationsAlreadyOpen(operation, status);
        }
        IAuthorityLimits.LimitCheck memory crossed = _requireCrossed(caller, target, data);

        // Effect
        uint256 lasts = CONSTITUTION.effective(crossed.team, Parameters.ESCALATION_DEADLINE_SECONDS);
        uint256 deadline = block.timestamp + lasts;
        uint32 pathVersion = TEAMS.pathVersion(crossed.team);
        _escalations[operation] = Stored({
            status: EscalationStatus.Pending,
            until: SafeCast.toUint32(deadline),
            lasts: SafeCast.toUint24(lasts),
            team: crossed.team,
            pathVersion: SafeCast.toUint16(pathVersion),
            account: caller
        });
        _record(
            EscalationOpened.selector,
            operation,
            bytes32(uint256(crossed.team)),
            _word(caller),
            abi.encode(
                target,
                data,
                crossed.task,
                crossed.boundary,
                crossed.limit,
                crossed.actual,
                deadline,
                pathVersion,
                recommendation,
                context,
                uint256(crossed.task),
                crossed.anchor
            )
        );
    }

    /// @inheritdoc IEscalations
    function approve(bytes32 operation, uint256 position, bytes32 reason) external {
        (Stored storage stored, address anchor, uint48 liveUntil) = _requireResolver(operation, position);
        uint256 nowTime = block.timestamp;
        uint256 usableUntil = nowTime + CONSTITUTION.effective(stored.team, Parameters.ESCALATION_USABLE_SECONDS);
        if (usableUntil > liveUntil) usableUntil = liveUntil;

        address resolver = _msgSender();
        uint256 openedAt = stored.until - stored.lasts;
        stored.status = EscalationStatus.Approved;
        stored.until = SafeCast.toUint32(usableUntil);
        stored.lasts = SafeCast.toUint24(usableUntil - openedAt);
        stored.account = resolver;
        _record(
            EscalationApproved.selector,
            operation,
            _word(resolver),
            abi.encode(usableUntil, reason, operation, anchor)
        );
    }

    /// @inheritdoc IEscalations
    function reject(bytes32 operation, uint256 position, bytes32 reason) external {
        (Stored storage stored, address anchor, ) = _requireResolver(operation, position);
        stored.status = EscalationStatus.Rejected;
        _record(EscalationRejected.selector, operation, _word(_msgSender()), abi.encode(reason, operation, anchor));
    }

    /// @inheritdoc IEscalations
    function withdraw(address target, bytes calldata data) external {
        address caller = _msgSender();
        bytes32 operation = _operationOf(caller, target, data);
        Stored storage stored = _escalations[operation];
        EscalationStatus status = _statusOf(stored);
        if (status != EscalationStatus.Pending && status != EscalationStatus.Approved) {
            revert EscalationsUnexpectedStatus(operation, status, EscalationStatus.Pending);
        }
        stored.status = EscalationStatus.Withdrawn;
        _record(
            EscalationWithdrawn.selector,
            operation,
            _word(caller),
            abi.encode(operation, TEAMS.anchorOf(stored.team))
        );
    }

    /// @inheritdoc IEscalations
    function consume(bytes32 operation, uint16 team) external returns (bool) {
        if (_msgSender() != authority()) revert EscalationsNotAuthority(_msgSender(), authority());
        Stored storage stored = _escalations[operation];
        if (_statusOf(stored) != EscalationStatus.Approved || stored.team != team) return false;
        stored.status = EscalationStatus.Executed;
        _record(EscalationExecuted.selector, operation, abi.encode(operation, stored.account));
        return true;
    }

    /// @inheritdoc IEscalations
    function getEscalation(bytes32 operation) external view returns (Escalation memory) {
        Stored storage stored = _escalations[operation];
        EscalationStatus status = _statusOf(stored);
        bool wasApproved =
            status == EscalationStatus.Approved ||
                status == EscalationStatus.Executed ||
                status == EscalationStatus.Unused;
        return
            Escalation({
                status: status,
                openedAt: stored.until - stored.lasts,
                until: stored.until,
                team: stored.team,
                pathVersion: stored.pathVersion,
                resolver: wasApproved ? stored.account : address(0)
            });
    }

    /// @inheritdoc IEscalations
    function resolversOf(bytes32 operation) external view returns (Resolver[] memory resolvers) {
        Stored storage stored = _escalations[operation];
        if (_statusOf(stored) != EscalationStatus.Pending) return resolvers;
        return _resolvers(TEAMS.pathAt(stored.team, stored.pathVersion), stored.until - stored.lasts, stored.lasts);
    }

    /// @inheritdoc IEscalations
    function pathOf(uint16 team) external view returns (Resolver[] memory) {
        uint256 lasts = CONSTITUTION.effective(team, Parameters.ESCALATION_DEADLINE_SECONDS);
        return _resolvers(TEAMS.pathAt(team, TEAMS.pathVersion(team)), block.timestamp, lasts);
    }

    /// @dev That the grant permits the call, and nothing but a limit refuses it.
    function _requireCrossed(
        address caller,
        address target,
        bytes calldata data
    ) private view returns (IAuthorityLimits.LimitCheck memory crossed) {
        bytes4 selector = bytes4(data); // of shorter data the authority refuses to check limits
        IAuthority.Verdict verdict = IAuthority(authority()).verdict(caller, target, selector);
        if (verdict != IAuthority.Verdict.Allowed) revert EscalationsCallerDenied(caller, target, selector, verdict);
        crossed = IAuthorityLimits(authority()).checkLimits(caller, target, data);
        if (crossed.boundary == IAuthorityLimits.Boundary.None) {
            revert EscalationsNothingCrossed(caller, target, selector);
        }
    }

    /// @dev That the sender may resolve now: it sits at that position of the path as it was at opening, or is named by who
    /// does; the position's time has come; it is a live anchor; and it is not who asked, nor acting for who asked.
    function _requireResolver(
        bytes32 operation,
        uint256 position
    ) private view returns (Stored storage stored, address anchor, uint48 liveUntil) {
        stored = _escalations[operation];
        EscalationStatus status = _statusOf(stored);
        if (status != EscalationStatus.Pending) {
            revert EscalationsUnexpectedStatus(operation, status, EscalationStatus.Pending);
        }
        address caller = _msgSender();
        uint16[] memory path = TEAMS.pathAt(stored.team, stored.pathVersion);
        if (position < path.length) anchor = TEAMS.anchorOf(path[position]);
        if (anchor == address(0) || (caller != anchor && caller != ANCHORS.substituteOf(anchor))) {
            revert EscalationsNotResolver(operation, position, caller, anchor);
        }
        address requester = stored.account;
        if (caller == requester || anchor == requester) revert EscalationsOwnRequest(operation, caller);
        uint48 opensAt = _opensAt(stored.until - stored.lasts, stored.lasts, position, path.length);
        if (Time.timestamp() < opensAt) revert EscalationsNotOpenYet(operation, caller, opensAt);
        liveUntil = IAuthority(authority()).anchorLiveUntil(caller);
        if (liveUntil <= Time.timestamp()) revert EscalationsResolverNotLive(operation, caller, liveUntil);
    }

    function _resolvers(
        uint16[] memory path,
        uint256 openedAt,
        uint256 lasts
    ) private view returns (Resolver[] memory resolvers) {
        resolvers = new Resolver[](path.length); // which Teams bounds
        for (uint256 i = 0; i < path.length; ++i) {
            address anchor = TEAMS.anchorOf(path[i]);
            resolvers[i] = Resolver({
                team: path[i],
                anchor: anchor,
                substitute: ANCHORS.substituteOf(anchor),
                opensAt: _opensAt(openedAt, lasts, i, path.length)
            });
        }
    }

    /// @dev The time is shared equally. Rounded down: rather a second early than one less for whoever is last.
    function _opensAt(uint256 openedAt, uint256 lasts, uint256 position, uint256 length) private pure returns (uint48) {
        return uint48(openedAt + (position * lasts) / length); // safe: before the deadline, which has 32 bits
    }

    function _statusOf(Stored storage stored) private view returns (EscalationStatus status) {
        status = stored.status;
        if (status == EscalationStatus.Pending) {
            if (block.timestamp >= stored.until) return EscalationStatus.Denied;
        } else if (status == EscalationStatus.Approved) {
            if (block.timestamp >= stored.until || !_isLive(stored.account)) return EscalationStatus.Unused;
        }
    }

    function _isLive(address anchor) private view returns (bool) {
        return block.timestamp < IAuthority(authority()).anchorLiveUntil(anchor);
    }

    /// @dev As OpenZeppelin's {IAccessManager-hashOperation}.
    function _operationOf(address caller, address target, bytes calldata data) private pure returns (bytes32) {
        return keccak256(abi.encode(caller, target, data));
    }

    function _word(address account) private pure returns (bytes32) {
        return bytes32(uint256(uint160(account)));
    }
}
