// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJournal} from "../../../contracts/journal/IJournal.sol";
import {AssetTransfer} from "../../../contracts/libraries/AssetTransfer.sol";
import {IBudgetLedger} from "../../../contracts/treasury/IBudgetLedger.sol";
import {JournalFold} from "../support/JournalFold.sol";
import {AgreeingActor} from "./AgreeingActor.sol";
import {Known} from "./VaultActor.sol";

/// @dev The actor, with what the invariants compare.
contract InspectedActor is AgreeingActor {
    error StatusDiffers(bytes32 project, uint256 milestone);
    error LeaseDiffers(bytes32 project);
    error NotConserved(address asset, uint256 credited, uint256 owed);
    error BalanceShort(address asset, uint256 balance, uint256 credited);
    error PaidOtherThanOnce(address asset, uint256 received, uint256 owed);
    error PoolDiffers(bytes32 pool, uint256 balance, uint256 known);

    function vault() external view returns (address) {
        return address(_vault);
    }

    function assets() public view returns (address[2] memory) {
        return [address(_token), AssetTransfer.COIN];
    }

    function checkConserved() external view {
        for (uint256 a = 0; a < 2; ++a) {
            address asset = assets()[a];
            uint256 owed =
                _vault.poolBalance(_pool, asset) +
                    _vault.poolBalance(_reclaimTo, asset) +
                    _vault.claimable(PAYEE, asset);
            for (uint256 i = 0; i < _known.length; ++i) {
                if (_known[i].asset == asset) owed += _promised(_known[i]);
            }
            uint256 credited = _vault.credited(asset);
            if (credited != owed) revert NotConserved(asset, credited, owed);
            uint256 balance = asset == address(_token) ? _token.balanceOf(address(_vault)) : address(_vault).balance;
            if (balance < credited) revert BalanceShort(asset, balance, credited);
        }
    }

    /// @dev Everything that left for the payee is what was proved, each milestone once; what came back is in its account.
    function checkPaidOnce() external view {
        for (uint256 a = 0; a < 2; ++a) {
            address asset = assets()[a];
            uint256 received =
                _vault.claimable(PAYEE, asset) + (asset == address(_token) ? _token.balanceOf(PAYEE) : PAYEE.balance);
            if (received != owedToPayee[asset]) revert PaidOtherThanOnce(asset, received, owedToPayee[asset]);
            uint256 inPool = _vault.poolBalance(_pool, asset);
            if (inPool != pooled[asset]) revert PoolDiffers(_pool, inPool, pooled[asset]);
            uint256 back = _vault.poolBalance(_reclaimTo, asset);
            if (back != reclaimed[asset]) revert PoolDiffers(_reclaimTo, back, reclaimed[asset]);
        }
    }

    function checkStates() external view {
        for (uint256 i = 0; i < _known.length; ++i) {
            Known storage known = _known[i];
            for (uint32 m = 0; m < known.terms.length; ++m) {
                if (_vault.getMilestone(known.id, m).status != known.statuses[m]) revert StatusDiffers(known.id, m);
            }
            IBudgetLedger.Project memory project = _vault.getProject(known.id);
            bool agrees =
                project.paidThrough == known.paidThrough &&
                    project.lastProvedReport == known.lastProved &&
                    project.missing == known.missing &&
                    project.score == known.score &&
                    project.isRising == (known.risenAt != 0) &&
                    project.planVersion == known.version &&
                    (project.status == IBudgetLedger.ProjectStatus.Cancelled) == known.cancelled &&
                    (project.status == IBudgetLedger.ProjectStatus.Reclaimed) == known.reclaimed;
            if (!agrees) revert LeaseDiffers(known.id);
        }
    }

    function _promised(Known storage known) private view returns (uint256 amount) {
        for (uint256 m = 0; m < known.terms.length; ++m) {
            if (known.statuses[m] <= IBudgetLedger.MilestoneStatus.Proved)
                amount += known.terms[m].amount - known.paid[m];
        }
    }
}

