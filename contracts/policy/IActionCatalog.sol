// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAuthorityLimits} from "../authority/IAuthorityLimits.sol";

/// @title ActionCatalog: what an action can do at worst, registered once for everybody who calls it
/// @notice Impact and reversibility are facts of the action, so that no actor declares its own. A capability is a versioned
/// list of actions: what it takes to do a piece of work, in place of a job description.
interface IActionCatalog {
    /// @notice One action and its facts.
    /// @param signature Canonical signature, such as `withdraw(bytes32,address,address,uint256)`; its selector follows from it.
    /// Words are positions in the head of the arguments. A signature with a tuple or an array is refused where an argument is
    /// read: its head could not be counted.
    /// @param scope Name of the kind of decision, such as "refunds", left-aligned ASCII; registered on first use.
    /// @param reversibility In percent, 0 (final) to 100 (undone without trace).
    /// @param inverseTarget The action that undoes it; zero where there is none.
    struct Registration {
        address target;
        string signature;
        IAuthorityLimits.ImpactKind impact;
        uint48 fixedImpact;
        uint8 amountWord;
        uint8 assetWord;
        bytes32 scope;
        uint8 reversibility;
        address inverseTarget;
        bytes4 inverseSelector;
    }

    struct Action {
        address target;
        bytes4 selector;
    }

    /// @notice `cause` is the id of the call, `by` who made it, `reason` the hash of a document; the same below.
    event ActionRegistered(
        address indexed target,
        bytes4 indexed selector,
        uint32 version,
        Registration registration,
        bytes32 reason,
        bytes32 cause,
        address by
    );
    event ActionRetired(
        address indexed target,
        bytes4 indexed selector,
        uint32 version,
        bytes32 reason,
        bytes32 cause,
        address by
    );
    event ScopeNamed(uint8 indexed scope, bytes32 name, bytes32 cause, address by);
    event CapabilityDefined(
        bytes32 indexed capability,
        uint32 indexed version,
        Action[] actions,
        bytes32 reason,
        bytes32 cause,
        address by
    );

    error ActionCatalogInvalidSignature(string signature);
    /// @notice `word` is not a `required` argument ("uint" or "address"), or an argument of the signature is a tuple or an array.
    error ActionCatalogUnreadableArgument(string signature, uint8 word, string required);
    /// @notice No kind of impact, or it has values of another kind: `fixedImpact` belongs to `Fixed` and is not 0 there,
    /// `amountWord` to `Amount` and `AssetAmount`, `assetWord` to `AssetAmount`.
    error ActionCatalogInvalidImpact(
        IAuthorityLimits.ImpactKind impact,
        uint48 fixedImpact,
        uint8 amountWord,
        uint8 assetWord
    );
    error ActionCatalogInvalidReversibility(uint8 percent);
    error ActionCatalogInvalidInverse(address target, bytes4 selector);
    error ActionCatalogNotRegistered(address target, bytes4 selector);
    error ActionCatalogTooManyScopes(uint256 maximum);
    error ActionCatalogInvalidScope(bytes32 name);
    error ActionCatalogInvalidCapability(bytes32 capability, uint256 actions, uint256 maximum);
    error ActionCatalogRepeatedAction(bytes32 capability, address target, bytes4 selector);

    /// @notice Registers an action or a new version of its facts; the authority learns them in the same transaction, so that
    /// they apply to grants already given, too. Restricted (`STRUCTURE_ROLE`). Reverts with
    /// - {ActionCatalogInvalidSignature} unless the signature is canonical;
    /// - {ActionCatalogInvalidImpact}, {ActionCatalogUnreadableArgument} where the impact could not be read as told;
    /// - {ActionCatalogInvalidReversibility} above 100;
    /// - {ActionCatalogInvalidInverse} where target and selector of the inverse are not both there, or it is the action itself;
    /// - {ActionCatalogInvalidScope}, {ActionCatalogTooManyScopes} for a name that is not ASCII, or for a 33rd one.
    function registerAction(Registration calldata registration, bytes32 reason) external returns (uint32 version);

    /// @notice The number of a scope; a new name gets the next one. So a team's cone can hold scopes of which no action is
    /// registered yet. Restricted (`STRUCTURE_ROLE`).
    function nameScope(bytes32 name) external returns (uint8);

    /// @notice From now on the action is unlisted: grants for it are refused, and calls by existing ones escalate.
    /// Restricted (`STRUCTURE_ROLE`).
    function retireAction(address target, bytes4 selector, bytes32 reason) external;

    /// @notice Defines a capability or a new version of it: 1 to 16 different actions that are registered. What was granted by an
    /// earlier version stays as it was. Restricted (`STRUCTURE_ROLE`).
    function defineCapability(
        bytes32 capability,
        Action[] calldata actions,
        bytes32 reason
    ) external returns (uint32 version);

    /// @notice The action's present facts; version 0 where it was never registered.
    function actionOf(
        address target,
        bytes4 selector
    ) external view returns (uint32 version, IAuthorityLimits.ActionFacts memory facts, Action memory inverse);

    function capabilityOf(bytes32 capability) external view returns (uint32 version, Action[] memory actions);

    /// @notice Hash of an earlier version's list: `keccak256(abi.encode(actions))`.
    function capabilityHash(bytes32 capability, uint32 version) external view returns (bytes32);

    /// @notice Names of the scopes, by their number.
    function scopes() external view returns (bytes32[] memory);
}
