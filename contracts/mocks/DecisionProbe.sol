// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAuthority} from "../authority/IAuthority.sol";
import {IAuthorityLimits} from "../authority/IAuthorityLimits.sol";

/// @title An unmodified AccessManaged target on which every function exists and does nothing
contract AnyFunction is AccessManaged {
    constructor(address authority_) AccessManaged(authority_) {}

    fallback() external restricted {}
}

/// @title Asks an authority about many calls at once, in one `eth_call`
contract DecisionProbe {
    struct Question {
        address caller;
        address target;
        bytes data;
    }

    /// @dev `limitsRead` is false where the authority refused to check limits.
    struct Decision {
        IAuthority.Verdict verdict;
        bool immediate;
        uint32 delay;
        bool limitsRead;
        IAuthorityLimits.LimitCheck check;
    }

    function decide(
        address authority,
        Question[] calldata questions
    ) external view returns (uint256 time, Decision[] memory decisions) {
        time = block.timestamp;
        decisions = new Decision[](questions.length);
        for (uint256 i = 0; i < questions.length; ++i) {
            decisions[i] = _decide(authority, questions[i]);
        }
    }

    function _decide(address authority, Question calldata asked) private view returns (Decision memory decision) {
        bytes4 selector = bytes4(asked.data);
        decision.verdict = IAuthority(authority).verdict(asked.caller, asked.target, selector);
        (decision.immediate, decision.delay) = IAuthority(authority).canCall(asked.caller, asked.target, selector);
        try IAuthorityLimits(authority).checkLimits(asked.caller, asked.target, asked.data) returns (
            IAuthorityLimits.LimitCheck memory check
        ) {
            decision.check = check;
            decision.limitsRead = true;
        } catch {
            decision.limitsRead = false;
        }
    }
}
