// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAuthority} from "../authority/IAuthority.sol";
import {IAuthorityLimits} from "../authority/IAuthorityLimits.sol";
import {IEscalations} from "../accountability/IEscalations.sol";
import {AuthorityDouble} from "./AuthorityDouble.sol";

/// @dev Test double of an authority whose verdict and limits a test dictates, and that keeps what a catalog writes.
contract LimitsDouble is AuthorityDouble {
    IAuthority.Verdict private _verdict;
    IAuthorityLimits.LimitCheck private _check;
    mapping(address target => mapping(bytes4 selector => IAuthorityLimits.ActionFacts)) private _facts;
    mapping(bytes32 capability => bytes32) public capabilityHash;
    bool public lastConsumed;

    constructor(address admin) AuthorityDouble(admin) {}

    function dictate(IAuthority.Verdict verdict_, IAuthorityLimits.LimitCheck calldata check) external {
        (_verdict, _check) = (verdict_, check);
    }

    function setAnchorLiveness(address anchor, uint48 liveUntil) external {
        anchorLiveUntil[anchor] = liveUntil;
    }

    function setActionFacts(
        address target,
        bytes4 selector,
        IAuthorityLimits.ActionFacts calldata facts
    ) external onlyAuthorized {
        _facts[target][selector] = facts;
    }

    function setCapability(bytes32 capability, bytes32 actionsHash) external onlyAuthorized {
        capabilityHash[capability] = actionsHash;
    }

    function consume(IEscalations escalations, bytes32 operation) external {
        lastConsumed = escalations.consume(operation);
    }

    function verdict(address, address, bytes4) external view returns (IAuthority.Verdict) {
        return _verdict;
    }

    function checkLimits(address, address, bytes calldata) external view returns (IAuthorityLimits.LimitCheck memory) {
        return _check;
    }

    function actionFacts(address target, bytes4 selector) external view returns (IAuthorityLimits.ActionFacts memory) {
        return _facts[target][selector];
    }
}

/// @dev Test double of the teams' paths and anchors, and of the constitution's values.
contract PolicyDouble {
    mapping(uint16 team => uint16[][]) private _paths;
    mapping(uint16 team => address) public anchorOf;
    mapping(bytes32 parameter => uint128) private _values;

    function setPath(uint16 team, uint16[] calldata path) external {
        _paths[team].push(path);
    }

    function setAnchor(uint16 team, address anchor) external {
        anchorOf[team] = anchor;
    }

    function setValue(bytes32 parameter, uint128 value) external {
        _values[parameter] = value;
    }

    function pathVersion(uint16 team) external view returns (uint32) {
        return uint32(_paths[team].length);
    }

    function pathAt(uint16 team, uint32 version) external view returns (uint16[] memory) {
        return _paths[team][version - 1];
    }

    function effective(uint16, bytes32 parameter) external view returns (uint128) {
        return _values[parameter];
    }
}
