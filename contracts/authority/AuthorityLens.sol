// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IEscalations} from "../accountability/IEscalations.sol";
import {Roles} from "../types/Roles.sol";
import {IAuthority} from "./IAuthority.sol";
import {IAuthorityLens} from "./IAuthorityLens.sol";
import {IAuthorityLimits} from "./IAuthorityLimits.sol";
import {LimitExplanation} from "./LimitExplanation.sol";

/// @title AuthorityLens
/// @dev Holds nothing and is trusted by nobody: whoever asks passes the authority that it trusts.
contract AuthorityLens is IAuthorityLens {
    uint64 private constant ADMIN_ROLE = 0;

    /// @inheritdoc IAuthorityLens
    function why(
        address authority,
        address caller,
        address target,
        bytes calldata data
    ) external view returns (Why memory answer) {
        if (data.length < 4) return _couldNotCheck(answer, Obstacle.DataTooShort);
        answer.selector = bytes4(data[0:4]);
        (bool read, uint256 verdict) = _read(
            authority,
            abi.encodeCall(IAuthority.verdict, (caller, target, answer.selector))
        );
        if (!read || verdict > uint256(type(IAuthority.Verdict).max)) {
            return _couldNotCheck(answer, Obstacle.NotAnAuthority);
        }
        if (target == authority) {
            answer = _whyOfAuthority(IAuthority(authority), caller, data, answer);
            if (answer.answer == Answer.Allowed) answer.passesFrom = uint48(block.timestamp); // safe: 48 bits of seconds
            return answer;
        }

        answer.role = IAuthority(authority).getTargetFunctionRole(target, answer.selector);
        if (target.code.length != 0) {
            (bool managed, uint256 manager) = _read(target, abi.encodeCall(IAccessManaged.authority, ()));
            if (!managed) return _couldNotCheck(answer, Obstacle.TargetNotManaged);
            if (manager != uint160(authority)) return _couldNotCheck(answer, Obstacle.OtherAuthority);
        } else {
            // Without code only what somebody has put under grants is anything at all.
            if (answer.role != Roles.GRANT_ROLE) return _couldNotCheck(answer, Obstacle.TargetNotManaged);
            answer.offChain = true;
        }
        _decide(answer, IAuthority.Verdict(verdict));
        if (answer.verdict == IAuthority.Verdict.RoleDelayed) {
            (, answer.delaySeconds) = IAuthority(authority).canCall(caller, target, answer.selector);
        }
        if (answer.role == Roles.GRANT_ROLE) {
            answer.facts = IAuthorityLimits(authority).actionFacts(target, answer.selector);
            _addGrant(IAuthority(authority), caller, target, answer);
            if (answer.grant.notAfter != 0) _addLimits(authority, caller, target, data, answer);
        }
        if (answer.answer == Answer.Allowed) answer.passesFrom = uint48(block.timestamp); // safe: 48 bits of seconds
    }

    function _addGrant(IAuthority authority, address caller, address target, Why memory answer) private view {
        answer.granterRole = authority.actionGranter(target, answer.selector);
        IAuthority.Grant memory given = authority.getGrant(caller, target, answer.selector);
        if (given.notAfter == 0) return;
        answer.grant = given;
        answer.task = authority.getTask(given.task);
        answer.counted = given.flags & 1 != 0;
        answer.effectiveFrom = given.notBefore;
        answer.effectiveUntil = given.notAfter < answer.task.deadline ? given.notAfter : answer.task.deadline;
        answer.marginSeconds = int64(uint64(answer.effectiveUntil)) - int64(uint64(block.timestamp)); // safe: 48-bit times
    }

    /// @dev What the authority itself says of the limits decides; the rules explain it.
    function _addLimits(
        address authority,
        address caller,
        address target,
        bytes calldata data,
        Why memory answer
    ) private view {
        answer.limits = IAuthorityLimits(authority).checkLimits(caller, target, data);
        answer.rules = LimitExplanation.rulesOf(IAuthorityLimits(authority), answer, data);
        if (answer.limits.boundary != IAuthorityLimits.Boundary.None) {
            bool isEffective = answer.verdict == IAuthority.Verdict.Allowed;
            answer.approval = _approvalOf(authority, caller, target, data, answer.limits.team, isEffective);
            IEscalations.Escalation memory escalation = answer.approval.escalation;
            bool isApproved =
                escalation.status == IEscalations.EscalationStatus.Approved && escalation.team == answer.limits.team; // another team's approval lets nothing pass in this one's name
            if (isEffective && !isApproved) answer.answer = Answer.Denied;
        }
        if (answer.answer == Answer.Denied) {
            answer.passesFrom = LimitExplanation.passesFrom(answer);
        }
    }

    /// @dev Escalations are governance's choice: where there are none, or they do not answer, nobody can approve.
    function _approvalOf(
        address authority,
        address caller,
        address target,
        bytes calldata data,
        uint16 team,
        bool isEffective
    ) private view returns (Approval memory approval) {
        approval.operation = IAuthority(authority).hashOperation(caller, target, data);
        IEscalations escalations = IEscalations(IAuthorityLimits(authority).escalations());
        if (address(escalations).code.length == 0) return approval;
        try escalations.getEscalation(approval.operation) returns (IEscalations.Escalation memory escalation) {
            approval.escalation = escalation;
        } catch {
            return approval;
        }
        IEscalations.EscalationStatus status = approval.escalation.status;
        if (status == IEscalations.EscalationStatus.Pending) {
            try escalations.resolversOf(approval.operation) returns (IEscalations.Resolver[] memory resolvers) {
                approval.resolvers = resolvers;
            } catch {}
        } else if (status != IEscalations.EscalationStatus.Approved && isEffective) {
            try escalations.pathOf(team) returns (IEscalations.Resolver[] memory resolvers) {
                approval.resolvers = resolvers;
                approval.canOpen = true;
            } catch {}
        }
    }

    /// @dev The authority's own functions: OpenZeppelin's restrictions, which depend on arguments, and the added ones.
    function _whyOfAuthority(
        IAuthority authority,
        address caller,
        bytes calldata data,
        Why memory answer
    ) private view returns (Why memory) {
        bytes4 selector = answer.selector;
        uint32 targetDelay = 0;
        if (selector == IAccessManager.grantRole.selector || selector == IAccessManager.revokeRole.selector) {
            if (data.length < 36 || uint256(bytes32(data[4:36])) > type(uint64).max) {
                return _couldNotCheck(answer, Obstacle.ArgumentsUnreadable);
            }
            answer.role = authority.getRoleAdmin(uint64(uint256(bytes32(data[4:36])))); // safe: checked above
        } else if (
            selector == IAccessManager.updateAuthority.selector ||
            selector == IAccessManager.setTargetClosed.selector ||
            selector == IAccessManager.setTargetFunctionRole.selector
        ) {
            if (data.length < 36 || uint256(bytes32(data[4:36])) > type(uint160).max) {
                return _couldNotCheck(answer, Obstacle.ArgumentsUnreadable);
            }
            answer.role = ADMIN_ROLE;
            targetDelay = authority.getTargetAdminDelay(address(uint160(uint256(bytes32(data[4:36]))))); // safe: checked
        } else if (
            selector == IAuthority.setActionGranter.selector ||
            selector == IAuthority.setAnchorLiveness.selector ||
            selector == IAuthority.registerContract.selector ||
            selector == IAuthorityLimits.setActionFacts.selector ||
            selector == IAuthorityLimits.setCapability.selector ||
            selector == IAuthorityLimits.setTeamLimits.selector ||
            selector == IAuthorityLimits.setRate.selector ||
            selector == IAuthorityLimits.setEscalations.selector
        ) {
            answer.role = authority.getTargetFunctionRole(address(authority), selector);
            if (authority.isTargetClosed(address(authority))) {
                return _decide(answer, IAuthority.Verdict.TargetClosed);
            }
        } else if (
            selector != IAccessManager.labelRole.selector &&
            selector != IAccessManager.setRoleAdmin.selector &&
            selector != IAccessManager.setRoleGuardian.selector &&
            selector != IAccessManager.setGrantDelay.selector &&
            selector != IAccessManager.setTargetAdminDelay.selector
        ) {
            return _couldNotCheck(answer, Obstacle.CheckedByFunction);
        }
        (bool isMember, uint32 delay) = authority.hasRole(answer.role, caller);
        if (!isMember) return _decide(answer, IAuthority.Verdict.RoleMissing);
        answer.delaySeconds = delay > targetDelay ? delay : targetDelay;
        return
            _decide(
                answer,
                answer.delaySeconds == 0 ? IAuthority.Verdict.AllowedByRole : IAuthority.Verdict.RoleDelayed
            );
    }

    function _decide(Why memory answer, IAuthority.Verdict verdict) private pure returns (Why memory) {
        bool allowed = verdict == IAuthority.Verdict.Allowed || verdict == IAuthority.Verdict.AllowedByRole;
        answer.answer = allowed ? Answer.Allowed : Answer.Denied;
        answer.verdict = verdict;
        return answer;
    }

    function _couldNotCheck(Why memory answer, Obstacle obstacle) private pure returns (Why memory) {
        answer.answer = Answer.CouldNotCheck;
        answer.obstacle = obstacle;
        answer.role = 0;
        return answer;
    }

    /// @dev One word from a contract that may be anything: no code, a revert and another length are "not read".
    function _read(address account, bytes memory data) private view returns (bool read, uint256 word) {
        bytes memory returned;
        (read, returned) = account.staticcall(data);
        read = read && returned.length == 32;
        if (read) word = abi.decode(returned, (uint256));
    }
}
