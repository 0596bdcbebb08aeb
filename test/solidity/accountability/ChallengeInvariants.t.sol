// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHeartbeatOracle} from "../../../contracts/oracle/IHeartbeatOracle.sol";
import {IJournal} from "../../../contracts/journal/IJournal.sol";
import {JournalFold} from "../support/JournalFold.sol";
import {vm} from "../support/Vm.sol";
import {ChallengeStage} from "./ChallengeStage.sol";

/// @dev Red teams challenge, withdraw and claim, an anchor rules or is silent, terms change, the pot is filled (in the middle of a ruling as
/// well) and emptied, at random. Keeps its own account of what each challenger put in, may get and got.
contract ChallengeActor is ChallengeStage {
    struct Known {
        address challenger;
        uint256 bond;
        uint256 reward;
        uint256 paid;
        bool ended;
        bool hasTeam;
    }

    uint96 private constant MAX = 100e18;

    bytes32 public folded;
    uint256 public given;
    uint256 public taken;
    uint256 public paidTwice;
    uint256 public overpaid;
    uint256 public misrewarded;
    uint256 public misreserved;
    uint256 public misjudged;
    uint256 public claims;
    uint256 public ends;

    bytes32[] private _ids;
    mapping(bytes32 challenge => Known) private _known;
    mapping(address challenger => uint256) private _owed;

    modifier journaled() {
        vm.recordLogs();
        _;
        folded = JournalFold.fold(folded, vm.getRecordedLogs(), address(_challenges));
    }

    receive() external payable {}

    constructor() {
        vm.recordLogs();
        _deploy();
        _challenges.setTerms(1e18 + 1, 3e17, JUDGE);
        folded = JournalFold.fold(0, vm.getRecordedLogs(), address(_challenges));
    }

    function pass(uint16 time) external {
        vm.warp(block.timestamp + (time % 700));
        vm.roll(block.number + 1);
    }

    function setTerms(uint96 bond, uint96 reward) external journaled {
        bond %= MAX;
        reward %= bond + 2; // one beyond the bond as well
        try _challenges.setTerms(bond, reward, JUDGE) {
            if (bond != 0 && reward > bond) ++misjudged;
        } catch {
            if (bond == 0 || reward <= bond) ++misjudged;
        }
    }

    function setWorld(uint8 tiers, bool fails) external {
        _world.set(tiers % 3, fails);
    }

    function fundByRuling(uint64 amount) external {
        vm.deal(address(_world), amount);
    }

    function fund(uint64 amount) external journaled {
        vm.deal(address(this), amount);
        (bool worked, ) = address(_challenges).call{value: amount}("");
        require(worked, "the pot took no coin");
        given += amount;
    }

    function withdrawPot(uint256 amount) external journaled {
        (, , uint256 pot, uint256 reserved) = _challenges.books();
        amount %= pot + 2;
        try _challenges.withdrawPot(amount, payable(address(0xDEAD)), JUDGE) {
            taken += amount;
            if (amount > pot - reserved) ++misjudged;
        } catch {
            if (amount <= pot - reserved) ++misjudged;
        }
    }

    function open(uint8 who, uint8 leaf, uint96 least) external journaled {
        (uint96 bond, uint96 reward, ) = _challenges.terms();
        if (leaf % 4 == 3) reward = 0; // no team
        uint256 free = _free();
        if (free < reward) reward = uint96(free); // safe: less than what has 96 bits
        least %= reward + 2;
        address challenger = _red(who);
        IHeartbeatOracle.ReportHeader memory header;
        header.index = 1;
        header.epoch = 1;
        vm.deal(challenger, bond);
        vm.prank(challenger);
        try
            _challenges.open{value: bond}(_plan(leaf % 4), header, _leaf(leaf % 4), new bytes32[](0), "evidence", least)
        returns (bytes32 id) {
            _ids.push(id);
            _known[id] = Known(challenger, bond, reward, 0, false, leaf % 4 != 3);
            given += bond;
            if (_challenges.getChallenge(id).reward != reward || reward < least) ++misreserved;
        } catch {}
    }

    function uphold(uint8 which) external journaled {
        bytes32 id = _id(which);
        bool falls = _known[id].hasTeam && _world.tiers() != 0 && !_world.fails();
        uint256 before = address(_world).balance;
        vm.prank(JUDGE);
        try _challenges.uphold(id, 0, "gamed") {
            given += before - address(_world).balance;
            _end(id, _known[id].bond + (falls ? _known[id].reward : 0));
            if (_paid(id) != _known[id].paid) ++misrewarded;
        } catch {}
    }

    function reject(uint8 which) external journaled {
        bytes32 id = _id(which);
        vm.prank(JUDGE);
        try _challenges.reject(id, 0, "not gamed") {
            _end(id, 0);
        } catch {}
    }

    function withdraw(uint8 which) external journaled {
        bytes32 id = _id(which);
        vm.prank(_known[id].challenger);
        try _challenges.withdraw(id) {
            _end(id, _known[id].bond / 2);
        } catch {}
    }

    function returnBond(uint8 which) external journaled {
        bytes32 id = _id(which);
        try _challenges.returnBond(id) {
            _end(id, _known[id].bond);
        } catch {}
    }

    function claim(uint8 who) external journaled {
        address challenger = _red(who);
        address payable to = payable(address(uint160(0xC0FFEE)));
        uint256 before = to.balance;
        vm.prank(challenger);
        try _challenges.claim(to) {
            uint256 got = to.balance - before;
            if (got != _owed[challenger]) ++overpaid;
            _owed[challenger] = 0;
            taken += got;
            ++claims;
        } catch {}
    }

    /// @dev Whether every coin is where the books say.
    function booksHold() external view returns (bool) {
        (uint256 bonds, uint256 claimed, uint256 pot, uint256 reserved) = _challenges.books();
        uint256 open_;
        uint256 promised;
        uint256 owed;
        for (uint256 i = 0; i < _ids.length; ++i) {
            if (_known[_ids[i]].ended) continue;
            open_ += _known[_ids[i]].bond;
            promised += _known[_ids[i]].reward;
        }
        if (reserved != promised || reserved > pot) return false;
        for (uint8 who = 0; who < 3; ++who) {
            if (_challenges.claimable(_red(who)) != _owed[_red(who)]) return false;
            owed += _owed[_red(who)];
        }
        uint256 balance = address(_challenges).balance;
        return bonds == open_ && claimed == owed && balance == bonds + claimed + pot && balance == given - taken;
    }

    function headHolds() external view returns (bool) {
        return IJournal(address(_challenges)).journalHead() == folded;
    }

    function _end(bytes32 id, uint256 paid) private {
        Known storage known = _known[id];
        if (known.ended) ++paidTwice;
        if (paid > known.bond + known.reward) ++overpaid;
        known.ended = true;
        known.paid = paid;
        _owed[known.challenger] += paid;
        ++ends;
    }

    /// @dev What the contract credited beyond what was owed before: the whole claim less the rest.
    function _paid(bytes32 id) private view returns (uint256) {
        address challenger = _known[id].challenger;
        return _challenges.claimable(challenger) + _known[id].paid - _owed[challenger];
    }

    function _free() private view returns (uint256) {
        (, , uint256 pot, uint256 reserved) = _challenges.books();
        return pot - reserved;
    }

    function _red(uint8 who) private pure returns (address) {
        return address(uint160(0xB0 + (who % 3)));
    }

    function _id(uint8 which) private view returns (bytes32) {
        return _ids.length == 0 ? bytes32(0) : _ids[which % _ids.length];
    }
}

