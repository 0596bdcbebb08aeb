// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEscalations} from "../accountability/IEscalations.sol";
import {IAuthority} from "./IAuthority.sol";
import {IAuthorityLimits} from "./IAuthorityLimits.sol";

/// @title Answers "may this call be made, and why (not)?" with every fact on which an authority decides
/// @notice Stateless, for `eth_call`. It says what the authority answers now, at the block it is called on; what the called
/// function checks beyond that (amounts, statuses, signatures) it cannot know.
interface IAuthorityLens {
    /// @notice "Denied" is an answer, "could not check" is the lack of one: nobody may take one for the other.
    enum Answer {
        CouldNotCheck,
        Allowed,
        Denied
    }

    /// @notice Why there is no answer. `CheckedByFunction`: a function of the authority itself that asks no role, but
    /// decides on its own (opening a task takes a live anchor, giving a grant takes the granter role of the action).
    enum Obstacle {
        None,
        DataTooShort,
        NotAnAuthority,
        TargetNotManaged,
        OtherAuthority,
        ArgumentsUnreadable,
        CheckedByFunction
    }

    /// @notice What became of one rule. `NotAsked`: it does not concern this call. `Unknown`: it could not be held against the
    /// call, because a rule before it left the facts open.
    enum Outcome {
        NotAsked,
        Passed,
        Crossed,
        Unknown
    }

    /// @notice One limit and what the call makes of it. Units are the boundary's, as in {IAuthorityLimits-LimitCheck}.
    /// @param margin What is left of it, negative what is missing: percent of reversibility, bytes of call data, seconds of the
    /// rate's validity, units of account. Of a list or a set there is none: 0, or -1 where the call is outside.
    struct Rule {
        IAuthorityLimits.Boundary boundary;
        Outcome outcome;
        uint256 limit;
        uint256 actual;
        int256 margin;
    }

    /// @notice Who can let a call pass that crosses a limit.
    /// @param operation Hash of exactly this call by this caller: what is escalated.
    /// @param escalation Of exactly this call; status `None` where it was never escalated.
    /// @param canOpen Whether the caller can escalate it now.
    /// @param resolvers Of the pending escalation, or as they would be if it were opened now; empty where nothing can be opened,
    /// or the authority's escalations do not answer.
    struct Approval {
        bytes32 operation;
        IEscalations.Escalation escalation;
        bool canOpen;
        IEscalations.Resolver[] resolvers;
    }

    /// @param obstacle Set where `answer` is `CouldNotCheck`; the fields below are then empty.
    /// @param role The role that the function takes; `Roles.GRANT_ROLE` is "by grants alone".
    /// @param delaySeconds With verdict `RoleDelayed`: seconds between `schedule` and the call.
    /// @param granterRole Who can grant: the role whose holders give grants for the function; 0 is nobody.
    /// @param grant The caller's grant as stored, also when it has no effect (any more); empty where there is none.
    /// @param task The grant's task.
    /// @param effectiveFrom First second of the grant's effect.
    /// @param effectiveUntil First second without effect, by its own end or its task's, whichever came first.
    /// @param marginSeconds Seconds until `effectiveUntil`; zero or negative: the time since then.
    /// @param counted Whether the uses are counted; `grant.uses` are those left.
    /// @param offChain The target has no code: its rules are enforced by services that mirror the authority.
    /// @param facts What the catalog says of the action, where grants rule.
    /// @param limits What the authority itself says of this call, where the caller has, or had, a grant.
    /// @param rules The limits, each with what the call makes of it, in the order in which the authority asks; empty without a
    /// grant. The first one that is crossed is the authority's `limits.boundary`.
    /// @param passesFrom First second in which this call passes if nobody does anything: now, once the grant starts, once
    /// the team's impact of earlier half-days no longer counts. Zero: it never does by itself.
    /// @param approval Where a limit is crossed: what of it, and who can approve.
    struct Why {
        Answer answer;
        Obstacle obstacle;
        IAuthority.Verdict verdict;
        bytes4 selector;
        uint64 role;
        uint32 delaySeconds;
        uint64 granterRole;
        IAuthority.Grant grant;
        IAuthority.Task task;
        uint48 effectiveFrom;
        uint48 effectiveUntil;
        int64 marginSeconds;
        bool counted;
        bool offChain;
        IAuthorityLimits.ActionFacts facts;
        IAuthorityLimits.LimitCheck limits;
        Rule[] rules;
        uint48 passesFrom;
        Approval approval;
    }

    /// @notice Whether and why `caller` may, or may not, make a call of `data` to `target` now. By grant a call is allowed when
    /// the grant has effect and every limit is kept, or an approval covers exactly this call. No caller, target or data
    /// makes it revert; an account that only pretends to be an authority can.
    function why(
        address authority,
        address caller,
        address target,
        bytes calldata data
    ) external view returns (Why memory);
}
