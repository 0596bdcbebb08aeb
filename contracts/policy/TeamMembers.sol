// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITeams} from "./ITeams.sol";
import {TeamRecords} from "./TeamRecords.sol";

/// @title TeamMembers: who works in a team
/// @dev Membership gives no permission: that takes a grant for a task.
abstract contract TeamMembers is TeamRecords {
    uint256 private constant MAX_MEMBERS = 64;

    mapping(uint16 team => address[]) private _members;
    mapping(uint16 team => mapping(address member => uint256)) private _place; // in the list, from 1

    /// @inheritdoc ITeams
    function addMember(uint16 team, address member, bytes32 reason) external restricted {
        _requireOpen(team);
        address[] storage members = _members[team];
        if (_place[team][member] != 0) revert TeamsMemberExists(team, member);
        if (members.length == MAX_MEMBERS) revert TeamsTooManyMembers(team, MAX_MEMBERS);
        members.push(member);
        _place[team][member] = members.length;
        _recordMember(MemberAdded.selector, team, member, reason);
    }

    /// @inheritdoc ITeams
    function removeMember(uint16 team, address member, bytes32 reason) external restricted {
        uint256 place = _place[team][member];
        if (place == 0) revert TeamsMemberMissing(team, member);
        // The last member of the list takes the place that becomes free.
        address[] storage members = _members[team];
        address last = members[members.length - 1];
        members[place - 1] = last;
        _place[team][last] = place;
        delete _place[team][member];
        members.pop();
        _recordMember(MemberRemoved.selector, team, member, reason);
    }

    /// @inheritdoc ITeams
    function membersOf(uint16 team) external view returns (address[] memory) {
        return _members[team];
    }

    /// @inheritdoc ITeams
    function isMember(uint16 team, address account) external view returns (bool) {
        return _teams[team].status == TeamStatus.Open && _place[team][account] != 0;
    }

    function _recordMember(bytes32 topic, uint16 team, address member, bytes32 reason) private {
        _record(topic, _word(team), _word(member), abi.encode(reason, _callId(), _msgSender()));
    }
}
