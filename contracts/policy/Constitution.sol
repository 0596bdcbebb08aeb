// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {IAuthority} from "../authority/IAuthority.sol";
import {Roles} from "../types/Roles.sol";
import {IConstitution} from "./IConstitution.sol";
import {ITeams} from "./ITeams.sol";
import {Rates} from "./Rates.sol";

/// @title Constitution: see {IConstitution}
/// @dev Design:
/// - What applies to a team is computed when it is read, from the office's value and the team's own: there is no state in
///   which the looser of the two could stand.
/// - A change waits, can be withdrawn while it waits, and is forgotten where nobody enacts it.
/// - Consent is counted by team, against the number of teams that were open when the change was proposed.
///
/// Trust: the structure office opens teams, and so in the long run decides who can consent; the root office can always cancel.
contract Constitution is Rates {
    struct Entry {
        uint128 value;
        uint48 since;
        bytes32 reason;
    }

    uint256 private constant MAX_PARAMETERS = 64;
    uint32 private constant MIN_DELAY = 60;
    uint32 private constant MAX_DELAY = 30 days;
    uint48 private constant ENACTABLE_FOR = 14 days;

    uint32 private immutable CHANGE_DELAY;

    mapping(bytes32 parameter => Terms) private _terms;
    mapping(bytes32 parameter => mapping(uint16 team => Entry[])) private _entries;
    mapping(bytes32 parameter => mapping(uint16 team => Change)) private _pending;
    /// @dev The number of the change that a team's consent to a parameter was given to, so that none outlives its change.
    mapping(bytes32 parameter => mapping(uint16 team => uint256)) private _consentedTo;
    mapping(bytes32 parameter => uint256) private _proposals;
    bytes32[] private _parameters;
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
        _teams = ITeams(teams);
        _record(TeamsWired.selector, bytes32(uint256(uint160(teams))), abi.encode(_callId(), _msgSender()));
    }

    /// @inheritdoc IConstitution
    function defineParameter(
        bytes32 parameter,
        Terms calldata terms,
        uint128 value,
        bytes32 reason
    ) external restricted {
        if (_entries[parameter][0].length != 0) revert ConstitutionParameterExists(parameter);
        if (_parameters.length == MAX_PARAMETERS) revert ConstitutionTooManyParameters(MAX_PARAMETERS);
        if (terms.minimum > terms.maximum) revert ConstitutionInvalidBounds(terms.minimum, terms.maximum);
        _requireInBounds(parameter, terms, value);

        _terms[parameter] = terms;
        _parameters.push(parameter);
        _entries[parameter][0].push(Entry({value: value, since: Time.timestamp(), reason: reason}));
        _record(ParameterDefined.selector, parameter, abi.encode(terms, value, reason, _callId(), _msgSender()));
    }

    /// @inheritdoc IConstitution
    function proposeChange(bytes32 parameter, uint128 value, bytes32 reason) external restricted {
        Terms memory terms = _known(parameter);
        _requireInBounds(parameter, terms, value);
        uint16 required = terms.kernel ? _teams.openCount() / 2 + 1 : 0;
        _announce(parameter, 0, value, required, reason);
    }

    /// @inheritdoc IConstitution
    function consent(bytes32 parameter, uint16 team) external {
        Change storage change = _requirePending(parameter, 0);
        _requireAnchor(team);
        uint256 proposal = _proposals[parameter];
        if (_consentedTo[parameter][team] == proposal) revert ConstitutionAlreadyConsented(parameter, team);

        _consentedTo[parameter][team] = proposal;
        uint16 consents = change.consents;
        // The root office stands for all teams.
        consents = team == _teams.root() && consents < change.required ? change.required : consents + 1;
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
        if (!isPolicyOffice && !_isAnchor(_teams.root(), caller) && (team == 0 || !_isAnchor(team, caller))) {
            revert ConstitutionNotCanceller(parameter, team, caller);
        }
        _cancel(parameter, team, reason);
    }

    /// @inheritdoc IConstitution
    function enactChange(bytes32 parameter, uint16 team) external {
        Change memory change = _requirePending(parameter, team);
        uint48 nowTime = Time.timestamp();
        if (nowTime < change.enactableFrom) {
            revert ConstitutionTooEarly(parameter, team, change.enactableFrom, nowTime);
        }
        if (change.consents < change.required) {
            revert ConstitutionConsensusMissing(parameter, change.consents, change.required);
        }
        Terms memory terms = _terms[parameter];
        if (team != 0) _requireNotLooser(parameter, terms, team, change.value);

        delete _pending[parameter][team];
        _set(parameter, terms, team, change.value, change.reason);
    }

    /// @inheritdoc IConstitution
    function setTeamValue(uint16 team, bytes32 parameter, uint128 value, bytes32 reason) external {
        Terms memory terms = _known(parameter);
        _requireAnchor(team);
        _requireInBounds(parameter, terms, value);
        _requireNotLooser(parameter, terms, team, value);
        uint128 applies = effective(team, parameter);
        if (_stricter(terms, value, applies) != value) {
            _announce(parameter, team, value, 0, reason);
            return;
        }
        // What was to loosen the team is not what its anchor wants any more.
        if (_isPending(_pending[parameter][team])) _cancel(parameter, team, reason);
        _set(parameter, terms, team, value, reason);
    }

    /// @inheritdoc IConstitution
    function effective(uint16 team, bytes32 parameter) public view returns (uint128) {
        Terms memory terms = _known(parameter);
        uint128 office = _latest(parameter, 0);
        if (team == 0 || _entries[parameter][team].length == 0) return office;
        return _stricter(terms, office, _latest(parameter, team));
    }

    /// @inheritdoc IConstitution
    function officeValue(bytes32 parameter) external view returns (uint128) {
        _known(parameter);
        return _latest(parameter, 0);
    }

    /// @inheritdoc IConstitution
    function teamValue(uint16 team, bytes32 parameter) external view returns (bool isSet, uint128 value) {
        _known(parameter);
        isSet = _entries[parameter][team].length != 0;
        if (isSet) value = _latest(parameter, team);
    }

    /// @inheritdoc IConstitution
    function termsOf(bytes32 parameter) external view returns (Terms memory) {
        return _known(parameter);
    }

    /// @inheritdoc IConstitution
    function parameters() external view returns (bytes32[] memory) {
        return _parameters;
    }

    /// @inheritdoc IConstitution
    function pendingChange(bytes32 parameter, uint16 team) external view returns (Change memory change) {
        change = _pending[parameter][team];
        if (change.expiresAt <= block.timestamp) delete change;
    }

    /// @inheritdoc IConstitution
    function versionOf(bytes32 parameter, uint16 team) external view returns (uint32) {
        return uint32(_entries[parameter][team].length); // safe: one a transaction
    }

    /// @inheritdoc IConstitution
    function valueAt(
        bytes32 parameter,
        uint16 team,
        uint32 version
    ) external view returns (uint128 value, uint48 since, bytes32 reason) {
        Entry[] storage entries = _entries[parameter][team];
        if (version == 0 || version > entries.length) {
            revert ConstitutionVersionUnknown(parameter, team, version, uint32(entries.length)); // safe: as above
        }
        Entry storage entry = entries[version - 1];
        return (entry.value, entry.since, entry.reason);
    }

    /// @inheritdoc IConstitution
    function changeDelay() external view returns (uint32) {
        return CHANGE_DELAY;
    }

    function _announce(bytes32 parameter, uint16 team, uint128 value, uint16 required, bytes32 reason) private {
        Change storage pending = _pending[parameter][team];
        if (_isPending(pending)) revert ConstitutionChangePending(parameter, team, pending.enactableFrom);
        if (team == 0) ++_proposals[parameter];
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

    function _set(bytes32 parameter, Terms memory terms, uint16 team, uint128 value, bytes32 reason) private {
        Entry[] storage entries = _entries[parameter][team];
        entries.push(Entry({value: value, since: Time.timestamp(), reason: reason}));
        _record(
            ValueSet.selector,
            parameter,
            bytes32(uint256(team)),
            abi.encode(uint32(entries.length), value, reason, _callId(), _msgSender()) // safe: one a transaction
        );
        if (!terms.cone) return;
        if (team == 0) _teams.refreshAll();
        else _teams.refresh(team);
    }

    function _known(bytes32 parameter) private view returns (Terms memory) {
        if (_entries[parameter][0].length == 0) revert ConstitutionParameterUnknown(parameter);
        return _terms[parameter];
    }

    function _latest(bytes32 parameter, uint16 team) private view returns (uint128) {
        Entry[] storage entries = _entries[parameter][team];
        return entries[entries.length - 1].value;
    }

    function _isPending(Change storage change) private view returns (bool) {
        return block.timestamp < change.expiresAt;
    }

    function _requirePending(bytes32 parameter, uint16 team) private view returns (Change storage change) {
        change = _pending[parameter][team];
        if (!_isPending(change)) revert ConstitutionNothingPending(parameter, team);
    }

    function _requireAnchor(uint16 team) private view {
        address caller = _msgSender();
        if (!_isAnchor(team, caller)) revert ConstitutionNotTeamAnchor(team, caller, _teams.anchorOf(team));
    }

    /// @dev The team is open, `account` is its anchor, and live.
    function _isAnchor(uint16 team, address account) private view returns (bool) {
        return _teams.anchorOf(team) == account && block.timestamp < IAuthority(authority()).anchorLiveUntil(account);
    }

    function _requireInBounds(bytes32 parameter, Terms memory terms, uint128 value) private pure {
        if (value < terms.minimum || value > terms.maximum) {
            revert ConstitutionOutOfBounds(parameter, value, terms.minimum, terms.maximum);
        }
    }

    function _requireNotLooser(bytes32 parameter, Terms memory terms, uint16 team, uint128 value) private view {
        uint128 office = _latest(parameter, 0);
        if (_stricter(terms, value, office) != value) {
            revert ConstitutionLooserThanOffice(parameter, team, value, office);
        }
    }

    function _stricter(Terms memory terms, uint128 a, uint128 b) private pure returns (uint128) {
        return (terms.stricter == Stricter.Lower) == (a < b) ? a : b;
    }
}
