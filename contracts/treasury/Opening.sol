// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Shelf} from "../libraries/StoredCode.sol";
import {AttestorHeader, AttestorTable} from "./AttestorTable.sol";
import {IBudgetLedger} from "./IBudgetLedger.sol";
import {PlanHash} from "./PlanHash.sol";
import {PlanRules} from "./PlanRules.sol";
import {PlanTerms} from "./PlanTerms.sol";

/// @title Opening: what is done once for a plan or an attestor set
/// @dev A linked library, because the vault's code has a size limit, and opening is the path where a call more costs least.
/// It runs as the vault: same storage, same caller, and the code that it writes is the vault's.
library Opening {
    /// @dev Checks the plan and keeps its terms. It comes as the vault got it, encoded.
    function openPlan(
        Shelf storage shelf,
        bytes calldata encodedPlan,
        mapping(bytes32 attestorSet => mapping(uint32 version => AttestorHeader)) storage sets
    ) external returns (bytes32 structHash, uint32 terms) {
        IBudgetLedger.Plan memory plan = abi.decode(encodedPlan, (IBudgetLedger.Plan));
        PlanRules.requireValid(plan, sets);
        return (PlanHash.ofPlan(plan), PlanTerms.write(shelf, plan));
    }

    function hashPlan(bytes calldata encodedPlan) external pure returns (bytes32 structHash) {
        return PlanHash.ofPlan(abi.decode(encodedPlan, (IBudgetLedger.Plan)));
    }

    /// @dev Checks the members and keeps them.
    function openAttestorSet(
        Shelf storage shelf,
        AttestorHeader storage set,
        bytes[] calldata attestors,
        uint8 threshold
    ) external {
        AttestorHeader memory header = AttestorTable.write(shelf, attestors, threshold);
        set.table = header.table;
        set.threshold = header.threshold;
        set.count = header.count;
        set.live = header.live;
    }
}
