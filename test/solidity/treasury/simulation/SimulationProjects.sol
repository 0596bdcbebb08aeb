// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AssetTransfer} from "../../../../contracts/libraries/AssetTransfer.sol";
import {IHeartbeatOracle} from "../../../../contracts/oracle/IHeartbeatOracle.sol";
import {IBudgetLedger} from "../../../../contracts/treasury/IBudgetLedger.sol";
import {IBudgetOffice} from "../../../../contracts/treasury/IBudgetOffice.sol";
import {IPaymentOffice} from "../../../../contracts/treasury/IPaymentOffice.sol";
import {SignedTypes} from "../../../../contracts/types/SignedTypes.sol";
import {Act, KnownProject} from "./SimulationBooks.sol";
import {SimulationMoney} from "./SimulationMoney.sol";

/// @dev How projects begin, change and are ended by both sides.
abstract contract SimulationProjects is SimulationMoney {
    uint256 private constant MAX_MILESTONES = 5;

    /// @dev In a vacant place: proposed, accepted by both sides, and funded from the wallet or a pool. Where one of these is
    /// refused, the place stays vacant.
    function _open() internal {
        (uint256 asset, uint256 payee) = (_below(ASSETS), _below(PAYEES));
        IBudgetLedger.Plan memory plan = _newPlan(asset, payee);
        (bool worked, bytes memory answer) = _try(
            Act.Open,
            address(this),
            abi.encodeCall(IBudgetOffice.openProject, (plan))
        );
        if (!worked) return;
        bytes32 id = abi.decode(answer, (bytes32));
        if (!_accept(id, plan)) return;
        bool byPool = _oneIn(2);
        if (byPool ? !_commit(id, plan) : !_fund(id, asset, _total(plan))) return;
        uint256 place = _vacant[_vacant.length - 1];
        _vacant.pop();
        KnownProject storage known = _known[place];
        (known.id, known.asset, known.payee) = (id, asset, payee);
        known.isReviewed = _isReviewed(plan);
        if (byPool && known.isReviewed) known.enclaveOf = _placeOf(plan.pool) + 1;
        _touch(place, true);
    }

    /// @dev What the anchor signs, now and then something else; the payee sends it.
    function _cancel() internal {
        uint256 place = _pick();
        _tryCancel(place, _oneIn(4) ? 1 : 0);
    }

    /// @param off By how much is stated what is not pending.
    function _tryCancel(uint256 place, uint256 off) internal {
        bytes32 id = _known[place].id;
        IBudgetLedger.Project memory project = _vault.getProject(id);
        uint256 returned = project.committed + off;
        bytes32 digest = _typedDigest(
            keccak256(
                abi.encode(
                    SignedTypes.CANCELLATION_TYPEHASH,
                    id,
                    project.planVersion,
                    project.payee,
                    project.anchor,
                    project.asset,
                    returned,
                    type(uint48).max
                )
            )
        );
        bytes memory signature = _signedByAnchor(project.anchor, digest);
        _try(
            Act.Cancel,
            project.payee,
            abi.encodeCall(IBudgetOffice.cancelProject, (id, returned, type(uint48).max, "", signature))
        );
        _touch(place, false);
    }

    /// @dev Other terms of what is pending, sometimes of what is not, one milestone more, another anchor. The payee sends it,
    /// mostly with the office's role for this one call, so that it may cost more.
    function _amend() internal {
        uint256 place = _pick();
        bytes32 id = _known[place].id;
        (IBudgetLedger.Plan memory plan, address anchor) = _amended(id);
        bytes32 digest = _typedDigest(
            keccak256(
                abi.encode(
                    SignedTypes.AMENDMENT_TYPEHASH,
                    id,
                    plan.version,
                    _vault.planId(plan),
                    plan.payee,
                    plan.anchor,
                    plan.asset,
                    _total(plan)
                )
            )
        );
        bytes memory signature = _oneIn(10) ? bytes("") : _signedByAnchor(anchor, digest);
        bytes memory newSignature = plan.anchor == anchor ? bytes("") : _signedByAnchor(plan.anchor, digest);
        bool mayCommit = !_oneIn(4);
        if (mayCommit) _authority.grantRole(0, plan.payee, 0);
        _try(Act.Amend, plan.payee, abi.encodeCall(IBudgetOffice.amendProject, (plan, "", signature, newSignature)));
        if (mayCommit) _authority.revokeRole(0, plan.payee);
        _touch(place, true);
    }

    function _extendLease() internal {
        uint256 place = _pick();
        bytes32 id = _known[place].id;
        address by = _oneIn(6) ? STRANGER : _vault.getProject(id).anchor;
        _try(Act.ExtendLease, by, abi.encodeCall(IPaymentOffice.extendLease, (id, "why")));
        _touch(place, false);
    }

    function _newPlan(uint256 asset, uint256 payee) private returns (IBudgetLedger.Plan memory plan) {
        plan.version = 1;
        (plan.pool, plan.reclaimTo) = (_pools[_below(POOLS)], _pools[_below(POOLS)]);
        (plan.asset, plan.payee) = (_assets[asset], _payees[payee]);
        (plan.opener, plan.anchor) = (address(this), _anchors[_below(ANCHORS)]);
        plan.oracle = IHeartbeatOracle(_oneIn(5) ? address(_calendar) : address(_oracle));
        _setLease(plan);
        plan.milestones = new IBudgetLedger.Milestone[](1 + _below(4));
        for (uint256 i = 0; i < plan.milestones.length; ++i) plan.milestones[i] = _newMilestone();
    }

    function _setLease(IBudgetLedger.Plan memory plan) private {
        plan.scoreDefinition = "definition";
        plan.leaseReports = uint8(2 + _below(8));
        plan.initialReports = uint8(2 + _below(8));
        // One review period at a time; now and then more, which is refused.
        if (_isReviewed(plan) && !_oneIn(12)) (plan.leaseReports, plan.initialReports) = (1, 1);
        plan.maxMissing = uint8(_below(4));
        plan.renewalWindow = uint32(1 + _below(LONGEST_RENEWAL_WINDOW));
        plan.acceptBy = type(uint48).max;
        plan.salt = bytes32(_random());
    }

    /// @dev Rarely of nothing, rarely of more than a pool has.
    function _newMilestone() private returns (IBudgetLedger.Milestone memory milestone) {
        milestone.amount = uint128(1 + _below(2e18));
        if (_oneIn(40)) milestone.amount = _oneIn(2) ? 0 : uint128(1e21);
        milestone.deadline = uint48(block.timestamp + 1 + (_oneIn(8) ? 10 days : _below(20_000)));
        milestone.challengeWindow = _oneIn(3) ? 0 : uint32(1 + _below(3000));
        milestone.specification = "specification";
        (milestone.attestorSet, milestone.attestorSetVersion) = (_currentSet(), 1);
        milestone.coSignature = milestone.challengeWindow > 0 && _oneIn(4);
    }

    /// @dev By each side in person; somebody who is neither comes first now and then.
    function _accept(bytes32 id, IBudgetLedger.Plan memory plan) private returns (bool worked) {
        if (_oneIn(8)) _tryAccept(id, STRANGER, IBudgetLedger.Party.Payee);
        return
            _tryAccept(id, plan.payee, IBudgetLedger.Party.Payee) &&
            (_oneIn(30) || _tryAccept(id, plan.anchor, IBudgetLedger.Party.Anchor));
    }

    function _tryAccept(bytes32 id, address by, IBudgetLedger.Party party) private returns (bool worked) {
        (worked, ) = _try(Act.Accept, by, abi.encodeCall(IBudgetOffice.acceptProject, (id, party, "")));
    }

    function _commit(bytes32 id, IBudgetLedger.Plan memory plan) private returns (bool worked) {
        (worked, ) = _try(Act.Commit, address(this), abi.encodeCall(IBudgetOffice.commitProject, (id)));
        if (_isReviewed(plan)) _count(Act.EnterEnclave, worked);
    }

    function _fund(bytes32 id, uint256 asset, uint256 total) private returns (bool worked) {
        bytes32 intent = _oneIn(12) ? USED_INTENT : bytes32(_random());
        uint256 value = _assets[asset] == AssetTransfer.COIN ? total : 0;
        (worked, ) = _try(Act.Fund, address(this), value, abi.encodeCall(IBudgetOffice.fundProject, (id, intent)));
        if (worked) _cameIn[asset] += total;
    }

    function _isReviewed(IBudgetLedger.Plan memory plan) private view returns (bool) {
        return address(plan.oracle) == address(_calendar);
    }

    function _placeOf(bytes32 pool) private view returns (uint256 place) {
        while (_pools[place] != pool) ++place;
    }

    /// @dev `anchor` is that of the version that runs.
    function _amended(bytes32 id) private returns (IBudgetLedger.Plan memory plan, address anchor) {
        IBudgetLedger.Project memory project = _vault.getProject(id);
        anchor = project.anchor;
        (plan.version, plan.project) = (project.planVersion + 1, id);
        (plan.pool, plan.reclaimTo) = (project.pool, project.reclaimTo);
        (plan.asset, plan.payee) = (project.asset, project.payee);
        (plan.opener, plan.oracle) = (project.opener, project.oracle);
        plan.anchor = _oneIn(3) ? _anchors[_below(ANCHORS)] : anchor;
        _setLease(plan);
        uint256 count = project.milestones;
        plan.milestones = new IBudgetLedger.Milestone[](count < MAX_MILESTONES && _oneIn(3) ? count + 1 : count);
        bool reaches = _oneIn(8);
        for (uint32 i = 0; i < plan.milestones.length; ++i) {
            IBudgetLedger.MilestoneState memory found = _vault.getMilestone(id, i);
            bool mayChange =
                found.status == IBudgetLedger.MilestoneStatus.None ||
                    found.status == IBudgetLedger.MilestoneStatus.Pending;
            plan.milestones[i] = mayChange || reaches ? _newMilestone() : _asFound(found);
        }
    }

    function _asFound(
        IBudgetLedger.MilestoneState memory found
    ) private pure returns (IBudgetLedger.Milestone memory milestone) {
        (milestone.amount, milestone.deadline) = (found.amount, found.deadline);
        (milestone.challengeWindow, milestone.coSignature) = (found.challengeWindow, found.coSignature);
        (milestone.attestorSet, milestone.attestorSetVersion) = (found.attestorSet, found.attestorSetVersion);
        milestone.specification = "specification";
    }

    function _total(IBudgetLedger.Plan memory plan) private pure returns (uint256 total) {
        for (uint256 i = 0; i < plan.milestones.length; ++i) total += plan.milestones[i].amount;
    }
}
