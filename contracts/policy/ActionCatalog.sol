// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAuthorityLimits} from "../authority/IAuthorityLimits.sol";
import {JournaledAccessManaged} from "../journal/JournaledAccessManaged.sol";
import {ShortName} from "../libraries/ShortName.sol";
import {ActionSignature, ArgumentKind} from "./ActionSignature.sol";
import {IActionCatalog} from "./IActionCatalog.sol";

/// @title ActionCatalog: what an action can do at worst, registered once for everybody who calls it
/// @dev Design:
/// - The authority alone keeps the facts that it enforces; this contract decides them, writes them there, and reads them there.
///   What stands here is what a check never needs: versions, inverses, names of scopes, lists of capabilities.
/// - A word is registered only where the signature proves what stands in it. The signature is the one from which the selector
///   follows, so that a wrong one registers nothing but a function that does not exist.
///
/// Trust: the structure office tells the truth about impact and reversibility. What it registers holds at once.
contract ActionCatalog is IActionCatalog, JournaledAccessManaged {
    struct Entry {
        uint32 version;
        address inverseTarget;
        bytes4 inverseSelector;
    }

    uint256 private constant MAX_SCOPES = 32; // the bits of a team's set
    uint256 private constant MAX_CAPABILITY_ACTIONS = 16;

    mapping(address target => mapping(bytes4 selector => Entry)) private _entries;
    bytes32[] private _scopes;
    mapping(bytes32 capability => Action[]) private _actions;
    mapping(bytes32 capability => bytes32[]) private _hashes; // one for each version

    /// @param authority_ The authority, in which this contract holds `CATALOG_ROLE`.
    constructor(address authority_) AccessManaged(authority_) {}

    /// @inheritdoc IActionCatalog
    function registerAction(
        Registration calldata registration,
        bytes32 reason
    ) external restricted returns (uint32 version) {
        // Check
        bytes4 selector = _requireReadable(registration);
        if (registration.reversibility > 100) revert ActionCatalogInvalidReversibility(registration.reversibility);
        _requireInverse(registration, selector);

        // Effect
        Entry storage entry = _entries[registration.target][selector];
        version = ++entry.version;
        entry.inverseTarget = registration.inverseTarget;
        entry.inverseSelector = registration.inverseSelector;
        uint8 scope = _scopeNamed(registration.scope);
        _record(
            ActionRegistered.selector,
            _word(registration.target),
            bytes32(selector),
            abi.encode(version, registration, reason, _callId(), _msgSender())
        );

        // Interaction
        _setFacts(
            registration.target,
            selector,
            IAuthorityLimits.ActionFacts({
                impact: registration.impact,
                scope: scope,
                reversibility: registration.reversibility,
                fixedImpact: registration.fixedImpact,
                amountWord: registration.amountWord,
                assetWord: registration.assetWord
            })
        );
    }

    /// @inheritdoc IActionCatalog
    function nameScope(bytes32 name) external restricted returns (uint8) {
        return _scopeNamed(name);
    }

    /// @inheritdoc IActionCatalog
    function retireAction(address target, bytes4 selector, bytes32 reason) external restricted {
        _requireListed(target, selector);
        Entry storage entry = _entries[target][selector];
        uint32 version = ++entry.version;
        (entry.inverseTarget, entry.inverseSelector) = (address(0), bytes4(0));
        _record(
            ActionRetired.selector,
            _word(target),
            bytes32(selector),
            abi.encode(version, reason, _callId(), _msgSender())
        );
        IAuthorityLimits.ActionFacts memory none;
        _setFacts(target, selector, none);
    }

    /// @inheritdoc IActionCatalog
    function defineCapability(
        bytes32 capability,
        Action[] calldata actions,
        bytes32 reason
    ) external restricted returns (uint32 version) {
        uint256 length = actions.length;
        if (capability == 0 || length == 0 || length > MAX_CAPABILITY_ACTIONS) {
            revert ActionCatalogInvalidCapability(capability, length, MAX_CAPABILITY_ACTIONS);
        }
        delete _actions[capability];
        for (uint256 i = 0; i < length; ++i) {
            Action calldata action = actions[i];
            _requireListed(action.target, action.selector);
            for (uint256 j = 0; j < i; ++j) {
                if (actions[j].target == action.target && actions[j].selector == action.selector) {
                    revert ActionCatalogRepeatedAction(capability, action.target, action.selector);
                }
            }
            _actions[capability].push(action);
        }
        bytes32 actionsHash = keccak256(abi.encode(actions));
        _hashes[capability].push(actionsHash);
        version = uint32(_hashes[capability].length); // safe: a version is a transaction
        _record(
            CapabilityDefined.selector,
            capability,
            bytes32(uint256(version)),
            abi.encode(actions, reason, _callId(), _msgSender())
        );
        IAuthorityLimits(authority()).setCapability(capability, actionsHash);
    }

    /// @inheritdoc IActionCatalog
    function actionOf(
        address target,
        bytes4 selector
    ) external view returns (uint32 version, IAuthorityLimits.ActionFacts memory facts, Action memory inverse) {
        Entry storage entry = _entries[target][selector];
        version = entry.version;
        inverse = Action(entry.inverseTarget, entry.inverseSelector);
        facts = IAuthorityLimits(authority()).actionFacts(target, selector);
    }

    /// @inheritdoc IActionCatalog
    function capabilityOf(bytes32 capability) external view returns (uint32 version, Action[] memory actions) {
        return (uint32(_hashes[capability].length), _actions[capability]); // safe: a version is a transaction
    }

    /// @inheritdoc IActionCatalog
    function capabilityHash(bytes32 capability, uint32 version) external view returns (bytes32) {
        bytes32[] storage hashes = _hashes[capability];
        return version == 0 || version > hashes.length ? bytes32(0) : hashes[version - 1];
    }

    /// @inheritdoc IActionCatalog
    function scopes() external view returns (bytes32[] memory) {
        return _scopes;
    }

    /// @dev That the impact can be read as told: no kind without its values, no value without its kind, each word proved by the
    /// signature. Returns the selector.
    function _requireReadable(Registration calldata registration) private pure returns (bytes4) {
        string calldata signature = registration.signature;
        (bool wellFormed, ArgumentKind[] memory arguments) = ActionSignature.parse(signature);
        if (!wellFormed) revert ActionCatalogInvalidSignature(signature);

        IAuthorityLimits.ImpactKind impact = registration.impact;
        bool hasAsset = impact == IAuthorityLimits.ImpactKind.AssetAmount;
        bool hasAmount = hasAsset || impact == IAuthorityLimits.ImpactKind.Amount;
        if (
            impact == IAuthorityLimits.ImpactKind.Unlisted ||
            (impact == IAuthorityLimits.ImpactKind.Fixed) != (registration.fixedImpact != 0) ||
            (!hasAmount && registration.amountWord != 0) ||
            (!hasAsset && registration.assetWord != 0)
        ) {
            revert ActionCatalogInvalidImpact(
                impact,
                registration.fixedImpact,
                registration.amountWord,
                registration.assetWord
            );
        }
        if (hasAmount) _requireArgument(signature, arguments, registration.amountWord, ArgumentKind.Uint, "uint");
        if (hasAsset) _requireArgument(signature, arguments, registration.assetWord, ArgumentKind.Address, "address");
        return bytes4(keccak256(bytes(signature)));
    }

    function _requireArgument(
        string calldata signature,
        ArgumentKind[] memory arguments,
        uint8 word,
        ArgumentKind kind,
        string memory required
    ) private pure {
        bool readable = word < arguments.length && arguments[word] == kind;
        for (uint256 i = 0; i < arguments.length; ++i) {
            readable = readable && arguments[i] != ArgumentKind.Compound;
        }
        if (!readable) revert ActionCatalogUnreadableArgument(signature, word, required);
    }

    function _requireInverse(Registration calldata registration, bytes4 selector) private pure {
        address target = registration.inverseTarget;
        bytes4 inverse = registration.inverseSelector;
        bool isItself = target == registration.target && inverse == selector;
        if ((target == address(0)) != (inverse == 0) || isItself) revert ActionCatalogInvalidInverse(target, inverse);
    }

    function _requireListed(address target, bytes4 selector) private view {
        IAuthorityLimits.ActionFacts memory facts = IAuthorityLimits(authority()).actionFacts(target, selector);
        if (facts.impact == IAuthorityLimits.ImpactKind.Unlisted) revert ActionCatalogNotRegistered(target, selector);
    }

    /// @dev The scope's number; a new name gets the next one.
    function _scopeNamed(bytes32 name) private returns (uint8) {
        uint256 length = _scopes.length; // at most MAX_SCOPES
        for (uint256 i = 0; i < length; ++i) {
            if (_scopes[i] == name) return uint8(i); // safe: below MAX_SCOPES
        }
        if (!ShortName.isValid(name)) revert ActionCatalogInvalidScope(name);
        if (length == MAX_SCOPES) revert ActionCatalogTooManyScopes(MAX_SCOPES);
        _scopes.push(name);
        _record(ScopeNamed.selector, bytes32(length), abi.encode(name, _callId(), _msgSender()));
        return uint8(length); // safe: below MAX_SCOPES
    }

    function _setFacts(address target, bytes4 selector, IAuthorityLimits.ActionFacts memory facts) private {
        IAuthorityLimits(authority()).setActionFacts(target, selector, facts);
    }

    function _word(address account) private pure returns (bytes32) {
        return bytes32(uint256(uint160(account)));
    }
}
