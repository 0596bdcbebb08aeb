// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Shelf} from "../libraries/StoredCode.sol";
import {AmendmentRules} from "./AmendmentRules.sol";
import {AttestorHeader, AttestorOwnership} from "./AttestorTable.sol";
import {CoSignature} from "./CoSignature.sol";
import {IBudgetLedger} from "./IBudgetLedger.sol";
import {MilestoneStatuses} from "./MilestoneStatuses.sol";
import {PlanHash} from "./PlanHash.sol";
import {PlanRules} from "./PlanRules.sol";
import {PlanTerms} from "./PlanTerms.sol";
import {SetVersions} from "./SetVersions.sol";
import {Succession} from "./Succession.sol";

/// @title Opening: what is done once for a plan or an attestor set, or rarely
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

    /// @dev Checks the plan, which comes as the vault got it, first of the arguments, and keeps its terms.
    /// @param current Terms of the plan that runs, `count` its milestones and `statuses` theirs.
    function amendPlan(
        Shelf storage shelf,
        bytes calldata encodedPlan,
        address current,
        uint256 count,
        MilestoneStatuses statuses,
        mapping(bytes32 attestorSet => mapping(uint32 version => AttestorHeader)) storage sets
    ) external returns (bytes32 structHash, uint32 terms) {
        IBudgetLedger.Plan memory plan = abi.decode(encodedPlan, (IBudgetLedger.Plan));
        AmendmentRules.requireValid(plan, current, count, statuses, sets);
        return (PlanHash.ofPlan(plan), PlanTerms.write(shelf, plan));
    }

    function hashPlan(bytes calldata encodedPlan) external pure returns (bytes32 structHash) {
        return PlanHash.ofPlan(abi.decode(encodedPlan, (IBudgetLedger.Plan)));
    }

    /// @dev See {SetVersions-open}.
    function openAttestorSet(
        Shelf storage shelf,
        mapping(bytes32 attestorSet => mapping(uint32 version => AttestorHeader)) storage sets,
        mapping(bytes32 attestorSet => AttestorOwnership) storage ownerships,
        SetVersions.Kind kind,
        bytes calldata arguments,
        bytes32 callId
    ) external returns (bytes32 attestorSet, uint32 version, bytes memory opened, bytes memory named) {
        return SetVersions.open(shelf, sets, ownerships, kind, arguments, callId);
    }

    /// @dev See {SetVersions-read}.
    function readAttestorSet(
        mapping(bytes32 attestorSet => mapping(uint32 version => AttestorHeader)) storage sets,
        mapping(bytes32 attestorSet => AttestorOwnership) storage ownerships,
        bytes32 attestorSet,
        uint32 version
    ) external view returns (bytes memory encoded) {
        return SetVersions.read(sets, ownerships, attestorSet, version);
    }

    /// @dev See {CoSignature-mayCoSign}.
    function mayCoSign(address anchor, address payee, bytes32 team, address signer) external view returns (bool) {
        return CoSignature.mayCoSign(anchor, payee, team, signer);
    }

    /// @dev See {Succession-proving}.
    function proving(
        mapping(bytes32 attestorSet => mapping(uint32 version => AttestorHeader)) storage sets,
        bytes32 attestorSet,
        uint32 version
    ) external view returns (bytes32, uint32) {
        return Succession.proving(sets, attestorSet, version);
    }
}