contract ChallengeInvariants {
    ChallengeActor private _actor;
    address[] private _targets;

    function setUp() external {
        _actor = new ChallengeActor();
        _targets.push(address(_actor));
    }

    function targetContracts() external view returns (address[] memory) {
        return _targets;
    }

    /// iCH-001, iCH-009: balance = bonds + claims + reserved + free, and each is what the acts add up to.
    function invariant_EveryCoinIsAccountedFor() external view {
        require(_actor.booksHold(), "the books are not what the acts add up to");
    }

    /// iCH-002
    function invariant_AChallengePaysOnceAndItsTermsAtMost() external view {
        require(_actor.paidTwice() == 0, "a challenge ended twice");
        require(_actor.overpaid() == 0, "a challenge paid more than bond and reward");
    }

    /// iCH-003
    function invariant_NoRewardWithoutAPenalty() external view {
        require(_actor.misrewarded() == 0, "the reward is not the one that the penalty earns");
    }

    /// iCH-009
    function invariant_AnOpeningReservesItsRewardOrWhatIsFree() external view {
        require(_actor.misreserved() == 0, "an opening reserved something else");
        require(_actor.misjudged() == 0, "what is reserved could be taken, or what is free could not");
    }

    /// iJO-001
    function invariant_TheHeadIsTheFoldOfAllLogs() external view {
        require(_actor.headHolds(), "the head is not the fold of the logs");
    }

    /// The acts above do reach what they are about, by one fixed sequence.
    function test_ASequenceThatPasses() external {
        _actor.fund(1e18);
        _actor.open(0, 0, 3e17);
        _actor.open(1, 1, 3e17);
        _actor.open(2, 2, 3e17);
        _actor.open(0, 3, 0);
        _actor.fundByRuling(1e18);
        _actor.uphold(0);
        _actor.reject(1);
        _actor.withdraw(2);
        _actor.pass(650);
        _actor.pass(650);
        _actor.returnBond(3);
        _actor.claim(0);
        _actor.claim(1);
        _actor.claim(2);
        require(_actor.ends() == 4 && _actor.claims() == 2, "not every act was reached");
        require(_actor.booksHold() && _actor.headHolds(), "the books do not hold");
    }
}