contract BudgetVaultInvariants {
    InspectedActor private _actor;
    address[] private _targets;

    error WronglyDecided(uint256 times, string act);
    error NeverHappened(string act, bool success);

    string[11] private _acts = [
        "renew",
        "release",
        "releasePart",
        "push",
        "pay",
        "overturn",
        "reclaim",
        "reclaimMilestone",
        "claim",
        "cancel",
        "amend"
    ];
    uint256[11] private _succeeded;
    uint256[11] private _refused;

    function setUp() external {
        _actor = new InspectedActor();
        _targets.push(address(_actor));
    }

    function targetContracts() external view returns (address[] memory) {
        return _targets;
    }

    /// iTR-001: per asset, what is credited is what stands in pools, projects and claims, and the balance covers it.
    function invariant_Conserved() external view {
        _actor.checkConserved();
    }

    /// iTR-002: a milestone is paid at most once, to its payee; what is taken back stands in the plan's account.
    function invariant_PaidOnce() external view {
        _actor.checkPaidOnce();
    }

    /// iTR-003, iTR-005, iTR-006, iTR-007: each act succeeds exactly where the rules say so.
    function invariant_DecidedByTheRules() external view {
        if (_actor.wrongDecisions() != 0) revert WronglyDecided(_actor.wrongDecisions(), _actor.wrongAct());
    }

    /// iTR-003, iTR-007: statuses and leases are those of the drawn state machines.
    function invariant_StatesFollowTheMachines() external view {
        _actor.checkStates();
    }

    /// A long course of acts in a fixed order of chance: each act succeeds and is refused, so that the invariants above speak
    /// of something, and they hold to its end.
    function test_EveryActSucceedsAndIsRefused() external {
        for (uint256 i = 0; i < 40; ++i) {
            InspectedActor actor = new InspectedActor();
            for (uint256 j = 0; j < 80; ++j) _act(actor, uint256(keccak256(abi.encode(i, j))));
            actor.checkConserved();
            actor.checkPaidOnce();
            actor.checkStates();
            if (actor.wrongDecisions() != 0) revert WronglyDecided(actor.wrongDecisions(), actor.wrongAct());
            for (uint256 k = 0; k < _acts.length; ++k) {
                _succeeded[k] += actor.successes(_acts[k]);
                _refused[k] += actor.refusals(_acts[k]);
            }
        }
        for (uint256 k = 0; k < _acts.length; ++k) {
            if (_succeeded[k] == 0) revert NeverHappened(_acts[k], true);
            if (_refused[k] == 0) revert NeverHappened(_acts[k], false);
        }
    }

    /// iTR-026: in courses of reports, most of which are proved, sudden rises wait and are confirmed exactly where the rules say so.
    function test_RisesWaitForTheNextReport() external {
        uint256 waited = 0;
        uint256 confirmed = 0;
        for (uint256 i = 0; i < 60; ++i) {
            InspectedActor actor = new InspectedActor();
            actor.open(uint256(keccak256(abi.encode("rises", i))), true);
            for (uint256 j = 0; j < 12; ++j) {
                uint256 chance = uint256(keccak256(abi.encode(i, j)));
                actor.pass(199);
                actor.pass(199);
                actor.report();
                uint8 outcome = chance % 6 == 0 ? 2 : 1;
                if (chance % 16 != 0) actor.renew(0, outcome, uint64(chance >> 16), 1);
                actor.checkStates();
            }
            if (actor.wrongDecisions() != 0) revert WronglyDecided(actor.wrongDecisions(), actor.wrongAct());
            waited += actor.successes("quarantine");
            confirmed += actor.refusals("quarantine");
        }
        if (waited == 0) revert NeverHappened("quarantine", true);
        if (confirmed == 0) revert NeverHappened("quarantine", false);
    }

    function _act(InspectedActor actor, uint256 chance) private {
        uint256 which = chance % 22;
        uint256 index = chance >> 8;
        uint32 milestone = uint32(chance >> 16);
        bool flag = (chance >> 64) & 1 == 0;
        if (which < 2) actor.open(index, flag);
        else if (which < 4) actor.passTo(index, milestone, uint8(chance >> 72), flag);
        else if (which == 4) actor.pass(uint16(chance >> 80));
        else if (which == 5) actor.report();
        else if (which == 6) actor.breakToken((chance >> 64) & 3 == 0);
        else if (which == 7)
            actor.renew(index, uint8(1 + ((chance >> 72) % 3)), uint64(chance >> 80), uint8(chance >> 88));
        else if (which < 11) actor.release(index, milestone, uint8(chance >> 72), uint16(chance >> 80));
        else if (which == 11) actor.pay(index, milestone);
        else if (which == 12) actor.overturn(index, milestone, flag);
        else if (which == 13) actor.reclaim(index);
        else if (which == 14) actor.reclaimMilestone(index, milestone);
        else if (which == 15 || which > 19) actor.claim(flag);
        else if (which == 16) actor.cancel(index, uint8(chance >> 72), uint8(chance >> 80));
        else if (which == 17) actor.amend(index, chance, uint8(chance >> 72));
        else actor.releasePart(index, milestone, uint8(chance >> 72), chance >> 80);
    }

    /// iTR-010: the journal's head is the fold of every log.
    function invariant_JournalComplete() external view {
        bytes32 head = IJournal(_actor.vault()).journalHead();
        if (head != _actor.folded()) revert JournalFold.JournalHeadDiffers(_actor.vault(), head, _actor.folded());
    }
}
