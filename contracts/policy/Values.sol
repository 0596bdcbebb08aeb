// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {JournaledAccessManaged} from "../journal/JournaledAccessManaged.sol";
import {IConstitution} from "./IConstitution.sol";
import {ParameterTerms} from "./ParameterTerms.sol";

/// @title Values: the parameters, and every value that the office and the teams have given them
/// @dev What applies to a team is computed when it is read, from the office's value and the team's own: there is no state in
/// which the looser of the two could stand.
abstract contract Values is IConstitution, JournaledAccessManaged {
    using ParameterTerms for Terms;

    struct Entry {
        uint128 value;
        uint48 since;
        bytes32 reason;
    }

    /// @dev What {effective} reads, in one slot. `stricter` is the parameter's, with the office's value.
    struct Current {
        uint128 value;
        uint32 version; // 0: no value
        Stricter stricter;
    }

    uint16 internal constant OFFICE = 0;
    uint256 private constant MAX_PARAMETERS = 64;

    mapping(bytes32 parameter => Terms) private _terms;
    mapping(bytes32 parameter => mapping(uint16 team => Current)) private _current;
    mapping(bytes32 parameter => mapping(uint16 team => mapping(uint32 version => Entry))) private _entries;
    bytes32[] private _parameters;

    /// @inheritdoc IConstitution
    function defineParameter(
        bytes32 parameter,
        Terms calldata terms,
        uint128 value,
        bytes32 reason
    ) external restricted {
        if (_current[parameter][OFFICE].version != 0) revert ConstitutionParameterExists(parameter);
        if (_parameters.length == MAX_PARAMETERS) revert ConstitutionTooManyParameters(MAX_PARAMETERS);
        ParameterTerms.requireMeaning(parameter, terms);
        _requireInBounds(parameter, terms, value);

        _terms[parameter] = terms;
        _parameters.push(parameter);
        _push(parameter, OFFICE, value, reason);
        _current[parameter][OFFICE].stricter = terms.stricter;
        _record(ParameterDefined.selector, parameter, abi.encode(terms, value, reason, _callId(), _msgSender()));
    }

    /// @inheritdoc IConstitution
    function effective(uint16 team, bytes32 parameter) public view returns (uint128) {
        Current memory office = _current[parameter][OFFICE];
        if (office.version == 0) revert ConstitutionParameterUnknown(parameter);
        Current memory own = _current[parameter][team];
        return own.version == 0 ? office.value : ParameterTerms.stricter(office.stricter, office.value, own.value);
    }

    /// @inheritdoc IConstitution
    function officeValue(bytes32 parameter) external view returns (uint128) {
        _requireKnown(parameter);
        return _current[parameter][OFFICE].value;
    }

    /// @inheritdoc IConstitution
    function teamValue(uint16 team, bytes32 parameter) external view returns (bool isSet, uint128 value) {
        _requireKnown(parameter);
        isSet = team != OFFICE && _current[parameter][team].version != 0;
        if (isSet) value = _current[parameter][team].value;
    }

    /// @inheritdoc IConstitution
    function termsOf(bytes32 parameter) external view returns (Terms memory) {
        return _requireKnown(parameter);
    }

    /// @inheritdoc IConstitution
    function parameters() external view returns (bytes32[] memory) {
        return _parameters;
    }

    /// @inheritdoc IConstitution
    function versionOf(bytes32 parameter, uint16 team) external view returns (uint32) {
        return _current[parameter][team].version;
    }

    /// @inheritdoc IConstitution
    function valueAt(
        bytes32 parameter,
        uint16 team,
        uint32 version
    ) external view returns (uint128 value, uint48 since, bytes32 reason) {
        uint32 versions = _current[parameter][team].version;
        if (version == 0 || version > versions) {
            revert ConstitutionVersionUnknown(parameter, team, version, versions);
        }
        Entry storage entry = _entries[parameter][team][version];
        return (entry.value, entry.since, entry.reason);
    }

    function _set(bytes32 parameter, uint16 team, uint128 value, bytes32 reason) internal {
        uint32 version = _push(parameter, team, value, reason);
        _record(
            ValueSet.selector,
            parameter,
            bytes32(uint256(team)),
            abi.encode(version, value, reason, _callId(), _msgSender())
        );
    }

    function _requireKnown(bytes32 parameter) internal view returns (Terms memory) {
        if (_current[parameter][OFFICE].version == 0) revert ConstitutionParameterUnknown(parameter);
        return _terms[parameter];
    }

    function _requireInBounds(bytes32 parameter, Terms memory terms, uint128 value) internal pure {
        if (value < terms.minimum || value > terms.maximum) {
            revert ConstitutionOutOfBounds(parameter, value, terms.minimum, terms.maximum);
        }
    }

    function _requireNotLooserThanOffice(
        bytes32 parameter,
        Terms memory terms,
        uint16 team,
        uint128 value
    ) internal view {
        uint128 office = _current[parameter][OFFICE].value;
        if (terms.isLooser(value, office)) revert ConstitutionLooserThanOffice(parameter, team, value, office);
    }

    function _push(bytes32 parameter, uint16 team, uint128 value, bytes32 reason) private returns (uint32 version) {
        Current storage current = _current[parameter][team];
        version = ++current.version;
        current.value = value;
        _entries[parameter][team][version] = Entry({value: value, since: Time.timestamp(), reason: reason});
    }
}
