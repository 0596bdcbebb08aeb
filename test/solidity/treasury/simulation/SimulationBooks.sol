// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBudgetLedger} from "../../../../contracts/treasury/IBudgetLedger.sol";
import {vm} from "../../support/Vm.sol";
import {SimulatedPeople} from "./SimulatedPeople.sol";

/// @dev Calls of the vault and of the review calendar, and four outcomes that a call can have: Push (the payee took the money, or got
/// a claim), Pass (the breaker let it through, or held it), TakeBack (a member of a batch was reclaimed, or not) and EnterEnclave (what is
/// committed is an enclave's, or may not be).
enum Act {
    Open,
    Accept,
    Fund,
    Commit,
    Renew,
    RenewBatch,
    Release,
    ReleasePart,
    Pay,
    Push,
    Pass,
    Overturn,
    CoSign,
    Reclaim,
    ReclaimBatch,
    TakeBack,
    ReclaimMilestone,
    Cancel,
    Amend,
    ExtendLease,
    Multicall,
    Claim,
    Deposit,
    Withdraw,
    ApproveWithdrawal,
    MovePool,
    CreditSurplus,
    Trip,
    Reset,
    SetLimits,
    RuleShortfall,
    Revoke,
    BeginPeriod,
    EnterEnclave
}

/// @dev What is known of a milestone since it was touched last. `held` is the digest of the proof that was accepted.
struct KnownMilestone {
    IBudgetLedger.MilestoneStatus status;
    uint128 amount;
    uint128 paid;
    uint48 deadline;
    uint48 payableFrom;
    bytes32 held;
}

/// @dev A place for one live project after the other. `id` is zero while it is vacant; `said` is the hash of all that the vault
/// says of the project.
struct KnownProject {
    bytes32 id;
    uint256 asset;
    uint256 payee;
    bool isReviewed;
    /// @dev The place of the pool that committed to it as to an enclave, from 1; zero for any other project.
    uint256 enclaveOf;
    bytes32 said;
    KnownMilestone[] milestones;
}

/// @dev Nothing of it may change any more.
struct RetiredProject {
    bytes32 id;
    bytes32 said;
}

