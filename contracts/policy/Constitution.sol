// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {IAuthority} from "../authority/IAuthority.sol";
import {Roles} from "../types/Roles.sol";
import {IConstitution} from "./IConstitution.sol";
import {ITeams} from "./ITeams.sol";
import {ParameterTerms} from "./ParameterTerms.sol";
import {Rates} from "./Rates.sol";
import {Values} from "./Values.sol";

/// @title Constitution: see {IConstitution}
/// @dev Design:
/// - A change waits, can be withdrawn while it waits, and is forgotten where nobody enacts it.
/// - Consent is counted by team, among those and against the number of those that were open when the change was proposed. A
///   team that is opened later has no say in it; one that is closed later is not replaced.
/// - A change of a parameter that bounds cones rewrites them in the same transaction.
///
/// Trust: the structure office opens teams and names their anchors, and so in the long run decides who can consent; the root
/// office can always cancel.
contract Constitution is Values, Rates {
    using ParameterTerms for Terms;

    /// @dev Of the latest change of a parameter's office value.
    struct Ballot {
        uint32 number;
        uint16 electorate; // number of the newest team that has a say
    }

    uint32 private constant MIN_DELAY = 60;
    uint32 private constant MAX_DELAY = 30 days;
    uint48 private constant ENACTABLE_FOR = 14 days;

    uint32 private immutable CHANGE_DELAY;

    mapping(bytes32 parameter => mapping(uint16 team => Change)) private _pending;
    mapping(bytes32 parameter => Ballot) private _ballots;
    /// @dev Number of the ballot to which a team consented, so that no consent outlives its change.
    mapping(bytes32 parameter => mapping(uint16 team => uint32)) private _consentedTo;
    ITeams private _teams;

    /// @param authority_ The authority, in which this contract holds `RATES_ROLE`.
    /// @param changeDelaySeconds Least time between the announcement of a change and its effect.
    constructor(address authority_, uint32 changeDelaySeconds) AccessManaged(authority_) {
        if (changeDelaySeconds < MIN_DELAY || changeDelaySeconds > MAX_DELAY) {
            revert ConstitutionInvalidDelay(changeDelaySeconds, MIN_DELAY, MAX_DELAY);
        }
        CHANGE_DELAY = changeDelaySeconds;
    }

    /// @inheritdoc IConstitution
    function wireTeams(address teams) external restricted {
        if (address(_teams) != address(0)) revert ConstitutionAlreadyWired(address(_teams));
        if (teams.code.length == 0 || ITeams(teams).constitution() != address(this)) {
            revert ConstitutionForeignTeams(teams);
        }
        _teams = ITeams(teams);
        _record(TeamsWired.selector, bytes32(uint256(uint160(teams))), abi.encode(_callId(), _msgSender()));
    }

    /// @inheritdoc IConstitution
    function proposeChange(bytes32 parameter, uint128 value, bytes32 reason) external restricted {
        // Check
        Terms memory terms = _requireKnown(parameter);
        _requireInBounds(parameter, terms, value);
        ITeams teams = _requireTeams();

        // Effect
        _announce(parameter, OFFICE, value, terms.kernel ? teams.openCount() / 2 + 1 : 0, reason);
        Ballot storage ballot = _ballots[parameter];
        ++ballot.number;
        ballot.electorate = teams.teamCount();
    }

    /// @inheritdoc IConstitution
    function consent(bytes32 parameter, uint16 team) external {
        // Check
        Change storage change = _requirePending(parameter, OFFICE);
        uint16 required = change.required;
        if (required == 0) revert ConstitutionNotKernel(parameter);
        Ballot memory ballot = _ballots[parameter];
        if (team > ballot.electorate) revert ConstitutionNotInElectorate(parameter, team, ballot.electorate);
        _requireAnchor(team);
        if (_consentedTo[parameter][team] == ballot.number) revert ConstitutionAlreadyConsented(parameter, team);

        // Effect
        _consentedTo[parameter][team] = ballot.number;
        uint16 consents = change.consents;
        // The root office stands for all teams.
        consents = team == _teams.root() && consents < required ? required : consents + 1;
        change.consents = consents;
        _record(
            ChangeConsented.selector,
            parameter,
            bytes32(uint256(team)),
            abi.encode(consents, _callId(), _msgSender())
        );
    }

    /// @inheritdoc IConstitution
    function cancelChange(bytes32 parameter, uint16 team, bytes32 reason) external {
        address caller = _msgSender();
        _requirePending(parameter, team);
        (bool isPolicyOffice, ) = IAuthority(authority()).hasRole(Roles.POLICY_ROLE, caller);
        if (!isPolicyOffice && !_isLiveAnchor(_teams.root(), caller) && !_isLiveAnchor(team, caller)) {
            revert ConstitutionNotCanceller(parameter, team, caller);
        }
        _cancel(parameter, team, reason);
    }

    /// @inheritdoc IConstitution
    function enactChange(bytes32 parameter, uint16 team) external {
        // Check
        Change memory change = _requirePending(parameter, team);
        uint48 nowTime = Time.timestamp();
        if (nowTime < change.enactableFrom) {
            revert ConstitutionTooEarly(parameter, team, change.enactableFrom, nowTime);
        }
        if (change.consents < change.required) {
            revert ConstitutionConsensusMissing(parameter, change.consents, change.required);
        }
        Terms memory terms = _requireKnown(parameter);
        // The office may have become stricter since the team's change was announced.
        if (team != OFFICE) _requireNotLooserThanOffice(parameter, terms, team, change.value);

        // Effect
        delete _pending[parameter][team];
        _set(parameter, team, change.value, change.reason);

        // Interaction
        _refreshCones(terms, team);
    }

    /// @inheritdoc IConstitution
    function setTeamValue(uint16 team, bytes32 parameter, uint128 value, bytes32 reason) external {
        // Check
        Terms memory terms = _requireKnown(parameter);
        _requireTeams();
        _requireAnchor(team);
        _requireInBounds(parameter, terms, value);
        _requireNotLooserThanOffice(parameter, terms, team, value);

        // Effect
        if (terms.isLooser(value, effective(team, parameter))) {
            _announce(parameter, team, value, 0, reason);
            return;
        }
        // What was to loosen the team is not what its anchor wants any more.
        if (_isPending(_pending[parameter][team])) _cancel(parameter, team, reason);
        _set(parameter, team, value, reason);

        // Interaction
        _refreshCones(terms, team);
    }

    /// @inheritdoc IConstitution
    function pendingChange(bytes32 parameter, uint16 team) external view returns (Change memory change) {
        if (_isPending(_pending[parameter][team])) change = _pending[parameter][team];
    }

    /// @inheritdoc IConstitution
    function changeDelay() external view returns (uint32) {
        return CHANGE_DELAY;
    }

    function _announce(bytes32 parameter, uint16 team, uint128 value, uint16 required, bytes32 reason) private {
        Change storage pending = _pending[parameter][team];
        if (_isPending(pending)) revert ConstitutionChangePending(parameter, team, pending.enactableFrom);
        uint48 enactableFrom = Time.timestamp() + CHANGE_DELAY;
        uint48 expiresAt = enactableFrom + ENACTABLE_FOR;
        _pending[parameter][team] = Change({
            value: value,
            enactableFrom: enactableFrom,
            expiresAt: expiresAt,
            consents: 0,
            required: required,
            reason: reason
        });
        _record(
            ChangeProposed.selector,
            parameter,
            bytes32(uint256(team)),
            abi.encode(value, enactableFrom, expiresAt, required, reason, _callId(), _msgSender())
        );
    }

    function _cancel(bytes32 parameter, uint16 team, bytes32 reason) private {
        delete _pending[parameter][team];
        _record(
            ChangeCancelled.selector,
            parameter,
            bytes32(uint256(team)),
            abi.encode(reason, _callId(), _msgSender())
        );
    }

    function _refreshCones(Terms memory terms, uint16 team) private {
        if (!terms.cone) return;
        if (team == OFFICE) _teams.refreshAll();
        else _teams.refresh(team);
    }

    function _isPending(Change storage change) private view returns (bool) {
        return block.timestamp < change.expiresAt;
    }

    function _requirePending(bytes32 parameter, uint16 team) private view returns (Change storage change) {
        change = _pending[parameter][team];
        if (!_isPending(change)) revert ConstitutionNothingPending(parameter, team);
    }

    function _requireTeams() private view returns (ITeams) {
        if (address(_teams) == address(0)) revert ConstitutionNotWired();
        return _teams;
    }

    function _requireAnchor(uint16 team) private view {
        address caller = _msgSender();
        address anchor = _teams.anchorOf(team);
        if (caller != anchor) revert ConstitutionNotTeamAnchor(team, caller, anchor);
        uint48 liveUntil = IAuthority(authority()).anchorLiveUntil(anchor);
        if (block.timestamp >= liveUntil) revert ConstitutionAnchorNotLive(team, anchor, liveUntil);
    }

    /// @dev Nobody is the anchor of team 0, or of one that is not open.
    function _isLiveAnchor(uint16 team, address account) private view returns (bool) {
        return account == _teams.anchorOf(team) && block.timestamp < IAuthority(authority()).anchorLiveUntil(account);
    }
}
