// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAuthorityLimits} from "./IAuthorityLimits.sol";

/// @dev All that a check and a grant need to know of an action, in one slot:
/// `role 64 | granterRole 64 | flags 8 | impact 8 | scope 8 | reversibility 8 | amountWord 8 | assetWord 8 | fixedImpact 48`,
/// from the lowest bit. `role` is `ADMIN_ROLE` (0) where OpenZeppelin's rule applies unchanged, `granterRole` 0 where nobody may
/// grant; `flags`: 1 its target is closed, 2 it is among its target's configured functions. The rest are the catalog's facts.
type ActionState is uint256;

using {
    roleOf,
    granterRoleOf,
    isClosed,
    isConfigured,
    isImpact,
    factsOf,
    scopeOf,
    reversibilityOf,
    amountWordOf,
    assetWordOf,
    fixedImpactOf,
    withRole,
    withGranterRole,
    configured,
    withClosed,
    withFacts
} for ActionState global;

uint256 constant GRANTER_SHIFT = 64;
uint256 constant FLAGS_SHIFT = 128;
uint256 constant FACTS_SHIFT = 136;
uint256 constant IMPACT_SHIFT = 136;
uint256 constant SCOPE_SHIFT = 144;
uint256 constant REVERSIBILITY_SHIFT = 152;
uint256 constant AMOUNT_WORD_SHIFT = 160;
uint256 constant ASSET_WORD_SHIFT = 168;
uint256 constant FIXED_IMPACT_SHIFT = 176;
uint256 constant CLOSED = 1 << FLAGS_SHIFT;
uint256 constant CONFIGURED = 2 << FLAGS_SHIFT;

// safe, here and below: each cast keeps exactly the bits of its field
function roleOf(ActionState self) pure returns (uint64) {
    return uint64(ActionState.unwrap(self));
}

function granterRoleOf(ActionState self) pure returns (uint64) {
    return uint64(ActionState.unwrap(self) >> GRANTER_SHIFT);
}

function isClosed(ActionState self) pure returns (bool) {
    return ActionState.unwrap(self) & CLOSED != 0;
}

function isConfigured(ActionState self) pure returns (bool) {
    return ActionState.unwrap(self) & CONFIGURED != 0;
}

/// @dev Whether the action's impact is of that kind; cheaper than to decode it.
function isImpact(ActionState self, IAuthorityLimits.ImpactKind kind) pure returns (bool) {
    return uint8(ActionState.unwrap(self) >> IMPACT_SHIFT) == uint8(kind);
}

function scopeOf(ActionState self) pure returns (uint8) {
    return uint8(ActionState.unwrap(self) >> SCOPE_SHIFT);
}

function reversibilityOf(ActionState self) pure returns (uint8) {
    return uint8(ActionState.unwrap(self) >> REVERSIBILITY_SHIFT);
}

function amountWordOf(ActionState self) pure returns (uint8) {
    return uint8(ActionState.unwrap(self) >> AMOUNT_WORD_SHIFT);
}

function assetWordOf(ActionState self) pure returns (uint8) {
    return uint8(ActionState.unwrap(self) >> ASSET_WORD_SHIFT);
}

function fixedImpactOf(ActionState self) pure returns (uint48) {
    return uint48(ActionState.unwrap(self) >> FIXED_IMPACT_SHIFT);
}

function factsOf(ActionState self) pure returns (IAuthorityLimits.ActionFacts memory facts) {
    facts.impact = IAuthorityLimits.ImpactKind(uint8(ActionState.unwrap(self) >> IMPACT_SHIFT));
    facts.scope = scopeOf(self);
    facts.reversibility = reversibilityOf(self);
    facts.fixedImpact = fixedImpactOf(self);
    facts.amountWord = amountWordOf(self);
    facts.assetWord = assetWordOf(self);
}

function withRole(ActionState self, uint64 role) pure returns (ActionState) {
    uint256 others = ActionState.unwrap(self) & ~uint256(type(uint64).max);
    return ActionState.wrap(others | role);
}

function withGranterRole(ActionState self, uint64 granterRole) pure returns (ActionState) {
    uint256 others = ActionState.unwrap(self) & ~(uint256(type(uint64).max) << GRANTER_SHIFT);
    return ActionState.wrap(others | (uint256(granterRole) << GRANTER_SHIFT));
}

function configured(ActionState self) pure returns (ActionState) {
    return ActionState.wrap(ActionState.unwrap(self) | CONFIGURED);
}

function withClosed(ActionState self, bool closed) pure returns (ActionState) {
    uint256 others = ActionState.unwrap(self) & ~CLOSED;
    return ActionState.wrap(closed ? others | CLOSED : others);
}

function withFacts(ActionState self, IAuthorityLimits.ActionFacts memory facts) pure returns (ActionState) {
    uint256 others = ActionState.unwrap(self) & ((1 << FACTS_SHIFT) - 1);
    return
        ActionState.wrap(
            others |
                (uint256(facts.impact) << IMPACT_SHIFT) |
                (uint256(facts.scope) << SCOPE_SHIFT) |
                (uint256(facts.reversibility) << REVERSIBILITY_SHIFT) |
                (uint256(facts.amountWord) << AMOUNT_WORD_SHIFT) |
                (uint256(facts.assetWord) << ASSET_WORD_SHIFT) |
                (uint256(facts.fixedImpact) << FIXED_IMPACT_SHIFT)
        );
}
