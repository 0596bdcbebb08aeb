// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AssetTransfer} from "../../../contracts/libraries/AssetTransfer.sol";
import {IHeartbeatOracle} from "../../../contracts/oracle/IHeartbeatOracle.sol";
import {IBudgetLedger} from "../../../contracts/treasury/IBudgetLedger.sol";
import {JournalFold} from "../support/JournalFold.sol";
import {vm} from "../support/Vm.sol";
import {VaultStage} from "./VaultStage.sol";

/// @dev What the actor itself knows of a project, kept apart from the vault in plain fields.
struct Known {
    bytes32 id;
    address asset;
    uint32 leaseReports;
    uint32 maxMissing;
    uint32 paidThrough;
    uint32 lastProved;
    uint32 missing;
    uint64 score;
    /// The report of the last rise that waits, or of the "missing" that followed it at once; 0 where none waits.
    uint32 risenAt;
    bool reclaimed;
    bool cancelled;
    uint32 version;
    IBudgetLedger.Milestone[] terms;
    IBudgetLedger.MilestoneStatus[] statuses;
    uint256[] payableFrom;
    uint128[] due;
    uint128[] paid;
}

/// @dev Acts on a vault at random, foretells whether each act succeeds from its own account of the rules, and counts where
/// the vault decided otherwise. Every log is folded as it is written.
abstract contract VaultActor is VaultStage {
    uint256 internal constant MAX_PROJECTS = 8;

    bytes32 public folded;
    uint256 public wrongDecisions;
    string public wrongAct;
    mapping(string act => uint256) public successes;
    mapping(string act => uint256) public refusals;

    Known[] internal _known;
    uint32 internal _latest;
    uint256 internal _acceptedAt;
    mapping(bytes32 digest => bool) public overturnedProof;
    mapping(bytes32 project => mapping(uint32 milestone => bytes32)) public proofOf;
    mapping(address asset => uint256) public pooled;
    mapping(address asset => uint256) public reclaimed;
    mapping(address asset => uint256) public owedToPayee; // paid, whether pushed or claimable

    modifier journaled() {
        vm.recordLogs();
        _;
        folded = JournalFold.fold(folded, vm.getRecordedLogs(), address(_vault));
    }

    constructor() payable {
        vm.recordLogs();
        _deploy();
        _furnish();
        folded = JournalFold.fold(0, vm.getRecordedLogs(), address(_vault));
        _acceptedAt = block.timestamp;
        (pooled[address(_token)], pooled[AssetTransfer.COIN]) = (FUNDS, FUNDS);
    }

    function pass(uint16 time) external {
        vm.warp(block.timestamp + (time % 200));
        vm.roll(block.number + 1);
    }

    /// @dev To a second that decides something, or to the one before it.
    function passTo(uint256 index, uint256 milestone, uint8 which, bool early) external {
        if (_known.length == 0) return;
        Known storage known = _known[index % _known.length];
        milestone %= known.terms.length;
        uint256 time = _acceptedAt + RENEWAL_WINDOW;
        if (which % 3 == 1) time = known.terms[milestone].deadline;
        if (which % 3 == 2) time = known.payableFrom[milestone];
        if (early && time > 0) --time;
        if (time <= block.timestamp || time > block.timestamp + 1000) return;
        vm.warp(time);
        vm.roll(block.number + 1);
    }

    /// @dev As the oracle does it: the renewal window after a report is over before the next report.
    function report() external {
        if (block.timestamp < _acceptedAt + RENEWAL_WINDOW) return;
        (_acceptedAt, _latest) = (block.timestamp, _latest + 1);
        _oracle.accept(_latest, uint48(block.timestamp));
    }

    function breakToken(bool broken) external {
        _token.setBroken(broken);
    }

    function open(uint256 seed, bool fromWallet) external journaled {
        if (_known.length == MAX_PROJECTS || _token.broken()) return;
        address asset = seed & 1 == 0 ? address(_token) : AssetTransfer.COIN;
        uint256 count = 1 + ((seed >> 1) % 3);
        IBudgetLedger.Plan memory plan = _plan(asset, count);
        plan.leaseReports = uint8(1 + ((seed >> 8) % 2));
        plan.initialReports = uint8(1 + ((seed >> 16) % 2));
        plan.maxMissing = uint8((seed >> 24) % 3);
        uint256 total = 0;
        for (uint256 i = 0; i < count; ++i) {
            uint256 own = uint256(keccak256(abi.encode(seed, i)));
            plan.milestones[i] = _milestone(
                uint128(1 + (own % 1e18)),
                uint48(block.timestamp + 1 + ((own >> 64) % 3000)),
                (own >> 128) % 2 == 0 ? 0 : uint32(1 + ((own >> 136) % 400))
            );
            total += plan.milestones[i].amount;
        }
        bytes32 id = _openAccepted(plan);
        if (fromWallet) {
            _vault.fundProject{value: asset == AssetTransfer.COIN ? total : 0}(id, id);
        } else {
            _vault.commitProject(id);
            pooled[asset] -= total;
        }
        _remember(id, plan);
    }

    function renew(uint256 index, uint8 outcome, uint64 score, uint8 back) external journaled {
        if (_known.length == 0) return;
        Known storage known = _known[index % _known.length];
        uint32 reportIndex = back % 4 == 0 && _latest > 0 ? _latest - 1 : _latest;
        IHeartbeatOracle.Outcome result = IHeartbeatOracle.Outcome(outcome % 4);
        score = _around(known, score);
        bool isValue = result == IHeartbeatOracle.Outcome.Value && score >= 5e17;
        bool isMissing = result == IHeartbeatOracle.Outcome.Missing && known.missing < known.maxMissing;
        bool expected =
            _isActive(known) && _isRunning(known) && reportIndex > known.lastProved && (isValue || isMissing);
        IHeartbeatOracle.ReportHeader memory header;
        (header.index, header.threshold) = (reportIndex, 5e17);
        bytes32[] memory proof = new bytes32[](0);
        try _vault.renewLease(known.id, header, IBudgetLedger.LeafScore(result, 1, score), proof) {
            _decided("renew", expected, true);
            _renewed(known, reportIndex, isValue, score);
        } catch {
            _refused("renew", expected);
        }
    }

    /// @dev As often on either side of what is a sudden rise as anywhere.
    function _around(Known storage known, uint64 seed) private view returns (uint64) {
        if (seed % 2 == 0 || known.score > 1e18 - MAX_RISE - 1) return seed % 1e18;
        return known.score + MAX_RISE + ((seed >> 1) % 2);
    }

    /// @dev The rule from the design's words: a sudden rise counts for its report only, until the next report shows one, too.
    function _renewed(Known storage known, uint32 reportIndex, bool isValue, uint64 score) private {
        bool waits = known.risenAt != 0 && known.risenAt + 1 == reportIndex;
        bool rises = isValue && known.score > 0 && score > known.score && score - known.score > MAX_RISE;
        bool isQuarantined = isValue ? rises && !waits : waits;
        if (rises) _decided("quarantine", isQuarantined, isQuarantined); // else it is confirmed
        uint32 bought = reportIndex + (isQuarantined ? 1 : known.leaseReports);
        if (bought > known.paidThrough) known.paidThrough = bought;
        if (isValue && !isQuarantined) known.score = score;
        known.risenAt = isQuarantined ? reportIndex : 0;
        (known.lastProved, known.missing) = (reportIndex, isValue ? 0 : known.missing + 1);
    }

    function release(uint256 index, uint32 milestone, uint256 signers, uint16 proofLife) external journaled {
        if (_known.length == 0) return;
        Known storage known = _known[index % _known.length];
        milestone %= uint32(known.terms.length);
        signers = signers % 8 == 0 ? signers % 3 : 3;
        // mostly the same proof again, now and then one that ends now or in the next second
        uint48 deadline = proofLife % 4 == 0 ? uint48(block.timestamp + ((proofLife / 4) % 2)) : type(uint48).max;
        IBudgetLedger.ProofClaim memory proof = IBudgetLedger.ProofClaim(known.id, milestone, "evidence", deadline);
        bytes32 digest = _vault.proofDigest(proof);
        bool expected = _isProvable(known, proof, digest) && signers == 3;
        bytes[] memory signatures = _sign(digest, signers);
        try _vault.release(proof, signers, signatures) returns (IBudgetLedger.PaymentOutcome outcome) {
            _decided("release", expected, true);
            _proved(known, milestone, known.terms[milestone].amount, digest, outcome);
        } catch {
            _refused("release", expected);
        }
    }

    function releasePart(uint256 index, uint32 milestone, uint256 signers, uint256 share) external journaled {
        if (_known.length == 0) return;
        Known storage known = _known[index % _known.length];
        milestone %= uint32(known.terms.length);
        signers = signers % 8 == 0 ? signers % 3 : 3;
        (uint128 amount, uint128 paid) = (known.terms[milestone].amount, known.paid[milestone]);
        // around what was paid and around the whole as often as between them
        uint128 part = paid + uint128(share % 2);
        if (share % 4 == 1) part = amount - uint128((share >> 8) % 2);
        if (share % 4 > 1) part = paid + uint128((share >> 8) % (uint256(amount) + 2));
        IBudgetLedger.ProofClaim memory proof = IBudgetLedger.ProofClaim(known.id, milestone, "part", type(uint48).max);
        bytes32 digest = _partDigest(proof, part);
        bool expected =
            _isProvable(known, proof, digest) &&
                signers == 3 &&
                part > paid &&
                part < amount &&
                known.terms[milestone].challengeWindow == 0;
        bytes[] memory signatures = _sign(digest, signers);
        try _vault.releasePart(proof, part, signers, signatures) returns (IBudgetLedger.PaymentOutcome outcome) {
            _decided("releasePart", expected, true);
            _proved(known, milestone, part, digest, outcome);
        } catch {
            _refused("releasePart", expected);
        }
    }

    function pay(uint256 index, uint32 milestone) external journaled {
        if (_known.length == 0) return;
        Known storage known = _known[index % _known.length];
        milestone %= uint32(known.terms.length);
        bool expected =
            known.statuses[milestone] == IBudgetLedger.MilestoneStatus.Proved &&
                block.timestamp >= known.payableFrom[milestone];
        try _vault.pay(known.id, milestone) returns (IBudgetLedger.PaymentOutcome outcome) {
            _decided("pay", expected, true);
            _paid(known, milestone, outcome);
        } catch {
            _refused("pay", expected);
        }
    }

    function overturn(uint256 index, uint32 milestone, bool byAnchor) external journaled {
        if (_known.length == 0) return;
        Known storage known = _known[index % _known.length];
        milestone %= uint32(known.terms.length);
        bool expected =
            byAnchor &&
                known.statuses[milestone] == IBudgetLedger.MilestoneStatus.Proved &&
                block.timestamp < known.payableFrom[milestone];
        vm.prank(byAnchor ? ANCHOR : PAYEE);
        try _vault.overturn(known.id, milestone, "why") {
            _decided("overturn", expected, true);
            overturnedProof[proofOf[known.id][milestone]] = true;
            known.statuses[milestone] = IBudgetLedger.MilestoneStatus.Pending;
            if (known.reclaimed || known.cancelled) _takenBack(known, milestone);
        } catch {
            _refused("overturn", expected);
        }
    }

    function reclaim(uint256 index) external journaled {
        if (_known.length == 0) return;
        Known storage known = _known[index % _known.length];
        bool expected = _isActive(known) && !_isRunning(known);
        try _vault.reclaim(known.id) {
            _decided("reclaim", expected, true);
            known.reclaimed = true;
            for (uint32 i = 0; i < known.terms.length; ++i) {
                if (known.statuses[i] == IBudgetLedger.MilestoneStatus.Pending) _takenBack(known, i);
            }
        } catch {
            _refused("reclaim", expected);
        }
    }

    function reclaimMilestone(uint256 index, uint32 milestone) external journaled {
        if (_known.length == 0) return;
        Known storage known = _known[index % _known.length];
        milestone %= uint32(known.terms.length);
        bool expected =
            known.statuses[milestone] == IBudgetLedger.MilestoneStatus.Pending &&
                block.timestamp >= known.terms[milestone].deadline;
        try _vault.reclaimMilestone(known.id, milestone) {
            _decided("reclaimMilestone", expected, true);
            _takenBack(known, milestone);
        } catch {
            _refused("reclaimMilestone", expected);
        }
    }

    function claim(bool coin) external journaled {
        address asset = coin ? AssetTransfer.COIN : address(_token);
        bool expected = _vault.claimable(PAYEE, asset) > 0 && (coin || !_token.broken());
        vm.prank(PAYEE);
        try _vault.claim(asset, PAYEE) {
            _decided("claim", expected, true);
        } catch {
            _refused("claim", expected);
        }
    }

    function surplus(uint64 amount) external journaled {
        if (amount == 0) return;
        _token.mint(address(_vault), amount);
        _vault.creditSurplus(_pool, address(_token));
        pooled[address(_token)] += amount;
    }

    function _remember(bytes32 id, IBudgetLedger.Plan memory plan) private {
        Known storage known = _known.push();
        (known.id, known.asset) = (id, plan.asset);
        (known.version, known.leaseReports, known.maxMissing) = (1, plan.leaseReports, plan.maxMissing);
        known.paidThrough = _latest + plan.initialReports;
        for (uint256 i = 0; i < plan.milestones.length; ++i) {
            known.terms.push(plan.milestones[i]);
            known.statuses.push(IBudgetLedger.MilestoneStatus.Pending);
            known.payableFrom.push(0);
            known.due.push(0);
            known.paid.push(0);
        }
    }

    function _proved(
        Known storage known,
        uint32 milestone,
        uint128 due,
        bytes32 digest,
        IBudgetLedger.PaymentOutcome outcome
    ) private {
        known.due[milestone] = due;
        uint32 window = known.terms[milestone].challengeWindow;
        if (window == 0) return _paid(known, milestone, outcome);
        known.statuses[milestone] = IBudgetLedger.MilestoneStatus.Proved;
        known.payableFrom[milestone] = block.timestamp + window;
        proofOf[known.id][milestone] = digest;
        if (outcome != IBudgetLedger.PaymentOutcome.Held) _decided("hold", true, false);
    }

    function _paid(Known storage known, uint32 milestone, IBudgetLedger.PaymentOutcome outcome) private {
        bool refuses = known.asset == address(_token) && _token.broken();
        _decided("push", !refuses, outcome == IBudgetLedger.PaymentOutcome.Paid);
        owedToPayee[known.asset] += known.due[milestone] - known.paid[milestone];
        known.paid[milestone] = known.due[milestone];
        if (known.due[milestone] == known.terms[milestone].amount) {
            known.statuses[milestone] = IBudgetLedger.MilestoneStatus.Paid;
        }
    }

    function _takenBack(Known storage known, uint32 milestone) internal {
        known.statuses[milestone] = IBudgetLedger.MilestoneStatus.Reclaimed;
        reclaimed[known.asset] += known.terms[milestone].amount - known.paid[milestone];
    }

    function _decided(string memory act, bool expected, bool happened) internal {
        if (happened) ++successes[act];
        else ++refusals[act];
        if (expected == happened) return;
        ++wrongDecisions;
        wrongAct = act;
    }

    /// @dev What a failed call wrote is recorded too, and was undone.
    function _refused(string memory act, bool expected) internal {
        vm.getRecordedLogs();
        _decided(act, expected, false);
    }

    /// @dev Whether a proof that enough attestors signed is accepted now.
    function _isProvable(
        Known storage known,
        IBudgetLedger.ProofClaim memory proof,
        bytes32 digest
    ) private view returns (bool) {
        return
            known.statuses[proof.milestone] == IBudgetLedger.MilestoneStatus.Pending &&
            block.timestamp < known.terms[proof.milestone].deadline &&
            block.timestamp < proof.deadline &&
            _isRunning(known) &&
            !overturnedProof[digest];
    }

    /// @dev Active as the vault means it: not ended, and something is neither paid nor taken back.
    function _isActive(Known storage known) internal view returns (bool) {
        if (known.reclaimed || known.cancelled) return false;
        for (uint256 i = 0; i < known.statuses.length; ++i) {
            if (known.statuses[i] <= IBudgetLedger.MilestoneStatus.Proved) return true;
        }
        return false;
    }

    /// @dev The rule of the lease, from the design's words: reports are paid for, or the window after the last one is open.
    function _isRunning(Known storage known) internal view returns (bool) {
        if (_latest < known.paidThrough) return true;
        return _latest == known.paidThrough && block.timestamp < _acceptedAt + RENEWAL_WINDOW;
    }
}
