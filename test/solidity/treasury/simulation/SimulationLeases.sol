// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHeartbeatOracle} from "../../../../contracts/oracle/IHeartbeatOracle.sol";
import {IBudgetLedger} from "../../../../contracts/treasury/IBudgetLedger.sol";
import {IBudgetVault} from "../../../../contracts/treasury/IBudgetVault.sol";
import {Act, KnownProject} from "./SimulationBooks.sol";
import {SimulationProjects} from "./SimulationProjects.sol";

/// @dev How projects stay alive, and how those that do not are reclaimed, one by one and in batches.
abstract contract SimulationLeases is SimulationProjects {
    uint64 private constant THRESHOLD = 5e17;
    uint256 internal constant PROJECT_ACTS = 21;

    function _actOnProjects(uint256 which) internal {
        if (which < 4) _renew();
        else if (which < 10) _renewBatch();
        else if (which < 12) _reclaim();
        else if (which < 14) _reclaimBatch();
        else if (which == 14) _cancel();
        else if (which < 19) _amend();
        else _extendLease();
    }

    function _tryReclaim(address by, uint256 place) internal {
        bytes32 id = _known[place].id;
        (bool worked, ) = _try(Act.Reclaim, by, abi.encodeCall(IBudgetVault.reclaim, (id)));
        bool tookBack = worked && _vault.getProject(id).status == IBudgetLedger.ProjectStatus.Reclaimed;
        if (worked) _count(Act.Pass, tookBack);
        _touch(place, false);
    }

    function _renewal(bytes32 id) internal returns (bytes memory) {
        return abi.encodeCall(IBudgetVault.renewLease, (id, _header(), _score(), new bytes32[](0)));
    }

    function _renew() private {
        uint256 place = _pick();
        _try(Act.Renew, STRANGER, _renewal(_known[place].id));
        _touch(place, false);
    }

    /// @dev Of up to forty projects, in ascending order; now and then as they come. Enclaves, which no report proves, are among them rarely.
    function _renewBatch() private {
        (uint256[] memory places, bytes32[] memory ids) = _someProjects(1 + _below(40), _oneIn(12));
        if (!_oneIn(8)) _sort(ids);
        IBudgetLedger.LeafScore[] memory scores = new IBudgetLedger.LeafScore[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) scores[i] = _score();
        _try(
            Act.RenewBatch,
            STRANGER,
            abi.encodeCall(IBudgetVault.renewBatch, (_header(), ids, scores, new bytes32[](0), new uint256[](0)))
        );
        _touchAll(places);
    }

    function _reclaim() private {
        _tryReclaim(_oneIn(3) ? _anchors[_below(ANCHORS)] : STRANGER, _pick());
    }

    /// @dev Of none now and then.
    function _reclaimBatch() private {
        (uint256[] memory places, bytes32[] memory ids) = _someProjects(_oneIn(8) ? 0 : 1 + _below(10), true);
        address by = _oneIn(3) ? _anchors[_below(ANCHORS)] : STRANGER;
        (bool worked, bytes memory answer) = _try(
            Act.ReclaimBatch,
            by,
            abi.encodeCall(IBudgetVault.reclaimBatch, (ids))
        );
        if (worked) {
            IBudgetLedger.ReclaimOutcome[] memory outcomes = abi.decode(answer, (IBudgetLedger.ReclaimOutcome[]));
            for (uint256 i = 0; i < outcomes.length; ++i)
                _count(Act.TakeBack, outcomes[i] == IBudgetLedger.ReclaimOutcome.Reclaimed);
        }
        _touchAll(places);
    }

    /// @dev Different ones, from a random place on; at most `count`.
    function _someProjects(
        uint256 count,
        bool withReviewed
    ) private returns (uint256[] memory places, bytes32[] memory ids) {
        (places, ids) = (new uint256[](count), new bytes32[](count));
        uint256 first = _pick();
        uint256 found = 0;
        for (uint256 i = 0; i < PLACES && found < count; ++i) {
            uint256 place = (first + i) % PLACES;
            KnownProject storage known = _known[place];
            if (known.id == 0 || (known.isReviewed && !withReviewed)) continue;
            (places[found], ids[found]) = (place, known.id);
            ++found;
        }
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            mstore(places, found)
            mstore(ids, found)
        }
    }

    function _touchAll(uint256[] memory places) private {
        for (uint256 i = 0; i < places.length; ++i) _touch(places[i], false);
    }

    /// @dev Of the latest report, or of the one before.
    function _header() private returns (IHeartbeatOracle.ReportHeader memory header) {
        header.index = _latest > 1 && _oneIn(6) ? _latest - 1 : _latest;
        header.threshold = THRESHOLD;
    }

    function _score() private returns (IBudgetLedger.LeafScore memory leaf) {
        (leaf.outcome, leaf.grade, leaf.score) = (IHeartbeatOracle.Outcome.Value, 1, 9e17);
        if (_oneIn(10)) leaf.score = 1e17;
        if (!_oneIn(6)) return leaf;
        leaf.outcome = _oneIn(3) ? IHeartbeatOracle.Outcome.Refused : IHeartbeatOracle.Outcome.Missing;
        (leaf.grade, leaf.score) = (0, 0);
    }

    function _sort(bytes32[] memory ids) private pure {
        for (uint256 i = 1; i < ids.length; ++i) {
            bytes32 id = ids[i];
            uint256 place = i;
            for (; place > 0 && ids[place - 1] > id; --place) ids[place] = ids[place - 1];
            ids[place] = id;
        }
    }
}
