// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {MerklePath} from "../../../contracts/libraries/MerklePath.sol";
import {Shelf, StoredCode} from "../../../contracts/libraries/StoredCode.sol";
import {IBudgetLedger} from "../../../contracts/treasury/IBudgetLedger.sol";
import {MilestoneStatuses} from "../../../contracts/treasury/MilestoneStatuses.sol";
import {ProjectState, proposed} from "../../../contracts/treasury/ProjectState.sol";
import {ReportIndex} from "../../../contracts/types/Time.sol";
import {Bound} from "../support/Bound.sol";

/// @dev Keeps data as code, with libraries and a CREATE of its own in between.
contract ShelfOwner {
    Shelf private _shelf;

    function write(bytes calldata data) external returns (uint32) {
        return StoredCode.write(_shelf, data);
    }

    function read(uint32 entry) external view returns (bytes memory) {
        return StoredCode.read(entry);
    }

    function pointerOf(uint32 entry) external view returns (address) {
        return StoredCode.pointerOf(entry);
    }

    function createSomethingElse() external {
        assembly ("memory-safe") {
            pop(create(0, 0, 0))
        }
    }
}

/// @dev What is packed by hand, held against the plain way: an attacker looks for a field that leaks into its neighbour.
contract PackingTest {
    using Bound for uint256;

    error Differs(uint256 actual, uint256 expected);

    struct Fields {
        uint64 milestones;
        uint64 score;
        uint32 terms;
        uint32 paidThrough;
        uint32 lastProved;
        uint8 status;
        uint8 accepted;
        bool rising;
        uint8 flags;
        uint8 missing;
        uint8 count;
    }

    ShelfOwner private _owner;

    function setUp() public {
        _owner = new ShelfOwner();
    }

    function testFuzz_projectStateChangesOneFieldOnly(
        uint256 word,
        uint64 milestones,
        uint8 status,
        uint8 party
    ) public pure {
        ProjectState state = _stateOf(word);
        Fields memory expected = _read(state);

        expected.milestones = milestones;
        state = state.withMilestones(MilestoneStatuses.wrap(milestones));
        _requireFields(state, expected);

        expected.status = uint8(uint256(status).within(0, 5));
        state = state.withStatus(IBudgetLedger.ProjectStatus(expected.status));
        _requireFields(state, expected);

        IBudgetLedger.Party accepting = IBudgetLedger.Party(uint256(party).within(0, 1));
        expected.accepted |= uint8(1) << uint8(accepting);
        state = state.withAcceptance(accepting);
        _requireFields(state, expected);
    }

    function testFuzz_renewalReplacesTheLeaseAndNothingElse(
        uint256 word,
        uint32 paidThrough,
        uint32 report,
        uint64 score,
        uint8 missing,
        bool rising
    ) public pure {
        ProjectState state = _stateOf(word);
        Fields memory expected = _read(state);
        (expected.paidThrough, expected.lastProved) = (paidThrough, report);
        (expected.score, expected.missing, expected.rising) = (score, missing, rising);
        _requireFields(state.renewed(ReportIndex.wrap(paidThrough), report, score, missing, rising), expected);
    }

    function testFuzz_activationKeepsTheProposal(
        uint32 terms,
        uint8 count,
        bool byPayee,
        uint32 paidThrough
    ) public pure {
        Fields memory expected;
        (expected.terms, expected.count, expected.status) = (terms, uint8(uint256(count).within(1, 32)), 1);
        ProjectState state = proposed(terms, expected.count);
        _requireFields(state, expected);
        IBudgetLedger.Party party = byPayee ? IBudgetLedger.Party.Payee : IBudgetLedger.Party.Anchor;
        (expected.accepted, expected.status, expected.paidThrough) = (byPayee ? 1 : 2, 2, paidThrough);
        _requireFields(state.withAcceptance(party).activated(ReportIndex.wrap(paidThrough)), expected);
    }

    function testFuzz_milestoneStatusesDoNotTouchEachOther(uint64 before, uint8 index, uint8 status) public pure {
        uint256 changed = uint256(index).within(0, 31);
        uint256 next = uint256(status).within(1, 4);
        MilestoneStatuses statuses = MilestoneStatuses.wrap(before);
        MilestoneStatuses later = statuses.withStatus(changed, IBudgetLedger.MilestoneStatus(next));
        bool allSettled = true;
        for (uint256 i = 0; i < 32; ++i) {
            uint256 expected = i == changed ? next : ((before >> (2 * i)) & 3) + 1;
            _requireEqual(uint256(later.statusOf(i)), expected);
            allSettled = allSettled && expected >= uint256(IBudgetLedger.MilestoneStatus.Paid);
            _requireEqual(later.isSettled(i + 1) ? 1 : 0, allSettled ? 1 : 0);
        }
    }

    function testFuzz_reclaimedTakesWhatIsPendingAndNothingElse(uint64 before, uint8 count) public pure {
        uint256 milestones = uint256(count).within(0, 32);
        MilestoneStatuses expected = MilestoneStatuses.wrap(before);
        for (uint256 i = 0; i < milestones; ++i) {
            if (expected.statusOf(i) != IBudgetLedger.MilestoneStatus.Pending) continue;
            expected = expected.withStatus(i, IBudgetLedger.MilestoneStatus.Reclaimed);
        }
        MilestoneStatuses actual = MilestoneStatuses.wrap(before).reclaimed(milestones);
        _requireEqual(MilestoneStatuses.unwrap(actual), MilestoneStatuses.unwrap(expected));
    }

    /// @dev Reference: RLP by its definition, in bytes.
    function testFuzz_codeIsFoundAtTheAddressOfItsNumber(uint32 entry, uint8 bits) public view {
        // Lengths of the number are as likely as each other.
        uint32 number = uint32(uint256(entry >> (bits % 32)).within(1, type(uint32).max));
        bytes memory digits = abi.encodePacked(number);
        uint256 zeros = 0;
        while (digits[zeros] == 0) ++zeros;
        bytes memory encoded = number < 0x80 ? bytes("") : abi.encodePacked(uint8(0x80 + 4 - zeros));
        for (uint256 i = zeros; i < 4; ++i) encoded = abi.encodePacked(encoded, digits[i]);
        bytes memory list = abi.encodePacked(uint8(0xc0 + 21 + encoded.length), uint8(0x94), address(_owner), encoded);
        _requireEqual(uint160(_owner.pointerOf(number)), uint160(uint256(keccak256(list))));
    }

    function testFuzz_codeKeepsWhatWasWritten(bytes calldata data) public {
        uint32 entry = _owner.write(data);
        _requireEqual(uint256(keccak256(_owner.read(entry))), uint256(keccak256(data)));
        // solhint-disable-next-line avoid-low-level-calls
        (bool worked, bytes memory answer) = _owner.pointerOf(entry).call{gas: 10_000}("\xff");
        _requireEqual(worked && answer.length == 0 ? 1 : 0, 1); // STOP: it does nothing and is still there
        _requireEqual(uint256(keccak256(_owner.read(entry))), uint256(keccak256(data)));
    }

    /// @dev A size that wraps in the constructor's sixteen bits would keep a short piece of a long text.
    function test_codeThatDoesNotFitIsRefusedAndNotCutShort() public {
        _requireEqual(_owner.write(new bytes(StoredCode.MAX_LENGTH)), 1);
        uint256[4] memory lengths = [uint256(StoredCode.MAX_LENGTH + 1), 0xffff, 0x10000, 0x10010];
        for (uint256 i = 0; i < lengths.length; ++i) {
            bytes memory data = new bytes(lengths[i]);
            try _owner.write(data) {
                revert Differs(1, 0);
            } catch (bytes memory reason) {
                bytes memory refusal = abi.encodeWithSelector(StoredCode.StoredCodeNotWritten.selector, lengths[i]);
                _requireEqual(uint256(keccak256(reason)), uint256(keccak256(refusal)));
            }
        }
    }

    /// @dev An entry must never name code that was not written as that entry.
    function test_afterAnyOtherCreationNothingIsWrittenUnderAWrongNumber() public {
        _requireEqual(_owner.write("first"), 1);
        _owner.createSomethingElse();
        try _owner.write("second") {
            revert Differs(1, 0);
        } catch (bytes memory reason) {
            bytes memory refusal = abi.encodeWithSelector(StoredCode.StoredCodeNotWritten.selector, 6);
            _requireEqual(uint256(keccak256(reason)), uint256(keccak256(refusal)));
        }
        _requireEqual(uint256(keccak256(_owner.read(1))), uint256(keccak256("first")));
    }

    function testFuzz_pathLeadsWhereOpenZeppelinsLeads(bytes32 leaf, bytes32[] calldata siblings) public pure {
        bytes32 expected = MerkleProof.processProofCalldata(siblings, leaf);
        _requireEqual(uint256(MerklePath.rootOf(leaf, siblings)), uint256(expected));
    }

    function _stateOf(uint256 word) private pure returns (ProjectState) {
        uint256 status = ((word >> 224) & 0xff).within(0, 5);
        return ProjectState.wrap((word & ~(uint256(0xff) << 224)) | (status << 224));
    }

    /// @dev By the documented layout, from the lowest bit on.
    function _read(ProjectState state) private pure returns (Fields memory) {
        uint256 word = ProjectState.unwrap(state);
        return
            Fields({
                milestones: uint64(word),
                score: uint64(word >> 64),
                terms: uint32(word >> 128),
                paidThrough: uint32(word >> 160),
                lastProved: uint32(word >> 192),
                status: uint8(word >> 224),
                accepted: uint8(word >> 232) & 15,
                rising: (word >> 236) & 1 == 1,
                flags: uint8(word >> 237) & 7,
                missing: uint8(word >> 240),
                count: uint8(word >> 248)
            });
    }

    function _requireFields(ProjectState state, Fields memory expected) private pure {
        _requireEqual(uint256(keccak256(abi.encode(_read(state)))), uint256(keccak256(abi.encode(expected))));
        _requireEqual(MilestoneStatuses.unwrap(state.milestonesOf()), expected.milestones);
        _requireEqual(state.scoreOf(), expected.score);
        _requireEqual(state.termsOf(), expected.terms);
        _requireEqual(ReportIndex.unwrap(state.paidThroughOf()), expected.paidThrough);
        _requireEqual(state.lastProvedReportOf(), expected.lastProved);
        _requireEqual(uint256(state.statusOf()), expected.status);
        _requireEqual(state.hasAccepted(IBudgetLedger.Party.Payee) ? 1 : 0, expected.accepted & 1);
        _requireEqual(state.hasAccepted(IBudgetLedger.Party.Anchor) ? 1 : 0, (expected.accepted >> 1) & 1);
        _requireEqual(state.isRising() ? 1 : 0, expected.rising ? 1 : 0);
        _requireEqual(state.missingOf(), expected.missing);
        _requireEqual(state.countOf(), expected.count);
    }

    function _requireEqual(uint256 actual, uint256 expected) private pure {
        if (actual != expected) revert Differs(actual, expected);
    }
}
