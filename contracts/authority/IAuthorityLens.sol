// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAuthority} from "./IAuthority.sol";

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
    }

    /// @notice Whether and why `caller` may, or may not, make a call of `data` to `target` now. No caller, target or
    /// data makes it revert; an account that only pretends to be an authority can.
    function why(
        address authority,
        address caller,
        address target,
        bytes calldata data
    ) external view returns (Why memory);
}
