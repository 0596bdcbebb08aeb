// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AssetTransfer} from "../libraries/AssetTransfer.sol";
import {Lease} from "../libraries/Lease.sol";
import {SignerCheck} from "../libraries/SignerCheck.sol";
import {ReportIndex} from "../types/Time.sol";
import {AssetBooks} from "./AssetBooks.sol";
import {IPaymentOffice} from "./IPaymentOffice.sol";
import {OfficeCode} from "./OfficeCode.sol";
import {Opening} from "./Opening.sol";
import {PlanHash} from "./PlanHash.sol";
import {PlanTerms} from "./PlanTerms.sol";
import {Projects} from "./Projects.sol";
import {ProjectState} from "./ProjectState.sol";
import {ReclaimBooks} from "./ReclaimBooks.sol";

/// @title SafetyOffice: what people do where the vault does nothing by itself, and the limits by which it does
abstract contract SafetyOffice is Projects, OfficeCode, IPaymentOffice {
    /// @dev Longer, and the wait before half open would be an office's to choose.
    uint256 private constant MAX_TRIP_SECONDS = 30 days;

    /// @inheritdoc IPaymentOffice
    function coSign(
        bytes32 project,
        uint32 milestone,
        bytes32 proof,
        uint48 deadline,
        address signer,
        bytes calldata signature
    ) external onlyForVault nonReentrant {
        // Check
        ProjectState state = _projects[project];
        MilestoneStatus status = MilestoneStatus.None;
        if (milestone < state.countOf()) status = state.milestonesOf().statusOf(milestone);
        if (status != MilestoneStatus.Pending && status != MilestoneStatus.Proved) {
            revert BudgetVaultUnexpectedMilestoneStatus(project, milestone, status, MilestoneStatus.Proved);
        }
        if (_coSigned[project][milestone][proof]) revert BudgetVaultAlreadyApproved(proof);
        _requireBefore(deadline);
        Plan memory plan = PlanTerms.read(PlanTerms.locate(state));
        if (!Opening.mayCoSign(plan.anchor, plan.payee, plan.team, signer))
            revert BudgetVaultNotUpTheChain(project, signer);
        _requireLiveAnchor(signer);
        if (msg.sender != signer) {
            Milestone memory terms = PlanTerms.readMilestone(PlanTerms.locate(state), milestone);
            bytes32 digest = _hashTypedDataV4(
                PlanHash.ofPaymentApproval(project, milestone, plan, terms, proof, deadline)
            );
            if (!SignerCheck.isSignedByAccount(signer, digest, signature)) {
                revert BudgetVaultInvalidSignature(signer, digest);
            }
        }

        // Effect
        _coSigned[project][milestone][proof] = true;
        _record(
            PaymentCoSigned.selector,
            project,
            bytes32(uint256(milestone)),
            _word(signer),
            abi.encode(proof, plan.anchor)
        );
    }

    /// @inheritdoc IPaymentOffice
    function extendLease(
        bytes32 project,
        bytes32 reason
    ) external onlyForVault nonReentrant returns (uint32 paidThrough) {
        // Check
        ProjectState state = _requireProject(project, ProjectStatus.Active);
        Plan memory plan = PlanTerms.read(PlanTerms.locate(state));
        if (msg.sender != plan.anchor) revert BudgetVaultNotAnchor(project, msg.sender, plan.anchor);
        _requireLiveAnchor(plan.anchor);
        if (reason == 0) revert BudgetVaultInvalidReason();
        (ReportIndex latest, , ) = plan.oracle.latest();

        // Effect
        ReportIndex paid = Lease.renewed(state.paidThroughOf(), latest, plan.leaseReports);
        paidThrough = ReportIndex.unwrap(paid);
        // Nothing was proved: what waits in quarantine waits on.
        _projects[project] = state.renewed(
            paid,
            state.lastProvedReportOf(),
            state.scoreOf(),
            state.missingOf(),
            state.isRising()
        );
        _record(
            LeaseExtended.selector,
            project,
            bytes32(uint256(ReportIndex.unwrap(latest))),
            abi.encode(paidThrough, reason, plan.anchor)
        );
    }

    /// @inheritdoc IPaymentOffice
    function tripAsset(address asset, bytes32 cause, address by) external onlyForVault restricted nonReentrant {
        _trip(asset, cause, by);
    }

    /// @inheritdoc IPaymentOffice
    function resetAsset(address asset, bytes32 cause, address by) external onlyForVault restricted nonReentrant {
        // Check
        AssetBooks books = _assets[asset];
        if (!books.isWatched()) revert BudgetVaultNotTripped(asset);

        // Effect
        _assets[asset] = books.closed();
        ReclaimBooks reclaims = _reclaims[asset].withReset(block.timestamp);
        _reclaims[asset] = reclaims;
        if (_rulings[asset].share != 0) _rulings[asset].share = 0;
        _record(AssetReset.selector, _word(asset), abi.encode(reclaims.tripsOf(), cause, by));
    }

    /// @inheritdoc IPaymentOffice
    function ruleShortfall(
        address asset,
        uint64 share,
        bytes32 cause,
        address by
    ) external onlyForVault restricted nonReentrant {
        // Check
        AssetBooks books = _assets[asset];
        if (!books.isTripped(block.timestamp)) revert BudgetVaultNotTripped(asset);
        uint32 trip = uint32(_reclaims[asset].tripsOf()); // safe: 18 bits
        if (_rulings[asset].trip == trip) revert BudgetVaultAlreadyRuled(asset, trip);
        (uint256 balance, uint256 credited) = (AssetTransfer.balance(asset), books.creditedOf());
        uint256 limit = balance < credited ? (balance * 1e18) / credited : 0; // 112 bits by 60
        if (share == 0 || share > limit) revert BudgetVaultInvalidRuling(asset, share, limit);

        // Effect
        uint256 left = (credited * share) / 1e18;
        _rulings[asset] = Ruling({share: share, trip: trip, left: uint128(left)}); // safe: at most the balance
        _record(
            ShortfallRuled.selector,
            _word(asset),
            bytes32(uint256(trip)),
            abi.encode(share, balance, credited, cause, by)
        );
    }

    /// @inheritdoc IPaymentOffice
    function setLimits(Limits calldata limits_) external onlyForVault restricted {
        // Check
        bool isValid =
            (limits_.reclaimWindow > 0 || limits_.reclaimShare == 0) &&
                limits_.tripSeconds > 0 &&
                limits_.tripSeconds <= MAX_TRIP_SECONDS;
        if (!isValid) revert BudgetVaultInvalidLimits(limits_);

        // Effect
        _limits = limits_;
        _record(
            LimitsSet.selector,
            abi.encode(
                limits_.outflowShare,
                limits_.reclaimShare,
                limits_.reclaimWindow,
                limits_.tripSeconds,
                limits_.enclaveShare,
                _callId(),
                msg.sender
            )
        );
    }
}
