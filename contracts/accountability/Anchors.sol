// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {IAuthority} from "../authority/IAuthority.sol";
import {JournaledAccessManaged} from "../journal/JournaledAccessManaged.sol";
import {SignedTypes} from "../types/SignedTypes.sol";
import {IAnchors} from "./IAnchors.sol";

/// @title Anchors: the named humans with whom every automatic decision ends
/// @dev Design:
/// - An office proposes, the human accepts by signature: nobody is made responsible by others.
/// - Liveness is written into the authority at every change, so that a grant or a task never outlives its anchor.
/// - An approval holds for the enrolment in which it was given and counts while its anchor is live; both are decided when
///   read. The list that is walked for it is bounded.
/// - On the removal of a live anchor, newer ones have no say before they have been there for a period. Otherwise an office
///   could enrol humans that it invents and have them remove everybody else at once; so the others can remove those first.
///
/// Trust: the enrolment office chooses who may become an anchor, and thereby in the long run who forms the quorum. It cannot
/// remove one. While no anchor is live nothing can be approved.
contract Anchors is IAnchors, JournaledAccessManaged, EIP712 {
    struct Anchor {
        AnchorStatus status; // None, Enrolled, Live or Removed; Lapsed is derived
        uint48 liveUntil;
        uint32 term; // number of enrolments
        uint8 position; // in the list, while Live
        uint48 acceptedAt;
        bytes32 identity;
    }

    /// @dev Both enrolments are stored, so that no removal has to look for nominations.
    struct Substitution {
        address substitute;
        uint32 substituteTerm;
        uint32 anchorTerm;
    }

    uint256 private constant MAX_ANCHORS = 64;
    uint48 private constant ANY = type(uint48).max;
    uint32 private constant MIN_PERIOD = 1 days;
    uint32 private constant MAX_PERIOD = 366 days;

    uint32 private immutable PERIOD;

    mapping(address anchor => Anchor) private _anchors;
    mapping(bytes32 operation => mapping(address anchor => uint32 term)) private _approvals;
    mapping(address anchor => Substitution) private _substitutions;
    address[] private _accepted;

    /// @param authority_ The authority, in which this contract holds `ANCHORS_ROLE`.
    /// @param period Seconds for which an acceptance or a check-in keeps an anchor live; 30 days by default in deployment.
    constructor(
        address authority_,
        uint32 period
    ) AccessManaged(authority_) EIP712(SignedTypes.ANCHORS_DOMAIN, SignedTypes.ANCHORS_VERSION) {
        if (period < MIN_PERIOD || period > MAX_PERIOD) revert AnchorsInvalidPeriod(period, MIN_PERIOD, MAX_PERIOD);
        PERIOD = period;
    }

    /// @inheritdoc IAnchors
    function enrol(address anchor, bytes32 identity) external restricted {
        if (identity == 0) revert AnchorsInvalidIdentity(anchor);
        Anchor storage stored = _anchors[anchor];
        if (stored.status != AnchorStatus.None && stored.status != AnchorStatus.Removed) {
            revert AnchorsUnexpectedStatus(anchor, statusOf(anchor), AnchorStatus.None);
        }
        stored.status = AnchorStatus.Enrolled;
        stored.liveUntil = 0;
        stored.identity = identity;
        ++stored.term;
        _record(AnchorEnrolled.selector, _word(anchor), abi.encode(identity, _callId(), _msgSender()));
    }

    /// @inheritdoc IAnchors
    function accept(address anchor, uint48 deadline, bytes calldata signature) external {
        // Check
        Anchor storage stored = _anchors[anchor];
        if (stored.status != AnchorStatus.Enrolled) {
            revert AnchorsUnexpectedStatus(anchor, statusOf(anchor), AnchorStatus.Enrolled);
        }
        uint48 nowTime = Time.timestamp();
        if (nowTime >= deadline) revert AnchorsSignatureExpired(deadline, nowTime);
        if (_accepted.length == MAX_ANCHORS) revert AnchorsTooMany(MAX_ANCHORS);
        bytes32 identity = stored.identity;
        bytes32 digest = _hashTypedDataV4(
            keccak256(abi.encode(SignedTypes.ANCHOR_OATH_TYPEHASH, anchor, identity, uint256(stored.term), deadline))
        );
        if (!SignatureChecker.isValidSignatureNowCalldata(anchor, digest, signature)) {
            revert AnchorsInvalidSignature(anchor, digest);
        }

        // Effect
        uint48 until = nowTime + PERIOD;
        stored.status = AnchorStatus.Live;
        stored.liveUntil = until;
        stored.acceptedAt = nowTime;
        stored.position = uint8(_accepted.length); // safe: below MAX_ANCHORS
        _accepted.push(anchor);
        _record(AnchorAccepted.selector, _word(anchor), abi.encode(identity, until, digest, _msgSender()));

        // Interaction
        IAuthority(authority()).setAnchorLiveness(anchor, until);
    }

    /// @inheritdoc IAnchors
    function checkIn() external {
        address anchor = _msgSender();
        Anchor storage stored = _anchors[anchor];
        if (stored.status != AnchorStatus.Live) {
            revert AnchorsUnexpectedStatus(anchor, stored.status, AnchorStatus.Live);
        }
        uint48 until = Time.timestamp() + PERIOD;
        stored.liveUntil = until;
        _record(AnchorCheckedIn.selector, _word(anchor), abi.encode(until, _callId(), anchor));
        IAuthority(authority()).setAnchorLiveness(anchor, until);
    }

    /// @inheritdoc IAnchors
    function resign() external {
        _remove(_msgSender(), _callId());
    }

    /// @inheritdoc IAnchors
    function remove(address anchor) external {
        bytes32 operation = removalOperation(anchor);
        (uint256 approvals, uint256 required) = _tally(operation, _isLive(anchor) ? _anchors[anchor].acceptedAt : ANY);
        if (approvals < required) revert AnchorsQuorumNotReached(operation, approvals, required);
        _remove(anchor, operation);
    }

    /// @inheritdoc IAnchors
    function approve(bytes32 operation) external {
        address anchor = _msgSender();
        _requireLive(anchor);
        uint32 term = _anchors[anchor].term;
        if (_approvals[operation][anchor] == term) revert AnchorsAlreadyApproved(operation, anchor);
        _approvals[operation][anchor] = term;
        _record(OperationApproved.selector, operation, _word(anchor), abi.encode(operation, anchor));
    }

    /// @inheritdoc IAnchors
    function setSubstitute(address substitute) external {
        address anchor = _msgSender();
        if (substitute == anchor) revert AnchorsInvalidSubstitute(anchor);
        _requireLive(anchor);
        if (substitute != address(0)) _requireLive(substitute);
        _substitutions[anchor] = Substitution({
            substitute: substitute,
            substituteTerm: _anchors[substitute].term,
            anchorTerm: _anchors[anchor].term
        });
        _record(SubstituteNamed.selector, _word(anchor), _word(substitute), abi.encode(_callId(), anchor));
    }

    /// @inheritdoc IAnchors
    function isApproved(bytes32 operation) external view returns (bool) {
        (uint256 approvals, uint256 required) = _tally(operation, ANY);
        return approvals >= required;
    }

    /// @inheritdoc IAnchors
    function removalOperation(address anchor) public view returns (bytes32) {
        // The term: an approval to remove somebody is spent with that removal and says nothing about a later enrolment.
        return keccak256(abi.encode("remove", block.chainid, address(this), anchor, _anchors[anchor].term));
    }

    /// @inheritdoc IAnchors
    function statusOf(address anchor) public view returns (AnchorStatus) {
        AnchorStatus status = _anchors[anchor].status;
        return status == AnchorStatus.Live && !_isLive(anchor) ? AnchorStatus.Lapsed : status;
    }

    /// @inheritdoc IAnchors
    function substituteOf(address anchor) external view returns (address) {
        Substitution storage named = _substitutions[anchor];
        address substitute = named.substitute;
        Anchor storage stored = _anchors[anchor];
        bool holds =
            stored.status == AnchorStatus.Live && // or lapsed
                stored.term == named.anchorTerm &&
                _anchors[substitute].term == named.substituteTerm;
        return holds ? substitute : address(0);
    }

    /// @inheritdoc IAnchors
    function identityOf(address anchor) external view returns (bytes32) {
        return _anchors[anchor].identity;
    }

    /// @inheritdoc IAnchors
    function liveUntil(address anchor) external view returns (uint48) {
        return _anchors[anchor].liveUntil;
    }

    /// @inheritdoc IAnchors
    function nonceOf(address anchor) external view returns (uint256) {
        return _anchors[anchor].term;
    }

    /// @inheritdoc IAnchors
    function quorum() external view returns (uint256 required) {
        (, required) = _tally(0, ANY);
    }

    /// @inheritdoc IAnchors
    function anchors() external view returns (address[] memory) {
        return _accepted;
    }

    /// @inheritdoc IAnchors
    function periodSeconds() external view returns (uint32) {
        return PERIOD;
    }

    function _remove(address anchor, bytes32 cause) private {
        Anchor storage stored = _anchors[anchor];
        AnchorStatus status = stored.status;
        if (status != AnchorStatus.Enrolled && status != AnchorStatus.Live) {
            revert AnchorsUnexpectedStatus(anchor, status, AnchorStatus.Live);
        }
        uint48 nowTime = Time.timestamp();
        bool cutShort = stored.liveUntil > nowTime;
        stored.status = AnchorStatus.Removed;
        if (cutShort) stored.liveUntil = nowTime;
        if (status == AnchorStatus.Live) {
            // The last anchor of the list takes the place that becomes free.
            address last = _accepted[_accepted.length - 1];
            _accepted[stored.position] = last;
            _anchors[last].position = stored.position;
            _accepted.pop();
        }
        _record(AnchorRemoved.selector, _word(anchor), abi.encode(cause, _msgSender()));
        if (cutShort) IAuthority(authority()).setAnchorLiveness(anchor, nowTime);
    }

    /// @dev Approvals by anchors that are live now, and how many are required: more than half of those, at least one. Counted
    /// are those that were accepted before `acceptedBefore`, or a period ago.
    function _tally(
        bytes32 operation,
        uint48 acceptedBefore
    ) private view returns (uint256 approvals, uint256 required) {
        uint48 nowTime = Time.timestamp();
        uint256 live = 0;
        uint256 length = _accepted.length; // at most MAX_ANCHORS
        for (uint256 i = 0; i < length; ++i) {
            address anchor = _accepted[i];
            if (!_isLive(anchor)) continue;
            uint48 acceptedAt = _anchors[anchor].acceptedAt;
            if (acceptedAt >= acceptedBefore && nowTime < acceptedAt + PERIOD) continue;
            ++live;
            if (_approvals[operation][anchor] == _anchors[anchor].term) ++approvals;
        }
        required = live / 2 + 1;
    }

    function _requireLive(address anchor) private view {
        AnchorStatus status = statusOf(anchor);
        if (status != AnchorStatus.Live) revert AnchorsUnexpectedStatus(anchor, status, AnchorStatus.Live);
    }

    /// @dev An anchor that never accepted, or was removed, has `liveUntil` in the past.
    function _isLive(address anchor) private view returns (bool) {
        return Time.timestamp() < _anchors[anchor].liveUntil;
    }

    function _word(address account) private pure returns (bytes32) {
        return bytes32(uint256(uint160(account)));
    }
}