/// @dev The simulation's own books: what is promised in each asset and what each payee is owed, from the statuses of milestones
/// alone, held against the vault's books and against what reached people.
abstract contract SimulationBooks is SimulatedPeople {
    uint256 internal constant PLACES = 50;
    /// @dev Ends what a payee that burns all gas would burn; no call needs as much.
    uint256 private constant CALL_GAS = 3_000_000;

    mapping(Act act => uint256) public successes;
    mapping(Act act => uint256) public refusals;

    KnownProject[PLACES] internal _known;
    uint256[] internal _vacant;
    RetiredProject[] internal _retired;
    /// @dev The vault may have less of the rebasing token than it owes.
    bool internal _isRebasedDown;
    uint256 internal _step;
    uint256[ASSETS] private _promised;
    uint256[ASSETS][POOLS] private _inEnclaves;
    uint256[ASSETS][PAYEES] private _earned;
    uint256 private _entropy;

    error Panicked(uint256 step, Act act, bytes reason);
    error RefusedWithoutAReason(uint256 step, Act act, bytes reason);
    error NotConserved(uint256 step, address asset, uint256 credited, uint256 owed);
    error EnclavesDiffer(uint256 step, bytes32 pool, address asset, uint256 held, uint256 promised);
    error BalanceShort(uint256 step, address asset, uint256 balance, uint256 credited);
    error PaidOtherThanOnce(uint256 step, address payee, address asset, uint256 received, uint256 earned);
    error WrongEdge(
        uint256 step,
        bytes32 project,
        uint256 milestone,
        IBudgetLedger.MilestoneStatus from,
        IBudgetLedger.MilestoneStatus to
    );
    error TermsChanged(uint256 step, bytes32 project, uint256 milestone);
    error SumsDiffer(uint256 step, bytes32 project, uint256 pending, uint256 unsettled);
    error ChangedUntouched(uint256 step, bytes32 project);

    /// @dev One call of the vault, counted. Whatever is refused is refused by a typed error.
    function _try(
        Act act,
        address from,
        uint256 value,
        bytes memory data
    ) internal returns (bool worked, bytes memory answer) {
        if (from != address(this)) vm.prank(from);
        // solhint-disable-next-line avoid-low-level-calls
        (worked, answer) = address(_vault).call{value: value, gas: CALL_GAS}(data);
        _count(act, worked);
        if (worked) return (worked, answer);
        if (answer.length < 4) revert RefusedWithoutAReason(_step, act, answer);
        if (bytes4(answer) == bytes4(keccak256("Panic(uint256)"))) revert Panicked(_step, act, answer);
    }

    function _try(Act act, address from, bytes memory data) internal returns (bool worked, bytes memory answer) {
        return _try(act, from, 0, data);
    }

    function _count(Act act, bool worked) internal {
        if (worked) ++successes[act];
        else ++refusals[act];
    }

    /// @dev All that is random in a step follows from its number and the seed.
    function _seed(uint256 seed, uint256 step) internal {
        (_step, _entropy) = (step, uint256(keccak256(abi.encode(seed, step))));
    }

    function _random() internal returns (uint256) {
        return _entropy = uint256(keccak256(abi.encode(_entropy)));
    }

    function _below(uint256 end) internal returns (uint256) {
        return _random() % end;
    }

    function _oneIn(uint256 times) internal returns (bool) {
        return _below(times) == 0;
    }

    /// @dev iTR-007: reads anew what the vault says of a project that a call was about, and books what became of it.
    /// @param amends Its terms may have changed: it was opened or amended.
    function _touch(uint256 place, bool amends) internal {
        KnownProject storage known = _known[place];
        if (known.id == 0) return;
        (IBudgetLedger.Project memory project, IBudgetLedger.MilestoneState[] memory found) = _read(known.id);
        (uint256 pending, uint256 unsettled) = (0, 0);
        for (uint256 i = 0; i < found.length; ++i) {
            if (i == known.milestones.length) known.milestones.push();
            _book(known, i, found[i], amends);
            if (found[i].status == IBudgetLedger.MilestoneStatus.Pending) pending += found[i].amount - found[i].paid;
            if (!_isFinal(found[i].status)) ++unsettled;
        }
        if (project.committed != pending || project.unsettled != unsettled || found.length < known.milestones.length)
            revert SumsDiffer(_step, known.id, pending, unsettled);
        known.said = keccak256(abi.encode(project, found));
        if (unsettled != 0) return;
        _retired.push(RetiredProject(known.id, known.said));
        _vacant.push(place);
        delete _known[place];
    }

    /// @dev iTR-001, iTR-002: conservation in each asset, and what each payee received, for claims too, is what it earned.
    function _requireBalanced() internal view {
        for (uint256 a = 0; a < ASSETS; ++a) {
            address asset = _assets[a];
            uint256 owed = _promised[a];
            uint256 inEnclaves = 0;
            for (uint256 i = 0; i < POOLS; ++i) {
                owed += _vault.poolBalance(_pools[i], asset);
                inEnclaves += _inEnclaves[i][a];
                _requireInEnclaves(_pools[i], asset, _inEnclaves[i][a]);
            }
            _requireInEnclaves(0, asset, inEnclaves);
            for (uint256 i = 0; i < PAYEES; ++i) {
                uint256 claimable = _vault.claimable(_payees[i], asset);
                owed += claimable;
                uint256 received = claimable + _balanceOf(a, _payees[i]) + _balanceOf(a, _purses[i]);
                if (received != _earned[i][a])
                    revert PaidOtherThanOnce(_step, _payees[i], asset, received, _earned[i][a]);
            }
            uint256 credited = _vault.credited(asset);
            if (credited != owed) revert NotConserved(_step, asset, credited, owed);
            uint256 balance = _balanceOf(a, address(_vault));
            if (balance < credited && !(a == REBASING && _isRebasedDown))
                revert BalanceShort(_step, asset, balance, credited);
        }
    }

    /// @dev iTR-023: what a pool's enclaves hold, or those of all pools, is what is promised there.
    function _requireInEnclaves(bytes32 pool, address asset, uint256 promised) private view {
        uint256 held = _vault.enclaveCommitted(pool, asset);
        if (held != promised) revert EnclavesDiffer(_step, pool, asset, held, promised);
    }

    /// @dev No call has changed a project that it was not about.
    function _requireUntouched() internal view {
        for (uint256 i = 0; i < PLACES; ++i) _requireSaid(_known[i].id, _known[i].said);
    }

    function _requireSaid(bytes32 id, bytes32 said) internal view {
        if (id == 0) return;
        (IBudgetLedger.Project memory project, IBudgetLedger.MilestoneState[] memory found) = _read(id);
        if (keccak256(abi.encode(project, found)) != said) revert ChangedUntouched(_step, id);
    }

    function _isFinal(IBudgetLedger.MilestoneStatus status) internal pure returns (bool) {
        return status == IBudgetLedger.MilestoneStatus.Paid || status == IBudgetLedger.MilestoneStatus.Reclaimed;
    }

    /// @dev The one place where amounts change: what of a milestone is not paid is promised from its plan on until it is Paid or
    /// Reclaimed, and earned as it is paid, in parts or at once. Both are final, so that none is earned twice; what was paid never
    /// becomes less.
    function _book(
        KnownProject storage known,
        uint256 index,
        IBudgetLedger.MilestoneState memory found,
        bool amends
    ) private {
        KnownMilestone storage before = known.milestones[index];
        if (!_isEdge(before.status, found.status, amends))
            revert WrongEdge(_step, known.id, index, before.status, found.status);
        bool isSame = before.amount == found.amount && before.deadline == found.deadline;
        bool wasPending = before.status <= IBudgetLedger.MilestoneStatus.Pending;
        bool isSameTime = before.status != found.status || before.payableFrom == found.payableFrom;
        if (_isFinal(before.status) && found.paid != before.paid) revert TermsChanged(_step, known.id, index);
        if (!isSameTime || !(isSame || (amends && wasPending))) revert TermsChanged(_step, known.id, index);

        bool wasPromised = before.status != IBudgetLedger.MilestoneStatus.None && !_isFinal(before.status);
        uint256 less = wasPromised ? before.amount - before.paid : 0;
        uint256 more = _isFinal(found.status) ? 0 : found.amount - found.paid;
        _promised[known.asset] = _promised[known.asset] + more - less;
        if (known.enclaveOf != 0) {
            uint256[ASSETS] storage held = _inEnclaves[known.enclaveOf - 1];
            held[known.asset] = held[known.asset] + more - less;
        }
        _earned[known.payee][known.asset] += found.paid - before.paid;
        (before.status, before.amount, before.paid) = (found.status, found.amount, found.paid);
        (before.deadline, before.payableFrom) = (found.deadline, found.payableFrom);
    }

    function _isEdge(
        IBudgetLedger.MilestoneStatus from,
        IBudgetLedger.MilestoneStatus to,
        bool amends
    ) private pure returns (bool) {
        if (from == IBudgetLedger.MilestoneStatus.None) return amends && to == IBudgetLedger.MilestoneStatus.Pending;
        if (from == to) return true;
        if (_isFinal(from)) return false;
        return to != IBudgetLedger.MilestoneStatus.None;
    }

    function _read(
        bytes32 id
    ) private view returns (IBudgetLedger.Project memory project, IBudgetLedger.MilestoneState[] memory found) {
        project = _vault.getProject(id);
        found = new IBudgetLedger.MilestoneState[](project.milestones);
        for (uint32 i = 0; i < found.length; ++i) found[i] = _vault.getMilestone(id, i);
    }
}
