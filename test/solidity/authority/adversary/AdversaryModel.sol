// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAuthorityLimits} from "../../../../contracts/authority/IAuthorityLimits.sol";

/// @dev What should have effect, kept apart from the authority and in another way: nothing is packed, nothing is shifted; every
/// impact that was charged stands in a list with its time, so that *in the last 24 hours* is a sum over a list.
///
/// Half-days decide a little more strictly than 24 hours, never less: what fits with all of the last 36 hours must pass, what
/// does not fit into 24 must not, and in between both are right.
abstract contract AdversaryModel {
    enum Kind {
        Plain,
        Costly,
        Spend,
        SpendOf
    }

    enum Expected {
        Refused,
        Allowed,
        ByApproval,
        Either
    }

    struct TaskModel {
        uint16 team;
        address anchor;
        uint48 deadline;
        bool over; // ended by its anchor, or by the end of its anchor's life
    }

    struct GrantModel {
        bool given;
        bool ended;
        uint32 task;
        uint48 from;
        uint48 until;
        bool counted;
        uint256 usesLeft;
        bool capped;
        uint256 capLeft;
    }

    struct Charge {
        uint256 time;
        uint256 impact;
    }

    struct ApprovalModel {
        address requester;
        uint16 team;
        uint256 openedAt;
        uint256 deadline;
        bool pending;
        bool approved;
        address resolver;
        uint256 usableUntil;
    }

    uint256 internal constant MAX_IMPACT = type(uint128).max;

    /// @dev The time, also for a compiler that takes the block's for constant within a call.
    uint256 internal _clock;
    mapping(uint32 task => TaskModel) internal _taskModel;
    mapping(address grantee => mapping(Kind => GrantModel)) internal _grantModel;
    mapping(uint16 team => Charge[]) internal _charges;
    mapping(uint16 team => IAuthorityLimits.Limits) internal _limitsModel;
    mapping(Kind => IAuthorityLimits.ActionFacts) internal _factsModel;
    mapping(Kind => bool) internal _isPublic;
    mapping(Kind => bool) internal _hasGranter;
    mapping(address anchor => uint48) internal _lifeModel;
    mapping(bytes32 operation => ApprovalModel) internal _approvalModel;
    bool internal _closedModel;
    uint256 internal _rateModel;
    uint256 internal _rateValidUntil;

    function _taskRuns(uint32 task) internal view returns (bool) {
        TaskModel storage model = _taskModel[task];
        return model.anchor != address(0) && !model.over && _clock < model.deadline;
    }

    function _hasEffect(address grantee, Kind kind) internal view returns (bool) {
        GrantModel storage model = _grantModel[grantee][kind];
        return _canHaveEffect(model) && _clock >= model.from;
    }

    /// @dev Now or later.
    function _canHaveEffect(GrantModel storage model) internal view returns (bool) {
        return
            model.given &&
            !model.ended &&
            _clock < model.until &&
            _taskRuns(model.task) &&
            (!model.counted || model.usesLeft != 0);
    }

    /// @dev Every rule for a call of `kind` by `caller`.
    function _expect(
        address caller,
        Kind kind,
        uint256 amount,
        bytes32 operation
    ) internal view returns (Expected, uint256 impact) {
        if (_closedModel) return (Expected.Refused, 0);
        if (_isPublic[kind]) return (Expected.Allowed, 0);
        if (!_hasEffect(caller, kind)) return (Expected.Refused, 0);
        uint16 team = _taskModel[_grantModel[caller][kind].task].team;
        Expected beyond = _isUsable(operation, team) ? Expected.ByApproval : Expected.Refused;
        bool known;
        (known, impact) = _impactOf(kind, amount);
        if (!known || !_isInside(kind, team)) return (beyond, impact);
        if (impact == 0) return (Expected.Allowed, 0);
        GrantModel storage model = _grantModel[caller][kind];
        if (model.capped && impact > model.capLeft) return (beyond, impact);
        uint256 limit = _limitsModel[team].maxImpact;
        if (_charged(team, 24 hours) + impact > limit) return (beyond, impact);
        return (_charged(team, 36 hours) + impact > limit ? Expected.Either : Expected.Allowed, impact);
    }

    function _isInside(Kind kind, uint16 team) internal view returns (bool) {
        IAuthorityLimits.ActionFacts storage facts = _factsModel[kind];
        IAuthorityLimits.Limits storage limits = _limitsModel[team];
        return
            facts.impact != IAuthorityLimits.ImpactKind.Unlisted &&
            facts.scope < 32 &&
            (limits.scopes / (2 ** facts.scope)) % 2 == 1 &&
            facts.reversibility >= limits.minReversibility;
    }

    function _impactOf(Kind kind, uint256 amount) internal view returns (bool known, uint256 impact) {
        if (kind == Kind.Plain) return (true, 0);
        if (kind == Kind.Costly) return (true, _factsModel[kind].fixedImpact);
        if (amount > MAX_IMPACT) amount = MAX_IMPACT;
        if (kind == Kind.Spend) return (true, amount);
        if (_rateModel == 0 || _clock >= _rateValidUntil) return (false, 0);
        uint256 scaled = amount * _rateModel;
        impact = scaled / 1e18 + (scaled % 1e18 == 0 ? 0 : 1);
        return (true, impact);
    }

    /// @dev Sum of what the team was charged in the last `span` seconds.
    function _charged(uint16 team, uint256 span) internal view returns (uint256 sum) {
        Charge[] storage charges = _charges[team];
        for (uint256 i = charges.length; i > 0; --i) {
            if (charges[i - 1].time + span <= _clock) break; // they are in the order of time
            sum += charges[i - 1].impact;
        }
    }

    function _isUsable(bytes32 operation, uint16 team) internal view returns (bool) {
        ApprovalModel storage model = _approvalModel[operation];
        return
            model.approved && model.team == team && _clock < model.usableUntil && _clock < _lifeModel[model.resolver];
    }
}
