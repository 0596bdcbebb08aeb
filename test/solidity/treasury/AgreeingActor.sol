// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBudgetLedger} from "../../../contracts/treasury/IBudgetLedger.sol";
import {SignedTypes} from "../../../contracts/types/SignedTypes.sol";
import {vm} from "../support/Vm.sol";
import {Known, VaultActor} from "./VaultActor.sol";

/// @dev Ends and amends projects as their payee, with the anchor's signature over what the actor believes to be pending.
abstract contract AgreeingActor is VaultActor {
    /// @param off What is stated differs from what is pending by this many units; mostly 0.
    function cancel(uint256 index, uint8 off, uint8 unsigned) external journaled {
        if (_known.length == 0) return;
        Known storage known = _known[index % _known.length];
        off = off % 4 == 0 ? 1 : 0;
        bool isSigned = unsigned % 4 != 0;
        uint256 returned = _pending(known) + off;
        bytes32 digest = _digest(
            keccak256(
                abi.encode(
                    SignedTypes.CANCELLATION_TYPEHASH,
                    known.id,
                    known.version,
                    PAYEE,
                    ANCHOR,
                    known.asset,
                    returned,
                    type(uint48).max
                )
            )
        );
        bytes memory signature = isSigned ? _signedByAnchor(digest) : bytes("");
        bool expected = _isActive(known) && off == 0 && isSigned;
        vm.prank(PAYEE);
        try _vault.cancelProject(known.id, returned, type(uint48).max, "", signature) {
            _decided("cancel", expected, true);
            known.cancelled = true;
            for (uint32 i = 0; i < known.terms.length; ++i) {
                if (known.statuses[i] == IBudgetLedger.MilestoneStatus.Pending) _takenBack(known, i);
            }
        } catch {
            _refused("cancel", expected);
        }
    }

    /// @dev Gives every pending milestone another amount, deadline and window, and now and then appends one, or touches one that
    /// is no longer pending. The payee has the pool's authority for this one call, so that it may cost more.
    function amend(uint256 index, uint256 seed, uint8 way) external journaled {
        if (_known.length == 0) return;
        Known storage known = _known[index % _known.length];
        (IBudgetLedger.Plan memory plan, bool touches) = _amended(known, seed, way);
        bytes32 digest = _digest(
            keccak256(
                abi.encode(
                    SignedTypes.AMENDMENT_TYPEHASH,
                    known.id,
                    plan.version,
                    _vault.planId(plan),
                    PAYEE,
                    ANCHOR,
                    known.asset,
                    _total(plan)
                )
            )
        );
        bool isSigned = (seed >> 32) % 8 != 0;
        bytes memory signature = isSigned ? _signedByAnchor(digest) : bytes("");
        bool expected = _isActive(known) && _isRunning(known) && !touches && isSigned;
        _authority.grantRole(0, PAYEE, 0);
        vm.prank(PAYEE);
        try _vault.amendProject(plan, "", signature, "") {
            _decided("amend", expected, true);
            _adopt(known, plan);
        } catch {
            _refused("amend", expected);
        }
        _authority.revokeRole(0, PAYEE);
    }

    function _amended(
        Known storage known,
        uint256 seed,
        uint8 way
    ) private returns (IBudgetLedger.Plan memory plan, bool touches) {
        uint256 count = known.terms.length;
        bool appends = way % 3 == 0 && count < 5;
        plan = _plan(known.asset, appends ? count + 1 : count);
        (plan.version, plan.project) = (known.version + 1, known.id);
        (plan.leaseReports, plan.initialReports) = (uint8(1 + (seed % 2)), 1);
        plan.maxMissing = uint8((seed >> 8) % 3);
        bool reaches = way % 5 == 0;
        for (uint256 i = 0; i < plan.milestones.length; ++i) {
            bool isSettled = i < count && known.statuses[i] != IBudgetLedger.MilestoneStatus.Pending;
            if (isSettled && !reaches) {
                plan.milestones[i] = known.terms[i];
                continue;
            }
            uint256 own = uint256(keccak256(abi.encode(seed, i)));
            plan.milestones[i] = _milestone(
                uint128(1 + (own % 1e18)),
                uint48(block.timestamp + 1 + ((own >> 64) % 3000)),
                (own >> 128) % 2 == 0 ? 0 : uint32(1 + ((own >> 136) % 400))
            );
            if (i < count) touches = touches || _touches(known, i, plan.milestones[i], isSettled);
        }
    }

    /// @dev What is settled stays as it is, and what is pending keeps more than was paid of it.
    function _touches(
        Known storage known,
        uint256 index,
        IBudgetLedger.Milestone memory next,
        bool isSettled
    ) private view returns (bool) {
        if (!isSettled) return next.amount <= known.paid[index];
        return keccak256(abi.encode(next)) != keccak256(abi.encode(known.terms[index]));
    }

    function _adopt(Known storage known, IBudgetLedger.Plan memory plan) private {
        uint256 before = _pending(known);
        known.version = plan.version;
        (known.leaseReports, known.maxMissing) = (plan.leaseReports, plan.maxMissing);
        for (uint256 i = 0; i < plan.milestones.length; ++i) {
            if (i < known.terms.length) {
                known.terms[i] = plan.milestones[i];
                continue;
            }
            known.terms.push(plan.milestones[i]);
            known.statuses.push(IBudgetLedger.MilestoneStatus.Pending);
            known.payableFrom.push(0);
            known.due.push(0);
            known.paid.push(0);
        }
        uint256 afterwards = _pending(known);
        if (afterwards > before) pooled[known.asset] -= afterwards - before;
        else reclaimed[known.asset] += before - afterwards;
    }

    function _pending(Known storage known) private view returns (uint256 amount) {
        for (uint256 i = 0; i < known.terms.length; ++i) {
            if (known.statuses[i] == IBudgetLedger.MilestoneStatus.Pending)
                amount += known.terms[i].amount - known.paid[i];
        }
    }

    function _total(IBudgetLedger.Plan memory plan) private pure returns (uint256 total) {
        for (uint256 i = 0; i < plan.milestones.length; ++i) total += plan.milestones[i].amount;
    }

    function _signedByAnchor(bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(ANCHOR_KEY, digest);
        return abi.encodePacked(r, s, v);
    }
}
